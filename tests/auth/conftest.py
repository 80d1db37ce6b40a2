"""One company, and its agent in two browsers."""

import pytest
from flask import Flask
from flask.testing import FlaskClient

from tests.factories import Company, make_company
from tests.support.web_client import log_in


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


def logged_in(app: Flask, email: str) -> FlaskClient:
    client = app.test_client()
    log_in(client, email)
    return client


def is_in(client: FlaskClient) -> bool:
    """Whether the browser is still somebody's."""
    return client.get("/workspaces").status_code == 200
