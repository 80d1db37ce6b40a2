"""Macros: written for whom one may, run as a whole or not at all, and told in the thread."""

from __future__ import annotations

from typing import Any
from uuid import uuid4

import pytest
from flask import Flask
from flask.testing import FlaskClient
from sqlalchemy import select

from chatapp.common.audit import AuditEntry
from chatapp.common.db import db
from chatapp.common.errors import AppError
from chatapp.conversations.models import Conversation
from chatapp.labels import queries as labels
from chatapp.macros.models import Macro
from chatapp.macros.services import running
from chatapp.messages import queries as messages
from chatapp.messages import services as message_services
from chatapp.undo import services as undo
from tests.factories import Company, inside, make_company, make_macro, make_role
from tests.support.web_client import log_in, post

PATH = "/w/acme/settings/macros"


@pytest.fixture
def acme(app: Flask) -> Company:
    return make_company(app)


def everything(company: Company) -> dict[str, Any]:
    return {
        "note": "Refund of {{contact.name|a visitor}}",
        "reply": "The money is on its way, {{contact.first_name|dear visitor}}.",
        "add_labels": [str(company.label_id)],
        "priority": "high",
        "team": str(company.team_id),
        "assign": "me",
        "status": "snoozed:tomorrow",
    }


def run(app: Flask, company: Company, by: str = "agent", number: Any = None, **actions: Any) -> None:
    with inside(app, company) as it:
        macro = db.session.scalars(select(Macro)).one_or_none() or make_macro(company, **actions)
        running.run(macro, it.conversation, by=it.member(by), number=number or uuid4())


def thread(app: Flask, company: Company) -> list[str]:
    with inside(app, company):
        return [one.activity["name"] if one.activity else one.text for one in messages.latest(company.conversation_id)]


def test_all_of_it_happens_in_one_transaction_and_each_line_names_the_macro(app: Flask, acme: Company) -> None:
    run(app, acme, **everything(acme))
    assert thread(app, acme) == [
        "hello acme",
        "Refund of a visitor",
        "The money is on its way, dear visitor.",
        "labelled",
        "prioritised",
        "moved",
        "assigned",
        "snoozed",
    ]
    with inside(app, acme) as it:
        found = it.conversation
        assert (found.priority_name, found.status, found.team_id) == ("high", "snoozed", acme.team_id)
        assert found.assignee_id == acme.members["agent"]
        assert [label["name"] for label in found.labels] == ["billing"]
        lines = [one.activity for one in messages.latest(acme.conversation_id) if one.kind == "activity"]
        assert {line["macro"] for line in lines if line} == {"Refund"}
        assert db.session.scalars(select(Macro)).one().used_count == 1
        message_services.reopen(found, by=it.member("agent"))
        assert "macro" not in (messages.latest(acme.conversation_id)[-1].activity or {})


def test_pressing_twice_says_it_once(app: Flask, acme: Company) -> None:
    number = uuid4()
    for _time in range(2):
        run(app, acme, number=number, **everything(acme))
    assert thread(app, acme).count("The money is on its way, dear visitor.") == 1


@pytest.mark.parametrize("place", ["send_reply", "move", "snooze"])
def test_a_process_that_dies_halfway_has_done_nothing(
    app: Flask, acme: Company, monkeypatch: pytest.MonkeyPatch, place: str
) -> None:
    def die(*_: object, **__: object) -> None:
        raise SystemExit("killed")

    with monkeypatch.context() as patched:
        patched.setattr(message_services, place, die)
        with pytest.raises(SystemExit):
            run(app, acme, **everything(acme))
    assert thread(app, acme) == ["hello acme"]


def test_what_one_may_not_do_is_refused_as_a_whole_and_names_it(app: Flask, acme: Company) -> None:
    with inside(app, acme) as it:
        it.member("agent").take(make_role("Half", "conversations.reply", "macros.view"))
    with pytest.raises(AppError, match="Assign conversations") as refused:
        run(app, acme, **everything(acme))
    assert refused.value.status == 403
    assert thread(app, acme) == ["hello acme"]


@pytest.mark.parametrize("part", ["add_labels", "team", "assign"])
def test_what_names_something_that_is_gone_does_nothing(app: Flask, acme: Company, part: str) -> None:
    gone = [str(uuid4())] if part == "add_labels" else str(uuid4())
    with pytest.raises(AppError, match="is gone"):
        run(app, acme, **everything(acme) | {part: gone})
    assert thread(app, acme) == ["hello acme"]


def test_an_answer_of_somebody_else_meanwhile_holds_all_of_it(app: Flask, acme: Company) -> None:
    with inside(app, acme) as it:
        macro = make_macro(acme, **everything(acme))
        message_services.send_reply(it.conversation, by=it.member("owner"), text="Mine", client_id=uuid4())
        with pytest.raises(AppError, match="answered while"):
            running.run(macro, it.conversation, by=it.member("agent"), number=uuid4(), seen=1)


def test_what_says_nothing_can_be_taken_back(app: Flask, acme: Company) -> None:
    with inside(app, acme) as it:
        macro = make_macro(acme, priority="urgent", status="closed")
        deed = running.run(macro, it.conversation, by=it.member("agent"), number=uuid4())
        assert deed is not None
        undo.take_back(deed, by=it.member("agent"))
    with inside(app, acme) as it:
        assert (it.conversation.status, it.conversation.priority_name) == ("open", "none")
        macro.actions = {"note": "Called", "priority": "high"}
        assert running.run(macro, it.conversation, by=it.member("agent"), number=uuid4()) is None


def test_who_gives_it_away_is_told_that_it_left(app: Flask, client: FlaskClient, acme: Company) -> None:
    with inside(app, acme) as it:
        macro = make_macro(acme, assign=str(acme.members["owner"]))
        narrow = make_role("Narrow", "conversations.assign", "macros.view", visibility="unassigned")
        it.member("agent").take(narrow)
        it.conversation.workspace.has_narrow_roles = True
        macro_id = macro.id
    log_in(client, acme.email("agent"))
    answer = post(client, f"/w/acme/conversations/{acme.conversation_id}/macros/{macro_id}", {"number": str(uuid4())})
    assert (answer.status_code, "live:left" in answer.headers["HX-Trigger"]) == (200, True)


def test_a_macro_is_written_offered_run_and_changed(app: Flask, client: FlaskClient, acme: Company) -> None:
    log_in(client, acme.email("owner"))
    typed = {"name": "Refund", "who": "everybody", "reply": "On its way", "priority": "high", "team": "none"}
    typed |= {"add_labels": str(acme.label_id)}
    assert post(client, PATH, typed).status_code == 303
    with inside(app, acme):
        macro = db.session.scalars(select(Macro)).one()
        labelled = [str(labels.labels()[0].id)]
        assert macro.actions == {"reply": "On its way", "add_labels": labelled, "priority": "high", "team": ""}
        assert db.session.scalars(select(AuditEntry.action).where(AuditEntry.action == "macro.created")).one()
    root = f"/w/acme/conversations/{acme.conversation_id}/macros"
    assert "Add billing · Priority: High · Take out of its team" in client.get(root).text
    done = post(client, f"{root}/{macro.id}?since=1", {"number": str(uuid4())})
    assert (done.status_code, "by macro “Refund”" in done.text) == (200, True)
    assert "used 1 time" in client.get(PATH).text
    form = client.get(f"{PATH}/{macro.id}").text
    assert '<option selected value="none">No team' in form
    assert post(client, f"{PATH}/{macro.id}", typed | {"name": "Back", "who": "own"}).status_code == 303
    assert post(client, f"{PATH}/{macro.id}/removal", {}).status_code == 303
    with inside(app, acme):
        assert db.session.scalars(select(Macro)).all() == []


@pytest.mark.parametrize(
    ("wrong", "words"),
    [
        ({"name": " "}, "Enter a name."),
        ({"name": "x" * 61}, "Use at most 60"),
        ({"priority": ""}, "Choose at least one thing"),
        ({"priority": "extreme"}, "Choose one of the list."),
        ({"status": "gone"}, "Choose one of the list."),
        ({"who": "somebody"}, "Choose one of the list."),
        ({"reply": "{{nobody}}"}, "is no variable"),
        ({"reply": "x" * 10_001}, "Use at most"),
    ],
)
def test_nonsense_is_told_and_what_was_typed_stays(
    app: Flask, client: FlaskClient, acme: Company, wrong: dict[str, object], words: str
) -> None:
    log_in(client, acme.email("owner"))
    typed = {"name": "Refund", "who": "everybody", "priority": "high", "note": "Kept"} | wrong
    if "priority" in wrong and not wrong["priority"]:
        typed["note"] = ""
    refused = post(client, PATH, typed)
    assert (refused.status_code, words in refused.text) == (422, True)
    with inside(app, acme):
        assert db.session.scalars(select(Macro)).all() == []


def test_names_are_taken_once_and_agents_write_for_themselves(app: Flask, client: FlaskClient, acme: Company) -> None:
    log_in(client, acme.email("agent"))
    typed = {"name": "Refund", "priority": "high"}
    assert post(client, PATH, typed | {"who": "everybody"}).status_code == 403
    assert post(client, PATH, typed | {"who": "own"}).status_code == 303
    taken = post(client, PATH, typed | {"who": "own"})
    assert (taken.status_code, "of this name already" in taken.text) == (422, True)
    with inside(app, acme) as it:
        own = db.session.scalars(select(Macro)).one()
        assert (own.is_own, db.session.get_one(Conversation, it.conversation.id).priority) == (True, 0)
        make_macro(acme)
    others = app.test_client()
    log_in(others, acme.email("owner"))
    assert others.get(f"{PATH}/{own.id}").status_code == 404
    assert others.get(PATH).text.count("canned__line") == 1
