"""A person is erased: from every table, every inbox and every socket, with a receipt, and again after a restore."""

import json
from collections.abc import Callable
from uuid import UUID

import pytest
from flask import Flask
from flask.testing import FlaskClient

from chatapp.common.db import db
from chatapp.common.realtime import broadcast
from chatapp.contacts.services import exports as contact_exports
from chatapp.contacts.services import imports as contact_imports
from chatapp.endusers import queries as endusers
from chatapp.endusers import services as enduser_services
from chatapp.endusers.models import EndUser
from chatapp.privacy import permissions, queries
from chatapp.privacy.services import erasures
from chatapp.widget import tokens
from tests.auth.conftest import grow_stale, logged_in
from tests.factories import Company, inside, make_role, visitor_writes
from tests.privacy.conftest import CANARY, tables_with, work
from tests.support.web_client import post


def erase(app: Flask, company: Company, client: FlaskClient) -> str:
    """Ask for it and let the worker do it; the path of the receipt."""
    asked = post(client, f"/w/acme/privacy/people/{company.end_user_id}/erasure", {})
    assert asked.status_code == 303
    work(app, company)
    return str(asked.headers["Location"])


def test_nothing_of_a_person_is_left_in_any_table(app: Flask, acme: Company, owner: FlaskClient) -> None:
    post(owner, f"/w/acme/privacy/people/{acme.end_user_id}/export", {})
    with inside(app, acme) as it:
        enduser_services.write_note(it.conversation.end_user, text=f"{CANARY} likes tea", by=it.member("owner"))
        contact_exports.carry_on(contact_exports.ask(by=it.member("owner")).id)
        contact_imports.upload(f"name\n{CANARY}".encode(), name="people.csv", by=it.member("owner"))
    held = {"end_user", "message", "conversation", "end_user_note", "contact_export_part", "contact_import"}
    assert held <= set(tables_with(app, CANARY))
    assert "outbox_event" in tables_with(app, str(acme.end_user_id))
    work(app, acme)
    receipt = erase(app, acme, owner)
    assert tables_with(app, CANARY) == []
    assert tables_with(app, str(acme.end_user_id)) == ["audit_entry"]  # the export that was asked for, by its id
    assert CANARY not in owner.get(receipt).text
    assert owner.get(f"/w/acme/privacy/people/{acme.end_user_id}").status_code == 404


def test_the_receipt_says_who_when_and_how_much(app: Flask, acme: Company, owner: FlaskClient) -> None:
    receipt = erase(app, acme, owner)
    told = json.loads(owner.get(f"{receipt}/receipt.json").text)
    assert told["erased"] | {"events": 0} == {
        "people": 1,
        "conversations": 1,
        "messages": 2,
        "files": 0,
        "visitor_sessions": 0,
        "events": 0,
    }
    assert told["asked_by"] == "Owner"
    assert len(told["id_fingerprint"]) == len(told["email_fingerprint"]) == 64
    text = owner.get(f"{receipt}/receipt.txt")
    assert text.headers["Content-Disposition"] == f'attachment; filename="{told["receipt"]}.txt"'
    assert told["receipt"] in text.text
    assert told["receipt"] in owner.get("/w/acme/settings/privacy").text


def test_until_it_is_done_the_page_waits_and_there_is_no_receipt(acme: Company, owner: FlaskClient) -> None:
    path = f"/w/acme/privacy/people/{acme.end_user_id}"
    asked = post(owner, f"{path}/erasure", {}).headers["Location"]
    assert 'hx-trigger="every 1s"' in owner.get(asked).text
    assert owner.get(f"{asked}/receipt.txt").status_code == 404
    assert owner.get(path).headers["Location"] == asked


def test_asking_twice_gives_one_receipt(app: Flask, acme: Company, owner: FlaskClient) -> None:
    path = f"/w/acme/privacy/people/{acme.end_user_id}/erasure"
    assert post(owner, path, {}).headers["Location"] == post(owner, path, {}).headers["Location"]
    work(app, acme)
    assert post(owner, path, {}).status_code == 404


def test_a_worker_that_dies_in_the_middle_leaves_nothing_half_done(
    app: Flask, acme: Company, owner: FlaskClient, monkeypatch: pytest.MonkeyPatch
) -> None:
    post(owner, f"/w/acme/privacy/people/{acme.end_user_id}/erasure", {})
    with monkeypatch.context() as broken:
        broken.setattr(erasures, "tell", lambda _ids: 1 / 0)
        work(app, acme)
    assert {"end_user", "message", "conversation"} <= set(tables_with(app, CANARY))
    with inside(app, acme):
        (waiting,) = queries.recent_erasures()
        erasures.carry_out(waiting.id)
    assert tables_with(app, CANARY) == []
    with inside(app, acme):
        (done,) = queries.recent_erasures()
        counts = dict(done.counts)
        erasures.carry_out(done.id)
        assert done.counts == counts


def test_the_erased_visitors_token_is_nobodys_and_cannot_come_back(
    app: Flask, client: FlaskClient, acme: Company, owner: FlaskClient
) -> None:
    with inside(app, acme) as it:
        token = tokens.issue(it.project, acme.end_user_id)
        person = endusers.end_user(acme.end_user_id)
        assert person is not None
        enduser_services.open_session(person, token_hash=token.hash, expires_at=token.expires_at)
    headers = {"Authorization": f"Bearer {token.text}"}
    body = {"client_id": "0190a0b0-0000-7000-8000-000000000009", "text": "hello again"}
    erase(app, acme, owner)
    assert client.post("/widget/messages", json=body, headers=headers).status_code == 401
    again = client.post("/widget/init", json={"key": acme.site_key, "token": token.text}).get_json()
    assert again["visitor_id"] != str(acme.end_user_id)
    assert again["conversations"] == []
    with inside(app, acme):
        assert endusers.end_user(acme.end_user_id) is None


def test_sockets_are_closed_and_rows_leave_the_inboxes(
    app: Flask, acme: Company, owner: FlaskClient, monkeypatch: pytest.MonkeyPatch
) -> None:
    closed: list[UUID | None] = []
    shown: list[str] = []
    closing: Callable[..., None] = lambda **whose: closed.append(whose.get("end_user_id"))  # noqa: E731
    monkeypatch.setattr(broadcast, "close_sockets", closing)
    monkeypatch.setattr(broadcast, "publish", lambda _topic, html: shown.append(html))
    erase(app, acme, owner)
    assert closed == [acme.end_user_id]
    assert any(f'id="row-{acme.conversation_id}"' in html and 'data-status="gone"' in html for html in shown)
    assert any("This conversation was erased" in html for html in shown)


def test_another_company_keeps_its_own_person_of_the_same_address(
    app: Flask, acme: Company, globex: Company, owner: FlaskClient
) -> None:
    erase(app, acme, owner)
    with inside(app, globex):
        assert erasures.reapply() == 0
        person = endusers.end_user(globex.end_user_id)
        assert person is not None
        assert person.name == CANARY
    path = f"/w/acme/privacy/people/{globex.end_user_id}"
    assert owner.get(path).status_code == 404
    assert post(owner, f"{path}/erasure", {}).status_code == 404


@pytest.mark.parametrize("role", ["agent", "viewer"])
def test_agents_and_viewers_may_not(app: Flask, acme: Company, role: str) -> None:
    client = logged_in(app, acme.email(role))
    path = f"/w/acme/privacy/people/{acme.end_user_id}"
    assert client.get(path).status_code == 403
    assert post(client, f"{path}/erasure", {}).status_code == 403
    assert "Data and erasure" not in client.get(f"/w/acme/inbox/{acme.conversation_id}").text


@pytest.mark.parametrize("visibility", ["team", "unassigned"])
def test_a_role_that_sees_some_conversations_has_no_part_in_it(
    app: Flask, acme: Company, owner: FlaskClient, visibility: str
) -> None:
    path = f"/w/acme/privacy/people/{acme.end_user_id}"
    export = post(owner, f"{path}/export", {})
    assert export.status_code == 303
    work(app, acme)
    with inside(app, acme) as it:
        ready = queries.latest_export(acme.end_user_id)
        assert ready is not None
        it.member("agent").take(make_role("Clerk", permissions.MANAGE, visibility=visibility))
    clerk = logged_in(app, acme.email("agent"))
    answers = [
        clerk.get(path),
        clerk.get(f"/w/acme/privacy/exports/{ready.id}/file"),
        post(clerk, f"{path}/export", {}),
        post(clerk, f"{path}/erasure", {}),
    ]
    assert [answer.status_code for answer in answers] == [403] * 4
    assert all("Your role sees only some conversations" in answer.text for answer in answers)
    with inside(app, acme) as it:
        assert queries.recent_erasures() == []
        role = it.member("agent").own_role
        assert role is not None
        role.visibility = "all"
    assert clerk.get(path).status_code == 200


def test_an_erasure_wants_a_fresh_proof(app: Flask, acme: Company, owner: FlaskClient) -> None:
    grow_stale(app)
    assert post(owner, f"/w/acme/privacy/people/{acme.end_user_id}/erasure", {}).status_code == 403
    with inside(app, acme):
        assert queries.recent_erasures() == []


def restored(app: Flask, company: Company, *, end_user_id: UUID | None = None) -> None:
    """What a backup brings back: the person as they were, and what they wrote."""
    with inside(app, company):
        db.session.add(EndUser(id=end_user_id or company.end_user_id, workspace_id=company.workspace_id, name=CANARY))
    with inside(app, company):
        person = endusers.end_user(end_user_id or company.end_user_id)
        assert person is not None
        person.email = f"{CANARY}@people.example"
    visitor_writes(app, company, f"I am {CANARY}")


def test_who_a_restore_brings_back_is_erased_again(app: Flask, acme: Company, owner: FlaskClient) -> None:
    erase(app, acme, owner)
    restored(app, acme)
    assert tables_with(app, CANARY) != []
    commands = app.test_cli_runner()
    assert commands.invoke(args=["privacy", "reapply"]).output == "Erased again: 1\n"
    assert tables_with(app, CANARY) == []
    assert commands.invoke(args=["privacy", "reapply"]).output == "Erased again: 0\n"
    assert "Erased people again after a restore" in owner.get("/w/acme/settings/audit").text


def test_tombstones_survive_outside_of_the_backup(
    app: Flask, acme: Company, owner: FlaskClient, tmp_path_factory: pytest.TempPathFactory
) -> None:
    erase(app, acme, owner)
    commands = app.test_cli_runner()
    listed = commands.invoke(args=["privacy", "tombstones"]).output
    assert CANARY.lower() not in listed.lower()
    file = tmp_path_factory.mktemp("kept") / "tombstones.jsonl"
    file.write_text(listed)
    with inside(app, acme):
        for erasure in queries.recent_erasures():
            db.session.delete(erasure)
    restored(app, acme)
    assert commands.invoke(args=["privacy", "reapply"]).output == "Erased again: 0\n"
    assert commands.invoke(args=["privacy", "reapply", "--from", str(file)]).output == "Erased again: 1\n"
    assert tables_with(app, CANARY) == []


def test_whoever_comes_back_later_with_the_same_address_is_welcome(
    app: Flask, acme: Company, owner: FlaskClient
) -> None:
    erase(app, acme, owner)
    newcomer = UUID("0190a0b0-0000-7000-8000-00000000000a")
    restored(app, acme, end_user_id=newcomer)
    with inside(app, acme):
        endusers_before = endusers.end_user(newcomer)
        assert endusers_before is not None
        assert erasures.reapply() == 1  # who wrote from the old browser: that row has the erased id
    with inside(app, acme):
        assert endusers.end_user(newcomer) is not None
