"""One company, and its agent in two browsers."""

from collections.abc import Iterator
from datetime import timedelta

import pytest
from flask import Flask
from flask.testing import FlaskClient
from sqlalchemy import update

from chatapp.auth.models import UserSession
from chatapp.common.clock import now
from chatapp.common.db import db
from chatapp.common.unit_of_work import unit_of_work
from tests.factories import Company, make_company
from tests.support import oidc_provider
from tests.support.oidc_provider import ProviderServer
from tests.support.sign_in import configure, setting
from tests.support.web_client import log_in_by_form


@pytest.fixture
def acme(app: Flask) -> Company:
    return make_company(app)


@pytest.fixture
def agent(app: Flask, acme: Company) -> FlaskClient:
    """The agent, logged in."""
    return logged_in(app, acme.email("agent"))


@pytest.fixture
def elsewhere(app: Flask, acme: Company) -> FlaskClient:
    """The same agent, logged in on another computer."""
    return logged_in(app, acme.email("agent"))


@pytest.fixture(scope="session")
def provider_server() -> Iterator[ProviderServer]:
    with oidc_provider.oidc_provider() as running:
        yield running


@pytest.fixture
def provider(app: Flask, provider_server: ProviderServer) -> Iterator[ProviderServer]:
    """The one provider of the installation, with Ada in front of it."""
    provider_server.is_visited_by()
    configure(app, setting(provider_server))
    yield provider_server
    configure(app, "")


def logged_in(app: Flask, email: str) -> FlaskClient:
    client = app.test_client()
    log_in_by_form(client, email)
    return client


def is_in(client: FlaskClient) -> bool:
    """Whether the browser is still somebody's."""
    return client.get("/workspaces").status_code == 200


def grow_stale(app: Flask, *, minutes: float = 10) -> None:
    """So many minutes pass since everybody last showed who they are."""
    with app.app_context(), unit_of_work():
        db.session.execute(update(UserSession).values(proved_at=now() - timedelta(minutes=minutes)))
