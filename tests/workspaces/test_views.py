"""Workspaces: who sees what, and what a new one starts with."""

import pytest
from flask import Flask
from flask.testing import FlaskClient

from tests.factories import Company, make_company
from tests.support.web_client import log_in, post


@pytest.fixture
def acme(app: Flask) -> Company:
    return make_company(app)


def test_a_new_workspace_opens_and_belongs_to_its_maker(client: FlaskClient, acme: Company) -> None:
    log_in(client, acme.email("viewer"))
    answer = post(client, "/workspaces", {"name": "Second", "slug": "second"})
    assert (answer.status_code, answer.location) == (303, "/w/second/")
    assert client.get("/w/second/").status_code == 200
    assert post(client, "/w/second/projects", {"name": "Site", "domains": "second.example"}).status_code == 303


def test_a_taken_address_is_refused_with_what_was_typed(client: FlaskClient, acme: Company) -> None:
    log_in(client, acme.email("owner"))
    answer = post(client, "/workspaces", {"name": "Copy", "slug": "acme"})
    assert answer.status_code == 422
    assert "This address is taken" in answer.text
    assert 'value="Copy"' in answer.text


@pytest.mark.parametrize("slug", ["", "Upper Case", "-begins", "a/b", "x" * 49])
def test_an_address_that_cannot_stand_in_a_url_is_refused(client: FlaskClient, acme: Company, slug: str) -> None:
    log_in(client, acme.email("owner"))
    assert post(client, "/workspaces", {"name": "New", "slug": slug}).status_code == 422


def test_an_outsider_is_told_the_same_as_about_a_workspace_that_does_not_exist(
    app: Flask, client: FlaskClient, acme: Company
) -> None:
    globex = make_company(app, "globex")
    log_in(client, globex.email("owner"))
    assert client.get("/w/globex/").status_code == 200
    assert client.get("/w/acme/").status_code == client.get("/w/nowhere/").status_code == 404
    assert "/w/acme/" not in client.get("/workspaces").text
