"""Schedules for tests, and "open" defined a second time: by looking at the clock, minute by minute."""

from __future__ import annotations

from datetime import UTC, date, datetime, timedelta
from zoneinfo import ZoneInfo

from hypothesis import strategies as st

from chatapp.hours.calendar import Calendar, Holiday, Period

MADRID, NEW_YORK, LORD_HOWE = "Europe/Madrid", "America/New_York", "Australia/Lord_Howe"
ZONES = (MADRID, NEW_YORK, LORD_HOWE, "UTC", "Asia/Kathmandu", "America/Sao_Paulo", "Africa/Cairo", "Pacific/Apia")
ALWAYS = ((Period(0, 1440),),) * 7
NEVER: tuple[tuple[Period, ...], ...] = ((),) * 7
OFFICE = ((Period(540, 840), Period(960, 1140)),) * 5 + ((), ())


def calendar(zone: str = MADRID, week: tuple[tuple[Period, ...], ...] = OFFICE, *holidays: Holiday) -> Calendar:
    return Calendar(ZoneInfo(zone), week, holidays)


def at(text: str, zone: str = MADRID, *, fold: int = 0) -> datetime:
    """A reading of a zone's clock, as a moment of UTC."""
    return datetime.fromisoformat(text).replace(tzinfo=ZoneInfo(zone), fold=fold).astimezone(UTC)


def reads_open(it: Calendar, moment: datetime) -> bool:
    """Whether the clock on the wall reads an opening time."""
    wall = moment.astimezone(it.zone)
    minute = wall.hour * 60 + wall.minute
    today, yesterday = wall.date(), wall.date() - timedelta(days=1)
    own, left_over = _periods(it, today), _periods(it, yesterday)
    if _holiday(it, today) not in (None, _holiday(it, yesterday)):
        left_over = ()
    return any(period.start <= minute < period.end for period in own) or any(
        minute < period.end - 1440 for period in left_over
    )


def open_minutes(it: Calendar, start: datetime, end: datetime) -> int:
    """Counted one by one; both moments are whole minutes."""
    count, moment = 0, start.astimezone(UTC)
    while moment < end:
        count += reads_open(it, moment)
        moment += timedelta(minutes=1)
    return count


def _periods(it: Calendar, day: date) -> tuple[Period, ...]:
    holiday = _holiday(it, day)
    return holiday.periods if holiday else it.week[day.weekday()]


def _holiday(it: Calendar, day: date) -> Holiday | None:
    dated = [holiday for holiday in it.holidays if not holiday.is_yearly and holiday.first <= day <= holiday.last]
    yearly = [
        holiday
        for holiday in it.holidays
        if holiday.is_yearly and (day.month, day.day) in {(d.month, d.day) for d in holiday.days()}
    ]
    return next(iter(dated + yearly), None)


@st.composite
def _period(draw: st.DrawFn) -> Period:
    start = draw(st.integers(0, 1439))
    return Period(start, start + draw(st.integers(1, 1440)))


@st.composite
def _holidays(draw: st.DrawFn) -> Holiday:
    first = date(2026, 1, 1) + timedelta(days=draw(st.integers(0, 400)))
    last = first + timedelta(days=draw(st.sampled_from((0, 0, 1, 9))))
    return Holiday("Fiesta", first, last, draw(st.booleans()), draw(st.lists(_period(), max_size=2).map(tuple)))


_DAYS = st.lists(_period(), max_size=3).map(tuple)
CALENDARS = st.builds(
    Calendar,
    st.sampled_from(ZONES).map(ZoneInfo),
    st.tuples(*[_DAYS] * 7),
    st.lists(_holidays(), max_size=4).map(tuple),
)


@st.composite
def moments(draw: st.DrawFn) -> datetime:
    """Whole minutes of 2026, every other one close to a change of clocks."""
    changes = ("2026-03-08", "2026-03-29", "2026-04-05", "2026-04-24", "2026-10-04", "2026-10-25", "2026-11-01")
    if draw(st.booleans()):
        base, reach = datetime.fromisoformat(draw(st.sampled_from(changes))).replace(tzinfo=UTC), 2 * 1440
    else:
        base, reach = datetime(2026, 7, 1, tzinfo=UTC), 180 * 1440
    return base + timedelta(minutes=draw(st.integers(-reach, reach)))
