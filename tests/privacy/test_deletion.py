"""A conversation is deleted: gone for everybody at once, back if somebody thinks better of it, and then for good."""

import re
from datetime import timedelta
from uuid import UUID

import pytest
from flask import Flask
from flask.testing import FlaskClient
from sqlalchemy import func, select, text

from chatapp.attachments.models import Attachment
from chatapp.common.clock import now
from chatapp.common.db import db
from chatapp.common.ids import uuid7
from chatapp.conversations import queries
from chatapp.conversations.models import Conversation
from chatapp.conversations.visibility import with_deleted
from chatapp.jobs import search
from chatapp.jobs.privacy import purge_deleted
from chatapp.messages import intake
from chatapp.messages.models import Message
from tests.factories import Company, inside, make_company, make_role
from tests.support.web_client import log_in, post


@pytest.fixture
def acme(app: Flask) -> Company:
    return make_company(app)


@pytest.fixture
def owner(client: FlaskClient, acme: Company) -> FlaskClient:
    log_in(client, acme.email("owner"))
    return client


def deleted(client: FlaskClient, company: Company) -> str:
    """The address that takes it back."""
    answer = post(client, f"/w/acme/conversations/{company.conversation_id}/deletion", {})
    assert answer.status_code == 303
    found = re.search(r'data-undo="(/w/acme/undo/[^"]+)"', client.get(answer.location).text)
    assert found is not None
    return found.group(1)


def is_there(app: Flask, company: Company) -> bool:
    with inside(app, company):
        return queries.in_sight(company.conversation_id)


def purged(app: Flask, company: Company, after: timedelta) -> bool:
    """Whether the clock has deleted it for good, so long after it was deleted."""
    with inside(app, company), with_deleted(reason="a test looks"):
        db.session.get_one(Conversation, company.conversation_id).deleted_at = now() - after
    with app.app_context():
        purge_deleted()
    with inside(app, company), with_deleted(reason="a test looks"):
        return db.session.get(Conversation, company.conversation_id) is None


def test_it_is_gone_at_once_for_agents_for_programs_and_for_the_visitor(
    app: Flask, owner: FlaskClient, acme: Company
) -> None:
    with app.app_context():
        search.look_through()
    deleted(owner, acme)
    here = f"/w/acme/conversations/{acme.conversation_id}"
    assert owner.get(f"/w/acme/inbox/{acme.conversation_id}").status_code == 404
    assert owner.get(f"{here}/messages").status_code == 404
    assert post(owner, f"{here}/closure", {}).status_code == 404
    assert "hello acme" not in owner.get("/w/acme/inbox?view=all").text
    assert "hello acme" not in owner.get("/w/acme/inbox/search?q=hello").text
    with inside(app, acme) as it:
        assert queries.conversations_of_visitor(acme.end_user_id) == []
        assert queries.counts(acme.members["owner"])["all"] == 0
        words = {"text": "Hello?", "preview": "Hello?", "client_id": uuid7(), "at": now()}
        assert intake.append(it.company.workspace_id, acme.conversation_id, acme.end_user_id, **words) is None  # type: ignore[arg-type]


def test_it_comes_back_as_it_was(app: Flask, owner: FlaskClient, acme: Company) -> None:
    undo = deleted(owner, acme)
    assert not is_there(app, acme)
    assert post(owner, undo, {}, HX_Request="true").status_code == 204
    assert is_there(app, acme)
    assert "hello acme" in owner.get(f"/w/acme/inbox/{acme.conversation_id}").text
    assert not purged_at_once(app, acme)


def purged_at_once(app: Flask, company: Company) -> bool:
    with app.app_context():
        purge_deleted()
    return not is_there(app, company)


def test_the_clock_deletes_it_for_good_with_everything_in_it(app: Flask, owner: FlaskClient, acme: Company) -> None:
    with inside(app, acme):
        file = Attachment(name="facts.txt", type="text/plain", kind="file", size=1, storage_key="acme/1")
        file.uploader, file.conversation_id, file.agent_id = "agent", acme.conversation_id, acme.members["agent"]
        db.session.add(file)
    undo = deleted(owner, acme)
    assert not purged(app, acme, timedelta(minutes=1))
    assert purged(app, acme, timedelta(minutes=3))
    with inside(app, acme):
        assert db.session.scalar(select(func.count()).select_from(Message)) == 0
        assert db.session.scalar(text("SELECT count(*) FROM discarded_file")) == 1
    assert post(owner, undo, {}, HX_Request="true").status_code == 409


def test_it_takes_a_right_of_its_own_also_to_bring_it_back(app: Flask, owner: FlaskClient, acme: Company) -> None:
    undo = deleted(owner, acme)
    other = app.test_client()
    log_in(other, acme.email("agent"))
    assert post(other, f"/w/acme/conversations/{acme.conversation_id}/deletion", {}).status_code == 403
    with inside(app, acme) as it:
        it.member("owner").take(make_role("Reader"))
    assert post(owner, undo, {}, HX_Request="true").status_code == 403
    assert not is_there(app, acme)
    assert UUID(undo.rpartition("/")[2])
