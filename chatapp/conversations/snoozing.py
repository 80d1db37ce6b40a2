"""Until when to snooze: the moments that a menu offers, on the workspace's clock and in its business hours."""

from __future__ import annotations

from collections.abc import Iterator
from dataclasses import dataclass
from datetime import UTC, date, datetime, time, timedelta
from zoneinfo import ZoneInfo

from chatapp.hours.calendar import Calendar

_HOUR = timedelta(hours=1)
_A_WHILE = timedelta(hours=3)
_EVENING = time(20)
_MORNING = time(9)
_DAWN = time(6)
_DAY = timedelta(days=1)
_DAYS_OF_WEEK = 7


@dataclass(frozen=True)
class Choice:
    """`name`: hour, later_today, tomorrow or next_week."""

    name: str
    until: datetime


def choices(at: datetime, *, zone: ZoneInfo, calendar: Calendar | None) -> list[Choice]:
    """What may be chosen at a moment, the earliest first. What would come when nobody is there is not offered.

    Without business hours people are taken to begin at nine, and to be gone by eight.
    """
    return [Choice(name, until.astimezone(UTC)) for name, until in _found(at, zone, calendar)]


def on_the_wall(day: date, at: time, zone: ZoneInfo) -> datetime:
    """When a clock there shows that. What the spring change leaves out is taken as an hour later."""
    return datetime.combine(day, at, zone).astimezone(UTC)


def _found(at: datetime, zone: ZoneInfo, calendar: Calendar | None) -> Iterator[tuple[str, datetime]]:
    here = at.astimezone(zone)
    yield "hour", (at + _HOUR).replace(second=0, microsecond=0)
    later = _full_hour(here + _A_WHILE)
    if later.date() == here.date() and (calendar.is_open(later) if calendar else later.time() <= _EVENING):
        yield "later_today", later
    tomorrow, monday = here.date() + _DAY, here.date() + (_DAYS_OF_WEEK - here.weekday()) * _DAY
    morning, next_week = _morning(tomorrow, zone, calendar), _morning(monday, zone, calendar)
    is_tomorrow = morning is not None and morning.astimezone(zone).date() == tomorrow
    if morning and is_tomorrow:
        yield "tomorrow", morning
    if next_week and not (is_tomorrow and next_week == morning):
        yield "next_week", next_week


def _full_hour(moment: datetime) -> datetime:
    floor = moment.replace(minute=0, second=0, microsecond=0)
    return floor if floor == moment else floor + _HOUR


def _morning(day: date, zone: ZoneInfo, calendar: Calendar | None) -> datetime | None:
    """When people begin on a day, or on the first day after it on which they come; at nine where they never close."""
    if calendar is None:
        return on_the_wall(day, _MORNING, zone)
    dawn, nine = on_the_wall(day, _DAWN, zone), on_the_wall(day, _MORNING, zone)
    opening = calendar.next_opening(dawn)
    return nine if opening == dawn and calendar.is_open(nine) else opening
