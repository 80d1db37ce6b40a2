"""Contacts: the list and its search, profiles, notes, what a block does, and whom a narrow role meets."""

from __future__ import annotations

from uuid import UUID, uuid4

import pytest
from flask import Flask
from flask.testing import FlaskClient
from sqlalchemy import event, select

from chatapp.common.audit import AuditEntry
from chatapp.common.clock import now
from chatapp.common.db import db
from chatapp.common.errors import AppError
from chatapp.contacts import queries
from chatapp.conversations.models import Conversation
from chatapp.endusers import services as endusers
from chatapp.endusers.models import EndUser, EndUserNote
from chatapp.messages import services as messages
from tests.auth.conftest import logged_in
from tests.factories import Company, inside, make_company, make_role
from tests.support.web_client import post

PATH = "/w/acme/contacts"


@pytest.fixture
def acme(app: Flask) -> Company:
    """Its visitor is called Ada."""
    made = make_company(app)
    with inside(app, made) as it:
        endusers.describe(it.conversation.end_user, name="Ada Byron", email="ada@people.example")
    return made


@pytest.fixture
def agent(app: Flask, acme: Company) -> FlaskClient:
    return logged_in(app, acme.email("agent"))


def added(app: Flask, company: Company, *names: str) -> list[UUID]:
    with inside(app, company):
        return [endusers.create(name=name).id for name in names]


def test_every_order_leads_through_everybody_once(app: Flask, acme: Company, monkeypatch: pytest.MonkeyPatch) -> None:
    added(app, acme, "Élodie", "Bob", "chloe", "Zoë", "Dora")
    monkeypatch.setattr(queries, "PAGE_SIZE", 2)
    walks: dict[str, list[str | None]] = {}
    for order in queries.ORDERS:
        cursor, walk = None, []
        while True:
            with inside(app, acme):
                page = queries.page(order, cursor=cursor)
            walk += [row.name for row in page.rows]
            cursor = page.next_cursor
            if cursor is None:
                break
        walks[order] = walk
    assert walks["name"] == ["Ada Byron", "Bob", "chloe", "Dora", "Élodie", "Zoë"]
    assert walks["newest"] == walks["seen"] == ["Dora", "Zoë", "chloe", "Bob", "Élodie", "Ada Byron"]


def test_a_page_costs_the_same_however_many_stand_on_it(app: Flask, acme: Company, agent: FlaskClient) -> None:
    agent.get(PATH)
    few = statements(app, agent, PATH)
    added(app, acme, *(f"Person {number}" for number in range(20)))
    assert statements(app, agent, PATH) == few


def statements(app: Flask, client: FlaskClient, path: str) -> int:
    count = []
    with app.app_context():
        engine = db.engine
    listener = lambda *_args: count.append(1)  # noqa: E731
    event.listen(engine, "before_cursor_execute", listener)
    assert client.get(path).status_code == 200
    event.remove(engine, "before_cursor_execute", listener)
    return len(count)


def test_search_finds_parts_of_names_without_accents(app: Flask, acme: Company, agent: FlaskClient) -> None:
    added(app, acme, "Élodie")
    assert "Élodie" in agent.get(f"{PATH}?q=elod").text
    assert "Ada Byron" in agent.get(f"{PATH}?q=people.example").text
    assert "Élodie" not in agent.get(f"{PATH}?q=people.example").text


def test_a_damaged_address_is_refused(acme: Company, agent: FlaskClient) -> None:
    assert [
        agent.get(f"{PATH}?{query}").status_code for query in ("sort=size", "cursor=x", "sort=name&cursor=WzFd")
    ] == [400] * 3


def test_a_contact_is_made_once_and_said_what_is_wrong(acme: Company, agent: FlaskClient) -> None:
    what = {"name": "Grace", "email": "grace@people.example", "phone": "+1 (555) 0100", "company": "Navy"}
    made = post(agent, PATH, what)
    assert made.status_code == 303
    page = agent.get(made.headers["Location"]).text
    assert all(value in page for value in what.values())
    taken = post(agent, PATH, what | {"email": "GRACE@people.example"})
    assert (taken.status_code, "There is a contact with this mail address already." in taken.text) == (422, True)
    wrong = post(agent, PATH, {"name": "x" * 121, "email": "nobody", "phone": "call me"})
    assert wrong.status_code == 422
    assert wrong.text.count('aria-invalid="true"') == 3
    assert "call me" in wrong.text
    assert post(agent, PATH, {}).status_code == 422


def test_notes_stand_among_conversations_and_are_their_authors(app: Flask, acme: Company, agent: FlaskClient) -> None:
    profile = f"{PATH}/{acme.end_user_id}"
    post(agent, f"{profile}/notes", {"text": "Likes tea.\n<b>Really</b>"})
    page = agent.get(profile).text
    assert "hello acme" in page
    assert "Likes tea.\n&lt;b&gt;Really" in page
    with inside(app, acme):
        mine = db.session.scalars(select(EndUserNote.id).where(EndUserNote.id != acme.note_id)).one()
    assert post(agent, f"{profile}/notes/{mine}", {"text": "Likes coffee."}).status_code == 303
    assert post(agent, f"{profile}/notes/{mine}", {"text": ""}).status_code == 422
    assert post(agent, f"{profile}/notes/{acme.note_id}", {"text": "Mine now"}).status_code == 403
    assert post(agent, f"{profile}/notes/{acme.note_id}/removal", {}).status_code == 403
    assert "Likes coffee." in agent.get(profile).text
    assert post(agent, f"{profile}/notes/{mine}/removal", {}).status_code == 303
    assert "Likes coffee." not in agent.get(profile).text


def test_the_timeline_leads_through_everything_once(app: Flask, acme: Company, monkeypatch: pytest.MonkeyPatch) -> None:
    with inside(app, acme) as it:
        for number in range(4):
            endusers.write_note(it.conversation.end_user, text=f"note {number}", by=it.member("agent"))
    monkeypatch.setattr(queries, "TIMELINE_SIZE", 2)
    cursor, seen = None, []
    while True:
        with inside(app, acme):
            page = queries.timeline(acme.end_user_id, cursor=cursor)
        seen += [entry.note.text if entry.note else "talk" for entry in page.rows]
        cursor = page.next_cursor
        if cursor is None:
            break
    assert seen == ["note 3", "note 2", "note 1", "note 0", "Prefers to be called", "talk"]


def test_who_is_blocked_is_refused_and_leaves_the_open_views_until_they_are_let_in(
    app: Flask, acme: Company, agent: FlaskClient
) -> None:
    def write() -> None:
        with inside(app, acme) as it:
            visitor = endusers.ensure(acme.end_user_id)
            messages.receive(it.project, visitor, text="again", client_id=uuid4())

    assert post(agent, f"{PATH}/{acme.end_user_id}/block", {}).status_code == 303
    with pytest.raises(AppError) as refused:
        write()
    assert refused.value.status == 403
    with inside(app, acme) as it:
        assert it.conversation.is_closed
        assert (
            messages.receive_further(
                it.project, acme.end_user_id, text="again", client_id=uuid4(), conversation_id=acme.conversation_id
            )
            is None
        )
        entry = db.session.scalars(select(AuditEntry).where(AuditEntry.action == "contact.blocked")).one()
        assert "Ada" not in entry.target_name
    assert "Ada Byron" in agent.get(f"{PATH}?show=blocked").text
    assert "Ada Byron" in agent.get(f"{PATH}?show=blocked&q=byron").text
    post(agent, f"{PATH}/{acme.end_user_id}/unblock", {})
    write()
    assert "Ada Byron" not in agent.get(f"{PATH}?show=blocked").text
    assert "Ada Byron" not in agent.get(f"{PATH}?show=blocked&q=byron").text


def test_a_narrow_role_meets_the_people_of_its_conversations(app: Flask, acme: Company) -> None:
    with inside(app, acme) as it:
        mine = it.another_conversation("for me", name="Mine")
        other = it.another_conversation("not for me", name="Others")
        talk = db.session.get_one(Conversation, mine.id)
        talk.assignee_id = acme.members["viewer"]
        role = make_role("Own", "contacts.manage", "conversations.describe", visibility="own")
        it.member("viewer").take(role)
        mine_id, other_id = mine.end_user_id, other.end_user_id
    narrow = logged_in(app, acme.email("viewer"))
    page = narrow.get(PATH).text
    assert ("Mine" in page, "Others" in page, "Ada" in page) == (True, False, False)
    assert narrow.get(f"{PATH}?q=Others").text.count("Others</a>") == 0
    assert narrow.get(f"{PATH}/{mine_id}").status_code == 200
    for path in (f"{PATH}/{other_id}/block", f"{PATH}/{other_id}/notes", f"{PATH}/{other_id}"):
        assert post(narrow, path, {"text": "x", "name": "x"}).status_code == 404
    assert post(narrow, PATH, {"name": "New"}).status_code == 403


def test_nobodies_that_anonymising_leaves_are_not_listed(app: Flask, acme: Company) -> None:
    with inside(app, acme):
        db.session.add(EndUser(workspace_id=acme.workspace_id))
        db.session.add(EndUser(workspace_id=acme.workspace_id, last_seen_at=now()))
        db.session.flush()
        assert len(queries.page("seen").rows) == 2
