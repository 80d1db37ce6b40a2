"""Business time, as pure arithmetic: when a schedule is open, and how much open time lies between two moments.

One sentence defines it: *a schedule is open while the clock on its wall reads an opening time.* Where clocks are put
forward, the hours that are skipped are no opening; where they are put back, those that come twice are open twice.
Moments go in with any zone and come out in UTC. `docs/decisions/0019-business-time.md` says why.
"""

from __future__ import annotations

from collections.abc import Iterator, Sequence
from dataclasses import dataclass
from datetime import UTC, date, datetime, time, timedelta
from functools import cached_property
from zoneinfo import ZoneInfo

MINUTES_OF_DAY = 1440
LONGEST_HOLIDAY = 366
HORIZON = timedelta(days=3660)
"""How far ahead the next opening is looked for. The rarest there is, every 29 February, comes within eight years."""

_DAY = timedelta(days=1)
_SECOND = timedelta(seconds=1)
_LAST = datetime.max.replace(tzinfo=UTC) - timedelta(days=2)

Span = tuple[datetime, datetime]
Minutes = tuple[int, int]


@dataclass(frozen=True, order=True)
class Period:
    """An opening in minutes after midnight; an `end` above 1440 lies on the next day. At most 24 hours long."""

    start: int
    end: int

    def __post_init__(self) -> None:
        if not (0 <= self.start < MINUTES_OF_DAY and self.start < self.end <= self.start + MINUTES_OF_DAY):
            raise ValueError(f"{self.start}–{self.end} is no period.")


@dataclass(frozen=True)
class Holiday:
    """Days, both ends included, with their own periods: none means closed. `is_yearly` goes by month and day."""

    name: str
    first: date
    last: date
    is_yearly: bool = False
    periods: tuple[Period, ...] = ()

    def __post_init__(self) -> None:
        if not 0 <= (self.last - self.first).days < LONGEST_HOLIDAY:
            raise ValueError(f"{self.first}–{self.last} is no holiday.")

    def days(self) -> Iterator[date]:
        return (self.first + timedelta(days=number) for number in range((self.last - self.first).days + 1))


@dataclass(frozen=True)
class Calendar:
    """The hours of a week, Monday first, in a zone; holidays replace whatever their days would have.

    A period belongs to the day on which it begins. What it leaves over after midnight counts on the next day, unless
    a holiday begins there. A dated holiday goes before a yearly one, an earlier in the list before a later.
    """

    zone: ZoneInfo
    week: tuple[tuple[Period, ...], ...]
    holidays: tuple[Holiday, ...] = ()

    def __post_init__(self) -> None:
        if len(self.week) != 7:
            raise ValueError("A week has seven days.")

    def is_open(self, at: datetime) -> bool:
        wall = at.astimezone(self.zone)
        midnight = datetime.combine(wall.date(), time())
        into_day = wall.replace(tzinfo=None) - midnight
        return any(_minutes(start) <= into_day < _minutes(end) for start, end in self._opening_minutes(wall.date()))

    def next_opening(self, at: datetime) -> datetime | None:
        """The first open moment from `at` on: `at` itself while it is open. None if there is none before `HORIZON`."""
        span = next(self._spans(at, _horizon(at)), None)
        return span[0] if span else None

    def next_closing(self, at: datetime) -> datetime | None:
        """The end of the opening that runs at `at`, else of the next one. None if it is never open, or for ever."""
        if self._is_always_open:
            return None
        end: datetime | None = None
        for span in self._spans(at, _horizon(at)):
            if end is not None and span[0] > end:
                return end
            end = span[1]
        return end if end and end < _horizon(at) else None

    def business_seconds(self, start: datetime, end: datetime) -> float:
        """The open seconds between two moments; negative if `end` comes first. Costs by the days between them."""
        start, end = start.astimezone(UTC), end.astimezone(UTC)  # two readings of one zone compare as readings
        if end < start:
            return -self.business_seconds(end, start)
        spans = self._spans(start, end)
        return sum((until - since for since, until in spans), timedelta()).total_seconds()

    def add_business_seconds(self, start: datetime, seconds: float) -> datetime | None:
        """The earliest moment with that many open seconds since `start`. None if `HORIZON` does not hold as many."""
        if seconds < 0:
            raise ValueError("Business time is only added forwards.")
        missing = timedelta(seconds=min(seconds, HORIZON.total_seconds() + 1))
        if not missing:
            return start.astimezone(UTC)
        for since, until in self._spans(start, _horizon(start)):
            if since + missing <= until:
                return since + missing
            missing -= until - since
        return None

    def _spans(self, start: datetime, end: datetime) -> Iterator[Span]:
        """What is open between two moments, in order. Spans may touch."""
        if self._is_never_open:
            return
        for since, until, offset in _segments(self.zone, start.astimezone(UTC), end.astimezone(UTC)):
            for opened, closed in self._on_the_wall((since + offset).replace(tzinfo=None), until - since):
                yield (opened - offset).replace(tzinfo=UTC), (closed - offset).replace(tzinfo=UTC)

    def _on_the_wall(self, start: datetime, length: timedelta) -> Iterator[Span]:
        """What is open while a clock runs evenly from a reading; readings have no zone."""
        end, midnight = start + length, datetime.combine(start.date(), time())
        while midnight < end:
            for opening, closing in self._opening_minutes(midnight.date()):
                since, until = max(midnight + _minutes(opening), start), min(midnight + _minutes(closing), end)
                if since < until:
                    yield since, until
            midnight += _DAY

    def _opening_minutes(self, day: date) -> Sequence[Minutes]:
        """What is open between the midnights of a day, in order, nothing touching."""
        before = day - _DAY
        holiday, eve = self._holiday_on(day), self._holiday_on(before)
        if holiday is None and eve is None:
            return self.plain_days[day.weekday()]
        earlier = self._periods_of(before, eve) if holiday is None or holiday is eve else ()
        return _minutes_of_day(earlier, self._periods_of(day, holiday))

    def _periods_of(self, day: date, holiday: Holiday | None) -> tuple[Period, ...]:
        return self.week[day.weekday()] if holiday is None else holiday.periods

    def _holiday_on(self, day: date) -> Holiday | None:
        return self._dated.get(day) or self._yearly.get((day.month, day.day))

    @cached_property
    def plain_days(self) -> list[Sequence[Minutes]]:
        """What is open between the midnights of each weekday, in minutes, when there is no holiday."""
        return [_minutes_of_day(self.week[number - 1], periods) for number, periods in enumerate(self.week)]

    @cached_property
    def _dated(self) -> dict[date, Holiday]:
        dated = [holiday for holiday in reversed(self.holidays) if not holiday.is_yearly]
        return {day: holiday for holiday in dated for day in holiday.days()}

    @cached_property
    def _yearly(self) -> dict[tuple[int, int], Holiday]:
        yearly = [holiday for holiday in reversed(self.holidays) if holiday.is_yearly]
        return {(day.month, day.day): holiday for holiday in yearly for day in holiday.days()}

    @cached_property
    def _is_never_open(self) -> bool:
        return not any(self.week) and not any(holiday.periods for holiday in self.holidays)

    @cached_property
    def _is_always_open(self) -> bool:
        return not self.holidays and all(minutes == [(0, MINUTES_OF_DAY)] for minutes in self.plain_days)


def _minutes_of_day(earlier: Sequence[Period], own: Sequence[Period]) -> list[Minutes]:
    """A day's own periods up to midnight, and what the day before left over; what overlaps or touches is joined."""
    found = [(0, period.end - MINUTES_OF_DAY) for period in earlier if period.end > MINUTES_OF_DAY]
    found += [(period.start, min(period.end, MINUTES_OF_DAY)) for period in own]
    joined: list[Minutes] = []
    for start, end in sorted(found):
        if joined and start <= joined[-1][1]:
            joined[-1] = (joined[-1][0], max(end, joined[-1][1]))
        else:
            joined.append((start, end))
    return joined


def _segments(zone: ZoneInfo, start: datetime, end: datetime) -> Iterator[tuple[datetime, datetime, timedelta]]:
    """The time between two moments of UTC in pieces of at most a day, each with one offset from it."""
    while start < end:
        offset, until = _offset(zone, start), min(start + _DAY, end)
        if _offset(zone, until) != offset:
            until = _change(zone, start, until)
        yield start, until, offset
        start = until


def _change(zone: ZoneInfo, before: datetime, after: datetime) -> datetime:
    """The second at which the offset changes, known to lie between. Clocks are changed on whole seconds."""
    offset, before = _offset(zone, before), before.replace(microsecond=0)
    after = after.replace(microsecond=0) + _SECOND * (after.microsecond > 0)
    while after - before > _SECOND:
        middle = before + (after - before) // _SECOND // 2 * _SECOND
        before, after = (middle, after) if _offset(zone, middle) == offset else (before, middle)
    return after


def _offset(zone: ZoneInfo, at: datetime) -> timedelta:
    offset = at.astimezone(zone).utcoffset()
    assert offset is not None
    return offset


def _horizon(at: datetime) -> datetime:
    return min(at.astimezone(UTC), _LAST - HORIZON) + HORIZON


def _minutes(number: int) -> timedelta:
    return timedelta(minutes=number)
