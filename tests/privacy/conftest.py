"""A company with a visitor called Canary, and its owner and agent in their browsers."""

import psycopg
import pytest
from flask import Flask
from flask.testing import FlaskClient

from chatapp.jobs import drain
from tests.auth.conftest import logged_in
from tests.factories import Company, inside, make_company, visitor_writes

CANARY = "Canary-7f3a"


@pytest.fixture
def acme(app: Flask) -> Company:
    """Its visitor has a name, an address and two messages that say the word."""
    company = make_company(app)
    with inside(app, company) as it:
        person = it.conversation.end_user
        person.name, person.email = CANARY, f"{CANARY}@people.example"
    visitor_writes(app, company, f"I am {CANARY}")
    return company


@pytest.fixture
def globex(app: Flask) -> Company:
    """Another company, to which somebody of the same name and address writes."""
    company = make_company(app, "globex")
    with inside(app, company) as it:
        person = it.conversation.end_user
        person.name, person.email = CANARY, f"{CANARY}@people.example"
    return company


@pytest.fixture
def owner(app: Flask, acme: Company) -> FlaskClient:
    return logged_in(app, acme.email("owner"))


def work(app: Flask, company: Company) -> None:
    """The worker does what the company's outbox holds."""
    with app.app_context():
        drain.drain(str(company.workspace_id))


def tables_with(app: Flask, word: str) -> list[str]:
    """Every table of the database in which a row says this word, whoever's it is; bytes are searched as text, too."""
    url = app.extensions["chatapp.config"].database_url.replace("+psycopg", "")
    with psycopg.connect(url, autocommit=True) as connection:
        connection.execute("SELECT set_config('app.scope', 'system', false)")
        names = [name for (name,) in connection.execute("SELECT tablename FROM pg_tables WHERE schemaname = 'public'")]
        assert len(names) > 15
        return [
            name
            for name in names
            if connection.execute(
                f'SELECT 1 FROM "{name}" row WHERE row::text ILIKE %s LIMIT 1', (f"%{word}%",)
            ).fetchone()
        ]
