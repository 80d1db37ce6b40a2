"""Two companies on one installation, everybody who might knock, and a way to see whether a company's rows changed.

The world is made once per module: what its tests do to Globex is done to Globex's own rows, and nothing they do may
reach Acme's. `fingerprint` says whether it did.
"""

from __future__ import annotations

from collections.abc import Iterator, Mapping
from contextlib import contextmanager
from dataclasses import dataclass, replace
from typing import Any
from uuid import UUID

import psycopg
from flask import Flask
from flask.testing import FlaskClient
from psycopg import sql
from werkzeug.test import TestResponse

from chatapp.app import create_app
from chatapp.auth import services as auth
from chatapp.auth.models import User
from chatapp.common.db import Base, db
from chatapp.common.unit_of_work import unit_of_work
from chatapp.endusers import queries as endusers
from chatapp.endusers import services as enduser_services
from chatapp.widget import tokens
from tests.factories import Company, inside, make_company
from tests.support.configuration import config_for
from tests.support.engines import TestEngines

TENANT_TABLES = tuple(sorted(name for name, table in Base.metadata.tables.items() if "workspace_id" in table.columns))
JSON_BLUEPRINTS = ("api", "widget")


@dataclass(frozen=True)
class Person:
    """Somebody who knocks: a member with a browser and a program, or a visitor with a token."""

    name: str
    browser: FlaskClient
    bearer: str

    def send(
        self, method: str, path: str, *, blueprint: str | None, body: Mapping[str, object], query: Mapping[str, object]
    ) -> TestResponse:
        """JSON with a bearer token to the API and the widget, forms with a cookie to the dashboard."""
        if blueprint in JSON_BLUEPRINTS:
            headers = {"Authorization": f"Bearer {self.bearer}"}
            content = {} if method == "GET" else {"json": dict(body)}
            return self.browser.open(path, method=method, headers=headers, query_string=query, **content)
        return self.browser.open(path, method=method, data=dict(body), query_string=query)


class World:
    """Acme, whose rows are at stake, and Globex, whose people try."""

    def __init__(self, app: Flask, database_url: str, acme: Company, globex: Company) -> None:
        self.app, self.acme, self.globex = app, acme, globex
        self.connection = psycopg.connect(database_url, autocommit=True)
        # Whoever owns the tables stays behind FORCE ROW LEVEL SECURITY, too, unless a superuser.
        self.connection.execute("SELECT set_config('app.scope', 'system', false)")
        self._fingerprint = _fingerprint_statement()

    def close(self) -> None:
        self.connection.close()
        with self.app.app_context():
            db.engine.dispose()

    def member(self, company: Company, role: str) -> Person:
        with self.app.app_context(), unit_of_work():
            user = db.session.get_one(User, company.members[role])
            session = auth.start_session(user, ip="127.0.0.1", user_agent="")
            bearer = auth.issue_tokens(user).access_token
        return Person(f"{role} of {company.slug}", self._browser(session), bearer)

    def visitor(self, company: Company) -> Person:
        """The one who wrote the company's conversation."""
        with inside(self.app, company):
            token = tokens.issue(company.project_id, company.end_user_id)
            end_user = endusers.end_user(company.end_user_id)
            assert end_user is not None
            enduser_services.open_session(end_user, token_hash=token.hash, expires_at=token.expires_at)
        return Person(f"visitor of {company.slug}", self._browser(), token.text)

    def _browser(self, session_token: str | None = None) -> FlaskClient:
        client = self.app.test_client()
        if session_token:
            with client.session_transaction() as session:
                session["_user_id"] = session_token
        return client

    def fingerprint(self, company: Company) -> dict[str, str]:
        """A number and a hash of the company's rows for each table."""
        rows = self.connection.execute(self._fingerprint, {"workspace": company.workspace_id})
        return {table: f"{count} {digest}" for table, count, digest in rows}

    @contextmanager
    def untouched(self, company: Company) -> Iterator[list[str]]:
        """Collects the names of the company's tables that changed inside the block."""
        changed: list[str] = []
        before = self.fingerprint(company)
        yield changed
        after = self.fingerprint(company)
        changed += [table for table in before if before[table] != after[table]]


@contextmanager
def make_world(engines: TestEngines, *, csrf: bool) -> Iterator[World]:
    """A world with a database of its own, and without limits: these tests knock often.

    What goes wrong inside is answered with 500, which detectors report like any other wrong answer.
    """
    database_url = engines.make_database("isolation")
    config = config_for(database_url=database_url, redis_url=engines.redis_url(0), redis_prefix=engines.prefix("app"))
    app = create_app(replace(config, rate_limits=False))
    app.config.update(WTF_CSRF_ENABLED=csrf, PROPAGATE_EXCEPTIONS=False)
    world = World(app, database_url, make_company(app, "acme"), make_company(app, "globex"))
    yield world
    world.close()


def _fingerprint_statement() -> sql.Composed:
    part = "SELECT {name}, count(*), md5(coalesce(string_agg(t::text, '|' ORDER BY t::text), '')) FROM {table} t "
    tenant = [
        sql.SQL(part + "WHERE workspace_id = %(workspace)s").format(name=sql.Literal(name), table=sql.Identifier(name))
        for name in TENANT_TABLES
    ]
    own = sql.SQL(part + "WHERE id = %(workspace)s").format(
        name=sql.Literal("workspace"), table=sql.Identifier("workspace")
    )
    return sql.SQL(" UNION ALL ").join([*tenant, own])


_NOBODYS = UUID("0190a0b0-0000-7000-8000-000000000000")
_ELSEWHERE: dict[str, Any] = {"token": "of-no-letter", "mail_id": _NOBODYS, "session_id": _NOBODYS}
"""What addresses outside of workspaces name: never a company's own."""


def ids_of(company: Company) -> dict[str, Any]:
    """What a company's ids are called in addresses, bodies and queries."""
    return {
        **_ELSEWHERE,
        "slug": company.slug,
        "conversation_id": company.conversation_id,
        "project_id": company.project_id,
        "invitation_id": company.invitation_id,
        "user_id": company.members["viewer"],
        "heir_id": company.members["agent"],
        "owner_id": company.members["owner"],
        "assignee_id": company.members["agent"],
        "assignee": company.members["agent"],
    }


UNKNOWN: dict[str, Any] = {
    "slug": "nobody-at-all",
    **_ELSEWHERE,
    **dict.fromkeys(
        (
            "conversation_id",
            "project_id",
            "assignee_id",
            "assignee",
            "invitation_id",
            "user_id",
            "heir_id",
            "owner_id",
        ),
        _NOBODYS,
    ),
}
