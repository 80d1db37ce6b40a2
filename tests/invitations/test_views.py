"""An invitation's link: for whom it opens, how often and for how long."""

import re
from datetime import timedelta

import pytest
from flask import Flask
from flask.testing import FlaskClient

from chatapp.common.clock import now
from chatapp.common.unit_of_work import unit_of_work
from chatapp.invitations import queries
from tests.factories import Company, inside, make_company, make_user
from tests.support.letters import letters, link_in
from tests.support.web_client import log_in, log_in_by_form, post

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


NEWCOMER: dict[str, object] = {"name": "Gu Est", "password": "a long enough one"}


def test_someone_new_makes_an_account_and_is_in_at_once(app: Flask, client: FlaskClient, link: str) -> None:
    assert f"{link}/account" in client.get(link).text
    assert GUEST in client.get(f"{link}/account").text
    answer = post(client, f"{link}/account", NEWCOMER)
    assert (answer.status_code, answer.location) == (303, "/w/acme/")
    assert client.get("/w/acme/").status_code == 200
    assert "Confirm your address:" not in client.get("/account").text
    assert client.get(link).status_code == 410
    log_in_by_form(app.test_client(), GUEST, "a long enough one")


@pytest.mark.parametrize(("wrong", "sentence"), [({"name": ""}, "Enter your name."), ({"password": "2short"}, "12")])
def test_a_wrong_form_joins_nobody(client: FlaskClient, link: str, wrong: dict[str, object], sentence: str) -> None:
    answer = post(client, f"{link}/account", NEWCOMER | wrong)
    assert answer.status_code == 422
    assert sentence in answer.text
    assert post(client, f"{link}/account", NEWCOMER).status_code == 303


def test_an_address_with_an_account_is_told_to_its_owner_to_log_in(app: Flask, client: FlaskClient, link: str) -> None:
    _account(app)
    answer = post(client, f"{link}/account", NEWCOMER)
    assert answer.status_code == 422
    assert "already an account" in answer.text
    log_in(client, GUEST)


def test_the_link_that_the_inviter_sees_proves_no_mailbox(app: Flask, acme: Company, client: FlaskClient) -> None:
    """Else whoever invites an address could make its account, and choose the password."""
    inviter = app.test_client()
    log_in(inviter, acme.email("owner"))
    page = post(inviter, "/w/acme/team/invitations", {"emails": "else@x.example", "role": "agent"}).text
    (token,) = set(re.findall(r"/invitations/([\w.-]{43,})", page))
    assert "." not in token
    assert client.get(f"/invitations/{token}").status_code == 200
    for forged in (token, f"{token}.", f"{token}.AAAA"):
        answer = post(client, f"/invitations/{forged}/account", NEWCOMER)
        assert answer.location == f"/register?next=/invitations/{forged}"
    register = post(client, answer.location, NEWCOMER | {"email": "else@x.example"})
    assert "Look at your mail" in register.text
    assert client.get("/workspaces").status_code == 302


def test_an_account_is_not_made_with_what_is_over(app: Flask, acme: Company, client: FlaskClient, link: str) -> None:
    with inside(app, acme):
        found = queries.pending_for(GUEST)
        assert found is not None
        found.expires_at = now() - timedelta(seconds=1)
    answer = post(client, f"{link}/account", NEWCOMER)
    assert answer.status_code == 410
    assert "This invitation has expired" in answer.text


def test_whoever_is_in_joins_with_the_account_they_have(app: Flask, client: FlaskClient, link: str) -> None:
    _account(app)
    log_in(client, GUEST)
    assert client.get(f"{link}/account").location == link


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
        assert link.rpartition("/")[2].partition(".")[0] not in str(vars(found))


def test_an_expired_invitation_is_renewed_by_inviting_again(app: Flask, acme: Company) -> None:
    with inside(app, acme):
        queries.invitation(acme.invitation_id).expires_at = now()
    owner = app.test_client()
    log_in(owner, acme.email("owner"))
    post(owner, "/w/acme/team/invitations", {"emails": "invited@acme.example", "role": "viewer"})
    with inside(app, acme):
        (renewed,) = queries.pending()
        assert (renewed.id, renewed.role, renewed.is_expired) == (acme.invitation_id, "viewer", False)
