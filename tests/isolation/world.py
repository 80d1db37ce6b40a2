"""Two companies on one installation, everybody who might knock, and a way to see whether a company's rows changed.

The world is made once per module: what its tests do to Globex is done to Globex's own rows, and nothing they do may
reach Acme's. `fingerprint` says whether it did.
"""

from __future__ import annotations

from collections.abc import Collection, Iterator, Mapping
from contextlib import contextmanager
from dataclasses import dataclass, replace
from typing import Any
from uuid import UUID, uuid4

import psycopg
from flask import Flask
from flask.testing import FlaskClient
from psycopg import sql
from sqlalchemy import select
from werkzeug.test import TestResponse

from chatapp.app import create_app
from chatapp.auth import queries as users
from chatapp.auth import services as auth
from chatapp.auth.models import User, UserSession
from chatapp.backoffice.models import Impersonation
from chatapp.common.clock import now
from chatapp.common.db import Base, db
from chatapp.common.unit_of_work import unit_of_work
from chatapp.conversations.models import ConversationLabel, Participant
from chatapp.endusers import queries as endusers
from chatapp.endusers import services as enduser_services
from chatapp.jobs import search
from chatapp.plans.models import WorkspacePlan
from chatapp.sla.models import SlaClock, SlaCursor
from chatapp.widget import tokens
from chatapp.workspaces.models import Membership, OldAddress, Role
from tests.factories import (
    Company,
    inside,
    make_company,
    make_user,
    with_answer,
    with_attachment,
    with_doubles,
    with_link_card,
    with_macro,
    with_notification,
    with_other_conversation,
    with_privacy,
    with_rating,
    with_scheduled,
)
from tests.isolation.preparations import under_way
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
        return self._person(company.members[role], f"{role} of {company.slug}")

    def with_own_role(self, company: Company, permissions: Collection[str], visibility: str = "all") -> Person:
        """A member with a role of the workspace's own that allows this and nothing else; always the same person."""
        with inside(self.app, company):
            email = f"somebody@{company.slug}.example"
            user = users.user_by_email(email) or make_user(email)
            role = Role(name=f"Only {uuid4().hex}", permissions=sorted(permissions), visibility=visibility)
            db.session.merge(Membership(workspace_id=company.workspace_id, user_id=user.id, role="viewer")).take(role)
            user_id = user.id
        return self._person(user_id, f"somebody of {company.slug}")

    def _person(self, user_id: UUID, name: str) -> Person:
        with self.app.app_context(), unit_of_work():
            user = db.session.get_one(User, user_id)
            session = auth.start_session(user, ip="127.0.0.1", user_agent="")
            bearer = auth.issue_tokens(user).access_token
        return Person(name, self._browser(session), bearer)

    def visitor(self, company: Company) -> Person:
        """The one who wrote the company's conversation."""
        with inside(self.app, company) as it:
            token = tokens.issue(it.project, company.end_user_id)
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
        changed += self.changes(company, since=before)[1]

    def changes(self, company: Company, *, since: Mapping[str, str]) -> tuple[dict[str, str], list[str]]:
        """The company's fingerprint now, and the tables in which it differs from an earlier one."""
        found = self.fingerprint(company)
        return found, [table for table in found if found[table] != since[table]]


@contextmanager
def make_world(engines: TestEngines, *, csrf: bool) -> Iterator[World]:
    """A world with a database of its own, and without limits: these tests knock often.

    What goes wrong inside is answered with 500, which detectors report like any other wrong answer.
    """
    database_url = engines.make_database("isolation")
    config = config_for(database_url=database_url, redis_url=engines.redis_url(0), redis_prefix=engines.prefix("app"))
    app = create_app(replace(config, rate_limits=False))
    app.config.update(WTF_CSRF_ENABLED=csrf, PROPAGATE_EXCEPTIONS=False)
    world = World(app, database_url, *(_furnished(app, slug) for slug in ("acme", "globex")))
    with app.app_context():
        search.look_through()
    yield world
    world.close()


def _furnished(app: Flask, slug: str) -> Company:
    made = _company(app, slug)
    further = (with_scheduled, with_notification, with_macro, with_link_card, with_rating)
    for furnish in (with_privacy, with_answer, with_attachment, *further):
        made = furnish(app, made)
    return with_doubles(app, with_other_conversation(app, made))


def _company(app: Flask, slug: str) -> Company:
    """A company that was somewhere else before, and whose conversation has been measured."""
    company = make_company(app, slug)
    with inside(app, company):
        db.session.add(OldAddress(slug=f"{slug}-before"))
    _measure(app, company)
    _look_after(app, company)
    company = replace(company, deed_id=uuid4(), bulk_run_id=uuid4())
    under_way(app, company)
    return company


def _look_after(app: Flask, company: Company) -> None:
    """The company has a plan, and an operator has stood in for its viewer."""
    moment = now()
    with app.app_context(), unit_of_work():
        operator = make_user(f"operator-of-{company.slug}@installation.example")
        auth.start_session(operator, ip="127.0.0.1", user_agent="")
        session_id = db.session.scalars(select(UserSession.id).where(UserSession.user_id == operator.id)).one()
        operator_id = operator.id
    with inside(app, company):
        who = {"session_id": session_id, "operator_id": operator_id, "user_id": company.members["viewer"]}
        db.session.add(Impersonation(**who, reason="A question by phone", ends_at=moment, ended_at=moment))
        db.session.add(WorkspacePlan(name="pro"))


def _measure(app: Flask, company: Company) -> None:
    """The company's conversation has a label and was measured: a clock that was in time, how far it was followed."""
    moment = now()
    with inside(app, company):
        conversation = {"conversation_id": company.conversation_id}
        db.session.add(Participant(user_id=company.members["agent"], **conversation))
        db.session.add(ConversationLabel(label_id=company.label_id, **conversation))
        spent = {"started_at": moment, "due_at": moment, "met_at": moment, "ended_at": moment}
        db.session.add(SlaClock(kind="first_response", policy_id=company.policy_id, **conversation, **spent))
        db.session.add(SlaCursor(seq=1, turn="answered", **conversation))


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
_ELSEWHERE: dict[str, Any] = {
    "token": "of-no-letter",
    "mail_id": _NOBODYS,
    "session_id": _NOBODYS,
    "token_id": _NOBODYS,
    "provider_name": "nobody",
    "identity_id": _NOBODYS,
    "workspace_id": _NOBODYS,
    "kind": "delivery",
}
"""What addresses outside of workspaces name: never a company's own."""


def ids_of(company: Company) -> dict[str, Any]:
    """What a company's ids are called in addresses, bodies and queries."""
    return {
        **_ELSEWHERE,
        "slug": company.slug,
        "conversation_id": company.conversation_id,
        "project_id": company.project_id,
        "team_id": company.team_id,
        "team": company.team_id,
        "faces": company.team_id,
        "view": f"team:{company.team_id}",
        "invitation_id": company.invitation_id,
        "role_id": company.role_id,
        "role": company.role_id,
        "copy": company.role_id,
        "replacement": company.role_id,
        "delivery_id": company.delivery_id,
        "hours_id": company.hours_id,
        "policy_id": company.policy_id,
        "label_id": company.label_id,
        "label": company.label_id,
        "labels": [str(company.label_id)],
        "canned_id": company.canned_id,
        "saved_view_id": company.saved_view_id,
        "segment": company.segment_id,
        "attribute_id": company.attribute_id,
        "note_id": company.note_id,
        "way_id": company.identity_id,
        "double_id": company.double_id,
        "merge_id": company.merge_id,
        "message_id": company.answer_id,
        "contact_export_id": company.contact_export_id,
        "contact_import_id": company.contact_import_id,
        "deed_id": company.deed_id,
        "bulk_run_id": company.bulk_run_id,
        "ids": company.conversation_id,
        "who": company.team_id,
        "end_user_id": company.end_user_id,
        "export_id": company.export_id,
        "erasure_id": company.erasure_id,
        "attachment_id": company.attachment_id,
        "scheduled_id": company.scheduled_id,
        "macro_id": company.macro_id,
        "target_id": company.conversation_id,
        "source_id": company.other_conversation_id,
        "unwanted_id": company.other_conversation_id,
        "from_id": company.answer_id,
        "attachment_ids": [str(company.attachment_id)],
        "notification_id": company.notification_id,
        "user_id": company.members["viewer"],
        "heir_id": company.members["agent"],
        "owner_id": company.members["owner"],
        "assignee_id": company.members["agent"],
        "assignee": company.members["agent"],
        "member_ids": company.members["agent"],
        "project": company.project_id,
        "author": company.members["agent"],
    }


UNKNOWN: dict[str, Any] = {
    "slug": "nobody-at-all",
    **_ELSEWHERE,
    **dict.fromkeys(
        (
            "conversation_id",
            "project_id",
            "team_id",
            "team",
            "assignee_id",
            "assignee",
            "invitation_id",
            "role_id",
            "role",
            "copy",
            "replacement",
            "faces",
            "delivery_id",
            "hours_id",
            "policy_id",
            "label_id",
            "label",
            "canned_id",
            "saved_view_id",
            "segment",
            "attribute_id",
            "note_id",
            "way_id",
            "double_id",
            "merge_id",
            "message_id",
            "contact_export_id",
            "contact_import_id",
            "deed_id",
            "bulk_run_id",
            "ids",
            "who",
            "end_user_id",
            "export_id",
            "erasure_id",
            "attachment_id",
            "scheduled_id",
            "notification_id",
            "macro_id",
            "target_id",
            "source_id",
            "unwanted_id",
            "from_id",
            "user_id",
            "heir_id",
            "owner_id",
            "member_ids",
            "project",
            "author",
        ),
        _NOBODYS,
    ),
    "labels": [str(_NOBODYS)],
    "view": f"team:{_NOBODYS}",
    "attachment_ids": [str(_NOBODYS)],
}
