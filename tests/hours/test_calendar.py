"""Business time: examples a person can check, and what must hold for every schedule."""

import time
from datetime import UTC, date, datetime, timedelta
from zoneinfo import ZoneInfo

import pytest
from hypothesis import given, settings
from hypothesis import strategies as st

from chatapp.hours.calendar import HORIZON, Calendar, Holiday, Period
from tests.hours.wall import (
    ALWAYS,
    CALENDARS,
    LORD_HOWE,
    MADRID,
    NEVER,
    NEW_YORK,
    OFFICE,
    at,
    calendar,
    moments,
    open_minutes,
    reads_open,
)

HOUR = 3600
EVERY_NIGHT = ((Period(60, 240),),) * 7  # 01:00 to 04:00
quickly = settings(max_examples=60, deadline=None)
LENGTHS = st.integers(0, 9 * 24 * 60).map(lambda minutes: timedelta(minutes=minutes))
SECONDS = st.integers(0, 40 * HOUR)


def test_an_afternoon_goes_on_the_next_morning() -> None:
    office = calendar()
    friday, monday = at("2026-11-27T18:30"), at("2026-11-30T09:00")
    assert office.is_open(friday)
    assert office.next_closing(friday) == at("2026-11-27T19:00")
    assert office.next_opening(at("2026-11-27T19:00")) == monday
    assert office.next_opening(friday) == friday
    assert office.add_business_seconds(friday, HOUR) == monday + timedelta(minutes=30)
    assert office.business_seconds(friday, at("2026-11-30T10:00")) == 1.5 * HOUR


def test_the_closing_time_itself_is_closed_and_still_in_time() -> None:
    office, nine = calendar(), at("2026-11-27T09:00")
    assert office.add_business_seconds(nine, 5 * HOUR) == at("2026-11-27T14:00")
    assert not office.is_open(at("2026-11-27T14:00"))


@pytest.mark.parametrize(
    ("zone", "put_forward", "put_back", "shift"),
    [
        (MADRID, "2026-03-29T00:00", "2026-10-25T00:00", 1),
        (NEW_YORK, "2026-03-08T00:00", "2026-11-01T00:00", 1),
        (LORD_HOWE, "2026-10-04T00:00", "2026-04-05T00:00", 0.5),
    ],
)
def test_a_night_is_shorter_when_clocks_go_forward_and_longer_when_they_go_back(
    zone: str, put_forward: str, put_back: str, shift: float
) -> None:
    it = calendar(zone, EVERY_NIGHT)
    shorter, longer = at(put_forward, zone), at(put_back, zone)
    assert it.business_seconds(shorter, shorter + timedelta(days=1)) == (3 - shift) * HOUR
    expected = 2.5 + 2 * shift if zone == LORD_HOWE else 3 + shift
    assert it.business_seconds(longer, longer + timedelta(days=1)) == expected * HOUR


def test_hours_that_are_skipped_are_no_opening() -> None:
    it = calendar(MADRID, ((Period(135, 165),),) * 7)  # 02:15 to 02:45
    assert it.next_opening(at("2026-03-29T00:00")) == at("2026-03-30T02:15")


def test_hours_that_come_twice_are_open_twice() -> None:
    it = calendar(MADRID, ((Period(135, 165),),) * 7)
    first, second = at("2026-10-25T02:15"), at("2026-10-25T02:15", fold=1)
    assert it.next_opening(at("2026-10-25T00:00")) == first
    assert it.next_closing(first) == first + timedelta(minutes=30)
    assert it.next_opening(first + timedelta(minutes=30)) == second
    assert it.add_business_seconds(first, 45 * 60) == second + timedelta(minutes=15)


def test_readings_of_one_zone_are_compared_as_moments() -> None:
    zone = ZoneInfo(MADRID)
    late, early = (datetime(2026, 10, 25, 2, minute, tzinfo=zone, fold=fold) for minute, fold in ((30, 0), (10, 1)))
    assert calendar(MADRID, EVERY_NIGHT).business_seconds(late, early) == 40 * 60


def test_an_opening_over_a_change_of_clocks_is_one() -> None:
    it = calendar(MADRID, EVERY_NIGHT)
    assert it.next_closing(at("2026-03-29T01:30")) == at("2026-03-29T04:00")
    assert it.next_closing(at("2026-10-25T01:30")) == at("2026-10-25T04:00")


def test_a_day_that_never_was_is_nowhere_counted() -> None:
    apia = calendar("Pacific/Apia", ALWAYS)  # went from the 29th to the 31st of December 2011
    assert apia.business_seconds(at("2011-12-29T00:00", "Pacific/Apia"), at("2012-01-01T00:00", "Pacific/Apia")) == (
        48 * HOUR
    )


def test_a_night_goes_over_midnight_and_belongs_to_the_day_it_began() -> None:
    saturdays = calendar(MADRID, ((),) * 5 + ((Period(1320, 1800),), ()))  # 22:00 to 06:00
    assert saturdays.is_open(at("2026-11-29T05:59"))
    assert saturdays.next_closing(at("2026-11-28T23:00")) == at("2026-11-29T06:00")
    assert not saturdays.is_open(at("2026-11-28T05:00"))


def test_a_holiday_replaces_its_day_and_cuts_the_night_before_it() -> None:
    nights = ((Period(1320, 1800),),) * 7
    it = calendar(MADRID, nights, Holiday("Christmas", date(2020, 12, 25), date(2020, 12, 25), is_yearly=True))
    assert it.next_closing(at("2026-12-24T23:00")) == at("2026-12-25T00:00")
    assert it.next_opening(at("2026-12-25T00:00")) == at("2026-12-26T22:00")
    assert it.business_seconds(at("2026-12-24T00:00"), at("2026-12-27T00:00")) == (6 + 2 + 0 + 2) * HOUR


def test_a_dated_holiday_goes_before_a_yearly_one() -> None:
    day = date(2026, 12, 24)
    yearly = Holiday("Christmas Eve", day, day, is_yearly=True)
    it = calendar(MADRID, OFFICE, yearly, Holiday("Sale", day, day, periods=(Period(600, 720),)))
    assert it.business_seconds(at("2026-12-24T00:00"), at("2026-12-25T00:00")) == 2 * HOUR
    assert it.business_seconds(at("2027-12-24T00:00"), at("2027-12-25T00:00")) == 0


def test_a_range_that_repeats_goes_over_new_year() -> None:
    it = calendar(MADRID, ALWAYS, Holiday("Winter", date(2020, 12, 24), date(2021, 1, 6), is_yearly=True))
    assert it.next_opening(at("2030-12-30T12:00")) == at("2031-01-07T00:00")


def test_nothing_is_ever_open_in_an_empty_schedule() -> None:
    it, noon = calendar(MADRID, NEVER), at("2026-11-27T12:00")
    assert (it.next_opening(noon), it.next_closing(noon), it.add_business_seconds(noon, 1)) == (None, None, None)
    assert it.business_seconds(noon, noon + timedelta(days=999)) == 0
    assert it.add_business_seconds(noon, 0) == noon


def test_around_the_clock_is_the_clock() -> None:
    it, noon = calendar(NEW_YORK, ALWAYS), at("2026-10-31T12:00", NEW_YORK)
    assert it.next_closing(noon) is None
    assert it.next_opening(noon) == noon
    assert it.add_business_seconds(noon, 30 * HOUR) == noon.astimezone(UTC) + timedelta(hours=30)


def test_business_time_is_never_added_backwards() -> None:
    with pytest.raises(ValueError, match="forwards"):
        calendar().add_business_seconds(at("2026-11-27T12:00"), -1)


@pytest.mark.parametrize(("start", "end"), [(-1, 5), (1440, 1441), (5, 5), (9, 3), (0, 1441)])
def test_what_is_no_period_is_refused(start: int, end: int) -> None:
    with pytest.raises(ValueError, match="no period"):
        Period(start, end)


def test_a_holiday_neither_ends_before_it_begins_nor_lasts_for_years() -> None:
    for last in (date(2025, 12, 31), date(2028, 1, 1)):
        with pytest.raises(ValueError, match="no holiday"):
            Holiday("Odd", date(2026, 1, 1), last)


def test_silly_schedules_are_answered_at_once() -> None:
    """One minute every 29 February; a schedule of a hundred long holidays; spans of ten years and more."""
    leap = Holiday("Leap", date(2024, 2, 29), date(2024, 2, 29), is_yearly=True, periods=(Period(600, 601),))
    rare, start = calendar(MADRID, NEVER, leap), at("2026-11-27T12:00")
    many = calendar(
        MADRID, OFFICE, *(Holiday("Long", date(2000 + year, 1, 1), date(2000 + year, 12, 31)) for year in range(100))
    )
    began = time.process_time()
    assert rare.next_opening(start) == at("2028-02-29T10:00")
    assert rare.next_opening(at("2096-03-01T00:00")) == at("2104-02-29T10:00")
    assert rare.business_seconds(start, start + HORIZON) == 3 * 60
    assert rare.add_business_seconds(start, 1e9) is None
    assert many.next_opening(start) is None
    assert calendar(MADRID, ALWAYS).add_business_seconds(start, 1e18) is None
    assert calendar(LORD_HOWE).next_opening(datetime.max.replace(tzinfo=UTC) - timedelta(days=3)) is not None
    assert time.process_time() - began < 2


@given(CALENDARS, moments(), LENGTHS)
@settings(max_examples=40, deadline=None)
def test_it_equals_a_count_of_minutes(it: Calendar, start: datetime, length: timedelta) -> None:
    length = min(length, timedelta(days=2))
    assert it.is_open(start) == reads_open(it, start)
    assert it.business_seconds(start, start + length) == 60 * open_minutes(it, start, start + length)


@given(CALENDARS, moments(), LENGTHS, LENGTHS)
@quickly
def test_spans_add_up(it: Calendar, start: datetime, one: timedelta, two: timedelta) -> None:
    middle, end = start + one, start + one + two
    whole = it.business_seconds(start, end)
    assert whole == it.business_seconds(start, middle) + it.business_seconds(middle, end)
    assert whole == -it.business_seconds(end, start)
    assert 0 <= whole <= (end - start).total_seconds()


@given(CALENDARS, moments(), SECONDS)
@quickly
def test_adding_is_the_inverse_of_counting(it: Calendar, start: datetime, seconds: int) -> None:
    due = it.add_business_seconds(start, seconds)
    if due is None:
        assert it.business_seconds(start, start + HORIZON) < seconds
    else:
        assert it.business_seconds(start, due) == seconds
        assert seconds == 0 or it.is_open(due - timedelta(seconds=1))  # the earliest such moment


@given(CALENDARS, moments(), SECONDS, SECONDS, LENGTHS)
@quickly
def test_more_time_and_a_later_start_never_end_earlier(
    it: Calendar, start: datetime, one: int, two: int, length: timedelta
) -> None:
    less, more = (it.add_business_seconds(start, seconds) for seconds in sorted((one, two)))
    later = it.add_business_seconds(start + length, one)
    first = it.add_business_seconds(start, one)
    assert more is None or (less is not None and less <= more)
    assert later is None or (first is not None and first <= later)


@given(CALENDARS, moments())
@quickly
def test_openings_and_closings_are_where_the_answer_changes(it: Calendar, start: datetime) -> None:
    opening, second = it.next_opening(start), timedelta(seconds=1)
    if opening is None:
        assert it.business_seconds(start, start + timedelta(days=30)) == 0
        return
    assert it.is_open(opening)
    assert opening == start or not it.is_open(opening - second)
    assert it.business_seconds(start, opening) == 0
    closing = it.next_closing(start)
    if closing is not None:
        assert opening < closing
        assert it.is_open(closing - second)
        assert not it.is_open(closing)
        assert it.business_seconds(opening, closing) == (closing - opening).total_seconds()


def test_a_calendar_has_seven_days() -> None:
    with pytest.raises(ValueError, match="seven"):
        Calendar(ZoneInfo("UTC"), OFFICE[:5])
