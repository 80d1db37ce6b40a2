"""While a conversation is pending or snoozed its clocks stand still, whoever looks, however late."""

import pytest
from flask import Flask

from chatapp.common.db import db
from chatapp.sla.models import SlaPolicy
from tests.factories import inside, make_company
from tests.sla.stage import Stage, promise


def test_what_was_left_is_left_when_it_wakes(stage: Stage) -> None:
    stage.visitor(0)
    stage.put_away(5, until=100)
    assert stage.shown() == (None, None, None)
    for minute in (16, 21, 99):
        stage.tick(minute)
    assert (stage.told(), stage.clocks()["first_response"]) == ([], "running")
    stage.wake(100)
    assert stage.shown() == ("first_response", "running", 115)
    stage.tick(109.9)
    assert stage.told() == []
    stage.tick(110)
    stage.tick(115.1)
    assert stage.told() == ["SlaWarned first_response", "SlaBreached first_response"]


@pytest.mark.parametrize("pending", [True, False])
def test_the_visitors_message_lets_them_run_again(stage: Stage, pending: bool) -> None:
    stage.visitor(0)
    stage.put_away(5, pending=pending)
    stage.visitor(60)
    assert stage.shown() == ("first_response", "running", 75)


def test_opened_by_hand_they_run_again(stage: Stage) -> None:
    stage.visitor(0)
    stage.put_away(5, pending=True)
    stage.put_away(10, until=200)
    stage.reopen(50)
    assert stage.shown() == ("first_response", "running", 65)
    stage.put_away(60)
    stage.reopen(90)
    assert stage.shown() == ("first_response", "running", 95)


def test_an_answer_out_of_a_snooze_is_in_time(stage: Stage) -> None:
    stage.visitor(0)
    stage.put_away(5)
    stage.agent(500)
    assert stage.clocks() == {"first_response": "met", "resolution": "running"}
    stage.visitor(600)
    assert stage.shown() == ("next_response", "running", 630)


def test_what_was_late_already_stays_late(stage: Stage) -> None:
    stage.visitor(0)
    stage.put_away(25, until=100)
    assert stage.told() == ["SlaBreached first_response"]
    stage.wake(100)
    assert stage.shown() == ("first_response", "late", 20)
    assert stage.told() == ["SlaBreached first_response"]


def test_a_warning_that_was_given_is_not_given_again(stage: Stage) -> None:
    stage.visitor(0)
    stage.tick(16)
    stage.put_away(17, until=50)
    stage.wake(50)
    stage.tick(52)
    assert stage.shown() == ("first_response", "warned", 53)
    assert stage.told() == ["SlaWarned first_response"]


def test_a_close_out_of_a_snooze_ends_them(stage: Stage) -> None:
    stage.visitor(0)
    stage.put_away(5, until=1000)
    stage.close(500)
    assert stage.clocks() == {"first_response": "let go", "resolution": "met"}


def test_whoever_hears_of_it_all_at_once_and_late_comes_to_the_same(stage: Stage) -> None:
    stage.visitor(0, works=False)
    with pytest.MonkeyPatch.context() as patch:
        patch.setattr(stage, "work", lambda works=True: None)
        stage.put_away(5, until=100)
        stage.wake(100)
    stage.at(101)
    stage.work()
    assert stage.shown() == ("first_response", "running", 115)


def test_in_business_hours_a_night_in_between_does_not_count(stage: Stage) -> None:
    with inside(stage.app, stage.company) as it:
        promise(name="Office", is_default=False, position=1, channel_kind="web", hours_id=it.company.hours_id)
    stage.visitor(7 * 60 + 50)  # 17:50 in Madrid on a Friday, ten minutes before they close
    monday = 3 * 24 * 60
    stage.put_away(7 * 60 + 55, until=monday)
    stage.wake(monday)  # ten o'clock: fifteen of the twenty minutes are left
    assert stage.shown() == ("first_response", "running", monday + 15)


def test_once_the_policy_is_gone_time_is_plain_time(stage: Stage) -> None:
    stage.visitor(0)
    stage.put_away(5, until=100)
    with inside(stage.app, stage.company):
        for policy in db.session.query(SlaPolicy):
            db.session.delete(policy)
    stage.wake(100)
    assert stage.shown() == ("first_response", "running", 115)


def test_without_a_policy_nothing_stands_still(app: Flask, monkeypatch: pytest.MonkeyPatch) -> None:
    stage = Stage(app, make_company(app), monkeypatch)
    stage.visitor(0)
    stage.put_away(5, until=100)
    stage.wake(100)
    assert (stage.clocks(), stage.shown()) == ({}, (None, None, None))
