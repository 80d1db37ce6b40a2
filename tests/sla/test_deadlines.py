"""When targets are due: across changes of clocks, and as business time counts."""

from datetime import datetime, timedelta

from hypothesis import given, settings
from hypothesis import strategies as st

from chatapp.hours.calendar import HORIZON, Calendar, Period
from chatapp.sla.deadlines import Notice, after_pause, deadline
from tests.hours.wall import CALENDARS, MADRID, NEVER, at, calendar, moments

quickly = settings(max_examples=60, deadline=None)
MINUTES = st.integers(1, 40 * 60)
NOTICES = st.one_of(
    st.builds(Notice, st.integers(1, 99), st.just("percent")),
    st.builds(Notice, st.integers(1, 600), st.just("minutes")),
)


@given(CALENDARS, moments(), MINUTES, NOTICES)
@quickly
def test_exactly_the_target_is_open_until_it_is_due(
    it: Calendar, start: datetime, minutes: int, notice: Notice
) -> None:
    due = deadline(start, minutes=minutes, calendar=it, notice=notice)
    if due is None:
        assert it.business_seconds(start, start + HORIZON) < minutes * 60
        return
    assert it.business_seconds(start, due.due_at) == minutes * 60
    if due.warn_at is not None:
        assert start < due.warn_at <= due.due_at
        left = it.business_seconds(due.warn_at, due.due_at)
        assert abs(left - notice.seconds_of(minutes * 60)) < 1e-3


@given(moments(), MINUTES)
@quickly
def test_around_the_clock_changes_of_clocks_do_not_matter(start: datetime, minutes: int) -> None:
    due = deadline(start, minutes=minutes, calendar=None)
    assert due is not None
    assert due.due_at - start == timedelta(minutes=minutes)


def test_a_night_shift_is_an_hour_shorter_in_march_and_longer_in_october() -> None:
    nights = calendar(MADRID, ((Period(60, 240),),) * 7)  # 01:00 to 04:00
    march = deadline(at("2026-03-29T00:00"), minutes=150, calendar=nights)
    october = deadline(at("2026-10-25T00:00"), minutes=240, calendar=nights)
    assert march is not None
    assert october is not None
    assert march.due_at == at("2026-03-30T01:30")
    assert october.due_at == at("2026-10-25T04:00")


def test_nothing_is_due_where_nothing_is_ever_open() -> None:
    assert deadline(at("2026-11-27T10:00"), minutes=1, calendar=calendar(MADRID, NEVER)) is None


def test_a_warning_that_comes_no_later_than_the_start_is_none() -> None:
    due = deadline(at("2026-11-27T10:00"), minutes=10, calendar=None, notice=Notice(10, "minutes"))
    assert due is not None
    assert due.warn_at is None


@given(CALENDARS, moments(), MINUTES, st.integers(0, 10_000), st.integers(0, 30_000))
@quickly
def test_a_pause_leaves_as_much_open_time_as_there_was(
    it: Calendar, start: datetime, minutes: int, before: int, length: int
) -> None:
    due = deadline(start, minutes=minutes, calendar=it)
    paused_at = start + timedelta(minutes=before)
    if due is None or paused_at > due.due_at:
        return
    resumed_at = paused_at + timedelta(minutes=length)
    moved = after_pause(due.due_at, paused_at=paused_at, resumed_at=resumed_at, calendar=it)
    left = it.business_seconds(paused_at, due.due_at)
    assert moved >= due.due_at
    assert it.business_seconds(resumed_at, moved) == left or it.add_business_seconds(resumed_at, left) is None


def test_around_the_clock_a_pause_moves_it_by_its_length() -> None:
    moved = after_pause(
        at("2026-11-27T12:00"), paused_at=at("2026-11-27T11:30"), resumed_at=at("2026-11-28T11:30"), calendar=None
    )
    assert moved == at("2026-11-28T12:00")


def test_where_nothing_is_open_any_more_a_pause_moves_it_by_its_length() -> None:
    moved = after_pause(
        at("2026-11-27T12:00"),
        paused_at=at("2026-11-27T11:30"),
        resumed_at=at("2026-11-28T11:30"),
        calendar=calendar(MADRID, NEVER),
    )
    assert moved == at("2026-11-28T12:00")
