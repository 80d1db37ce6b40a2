"""An operator stands in for a member: in the open, for an hour, in one workspace, and never in their account."""

from __future__ import annotations

from collections.abc import Iterator
from datetime import timedelta
from typing import Any

import pytest
from flask import Flask
from flask.testing import FlaskClient
from sqlalchemy import select

from chatapp.auth.models import UserSession
from chatapp.auth.queries import sessions_of
from chatapp.backoffice.models import Impersonation, InstallationEntry
from chatapp.backoffice.services.impersonation import end_what_is_over
from chatapp.common.audit import AuditEntry
from chatapp.common.clock import now
from chatapp.common.db import db
from chatapp.common.permissions import LOGIN, access_of, is_in_person
from chatapp.common.realtime import broadcast
from chatapp.common.realtime.connection import Identity
from chatapp.common.unit_of_work import unit_of_work
from chatapp.conversations.permissions import REPLY
from chatapp.inbox import pulse
from chatapp.workspaces import permissions, queries
from chatapp.workspaces import services as workspaces
from chatapp.workspaces.models import Workspace
from tests.backoffice.conftest import make_operator, signed_in
from tests.factories import Company, inside, make_company
from tests.support.web_client import log_in, post

FORM = {"reason": "They cannot find their inbox"}
BANNER = "You stand in for"


def stand_in(operator: FlaskClient, company: Company, role: str, **form: str) -> Any:
    path = f"/operator/workspaces/{company.workspace_id}/members/{company.members[role]}/impersonation"
    return post(operator, path, FORM | form)


def entries(app: Flask, company: Company) -> list[AuditEntry]:
    with inside(app, company):
        return list(db.session.scalars(select(AuditEntry).order_by(AuditEntry.created_at, AuditEntry.id)))


def test_every_page_says_who_one_stands_in_for_until_one_stops(operator: FlaskClient, acme: Company) -> None:
    assert BANNER not in operator.get("/operator/workspaces").text
    begun = stand_in(operator, acme, "agent")
    assert (begun.status_code, begun.headers["Location"]) == (303, "/w/acme/")
    for path in ("/w/acme/", "/w/acme/inbox", "/w/acme/team", "/w/acme/no-such-page", "/workspaces", "/operator/users"):
        page = operator.get(path).text
        assert BANNER in page, path
        assert "/impersonation/end" in page, path
    assert operator.get("/operator/users").status_code == 404
    stopped = post(operator, "/impersonation/end", {})
    assert stopped.headers["Location"] == f"/operator/users/{acme.members['agent']}"
    assert BANNER not in operator.get("/operator/workspaces").text
    assert operator.get("/w/acme/inbox").status_code == 404
    assert post(operator, "/impersonation/end", {}).status_code == 404


def test_one_may_what_the_member_may_and_no_more(operator: FlaskClient, acme: Company) -> None:
    stand_in(operator, acme, "viewer")
    assert operator.get("/w/acme/inbox").status_code == 200
    refused = post(operator, "/w/acme/projects", {"name": "Shop", "domains": "shop.example"})
    assert refused.status_code == 403


def personal_routes(app: Flask) -> Iterator[tuple[str, str]]:
    """Whatever is the person's own: their account, what only owners decide, and views that say so."""
    nobody = "0190a0b0-0000-7000-8000-000000000000"
    for rule in app.url_map.iter_rules():
        view = app.view_functions[rule.endpoint]
        if is_in_person(view) or access_of(view) == permissions.OWN:
            kinds = {name: "acme" if name == "slug" else nobody for name in rule.arguments}
            for method in (rule.methods or set()) - {"HEAD", "OPTIONS"}:
                yield app.url_map.bind("localhost").build(rule.endpoint, kinds, method=method), method


def test_the_members_own_affairs_stay_shut(app: Flask, operator: FlaskClient, acme: Company) -> None:
    stand_in(operator, acme, "owner")
    found = [route for route in personal_routes(app) if not route[0].startswith("/api/")]
    paths = {path for path, _method in found}
    assert {"/account/security", "/account/two-factor", "/account/email", "/w/acme/team/departure"} <= paths
    assert {"/w/acme/team/ownership", "/logout", "/workspaces"} <= paths
    token = _csrf(operator)
    for path, method in found:
        answer = operator.open(path, method=method, headers={"Origin": "http://localhost", "X-CSRFToken": token})
        assert answer.status_code == 403, (path, method)
        assert "This is for them alone" in answer.text, (path, method)


def _csrf(client: FlaskClient) -> str:
    return client.get("/styleguide").text.split('name="csrf-token" content="')[1].split('"')[0]


def test_only_one_login_view_is_open_to_those_who_stand_in(app: Flask) -> None:
    views = app.view_functions
    assert [name for name in views if access_of(views[name]) == LOGIN and not is_in_person(views[name])] == [
        "stand_in.stop"
    ]


def test_other_workspaces_of_the_member_stay_shut(app: Flask, operator: FlaskClient, acme: Company) -> None:
    globex = make_company(app, "globex")
    with inside(app, globex) as it:
        workspace = db.session.get_one(Workspace, globex.workspace_id)
        owner = queries.member(globex.members["owner"])
        assert owner
        user = db.session.get_one(type(it.member("owner").user), acme.members["owner"])
        workspaces.add_member(workspace, user=user, role="admin")
    stand_in(operator, acme, "owner")
    assert operator.get("/w/acme/inbox").status_code == 200
    assert operator.get("/w/globex/inbox").status_code == 404


def test_both_logs_tell_when_and_why_and_deeds_carry_both_names(
    app: Flask, operator: FlaskClient, client: FlaskClient, acme: Company
) -> None:
    stand_in(operator, acme, "owner")
    post(operator, "/w/acme/projects", {"name": "Lamps", "domains": "lamps.example"})
    post(operator, "/impersonation/end", {})
    told = [(entry.action, entry.actor_name, entry.operator_name) for entry in entries(app, acme)][-4:]
    assert told == [
        ("impersonation.began", "Olga Operator", None),
        ("impersonation.acted", "Owner", "Olga Operator"),
        ("project.created", "Owner", "Olga Operator"),
        ("impersonation.ended", "Olga Operator", None),
    ]
    log_in(client, acme.email("owner"))
    page = client.get("/w/acme/settings/audit").text
    for words in ("Olga Operator as Owner", FORM["reason"], "POST /w/acme/projects", "127.0.0.1"):
        assert words in page
    assert "Olga Operator as Owner" in client.get("/w/acme/settings/audit.csv").text
    log = operator.get("/operator/log").text
    for words in ("Stands in for", "Stands in no more for", FORM["reason"], acme.email("owner"), "Acme"):
        assert words in log


def test_the_member_sees_no_foreign_browser_and_is_not_taken_for_present(
    app: Flask, operator: FlaskClient, acme: Company
) -> None:
    stand_in(operator, acme, "agent")
    operator.get("/w/acme/inbox")
    with inside(app, acme):
        assert sessions_of(acme.members["agent"]) == []
        assert acme.members["agent"] not in queries.last_seen()
        assert not queries.is_anybody_around(REPLY)
        session = db.session.scalars(select(UserSession).where(UserSession.impersonator_id.is_not(None))).one()
        identity = Identity(workspace_id=acme.workspace_id, user_id=acme.members["agent"], session_id=session.id)
    pulse.witness(app)({identity: True})
    with inside(app, acme) as it:
        assert it.member("agent").seen_at is None
        assert not queries.is_anybody_around(REPLY)


def test_after_an_hour_it_is_over_and_the_clock_records_it(app: Flask, operator: FlaskClient, acme: Company) -> None:
    stand_in(operator, acme, "agent")
    with app.app_context():
        end_what_is_over()
        with unit_of_work():
            session = db.session.scalars(select(UserSession).where(UserSession.impersonator_id.is_not(None))).one()
            assert timedelta(minutes=59) < session.expires_at - now() <= timedelta(minutes=60)
            session.expires_at = now()
        with unit_of_work(acme.workspace_id):
            db.session.scalars(select(Impersonation)).one().ends_at = now()
    asked = operator.get("/w/acme/inbox")
    assert asked.headers["Location"].startswith("/login")
    back = operator.get("/login")
    assert back.headers["Location"] == "/operator/"
    assert "You are yourself again" in operator.get("/operator/workspaces").text
    with app.app_context():
        end_what_is_over()
        end_what_is_over()
    ends = [entry for entry in entries(app, acme) if entry.action == "impersonation.ended"]
    assert [(entry.actor_name, entry.ip) for entry in ends] == [("Olga Operator", None)]
    with app.app_context(), unit_of_work():
        deeds = db.session.scalars(select(InstallationEntry.action).order_by(InstallationEntry.id)).all()
    assert deeds == ["impersonation.began", "impersonation.ended"]


@pytest.mark.parametrize("way", ["revoke", "suspend"])
def test_who_is_no_operator_any_more_stands_in_for_nobody(
    app: Flask, operator: FlaskClient, acme: Company, monkeypatch: pytest.MonkeyPatch, way: str
) -> None:
    closed: list[dict[str, Any]] = []
    monkeypatch.setattr(broadcast, "close_sockets", lambda **owner: closed.append(owner))
    other = signed_in(app, make_operator(app, "other@chatapp.example"))
    stand_in(operator, acme, "agent")
    assert operator.get("/w/acme/inbox").status_code == 200
    with app.app_context(), unit_of_work():
        session = db.session.scalars(select(UserSession).where(UserSession.impersonator_id.is_not(None))).one()
    if way == "revoke":
        app.test_cli_runner().invoke(args=["operator", "revoke", "ops@chatapp.example"])
    else:
        post(other, f"/operator/users/{session.impersonator_id}/suspension", FORM)
    assert operator.get("/w/acme/inbox").status_code == 302
    assert {"session_id": session.id} in closed


@pytest.mark.parametrize("reason", ["", "   ", "x" * 201])
def test_without_a_reason_nobody_stands_in(app: Flask, operator: FlaskClient, acme: Company, reason: str) -> None:
    assert stand_in(operator, acme, "agent", reason=reason).status_code == 422
    assert operator.get("/w/acme/inbox").status_code == 404
    assert [entry for entry in entries(app, acme) if entry.action.startswith("impersonation")] == []


def test_operators_and_strangers_are_stood_in_for_by_nobody(app: Flask, operator: FlaskClient, acme: Company) -> None:
    other = make_operator(app, "other@chatapp.example")
    globex = make_company(app, "globex")
    with inside(app, acme) as it:
        workspace = db.session.get_one(Workspace, acme.workspace_id)
        workspaces.add_member(workspace, user=db.session.get_one(type(it.member("owner").user), other), role="admin")
    path = f"/operator/workspaces/{acme.workspace_id}/members"
    assert post(operator, f"{path}/{other}/impersonation", FORM).status_code == 409
    assert post(operator, f"{path}/{globex.members['owner']}/impersonation", FORM).status_code == 404


def test_who_logged_in_long_ago_shows_once_more_who_they_are(app: Flask, operator: FlaskClient, acme: Company) -> None:
    with app.app_context(), unit_of_work():
        for session in db.session.scalars(select(UserSession)):
            session.proved_at = None
    assert stand_in(operator, acme, "agent").status_code == 403
    assert operator.get("/w/acme/inbox").status_code == 404
