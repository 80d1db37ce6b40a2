"""Two-factor for everybody: who turns it on, and what stays shut for those who lack it."""

import pytest
from flask import Flask
from flask.testing import FlaskClient

from chatapp.audit import queries as audit
from chatapp.audit.queries import Filter
from chatapp.auth.models import Authenticator
from chatapp.common.db import db
from chatapp.common.tenancy import across_tenants
from chatapp.common.unit_of_work import unit_of_work
from chatapp.workspaces import queries
from chatapp.workspaces.models import Workspace
from tests.auth.test_proof import grow_stale
from tests.factories import PASSWORD, Company, give_two_factor, inside, make_company, take_two_factor
from tests.isolation.detectors import UPGRADE
from tests.support.web_client import log_in, post

ON, OFF = "/w/acme/settings/security/two-factor", "/w/acme/settings/security/two-factor/end"


@pytest.fixture
def acme(app: Flask) -> Company:
    return make_company(app)


@pytest.fixture
def owner(app: Flask, client: FlaskClient, acme: Company) -> FlaskClient:
    """Logged in before two-factor, so that no test has to know a code."""
    log_in(client, acme.email("owner"))
    return client


def _protect(app: Flask, company: Company, role: str = "owner") -> None:
    with inside(app, company) as it:
        give_two_factor(it.member(role).user)


def test_whoever_lacks_it_cannot_ask_for_it(app: Flask, owner: FlaskClient, acme: Company) -> None:
    page = owner.get("/w/acme/settings/security").text
    assert "Set it up for yourself first" in page
    assert ON in page
    assert "4 members without it" in page
    refused = post(owner, ON, {})
    assert refused.status_code == 409
    assert "Set up two-factor for yourself first" in refused.text
    with inside(app, acme):
        assert db.session.get_one(Workspace, acme.workspace_id).two_factor_since is None


def test_members_without_it_are_led_to_it_before_they_get_in(app: Flask, owner: FlaskClient, acme: Company) -> None:
    agent, inbox = app.test_client(), "/w/acme/inbox"
    log_in(agent, acme.email("agent"))
    assert agent.get(inbox).status_code == 200
    _protect(app, acme)
    assert post(owner, ON, {}).status_code == 303
    assert owner.get("/w/acme/settings/security").status_code == 200
    led = agent.get(inbox)
    assert led.status_code == 403
    assert "Acme asks everybody for two-factor since" in led.text
    assert 'href="/account/two-factor"' in led.text
    fragment = agent.get(inbox, headers={"HX-Request": "true"})
    assert fragment.status_code == 403
    assert "asks everybody for two-factor" in fragment.text
    written = post(agent, f"/w/acme/conversations/{acme.conversation_id}/messages", {"text": "x"})
    assert written.status_code == 403
    assert agent.get("/w/acme/socket", headers=UPGRADE).status_code == 403
    assert agent.get("/workspaces").status_code == agent.get("/account/two-factor").status_code == 200
    _protect(app, acme, "agent")
    assert agent.get(inbox).status_code == 200


def test_programs_are_told_the_same(app: Flask, owner: FlaskClient, acme: Company) -> None:
    pair = owner.post("/api/v1/auth/token", json={"email": acme.email("agent"), "password": PASSWORD}).get_json()
    _protect(app, acme)
    post(owner, ON, {})
    headers = {"Authorization": f"Bearer {pair['access_token']}"}
    answer = app.test_client().get("/api/v1/w/acme/conversations", headers=headers)
    assert (answer.status_code, answer.mimetype) == (403, "application/problem+json")
    assert "asks everybody for two-factor" in answer.get_json()["detail"]


def test_open_sockets_of_whoever_lacks_it_do_not_stay(app: Flask, owner: FlaskClient, acme: Company) -> None:
    _protect(app, acme)
    pairs = [(acme.workspace_id, acme.members[role]) for role in ("owner", "agent")]
    with app.app_context(), unit_of_work(), across_tenants(reason="a test"):
        assert {member.user_id for member in queries.memberships_that_open(pairs)} == {pair[1] for pair in pairs}
    post(owner, ON, {})
    with app.app_context(), unit_of_work(), across_tenants(reason="a test"):
        assert [member.user_id for member in queries.memberships_that_open(pairs)] == [pairs[0][1]]


def test_an_app_that_was_never_confirmed_does_not_count(app: Flask, owner: FlaskClient, acme: Company) -> None:
    _protect(app, acme)
    post(owner, ON, {})
    agent = app.test_client()
    log_in(agent, acme.email("agent"))
    with inside(app, acme):
        db.session.add(Authenticator(user_id=acme.members["agent"], secret="", confirmed_at=None))
    assert agent.get("/w/acme/inbox").status_code == 403


def test_it_is_ended_only_with_a_fresh_proof_and_written_down(app: Flask, owner: FlaskClient, acme: Company) -> None:
    _protect(app, acme)
    post(owner, ON, {})
    post(owner, ON, {})
    grow_stale(app)
    assert post(owner, OFF, {}).status_code == 403
    grow_stale(app, minutes=0)
    assert post(owner, OFF, {}).status_code == 303
    assert post(owner, OFF, {}).status_code == 303
    agent = app.test_client()
    log_in(agent, acme.email("agent"))
    assert agent.get("/w/acme/inbox").status_code == 200
    with inside(app, acme):
        for action in ("workspace.two_factor_required", "workspace.two_factor_optional"):
            assert len(audit.page(Filter(action=action)).rows) == 1


def test_whoever_turns_their_own_off_is_out(app: Flask, owner: FlaskClient, acme: Company) -> None:
    _protect(app, acme)
    post(owner, ON, {})
    with inside(app, acme) as it:
        take_two_factor(it.member("owner").user)
    assert owner.get("/w/acme/").status_code == 403


def test_whoever_does_not_belong_learns_nothing(app: Flask, owner: FlaskClient, acme: Company) -> None:
    _protect(app, acme)
    post(owner, ON, {})
    stranger = app.test_client()
    log_in(stranger, make_company(app, "globex").email("owner"))
    assert stranger.get("/w/acme/").status_code == 404
    assert stranger.get("/w/globex/").status_code == 200
