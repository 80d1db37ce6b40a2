"""Schedules in words, in the reader's language and the schedule's own time."""

from __future__ import annotations

from datetime import date, datetime, timedelta

from babel.dates import format_date, format_time, get_day_names
from flask_babel import get_locale
from flask_babel import gettext as _

from chatapp.hours.calendar import MINUTES_OF_DAY, Calendar, Holiday, Period

_WITHIN_DAYS = 6


def time_words(minutes: int) -> str:
    """09:30, from minutes after midnight; those of the next day are written as that day's."""
    hours, rest = divmod(minutes % MINUTES_OF_DAY, 60)
    return f"{hours:02}:{rest:02}"


def period_words(period: Period) -> str:
    return f"{time_words(period.start)}–{time_words(period.end)}"


def periods_words(periods: tuple[Period, ...]) -> str:
    """09:00–14:00, 16:00–19:00; a night says that it ends on the next day."""
    if not periods:
        return _("Closed")
    if periods == (Period(0, MINUTES_OF_DAY),):
        return _("All day")
    return ", ".join(
        _("%(period)s the next day", period=period_words(period))
        if period.end > MINUTES_OF_DAY
        else period_words(period)
        for period in periods
    )


def day_names(width: str = "wide") -> list[str]:
    """Monday first."""
    names = get_day_names(width, context="stand-alone", locale=get_locale())  # type: ignore[arg-type]
    return [names[day][0].upper() + names[day][1:] for day in range(7)]


def state_words(calendar: Calendar, at: datetime) -> str:
    """What is the case at a moment, and until when."""
    opening = calendar.next_opening(at)
    if opening is None:
        return _("Never open")
    if opening > at:
        return _("Closed. Opens %(when)s.", when=moment_words(opening, at, calendar))
    closing = calendar.next_closing(at)
    if closing is None:
        return _("Open around the clock")
    return _("Open until %(when)s.", when=moment_words(closing, at, calendar))


def moment_words(moment: datetime, at: datetime, calendar: Calendar) -> str:
    """18:00 today, “Monday at 09:00” within a week, else with the date; seen from `at`, by the schedule's clock."""
    wall, today = moment.astimezone(calendar.zone), at.astimezone(calendar.zone).date()
    clock = format_time(wall, "HH:mm", locale=get_locale())
    if wall.date() == today:
        return clock
    if wall.date() - today <= timedelta(days=_WITHIN_DAYS):
        return _("%(day)s at %(time)s", day=format_date(wall, "EEEE", locale=get_locale()), time=clock)
    return _("%(day)s at %(time)s", day=format_date(wall, "long", locale=get_locale()), time=clock)


def holiday_words(holiday: Holiday) -> str:
    """Its days; a year only where it is not every year."""
    pattern = "d MMM" if holiday.is_yearly else "d MMM y"
    first, last = (_day(day, pattern) for day in (holiday.first, holiday.last))
    return first if holiday.first == holiday.last else f"{first} – {last}"


def _day(day: date, pattern: str) -> str:
    return format_date(day, pattern, locale=get_locale())
