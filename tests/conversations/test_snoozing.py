"""The moments that a snooze menu offers: on the workspace's clock, when somebody is there."""

from datetime import UTC, date, datetime, timedelta
from zoneinfo import ZoneInfo

import pytest
from hypothesis import given, settings

from chatapp.conversations.snoozing import choices
from chatapp.hours.calendar import Calendar, Holiday, Period
from tests.hours.wall import CALENDARS, MADRID, NEVER, at, calendar, moments

ZONE = ZoneInfo("Europe/Madrid")
OFFICE = ((Period(540, 1080),),) * 5 + ((),) * 2


def offered(moment: datetime, it: Calendar | None = None) -> dict[str, str]:
    found = choices(moment, zone=ZONE, calendar=it)
    return {choice.name: f"{choice.until.astimezone(ZONE):%a %d %H:%M}" for choice in found}


def test_without_business_hours_people_begin_at_nine() -> None:
    assert offered(at("2026-11-25T10:17")) == {
        "hour": "Wed 25 11:17",
        "later_today": "Wed 25 14:00",
        "tomorrow": "Thu 26 09:00",
        "next_week": "Mon 30 09:00",
    }


def test_late_in_the_day_there_is_no_later_today() -> None:
    assert "later_today" not in offered(at("2026-11-25T17:30"))
    assert "later_today" not in offered(at("2026-11-25T23:30"))


def test_in_business_hours_a_friday_leads_to_monday() -> None:
    assert offered(at("2026-11-27T13:10"), calendar(MADRID, OFFICE)) == {
        "hour": "Fri 27 14:10",
        "later_today": "Fri 27 17:00",
        "next_week": "Mon 30 09:00",
    }


def test_on_a_sunday_next_week_is_tomorrow_and_offered_once() -> None:
    assert list(offered(at("2026-11-29T12:00"))) == ["hour", "later_today", "tomorrow"]


def test_a_holiday_on_monday_moves_next_week_to_tuesday() -> None:
    monday = date(2026, 11, 30)
    shut = Calendar(ZONE, OFFICE, (Holiday("Saint Andrew", monday, monday),))
    assert offered(at("2026-11-25T10:00"), shut)["next_week"] == "Tue 01 09:00"


def test_where_they_never_close_morning_is_still_morning() -> None:
    always = calendar(MADRID, ((Period(0, 1440),),) * 7)
    assert offered(at("2026-11-25T10:00"), always)["tomorrow"] == "Thu 26 09:00"


def test_where_nobody_ever_comes_an_hour_is_all_there_is() -> None:
    assert list(offered(at("2026-11-25T10:00"), calendar(MADRID, NEVER))) == ["hour"]


@pytest.mark.parametrize(("day", "ahead"), [("2026-03-28", 1), ("2026-10-24", 2)])
def test_nine_is_nine_across_a_change_of_clocks(day: str, ahead: int) -> None:
    assert offered(at(f"{day}T12:00"))["tomorrow"].endswith("09:00")
    hour = choices(at(f"{day}T23:30"), zone=ZONE, calendar=None)[0]
    assert hour.until - at(f"{day}T23:30") == timedelta(hours=1)


@given(CALENDARS, moments())
@settings(max_examples=60, deadline=None)
def test_whatever_is_offered_lies_ahead_in_order_and_comes_while_somebody_is_there(
    it: Calendar, moment: datetime
) -> None:
    found = choices(moment, zone=it.zone, calendar=it)
    assert all(choice.until > moment - timedelta(0) for choice in found)
    assert all(choice.until.tzinfo is UTC for choice in found)
    assert len({choice.until for choice in found[1:]}) == len(found[1:])
    for choice in found[1:]:
        assert it.is_open(choice.until)
