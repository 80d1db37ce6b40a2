"""A person connects accounts at providers and cuts the connection, and always keeps a way in."""

from flask import Flask
from flask.testing import FlaskClient
from sqlalchemy import select

from chatapp.auth.models import UserIdentity
from chatapp.common.db import db
from chatapp.common.unit_of_work import unit_of_work
from tests.auth.conftest import grow_stale, logged_in
from tests.factories import Company
from tests.support.letters import letters, link_in
from tests.support.oidc_provider import ProviderServer
from tests.support.sign_in import START, configure, connect, decide, off, rows, sign_in
from tests.support.web_client import log_in_by_form, post


def test_who_is_logged_in_connects_a_provider_whatever_its_address(
    app: Flask, provider: ProviderServer, acme: Company
) -> None:
    provider.is_visited_by(email="private@people.example", email_verified=False)
    agent = logged_in(app, acme.email("agent"))
    assert "not connected" in agent.get("/account/security").text
    assert connect(agent).headers["Location"] == "/account/security"
    assert "Disconnect Acme ID" in agent.get("/account/security").text
    client = app.test_client()
    sign_in(client)
    assert acme.email("agent") in client.get("/account").text


def test_an_account_at_a_provider_belongs_to_one_person(app: Flask, provider: ProviderServer, acme: Company) -> None:
    connect(logged_in(app, acme.email("agent")))
    viewer = logged_in(app, acme.email("viewer"))
    answer = connect(viewer)
    assert answer.status_code == 409
    assert "belongs to somebody else here" in answer.text
    assert rows(app)[1] == 1


def test_only_who_began_a_connection_gets_it(app: Flask, provider: ProviderServer, acme: Company) -> None:
    client = logged_in(app, acme.email("agent"))
    back = decide(off(client, "/account/providers/acme-id"))
    post(client, "/logout", {})
    log_in_by_form(client, acme.email("viewer"))
    assert client.get(back).status_code == 403
    assert rows(app)[1] == 0


def identity_ids(app: Flask) -> list[str]:
    with app.app_context(), unit_of_work():
        return [str(found) for found in db.session.scalars(select(UserIdentity.id))]


def test_a_connection_is_cut_by_its_owner_only(app: Flask, provider: ProviderServer, acme: Company) -> None:
    agent = logged_in(app, acme.email("agent"))
    connect(agent)
    (cut,) = (f"/account/identities/{found}/end" for found in identity_ids(app))
    assert post(logged_in(app, acme.email("viewer")), cut, {}).status_code == 404
    assert post(agent, cut, {}).status_code == 303
    assert post(agent, cut, {}).status_code == 404
    assert rows(app)[1] == 0


def test_the_only_way_in_cannot_be_cut(app: Flask, client: FlaskClient, provider: ProviderServer) -> None:
    sign_in(client)
    (cut,) = (f"/account/identities/{found}/end" for found in identity_ids(app))
    refused = post(client, cut, {})
    assert refused.status_code == 409
    assert "This is your only way in" in refused.text
    assert rows(app)[1] == 1


def test_a_provider_that_is_not_offered_any_more_is_no_way_in(
    app: Flask, client: FlaskClient, provider: ProviderServer
) -> None:
    sign_in(client)
    configure(app, "")
    page = client.get("/account/security").text
    assert "Not offered here any more" in page
    assert client.get(START).status_code == 404


def test_who_has_no_password_chooses_one_by_mail(app: Flask, client: FlaskClient, provider: ProviderServer) -> None:
    sign_in(client)
    assert "Your account has no password" in client.get("/account/security").text
    assert post(client, "/account/password-link", {}).status_code == 303
    link = link_in(letters(app)[0])
    post(app.test_client(), link, {"password": "a new one, quite long"})
    log_in_by_form(client, "ada@people.example", "a new one, quite long")
    (cut,) = (f"/account/identities/{found}/end" for found in identity_ids(app))
    assert post(client, cut, {}).status_code == 303


def test_a_browser_without_htmx_gets_a_link_to_the_provider(
    app: Flask, provider: ProviderServer, acme: Company
) -> None:
    page = post(logged_in(app, acme.email("agent")), "/account/providers/acme-id", {})
    assert f'href="{provider.issuer}/authorize?' in page.text


def test_connecting_and_cutting_want_a_fresh_proof(app: Flask, provider: ProviderServer, acme: Company) -> None:
    agent = logged_in(app, acme.email("agent"))
    connect(agent)
    (cut,) = (f"/account/identities/{found}/end" for found in identity_ids(app))
    grow_stale(app)
    assert post(agent, "/account/providers/acme-id", {}).status_code == 403
    assert post(agent, cut, {}).status_code == 403
    assert rows(app)[1] == 1


def test_who_has_no_password_proves_with_the_provider_who_they_are(
    app: Flask, client: FlaskClient, provider: ProviderServer
) -> None:
    sign_in(client)
    grow_stale(app)
    question = post(client, "/account/email", {"email": "new@people.example"})
    assert 'hx-post="/account/proof/acme-id' in question.text
    assert 'type="password"' not in question.text
    way = off(client, "/account/proof/acme-id?next=/account/email")
    assert client.get(decide(way)).headers["Location"] == "/account/email"
    assert post(client, "/account/email", {"email": "new@people.example"}).status_code == 303


def test_an_account_that_was_not_connected_before_proves_nothing(
    app: Flask, provider: ProviderServer, acme: Company
) -> None:
    agent = logged_in(app, acme.email("agent"))
    grow_stale(app)
    refused = agent.get(decide(off(agent, "/account/proof/acme-id")))
    assert refused.status_code == 403
    assert "not the account that you log in with" in refused.text
    assert post(agent, "/account/email", {"email": "new@people.example"}).status_code == 403
    assert rows(app)[1] == 0
