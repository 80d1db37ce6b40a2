"""An invitation's link: for whom it opens, how often and for how long."""

from datetime import timedelta

import pytest
from flask import Flask
from flask.testing import FlaskClient

from chatapp.common.clock import now
from chatapp.common.unit_of_work import unit_of_work
from chatapp.invitations import queries
from tests.factories import Company, inside, make_company, make_user
from tests.support.letters import letters, link_in
from tests.support.web_client import log_in, post

GUEST = "guest@x.example"


@pytest.fixture
def acme(app: Flask) -> Company:
    return make_company(app)


@pytest.fixture
def link(app: Flask, acme: Company) -> str:
    """The path in the letter of a fresh invitation."""
    owner = app.test_client()
    log_in(owner, acme.email("owner"))
    post(owner, "/w/acme/team/invitations", {"emails": GUEST, "role": "agent"})
    newest = letters(app)[0]
    assert (newest.to, newest.subject) == (GUEST, "Owner invites you to Acme")
    return link_in(newest)


def _account(app: Flask, email: str = GUEST) -> None:
    with app.app_context(), unit_of_work():
        make_user(email)


def test_someone_with_an_account_joins_with_the_role(app: Flask, client: FlaskClient, link: str) -> None:
    _account(app)
    offer = client.get(link)
    assert "Join Acme" in offer.text
    assert f"/login?next={link}" in offer.text
    log_in(client, GUEST)
    answer = post(client, link, {})
    assert (answer.status_code, answer.location) == (303, "/w/acme/")
    assert client.get("/w/acme/team").status_code == 200
    assert post(client, "/w/acme/projects", {"name": "X", "domains": "x.example"}).status_code == 403


def test_someone_new_makes_an_account_and_comes_back(client: FlaskClient, link: str) -> None:
    form: dict[str, object] = {"name": "Gu Est", "email": GUEST, "password": "a long enough one"}
    answer = post(client, f"/register?next={link}", form)
    assert (answer.status_code, answer.location) == (303, link)
    assert post(client, link, {}).status_code == 303
    assert client.get("/w/acme/").status_code == 200


def test_it_opens_for_nobody_else(client: FlaskClient, acme: Company, link: str, app: Flask) -> None:
    _account(app, "other@x.example")
    log_in(client, "other@x.example")
    for answer in (client.get(link), post(client, link, {})):
        assert answer.status_code == 403
        assert f"This invitation is for {GUEST}, but you are signed in as other@x.example." in answer.text
    assert client.get("/w/acme/").status_code == 404


def test_it_opens_once(app: Flask, client: FlaskClient, link: str) -> None:
    _account(app)
    log_in(client, GUEST)
    assert post(client, link, {}).status_code == 303
    again = post(client, link, {})
    assert again.status_code == 410
    assert "This invitation has been used" in again.text


def test_it_expires(app: Flask, client: FlaskClient, acme: Company, link: str) -> None:
    with inside(app, acme):
        found = queries.pending_for(GUEST)
        assert found is not None
        found.expires_at = now() - timedelta(seconds=1)
    answer = client.get(link)
    assert answer.status_code == 410
    assert "This invitation has expired" in answer.text


def test_a_withdrawn_one_is_over_and_withdrawing_twice_is_no_fault(
    app: Flask, client: FlaskClient, acme: Company, link: str
) -> None:
    log_in(client, acme.email("owner"))
    with inside(app, acme):
        found = queries.pending_for(GUEST)
        assert found is not None
        path = f"/w/acme/team/invitations/{found.id}"
    assert post(client, f"{path}/revocation", {}).status_code == 303
    assert post(client, f"{path}/revocation", {}).status_code == 303
    assert post(client, f"{path}/letter", {}).status_code == 409
    answer = client.get(link)
    assert answer.status_code == 410
    assert "This invitation was withdrawn" in answer.text


def test_sending_again_ends_the_link_before(app: Flask, client: FlaskClient, acme: Company, link: str) -> None:
    log_in(client, acme.email("owner"))
    with inside(app, acme):
        found = queries.pending_for(GUEST)
        assert found is not None
        path = f"/w/acme/team/invitations/{found.id}/letter"
    assert post(client, path, {}).status_code == 200
    assert app.test_client().get(link).status_code == 404
    assert app.test_client().get(link_in(letters(app)[0])).status_code == 200


def test_a_made_up_link_opens_nothing(client: FlaskClient, acme: Company) -> None:
    answer = client.get("/invitations/nonsense")
    assert answer.status_code == 404
    assert "There is no such invitation" in answer.text


def test_the_database_holds_no_token(app: Flask, acme: Company, link: str) -> None:
    with inside(app, acme):
        found = queries.pending_for(GUEST)
        assert found is not None
        assert link.rpartition("/")[2] not in str(vars(found))


def test_an_expired_invitation_is_renewed_by_inviting_again(app: Flask, acme: Company) -> None:
    with inside(app, acme):
        queries.invitation(acme.invitation_id).expires_at = now()
    owner = app.test_client()
    log_in(owner, acme.email("owner"))
    post(owner, "/w/acme/team/invitations", {"emails": "invited@acme.example", "role": "viewer"})
    with inside(app, acme):
        (renewed,) = queries.pending()
        assert (renewed.id, renewed.role, renewed.is_expired) == (acme.invitation_id, "viewer", False)
