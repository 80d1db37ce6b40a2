"""Moments on a member's own clock: when they are left alone, and when their digest comes. Pure arithmetic."""

from __future__ import annotations

from datetime import UTC, datetime, time, timedelta
from zoneinfo import ZoneInfo

from chatapp.hours.calendar import MINUTES_OF_DAY, Calendar, Period

DIGEST_AT = time(8, 0)
_DAYS = 7


def end_of_quiet(at: datetime, *, zone: str, start: int, end: int) -> datetime | None:
    """When the quiet that holds at a moment is over; None if none holds. Minutes after midnight, on the clock's wall:
    where clocks are changed at night, it ends when the wall says so."""
    period = Period(start, end if end > start else end + MINUTES_OF_DAY)
    calendar = Calendar(ZoneInfo(zone), ((period,),) * _DAYS)
    return calendar.next_closing(at) if calendar.is_open(at) else None


def next_digest(after: datetime, *, zone: str, how_often: str) -> datetime | None:
    """The next eight in the morning there, of any day or of a Monday; None for `off`."""
    here = ZoneInfo(zone)
    day = after.astimezone(here).date()
    for _day in range(_DAYS + 1 if how_often != "off" else 0):
        moment = datetime.combine(day, DIGEST_AT, here).astimezone(UTC)
        if moment > after and (how_often == "daily" or day.weekday() == 0):
            return moment
        day += timedelta(days=1)
    return None
