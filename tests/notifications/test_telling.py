"""Who is told of what: those whom it concerns and who see it, once, in one line, and never of one's own deeds."""

from __future__ import annotations

from datetime import timedelta

import pytest
from flask import Flask
from sqlalchemy import event, select

from chatapp.common.clock import now
from chatapp.common.db import db
from chatapp.common.ids import uuid7
from chatapp.common.outbox import OutboxDelivery
from chatapp.contacts.services import exports, imports
from chatapp.messages import services as messages
from chatapp.notifications import queries, services
from chatapp.notifications.models import Notification
from chatapp.workspaces.models import Membership
from tests.factories import Company, inside, make_role, visitor_writes
from tests.notifications.conftest import Told


def assign(told: Told, to: str | None, by: str) -> None:
    with inside(told.app, told.company) as it:
        messages.assign(it.conversation, to=it.member(to) if to else None, by=it.member(by))


def everybody(told: Told) -> dict[str, list[dict[str, int]]]:
    found = {role: told.of(role) for role in ("owner", "admin", "agent", "viewer")}
    return {role: lines for role, lines in found.items() if lines}


def test_an_assignment_is_told_to_whom_it_is_given(told: Told) -> None:
    assign(told, "agent", by="owner")
    assert everybody(told) == {"agent": [{"assigned": 1}]}


def test_nobody_is_told_of_their_own_deeds(told: Told) -> None:
    assign(told, "agent", by="agent")
    assert everybody(told) == {}
    with inside(told.app, told.company) as it:
        messages.send_reply(it.conversation, by=it.member("agent"), text="Mine", client_id=uuid7())
    assert everybody(told) == {}


def test_many_messages_make_one_line(told: Told) -> None:
    assign(told, "agent", by="owner")
    visitor_writes(told.app, told.company, *(f"Number {n}" for n in range(5)))
    assert everybody(told) == {"agent": [{"assigned": 1, "message": 5}]}


def test_an_event_counts_once_however_often_it_is_delivered(told: Told) -> None:
    began = now()
    assign(told, "agent", by="owner")
    visitor_writes(told.app, told.company, "Hello?")
    told.work()
    with inside(told.app, told.company):
        for delivery in db.session.scalars(select(OutboxDelivery).where(OutboxDelivery.created_at >= began)):
            delivery.state, delivery.available_at = "pending", now()
    assert told.of("agent") == [{"assigned": 1, "message": 1}]


def test_what_was_read_before_comes_not_back_when_its_event_comes_late(told: Told) -> None:
    assign(told, "agent", by="owner")
    told.work()
    visitor_writes(told.app, told.company, "Hello?")
    with inside(told.app, told.company):
        services.read_conversation(told.company.members["agent"], told.company.conversation_id)
    assert told.of("agent") == []
    visitor_writes(told.app, told.company, "Still there?")
    assert told.of("agent") == [{"message": 1}]


def test_a_colleague_s_note_is_told_and_an_answer_of_one_s_own_reads(told: Told) -> None:
    assign(told, "agent", by="owner")
    with inside(told.app, told.company) as it:
        note = {"text": "Careful", "client_id": uuid7(), "private": True}
        messages.send_reply(it.conversation, by=it.member("admin"), **note)
    assert everybody(told) == {"agent": [{"assigned": 1, "message": 1}]}
    with inside(told.app, told.company) as it:
        messages.send_reply(it.conversation, by=it.member("agent"), text="Done", client_id=uuid7())
    assert everybody(told) == {}


def test_what_nobody_has_is_told_once_to_those_who_may_answer(told: Told) -> None:
    visitor_writes(told.app, told.company, "Hello", "Hello?", name="Zoe")
    assert everybody(told) == {role: [{"unassigned": 1}] for role in ("owner", "admin", "agent")}


def test_what_comes_back_after_its_end_is_new_again(told: Told) -> None:
    with inside(told.app, told.company) as it:
        messages.close(it.conversation, by=it.member("owner"))
    visitor_writes(told.app, told.company, "One more thing", "Please")
    assert told.of("agent") == [{"unassigned": 1}]


def test_a_team_s_matters_are_told_to_the_team(told: Told) -> None:
    with inside(told.app, told.company) as it:
        messages.move(it.conversation, to=it.team, by=it.member("owner"))
    assert everybody(told) == {"agent": [{"team": 1}]}


@pytest.mark.parametrize("has_it", [True, False])
def test_the_end_of_a_snooze_is_told_to_whose_it_is(told: Told, has_it: bool) -> None:
    assign(told, "agent" if has_it else None, by="owner")
    with inside(told.app, told.company) as it:
        messages.snooze(it.conversation, until=now() + timedelta(hours=1), by=it.member("owner"))
    told.forget()
    with inside(told.app, told.company):
        messages.wake(told.company.conversation_id, at=now() + timedelta(hours=2))
    woken = [{"woken": 1}]
    assert everybody(told) == ({"agent": woken} if has_it else dict.fromkeys(("owner", "admin", "agent"), woken))


def test_late_targets_are_told(told: Told) -> None:
    with inside(told.app, told.company) as it:
        for name in ("sla_warned", "sla_breached"):
            messages.record_activity(it.conversation, name, target="first_response")
    assert told.of("agent") == [{"sla_warned": 1, "sla_breached": 1}]


def test_who_does_not_see_it_is_not_told(told: Told) -> None:
    with inside(told.app, told.company) as it:
        narrow = make_role("Narrow", "conversations.reply", visibility="own")
        it.member("agent").take(narrow)
    visitor_writes(told.app, told.company, "Hello", name="Zoe")
    assert set(everybody(told)) == {"owner", "admin"}


def test_the_files_that_somebody_asked_for_are_told_to_them(told: Told) -> None:
    with inside(told.app, told.company) as it:
        exports.ask(by=it.member("admin"))
        table = imports.upload(b"name,email\nGrace,grace@people.example", name="p.csv", by=it.member("admin"))
        imports.check(table, columns={"name": 0, "email": 1})
        import_id = table.id
    told.work()
    assert told.of("admin") == [{"export": 1}]
    with inside(told.app, told.company) as it:
        imports.run(imports.queries.contact_import(import_id, lock=True), by=it.member("admin"))
    assert everybody(told) == {"admin": [{"import": 1}, {"export": 1}]}


def test_a_file_s_line_is_over_with_the_file(told: Told) -> None:
    with inside(told.app, told.company) as it:
        exports.ask(by=it.member("admin"))
    told.work()
    admin = told.company.members["admin"]
    with inside(told.app, told.company):
        assert len(queries.unread(admin)) == 1
        db.session.scalars(select(Notification)).one().expires_at = now()
    with inside(told.app, told.company):
        assert queries.unread(admin) == []


def test_telling_many_is_one_statement(app: Flask, told: Told, acme: Company) -> None:
    visitor_writes(app, acme, "Hello", name="Zoe")
    written: list[str] = []
    with app.app_context():
        engine = db.engine
    event.listen(engine, "before_cursor_execute", lambda *about: written.append(about[2]))
    told.work()
    inserts = [statement for statement in written if "INSERT INTO notification" in statement]
    with inside(app, acme):
        assert len(db.session.scalars(select(Notification)).all()) == 3
    assert len(inserts) == 1


def test_lines_go_with_the_member(told: Told) -> None:
    assign(told, "agent", by="owner")
    told.work()
    with inside(told.app, told.company) as it:
        db.session.delete(db.session.get_one(Membership, (it.company.workspace_id, it.company.members["agent"])))
    with inside(told.app, told.company):
        assert db.session.scalars(select(Notification)).all() == []
