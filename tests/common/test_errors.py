"""What people are told when the database is away, in the form that they can read."""

import pytest
from flask import Flask
from flask.testing import FlaskClient
from sqlalchemy import create_engine
from sqlalchemy.exc import OperationalError

from tests.factories import Company, make_company
from tests.support.web_client import log_in


@pytest.fixture
def acme(app: Flask) -> Company:
    return make_company(app)


@pytest.fixture
def _database_away(app: Flask, client: FlaskClient, acme: Company, monkeypatch: pytest.MonkeyPatch) -> None:
    """Signed in first: a session's user cannot be loaded either while the database is away."""
    log_in(client, acme.email("agent"))
    nowhere = create_engine("postgresql+psycopg://nobody@127.0.0.1:1/nothing", connect_args={"connect_timeout": 1})
    monkeypatch.setitem(app.extensions, "chatapp.engine", nowhere)


@pytest.mark.usefixtures("_database_away")
def test_a_page_says_so_with_503(client: FlaskClient) -> None:
    answer = client.get("/w/acme/inbox")
    assert answer.status_code == 503
    assert answer.headers["Retry-After"] == "2"
    assert "<html" in answer.text
    assert "The database is not answering" in answer.text


def test_a_page_says_so_when_it_goes_after_the_person_was_recognised(app, client, acme, monkeypatch):
    log_in(client, acme.email("agent"))

    def lose_database(*_args, **_options):
        monkeypatch.setitem(app.extensions, "chatapp.engine", create_engine("postgresql+psycopg://nobody@127.0.0.1:1/"))
        raise OperationalError("SELECT", {}, Exception("gone"))

    monkeypatch.setattr("chatapp.inbox.views.queries.page_of", lose_database)

    assert client.get(f"/w/{acme.slug}/inbox").status_code == 503


@pytest.mark.usefixtures("_database_away")
def test_a_fragment_says_so_in_the_notices(client: FlaskClient) -> None:
    answer = client.get("/w/acme/inbox/rows", headers={"HX-Request": "true"})
    assert answer.status_code == 503
    assert "<html" not in answer.text
    assert "The database is not answering" in answer.text


@pytest.mark.usefixtures("_database_away")
def test_a_program_is_told_as_problem_json(client: FlaskClient) -> None:
    answer = client.post("/widget/init", json={"key": "any"})
    assert (answer.status_code, answer.mimetype) == (503, "application/problem+json")
    assert answer.json["status"] == 503


@pytest.mark.usefixtures("_database_away")
def test_the_process_lives_but_is_not_ready(client: FlaskClient) -> None:
    assert client.get("/healthz").status_code == 200
    ready = client.get("/readyz")
    assert ready.status_code == 503
    assert "database" in ready.json["missing"]
