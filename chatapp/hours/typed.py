"""What is typed about a week and its holidays, and reading it: each mistake becomes a sentence at its own line."""

from __future__ import annotations

import re
from collections.abc import Callable, Sequence
from dataclasses import dataclass
from datetime import date
from itertools import pairwise
from typing import TypeVar

from flask_babel import gettext as _
from werkzeug.datastructures import MultiDict

from chatapp.common.forms import tidy
from chatapp.hours.calendar import LONGEST_HOLIDAY, MINUTES_OF_DAY, Holiday, Period
from chatapp.hours.words import period_words, time_words

MOST_PERIODS = 10
MOST_HOLIDAYS = 100
_LONGEST_NAME = 80
_YEARS = range(2000, 2101)
_TIME = re.compile(r"(\d{1,2}):(\d{2})")
_BETWEEN = re.compile(r"\s*[-–—]\s*")

Read = TypeVar("Read")


class MistypedError(ValueError):
    """A sentence about what was typed."""


@dataclass(frozen=True)
class TypedPeriod:
    start: str
    end: str


@dataclass(frozen=True)
class TypedHoliday:
    name: str
    first: str
    last: str
    repeat: str
    hours: str

    @property
    def is_blank(self) -> bool:
        return not (self.name or self.first or self.last or self.hours)


def posted_week(form: MultiDict[str, str]) -> list[list[TypedPeriod]]:
    return [_rows(form, TypedPeriod, [f"start-{day}", f"end-{day}"]) for day in range(7)]


def posted_holidays(form: MultiDict[str, str]) -> list[TypedHoliday]:
    names = ["holiday-name", "holiday-first", "holiday-last", "holiday-repeat", "holiday-hours"]
    return [holiday for holiday in _rows(form, TypedHoliday, names) if not holiday.is_blank]


def typed_period(period: Period) -> TypedPeriod:
    return TypedPeriod(time_words(period.start), time_words(period.end))


def typed_holiday(holiday: Holiday) -> TypedHoliday:
    hours = ", ".join(period_words(period) for period in holiday.periods)
    repeat = "yearly" if holiday.is_yearly else "once"
    last = "" if holiday.last == holiday.first else holiday.last.isoformat()
    return TypedHoliday(holiday.name, holiday.first.isoformat(), last, repeat, hours)


def read_day(typed: Sequence[TypedPeriod]) -> tuple[Period, ...]:
    """A day's periods, in order. Raises `MistypedError`."""
    periods = sorted(_period(row.start, row.end) for row in typed if row.start or row.end)
    if len(periods) > MOST_PERIODS:
        raise MistypedError(_("Use at most %(count)s periods a day.", count=MOST_PERIODS))
    for before, after in pairwise(periods):
        if after.start < before.end:
            raise MistypedError(
                _("%(one)s and %(other)s overlap.", one=period_words(before), other=period_words(after))
            )
    return tuple(periods)


def refuse_long_night(before: Sequence[Period], day: Sequence[Period]) -> None:
    """A night may not last into what the next day opens with. Raises `MistypedError`, to be said at the next day."""
    night = max((period.end - MINUTES_OF_DAY for period in before), default=0)
    if day and night > day[0].start:
        raise MistypedError(_("The night before lasts until %(time)s, which overlaps.", time=time_words(night)))


def read_holiday(typed: TypedHoliday) -> Holiday:
    """Raises `MistypedError`."""
    if not typed.name or len(typed.name) > _LONGEST_NAME:
        raise MistypedError(_("Give the holiday a name of at most %(count)s characters.", count=_LONGEST_NAME))
    first = _date(typed.first)
    last = _date(typed.last) if typed.last else first
    if last < first:
        raise MistypedError(_("“%(name)s” ends before it begins.", name=typed.name))
    if (last - first).days >= LONGEST_HOLIDAY:
        raise MistypedError(_("“%(name)s” lasts for more than a year.", name=typed.name))
    return Holiday(typed.name, first, last, typed.repeat == "yearly", _hours(typed.hours))


def refuse_overlap(holiday: Holiday, others: Sequence[Holiday]) -> None:
    """Two holidays of one kind share no day. Raises `MistypedError`."""
    days = _days(holiday)
    for other in others:
        if other.is_yearly == holiday.is_yearly and not days.isdisjoint(_days(other)):
            raise MistypedError(
                _("“%(name)s” has a day in common with “%(other)s”.", name=holiday.name, other=other.name)
            )


def _days(holiday: Holiday) -> set[tuple[int, ...]]:
    return {day.timetuple()[1 if holiday.is_yearly else 0 : 3] for day in holiday.days()}


def _rows(form: MultiDict[str, str], row: Callable[..., Read], names: list[str]) -> list[Read]:
    """Fields of one name come in the order of the page; what a program left out is cut off."""
    columns = [[tidy(value) or "" for value in form.getlist(name)] for name in names]
    return [row(*values) for values in zip(*columns, strict=False)]


def _hours(text: str) -> tuple[Period, ...]:
    """`10:00–14:00, 16:00–20:00`; nothing means closed."""
    parts = [_BETWEEN.split(part) for part in re.split(r"[,;]", text) if part.strip()]
    if any(len(ends) != 2 for ends in parts):
        raise MistypedError(_("Write opening hours like 10:00–14:00, or leave them out for a closed day."))
    return read_day([TypedPeriod(start.strip(), end.strip()) for start, end in parts])


def _period(opening: str, closing: str) -> Period:
    """A closing time that comes before the opening is the next day's; midnight to midnight is a whole day."""
    if not opening or not closing:
        raise MistypedError(_("Give both times, or neither."))
    start, end = _time(opening), _time(closing)
    if start == end != 0:
        raise MistypedError(_("It opens and closes at the same time. A whole day is 00:00–00:00."))
    return Period(start, end if end > start else end + MINUTES_OF_DAY)


def _time(text: str) -> int:
    found = _TIME.fullmatch(text)
    minutes = int(found[1]) * 60 + int(found[2]) if found and int(found[2]) < 60 else MINUTES_OF_DAY
    if minutes >= MINUTES_OF_DAY:
        raise MistypedError(_("“%(text)s” is not a time. Write it like 09:30.", text=text[:20]))
    return minutes


def _date(text: str) -> date:
    try:
        found = date.fromisoformat(text)
    except ValueError:
        raise MistypedError(_("“%(text)s” is not a date.", text=text[:20])) from None
    if found.year not in _YEARS:
        raise MistypedError(_("Choose a year from %(first)s to %(last)s.", first=_YEARS[0], last=_YEARS[-1]))
    return found
