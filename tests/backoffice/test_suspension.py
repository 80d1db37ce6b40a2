"""A suspended workspace is shut for members, programs and visitors, at once and until it is opened again."""

from __future__ import annotations

from typing import Any

import pytest
from flask import Flask
from flask.testing import FlaskClient

from chatapp.auth import services as auth
from chatapp.auth.models import User, UserSession
from chatapp.common import audit
from chatapp.common.db import db
from chatapp.common.realtime import broadcast
from chatapp.common.realtime.connection import Identity
from chatapp.common.unit_of_work import unit_of_work
from chatapp.inbox import pulse
from tests.backoffice.conftest import OPERATOR
from tests.factories import PASSWORD, Company, inside, make_company
from tests.isolation.detectors import UPGRADE
from tests.support.web_client import log_in, post

FORM = {"reason": "Unpaid since May"}


def suspend(operator: FlaskClient, company: Company, **form: str) -> Any:
    return post(operator, f"/operator/workspaces/{company.workspace_id}/suspension", FORM | form)


def restore(operator: FlaskClient, company: Company) -> Any:
    return post(operator, f"/operator/workspaces/{company.workspace_id}/restoration", {})


def bearer(app: Flask, company: Company, role: str) -> dict[str, str]:
    with app.app_context(), unit_of_work():
        user = db.session.get_one(User, company.members[role])
        return {"Authorization": f"Bearer {auth.issue_tokens(user).access_token}"}


def test_members_read_why_instead_of_their_workspace_until_it_is_opened_again(
    app: Flask, client: FlaskClient, operator: FlaskClient, acme: Company
) -> None:
    log_in(client, acme.email("owner"))
    assert suspend(operator, acme).status_code == 303
    assert client.get("/w/acme/socket", headers=UPGRADE).status_code == 403
    for path in ("/w/acme/", "/w/acme/inbox", "/w/acme/team"):
        answer = client.get(path)
        assert answer.status_code == 403, path
        assert "Acme is suspended" in answer.text
        assert "Unpaid since May" in answer.text
    refused = post(client, "/w/acme/projects", {"name": "Shop", "domains": "shop.example"})
    assert refused.status_code == 403
    assert "Suspended" in client.get("/workspaces").text
    problem = client.get("/api/v1/w/acme/conversations", headers=bearer(app, acme, "owner"))
    assert problem.status_code == 403
    assert problem.mimetype == "application/problem+json"
    assert restore(operator, acme).status_code == 303
    assert client.get("/w/acme/inbox").status_code == 200
    assert client.get("/api/v1/w/acme/conversations", headers=bearer(app, acme, "owner")).status_code == 200


def test_strangers_learn_nothing_of_it(app: Flask, client: FlaskClient, operator: FlaskClient, acme: Company) -> None:
    suspend(operator, acme)
    log_in(client, make_company(app, "globex").email("owner"))
    assert client.get("/w/acme/inbox").status_code == 404
    assert client.get("/w/globex/inbox").status_code == 200


def test_visitors_find_the_chat_closed(client: FlaskClient, operator: FlaskClient, acme: Company) -> None:
    opened = client.post("/widget/init", json={"key": acme.site_key}).get_json()
    headers = {"Authorization": f"Bearer {opened['token']}"}
    suspend(operator, acme)
    for answer in (
        client.post("/widget/init", json={"key": acme.site_key}),
        client.post("/widget/messages", json={"client_id": acme.site_key, "text": "Hello"}, headers=headers),
    ):
        assert answer.status_code == 403
        assert answer.get_json()["detail"] == "This chat is closed at the moment."
    panel = client.get(f"/widget/{acme.site_key}")
    assert panel.status_code == 403
    assert "This chat is closed at the moment." in panel.text
    restore(operator, acme)
    assert client.post("/widget/init", json={"key": acme.site_key}).status_code == 200
    assert client.get(f"/widget/{acme.site_key}").status_code == 200


def test_every_open_socket_is_closed_at_once_and_by_the_heartbeat_if_that_was_lost(
    app: Flask, operator: FlaskClient, acme: Company, monkeypatch: pytest.MonkeyPatch
) -> None:
    closed: list[dict[str, Any]] = []
    monkeypatch.setattr(broadcast, "close_sockets", lambda **owner: closed.append(owner))
    with app.app_context(), unit_of_work():
        owner = db.session.get_one(User, acme.members["owner"])
        auth.start_session(owner, ip="127.0.0.1", user_agent="")
        session_id = auth.end_sessions(owner)[0]
    identity = Identity(workspace_id=acme.workspace_id, user_id=acme.members["owner"], session_id=session_id)
    suspend(operator, acme)
    assert {"workspace_id": acme.workspace_id} in closed
    assert identity in pulse.guard(app)(frozenset({identity}))


def test_both_logs_tell_who_and_why(app: Flask, client: FlaskClient, operator: FlaskClient, acme: Company) -> None:
    suspend(operator, acme)
    restore(operator, acme)
    log = operator.get("/operator/log").text
    for words in ("Suspended the workspace", "Opened the workspace again", "Unpaid since May", "Olga Operator"):
        assert words in log
        assert words in operator.get(f"/operator/workspaces/{acme.workspace_id}").text
    log_in(client, acme.email("owner"))
    theirs = client.get("/w/acme/settings/audit").text
    assert "Olga Operator" in theirs
    assert "Unpaid since May" in theirs
    with inside(app, acme):
        assert {entry.action for entry in db.session.query(audit.AuditEntry)} >= {
            "workspace.suspended",
            "workspace.restored",
        }


@pytest.mark.parametrize(
    ("form", "words"),
    [
        ({"reason": " "}, "Say why"),
        ({"reason": "x" * 201}, "Use at most 200 characters."),
    ],
)
def test_without_a_reason_nothing_happens(
    client: FlaskClient, operator: FlaskClient, acme: Company, form: dict[str, str], words: str
) -> None:
    answer = suspend(operator, acme, **form)
    assert answer.status_code == 422
    assert words in answer.text
    user = post(operator, f"/operator/users/{acme.members['agent']}/suspension", FORM | form)
    assert user.status_code == 422
    log_in(client, acme.email("agent"))
    assert client.get("/w/acme/inbox").status_code == 200


def test_what_was_done_cannot_be_done_again(operator: FlaskClient, acme: Company) -> None:
    assert restore(operator, acme).status_code == 409
    suspend(operator, acme)
    assert suspend(operator, acme).status_code == 409
    path = f"/operator/users/{acme.members['agent']}"
    assert post(operator, f"{path}/restoration", {}).status_code == 409
    post(operator, f"{path}/suspension", FORM)
    assert post(operator, f"{path}/suspension", FORM).status_code == 409


def test_who_logged_in_long_ago_shows_once_more_who_they_are(app: Flask, operator: FlaskClient, acme: Company) -> None:
    with app.app_context(), unit_of_work():
        for session in db.session.query(UserSession):
            session.proved_at = None
    asked = suspend(operator, acme)
    assert asked.status_code == 403
    assert "Is it you?" in asked.text
    assert post(operator, f"/operator/users/{acme.members['agent']}/suspension", FORM).status_code == 403
    assert restore(operator, acme).status_code == 409


def test_a_suspended_account_gets_in_by_no_door(
    app: Flask, client: FlaskClient, operator: FlaskClient, acme: Company
) -> None:
    log_in(client, acme.email("agent"))
    tokens = client.post("/api/v1/auth/token", json={"email": acme.email("agent"), "password": PASSWORD}).get_json()
    path = f"/operator/users/{acme.members['agent']}"
    assert post(operator, f"{path}/suspension", FORM).status_code == 303
    assert client.get("/w/acme/inbox").status_code == 302
    headers = {"Authorization": f"Bearer {tokens['access_token']}"}
    assert client.get("/api/v1/workspaces", headers=headers).status_code == 401
    refreshed = client.post("/api/v1/auth/refresh", json={"refresh_token": tokens["refresh_token"]})
    assert refreshed.status_code == 401
    again = post(client, "/login", {"email": acme.email("agent"), "password": PASSWORD})
    assert again.status_code == 403
    assert "This account is suspended." in again.text
    wrong = post(client, "/login", {"email": acme.email("agent"), "password": "not the password"})
    assert "suspended" not in wrong.text
    assert post(operator, f"{path}/restoration", {}).status_code == 303
    log_in(client, acme.email("agent"))


def test_nobody_suspends_themselves(app: Flask, operator: FlaskClient) -> None:
    found = operator.get(f"/operator/users?q={OPERATOR}").text
    own = found.split("/operator/users/")[1].split('"')[0]
    assert post(operator, f"/operator/users/{own}/suspension", FORM).status_code == 409
    assert operator.get("/operator/users").status_code == 200
