"""From a visitor's message to a warning, a breach or an answer in time: each once, whoever looks, however late."""

import pytest
from flask import Flask
from sqlalchemy import func, select

from chatapp.common import outbox
from chatapp.common.clock import now
from chatapp.common.db import db
from chatapp.common.outbox import OutboxDelivery
from chatapp.common.unit_of_work import unit_of_work
from chatapp.conversations import queries as conversations
from chatapp.jobs.schedule import watch_clocks
from chatapp.messages import services as messages
from chatapp.sla import queries
from chatapp.sla.models import SlaClock, SlaCursor
from chatapp.sla.services import clocks
from tests.factories import inside, make_company, make_hours
from tests.sla.stage import Stage, promise


def test_an_answer_in_time_keeps_the_target(stage: Stage) -> None:
    stage.visitor(0)
    assert stage.clocks() == {"first_response": "running", "resolution": "running"}
    assert stage.shown() == ("first_response", "running", 20)
    stage.agent(19)
    stage.tick(40)
    assert stage.clocks() == {"first_response": "met", "resolution": "running"}
    assert stage.shown() == ("resolution", "running", 120)
    assert (stage.said(), stage.told()) == ([], [])


def test_a_warning_comes_once_and_then_the_breach_once(stage: Stage) -> None:
    stage.visitor(0)
    stage.tick(14.9)
    assert stage.told() == []
    for minute in (15, 16, 17):
        stage.tick(minute)
    assert (stage.told(), stage.said()) == (["SlaWarned first_response"], ["sla_warned first_response"])
    assert stage.shown() == ("first_response", "warned", 20)
    for minute in (20.1, 21, 22):
        stage.tick(minute)
    assert stage.told() == ["SlaWarned first_response", "SlaBreached first_response"]
    assert stage.said() == ["sla_warned first_response", "sla_breached first_response"]
    assert stage.shown() == ("first_response", "late", 20)
    stage.agent(25)
    assert stage.clocks()["first_response"] == "late, ended"
    assert stage.shown() == ("resolution", "running", 120)


def test_the_due_moment_itself_is_still_in_time(stage: Stage) -> None:
    stage.visitor(0)
    stage.tick(20)
    assert stage.clocks()["first_response"] == "warned"
    stage.agent(20)
    assert stage.clocks()["first_response"] == "met"


def test_a_late_answer_is_late_even_if_no_clock_looked(stage: Stage) -> None:
    stage.visitor(0)
    stage.agent(21)
    assert stage.clocks()["first_response"] == "late, ended"
    assert stage.told() == ["SlaBreached first_response"]
    stage.tick(22)
    assert stage.said() == ["sla_breached first_response"]


def test_an_answer_in_time_counts_even_if_the_worker_hears_of_it_after_the_clock(stage: Stage) -> None:
    stage.visitor(0)
    stage.agent(19, works=False)
    stage.tick(30)
    assert stage.clocks()["first_response"] == "met"
    stage.work()
    assert stage.told() == []


def test_nobody_heard_of_anything_until_the_next_day(stage: Stage) -> None:
    stage.visitor(0, works=False)
    stage.agent(5, works=False)
    stage.visitor(10, works=False)
    stage.agent(50, works=False)
    stage.at(1440)
    stage.work()
    assert stage.clocks() == {"first_response": "met", "next_response": "late, ended", "resolution": "running"}
    stage.tick(1441)
    assert stage.clocks()["resolution"] == "late"
    assert stage.told() == ["SlaBreached next_response", "SlaBreached resolution"]


def test_later_messages_do_not_move_a_clock_and_notes_do_not_stop_it(stage: Stage) -> None:
    stage.visitor(0)
    stage.visitor(10)
    stage.agent(11, private=True)
    assert stage.shown() == ("first_response", "running", 20)
    stage.agent(12)
    stage.visitor(20)
    stage.visitor(30)
    assert stage.shown() == ("next_response", "running", 50)
    stage.agent(40)
    stage.agent(41)
    assert stage.clocks() == {"first_response": "met", "next_response": "met", "resolution": "running"}


def test_a_close_ends_everything_and_keeps_only_the_promise_to_close(stage: Stage) -> None:
    stage.visitor(0)
    stage.close(10)
    assert stage.clocks() == {"first_response": "let go", "resolution": "met"}
    assert stage.shown() == (None, None, None)
    stage.tick(500)
    assert stage.told() == []


def test_opening_again_starts_anew(stage: Stage) -> None:
    stage.visitor(0)
    stage.agent(5)
    stage.close(10)
    stage.reopen(200)
    assert stage.shown() == ("resolution", "running", 320)
    stage.visitor(210)
    assert stage.shown() == ("first_response", "running", 230)


def test_following_again_changes_nothing(stage: Stage) -> None:
    stage.visitor(0)
    stage.agent(5)
    before = stage.clocks()
    for _turn in range(2):
        with inside(stage.app, stage.company):
            clocks.follow(stage.conversation_id)
    assert stage.clocks() == before


@pytest.mark.parametrize("place", ["record_activity", "emit"])
def test_a_clock_that_dies_halfway_has_recorded_nothing_and_the_next_does_it_once(
    stage: Stage, monkeypatch: pytest.MonkeyPatch, place: str
) -> None:
    stage.visitor(0)
    stage.at(21)

    def die(*_: object, **__: object) -> None:
        raise SystemExit("killed")

    with monkeypatch.context() as patched, stage.app.app_context():
        patched.setattr(messages if place == "record_activity" else clocks, place, die)
        with pytest.raises(SystemExit):
            watch_clocks()
    assert (stage.clocks()["first_response"], stage.told(), stage.said()) == ("running", [], [])
    stage.tick(21)
    stage.tick(22)
    assert stage.told() == ["SlaBreached first_response"]
    assert stage.said() == ["sla_breached first_response"]


def test_a_worker_that_dies_halfway_does_it_again(stage: Stage, monkeypatch: pytest.MonkeyPatch) -> None:
    def die(*_: object, **__: object) -> None:
        raise RuntimeError("killed")

    with monkeypatch.context() as patched:
        patched.setattr("chatapp.sla.services.clocks.conversations.note_sla", die)
        stage.visitor(0)
    assert stage.clocks() == {}
    with inside(stage.app, stage.company):
        for delivery in db.session.scalars(select(OutboxDelivery).where(OutboxDelivery.state == "pending")):
            delivery.available_at = now()
    stage.work()
    assert stage.clocks() == {"first_response": "running", "resolution": "running"}


def test_a_conversation_in_which_somebody_writes_is_looked_at_later(stage: Stage) -> None:
    stage.visitor(0)
    stage.at(21)
    with stage.app.app_context(), unit_of_work(stage.company.workspace_id):
        conversations.locked(stage.conversation_id)
        with stage.app.app_context():
            watch_clocks()
    assert stage.told() == []
    stage.tick(21)
    assert stage.told() == ["SlaBreached first_response"]


def test_two_clock_processes_record_it_once(stage: Stage) -> None:
    stage.visitor(0)
    stage.at(21)
    with stage.app.app_context(), unit_of_work(stage.company.workspace_id):
        clocks.check(stage.conversation_id, at=stage.at(21))
        with stage.app.app_context():
            watch_clocks()
    assert stage.told() == ["SlaBreached first_response"]


def test_in_business_hours_friday_evening_is_due_on_monday(stage: Stage) -> None:
    with inside(stage.app, stage.company) as it:
        team = it.company.team_id
        promise(
            name="Office", is_default=False, position=1, project_id=it.company.project_id, hours_id=it.company.hours_id
        )
        promise(name="Team", is_default=False, position=2, team_id=team, first_response=1)
    stage.visitor(7 * 60 + 50)  # 17:50 in Madrid, ten minutes before they close
    monday = (3 * 24 - 1) * 60 + 10
    assert stage.shown() == ("first_response", "running", monday)


def test_the_first_policy_that_fits_counts_and_others_have_none(stage: Stage) -> None:
    with inside(stage.app, stage.company) as it:
        promise(name="Mail", is_default=False, position=1, channel_kind="email", first_response=1)
        promise(name="Site", is_default=False, position=2, channel_kind="web", first_response=7, resolution=None)
        promise(name="Shop", is_default=False, position=3, project_id=it.company.project_id, first_response=3)
    stage.visitor(0)
    assert stage.shown() == ("first_response", "running", 7)
    assert stage.clocks() == {"first_response": "running"}


def test_a_change_counts_for_what_begins_after_it(stage: Stage) -> None:
    stage.visitor(0)
    with inside(stage.app, stage.company):
        policy = db.session.scalars(select(SlaClock.policy_id)).first()
        promise(name="New", is_default=False, position=1, channel_kind="web", first_response=1, next_response=2)
    assert policy is not None
    assert stage.shown() == ("first_response", "running", 20)
    stage.agent(5)
    stage.visitor(10)
    assert stage.shown() == ("next_response", "running", 12)


def test_where_nothing_is_ever_open_nothing_is_due(stage: Stage) -> None:
    with inside(stage.app, stage.company):
        never = make_hours(name="Never", week={str(day): [] for day in range(7)})
        promise(name="Never", is_default=False, position=1, channel_kind="web", hours_id=never.id)
    stage.visitor(0)
    assert (stage.clocks(), stage.shown()) == ({}, (None, None, None))


def test_without_a_policy_nothing_is_written(app: Flask, monkeypatch: pytest.MonkeyPatch) -> None:
    stage = Stage(app, make_company(app), monkeypatch)
    with inside(app, stage.company):
        db.session.delete(queries.policy(stage.company.policy_id))
    stage.visitor(0)
    stage.agent(5)
    with inside(app, stage.company):
        assert db.session.scalar(select(func.count()).select_from(SlaCursor)) == 0
        assert outbox.lease_due(10) == []


def test_a_conversation_from_before_the_policy_begins_with_its_next_turn(stage: Stage) -> None:
    stage.visitor_id, stage.conversation_id = stage.company.end_user_id, stage.company.conversation_id
    stage.agent(0)
    assert stage.clocks() == {}
    stage.visitor(10)
    assert stage.shown() == ("next_response", "running", 40)


def test_another_companys_policy_starts_no_clock_here(stage: Stage, monkeypatch: pytest.MonkeyPatch) -> None:
    globex = Stage(stage.app, make_company(stage.app, "globex"), monkeypatch)
    globex.visitor(0)
    stage.visitor(0)
    stage.tick(21)
    assert globex.clocks() == {}
    assert stage.clocks()["first_response"] == "late"
    with inside(stage.app, globex.company):
        promise(first_response=5)
    globex.agent(30)
    globex.visitor(40)
    globex.tick(80)
    assert globex.told() == ["SlaBreached next_response"]
    assert stage.told() == ["SlaBreached first_response"]


def test_what_is_undone_never_happened_to_the_clocks(stage: Stage) -> None:
    stage.visitor(0)
    stage.taken_back(5, lambda conversation, by: messages.close(conversation, by=by))
    assert stage.clocks() == {"first_response": "running", "resolution": "running"}
    stage.taken_back(6, lambda conversation, by: messages.set_pending(conversation, by=by))
    assert stage.shown() == ("first_response", "running", 20)
    stage.agent(10)
    stage.taken_back(11, lambda conversation, by: messages.close(conversation, by=by))
    stage.visitor(12)
    assert stage.clocks() == {"first_response": "met", "resolution": "running", "next_response": "running"}
    stage.close(13)
    stage.taken_back(14, lambda conversation, by: messages.reopen(conversation, by=by))
    assert stage.clocks() == {"first_response": "met", "resolution": "met", "next_response": "let go"}
