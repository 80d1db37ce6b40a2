"""Transcripts: what stands in them, who takes them, and where it is written down."""

from __future__ import annotations

from typing import Any
from uuid import uuid4

import pytest
from flask import Flask
from flask.testing import FlaskClient
from sqlalchemy import select

from chatapp.common.audit import AuditEntry
from chatapp.common.db import db
from chatapp.messages import corrections
from chatapp.messages import services as messages
from chatapp.transcripts import queries
from tests.factories import Company, inside, make_company
from tests.support.letters import letters
from tests.support.web_client import log_in, post

SAID, NOTED, DELETED = "Where is <b>my</b> lamp?", "Between us: lost.", "Wrong window"


@pytest.fixture
def acme(app: Flask) -> Company:
    made = make_company(app)
    with inside(app, made) as it:
        contact, agent = it.conversation.end_user, it.member("agent")
        contact.name, contact.email, contact.locale = "Ada", "ada@people.example", "es"
        messages.receive(it.project, contact, text=SAID, client_id=uuid4())
        for text, private in ((NOTED, True), ("On its way.", False), (DELETED, False)):
            messages.send_reply(it.conversation, by=agent, text=text, client_id=uuid4(), private=private)
        messages.assign(it.conversation, to=agent, by=agent)
        it.conversation.workspace.time_zone = "Asia/Tokyo"
    with inside(app, made) as it:
        wrong = queries.said(made.conversation_id, with_notes=False).messages[-1]
        corrections.delete(wrong, by=it.member("agent"))
    return made


@pytest.fixture
def agent(client: FlaskClient, acme: Company) -> FlaskClient:
    log_in(client, acme.email("agent"))
    return client


def path(acme: Company) -> str:
    return f"/w/acme/conversations/{acme.conversation_id}/transcript"


def audited(app: Flask, acme: Company) -> list[tuple[str, str | None, dict[str, Any]]]:
    with inside(app, acme):
        mine = select(AuditEntry).where(AuditEntry.action.like("conversation.transcript%"))
        rows = db.session.scalars(mine.order_by(AuditEntry.created_at, AuditEntry.id))
        return [(row.action.rpartition("_")[2], row.target_name, row.changes) for row in rows]


@pytest.mark.parametrize("kind", ["", "/txt", "/html"])
def test_notes_are_left_out_unless_asked_for_and_what_was_deleted_is_gone(
    acme: Company, agent: FlaskClient, kind: str
) -> None:
    without, with_notes = (agent.get(f"{path(acme)}{kind}{query}").text for query in ("", "?notes=1"))
    shown = SAID if kind == "/txt" else "Where is &lt;b&gt;my&lt;/b&gt; lamp?"
    for text in (without, with_notes):
        assert all(words in text for words in (shown, "On its way.", "Ada", "Asia/Tokyo"))
        assert DELETED not in text
        assert "took this" not in text
    assert (NOTED in without, NOTED in with_notes) == (False, True)


def test_a_file_is_a_file_and_stands_in_the_audit_log(app: Flask, acme: Company, agent: FlaskClient) -> None:
    answer = agent.get(f"{path(acme)}/txt")
    assert answer.headers["Content-Disposition"].startswith("attachment")
    agent.get(f"{path(acme)}/html?notes=1")
    with inside(app, acme) as it:
        code = it.conversation.end_user.code
    assert audited(app, acme) == [
        ("downloaded", code, {}),
        ("downloaded", code, {"notes": [None, "with private notes"]}),
    ]
    assert agent.get(f"{path(acme)}/exe").status_code == 404


def test_by_mail_it_is_in_the_contacts_language_only_for_themselves(
    app: Flask, acme: Company, agent: FlaskClient
) -> None:
    assert 'value="ada@people.example"' in agent.get(path(acme)).text
    for to, notes in (("Ada@people.example", {}), ("boss@else.example", {"notes": "y"})):
        assert post(agent, f"{path(acme)}/letters", {"to": to, **notes}).status_code == 200
    to_boss, to_ada = letters(app)
    assert "Conversación con Ada" in to_ada.text
    assert (NOTED in to_ada.text, NOTED in to_boss.text) == (False, True)
    assert "Conversation with Ada" in to_boss.text
    assert "&lt;b&gt;my" in to_boss.html
    assert [changes.get("address") for _action, _name, changes in audited(app, acme)] == [
        None,  # the log outlives Ada
        [None, "boss@else.example"],
    ]


def test_a_wrong_address_is_told_and_nothing_is_sent(app: Flask, acme: Company, agent: FlaskClient) -> None:
    for wrong in ("", "nobody", "a@b.example, c@d.example", "x" * 300 + "@b.example"):
        refused = post(agent, f"{path(acme)}/letters", {"to": wrong, "notes": "y"})
        assert refused.status_code == 422
    assert 'value="x' in refused.text
    assert (letters(app), audited(app, acme)) == ([], [])


def test_of_a_long_one_the_newest_stand_there(
    app: Flask, acme: Company, agent: FlaskClient, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setattr(queries, "MOST", 1)
    text = agent.get(f"{path(acme)}/txt").text
    assert ("The oldest messages are left out." in text, SAID in text, "On its way." in text) == (True, False, True)
