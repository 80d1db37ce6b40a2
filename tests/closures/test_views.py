"""The end of a workspace: who asks for it, what is shut meanwhile, and the way back."""

from datetime import timedelta

import pytest
from flask import Flask
from flask.testing import FlaskClient

from chatapp.audit import queries as audit
from chatapp.audit.queries import Filter
from chatapp.common.clock import now
from chatapp.common.db import db
from chatapp.common.tenancy import across_tenants
from chatapp.common.unit_of_work import unit_of_work
from chatapp.workspaces import queries
from chatapp.workspaces.models import Workspace
from tests.auth.test_proof import grow_stale
from tests.factories import PASSWORD, Company, inside, make_company
from tests.isolation.detectors import UPGRADE
from tests.support.letters import letters
from tests.support.web_client import log_in, post

DELETION = "/w/acme/settings/deletion"


@pytest.fixture
def acme(app: Flask) -> Company:
    return make_company(app)


@pytest.fixture
def owner(client: FlaskClient, acme: Company) -> FlaskClient:
    log_in(client, acme.email("owner"))
    return client


def _close(owner: FlaskClient) -> None:
    assert post(owner, DELETION, {"name": "Acme"}).status_code == 303


def _init(app: Flask, company: Company) -> tuple[int, str]:
    answer = app.test_client().post("/widget/init", json={"key": company.site_key})
    return answer.status_code, answer.get_json().get("detail", "")


@pytest.mark.parametrize("name", ["", "acme", "Globex"])
def test_whoever_types_another_name_deletes_nothing(app: Flask, owner: FlaskClient, acme: Company, name: str) -> None:
    answer = post(owner, DELETION, {"name": name})
    assert answer.status_code == 422
    assert "field__error" in answer.text
    with inside(app, acme):
        assert not db.session.get_one(Workspace, acme.workspace_id).is_closed
    assert _init(app, acme)[0] == 200


def test_only_an_owner_who_has_just_shown_who_they_are_deletes(app: Flask, owner: FlaskClient, acme: Company) -> None:
    admin = app.test_client()
    log_in(admin, acme.email("admin"))
    assert admin.get(DELETION).status_code == 403
    assert post(admin, DELETION, {"name": "Acme"}).status_code == 403
    grow_stale(app)
    asked = post(owner, DELETION, {"name": "Acme"})
    assert asked.status_code == 403
    assert 'value="Acme"' in asked.text
    assert owner.get("/w/acme/").status_code == 200


def test_a_closed_workspace_is_shut_for_everybody(app: Flask, owner: FlaskClient, acme: Company) -> None:
    agent = app.test_client()
    log_in(agent, acme.email("agent"))
    pair = agent.post("/api/v1/auth/token", json={"email": acme.email("agent"), "password": PASSWORD}).get_json()
    pairs = [(acme.workspace_id, acme.members["agent"])]
    with app.app_context(), unit_of_work(), across_tenants(reason="a test"):
        assert len(queries.memberships_that_open(pairs)) == 1
    _close(owner)
    shown = agent.get("/w/acme/inbox")
    assert shown.status_code == 403
    assert "Acme is closed" in shown.text
    assert "ask one of its owners" in shown.text
    assert "Keep it" not in shown.text
    written = post(agent, f"/w/acme/conversations/{acme.conversation_id}/messages", {"text": "x"})
    assert written.status_code == 403
    assert post(agent, f"{DELETION}/end", {}).status_code == 403
    assert agent.get("/w/acme/socket", headers=UPGRADE).status_code == 403
    bearer = {"Authorization": f"Bearer {pair['access_token']}"}
    told = app.test_client().get("/api/v1/w/acme/conversations", headers=bearer)
    assert (told.status_code, "will be deleted" in told.get_json()["detail"]) == (403, True)
    with app.app_context(), unit_of_work(), across_tenants(reason="a test"):
        assert queries.memberships_that_open(pairs) == []
    assert "Closed" in agent.get("/workspaces").text


def test_visitors_meet_a_chat_that_is_not_there(app: Flask, owner: FlaskClient, acme: Company) -> None:
    started = app.test_client().post("/widget/init", json={"key": acme.site_key}).get_json()
    _close(owner)
    status, sentence = _init(app, acme)
    assert status == 404
    assert sentence
    headers = {"Authorization": f"Bearer {started['token']}"}
    body = {"client_id": "0190a0b0-0000-7000-8000-000000000001", "text": "Hello?"}
    assert app.test_client().post("/widget/messages", json=body, headers=headers).status_code == 401
    assert app.test_client().get(f"/widget/{acme.site_key}").status_code == 404


def test_an_owner_opens_it_again_as_it_was(app: Flask, owner: FlaskClient, acme: Company) -> None:
    _close(owner)
    assert "Keep it" in owner.get("/w/acme/").text
    assert post(owner, f"{DELETION}/end", {}).location == "/w/acme/"
    assert owner.get(f"/w/acme/inbox/{acme.conversation_id}").status_code == 200
    assert _init(app, acme)[0] == 200
    assert post(owner, f"{DELETION}/end", {}).status_code == 303
    with inside(app, acme):
        for action in ("workspace.closed", "workspace.kept"):
            assert len(audit.page(Filter(action=action)).rows) == 1


def test_it_is_too_late_once_the_time_is_over(app: Flask, owner: FlaskClient, acme: Company) -> None:
    _close(owner)
    with inside(app, acme):
        db.session.get_one(Workspace, acme.workspace_id).purge_at = now() - timedelta(seconds=1)
    refused = post(owner, f"{DELETION}/end", {})
    assert refused.status_code == 409
    assert "too late" in refused.text


def test_all_owners_get_a_letter_in_their_language(app: Flask, owner: FlaskClient, acme: Company) -> None:
    with inside(app, acme) as it:
        it.member("admin").role = "owner"
        it.member("admin").user.locale = "es"
    _close(owner)
    with app.app_context(), unit_of_work():
        written = {letter.to: letter for letter in letters(app)}
    assert set(written) == {acme.email("owner"), acme.email("admin")}
    assert "is closed and will be deleted on" in written[acme.email("owner")].subject
    assert "Owner has asked for Acme to be deleted" in written[acme.email("owner")].text
    assert "/w/acme/" in written[acme.email("owner")].text
    assert "se eliminará el" in written[acme.email("admin")].subject


def test_outsiders_cannot_tell_a_closed_workspace_from_none(app: Flask, owner: FlaskClient, acme: Company) -> None:
    _close(owner)
    stranger = app.test_client()
    log_in(stranger, make_company(app, "globex").email("owner"))
    assert stranger.get("/w/acme/").status_code == stranger.get("/w/nowhere/").status_code == 404
    assert post(stranger, f"{DELETION}/end", {}).status_code == 404
