"""The detectors can find something: each defect planted here turns them red, and each fence holds without the others.

A test that never fails proves nothing. These run in a world of their own (the fixture is made once per module) and
take every defect out again.
"""

from collections.abc import Iterator
from contextlib import contextmanager
from typing import Any

import psycopg
import pytest
from sqlalchemy import event
from sqlalchemy.orm import Session

from chatapp.api.views import conversations as api_conversations
from chatapp.common import tenancy
from chatapp.common.errors import AppError
from chatapp.conversations import permissions
from chatapp.messages.views import thread as messages
from chatapp.workspaces import queries as workspaces
from tests.isolation import detectors, schema
from tests.isolation.calls import CALLS, Calls
from tests.isolation.world import World

# Planted defects


@contextmanager
def without_row_security(world: World) -> Iterator[None]:
    for table in schema.tenant_tables(world.connection):
        world.connection.execute(f"ALTER TABLE {table} DISABLE ROW LEVEL SECURITY".encode())
    try:
        yield
    finally:
        for table in schema.tenant_tables(world.connection):
            world.connection.execute(f"ALTER TABLE {table} ENABLE ROW LEVEL SECURITY".encode())


@contextmanager
def without_orm_guard() -> Iterator[None]:
    listeners = (
        ("do_orm_execute", tenancy._keep_inside_workspace),
        ("before_flush", tenancy._stamp_and_refuse),
    )
    for name, listener in listeners:
        event.remove(Session, name, listener)
    try:
        yield
    finally:
        for name, listener in listeners:
            event.listen(Session, name, listener)


@contextmanager
def changed(world: World, *statements: str) -> Iterator[psycopg.Connection[Any]]:
    """The schema with these changes, taken back afterwards."""
    with world.connection.transaction(force_rollback=True):
        for statement in statements:
            world.connection.execute(statement.encode())
        yield world.connection


def only(*endpoints: str) -> Calls:
    """The calls of these routes: enough to see a defect that was planted there."""
    return {route: calls for route, calls in CALLS.items() if route[0] in endpoints}


# The fences between workspaces


def test_without_both_fences_strangers_get_in(world: World) -> None:
    routes = (("api.conversation", "GET"), ("inbox.conversation", "GET"), ("messages.create", "POST"))
    with without_row_security(world), without_orm_guard():
        findings = detectors.outsiders_who_get_in(world, {route: CALLS[route] for route in routes})
    assert "api.conversation GET() with a foreign conversation_id answers 200" in findings
    assert any("inbox.conversation" in finding for finding in findings)
    assert any("messages.create POST" in finding and "changes message" in finding for finding in findings)


def test_row_security_alone_keeps_strangers_out(world: World) -> None:
    with without_orm_guard():
        assert detectors.outsiders_who_get_in(world) == []


def test_the_orm_guard_alone_keeps_strangers_out(world: World) -> None:
    with without_row_security(world):
        assert detectors.outsiders_who_get_in(world) == []


def test_a_door_that_lets_everybody_in_is_found(world: World, monkeypatch: pytest.MonkeyPatch) -> None:
    """The look-up through the memberships is the authorisation: here it finds the owner's, whoever asks."""
    find = workspaces.membership_at

    def careless(slug: str, _user_id: object) -> object:
        company = {"acme": world.acme, "globex": world.globex}.get(slug)
        return find(slug, company.members["owner"]) if company else None

    monkeypatch.setattr(workspaces, "membership_at", careless)
    findings = detectors.outsiders_who_get_in(world, only("inbox.show"))
    assert "inbox.show GET() with a foreign slug answers 200" in findings
    assert detectors.doors_of_sockets(world) != []


def test_an_answer_that_tells_foreign_from_unknown_is_found(world: World, monkeypatch: pytest.MonkeyPatch) -> None:
    find = api_conversations.queries.conversation

    def talkative(conversation_id: object) -> object:
        if conversation_id == world.acme.conversation_id:
            raise AppError(404, "This belongs to somebody else.")
        return find(conversation_id)  # type: ignore[arg-type]

    monkeypatch.setattr(api_conversations.queries, "conversation", talkative)
    findings = detectors.outsiders_who_get_in(world, only("api.conversation"))
    assert "api.conversation GET() with a foreign conversation_id can be told from an unknown one" in findings


def test_a_change_of_foreign_rows_is_found(world: World) -> None:
    """Prove the fingerprint itself: the smallest change shows, and names its table."""
    with world.untouched(world.acme) as touched:
        world.connection.execute(
            "UPDATE conversation SET unread_count = unread_count + 1 WHERE workspace_id = %s",
            (world.acme.workspace_id,),
        )
    assert touched == ["conversation"]


# Routes and roles


def test_a_route_without_a_line_is_found(world: World, monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr(detectors, "CALLS", {})
    assert "messages.create POST has no line in tests/isolation/calls.py" in detectors.routes_without_a_call(world)


def test_a_weaker_permission_is_found(world: World, monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr(messages.create, "__access__", permissions.VIEW)
    findings = detectors.roles_that_differ(world, only("messages.create"))
    assert "messages.create POST(client_id, text) as viewer of globex answers 200" in findings
    assert "messages.create POST(client_id, text) as viewer of globex changes message" in findings


def test_a_permission_that_is_forgotten_inside_a_view_is_found(world: World, monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr(api_conversations, "demand", lambda _permission: None)
    findings = detectors.roles_that_differ(world, only("api.change_conversation"))
    assert "api.change_conversation PATCH(status) as viewer of globex answers 200" in findings


# The schema


@pytest.mark.parametrize(
    ("statement", "detector", "finding"),
    [
        (
            "ALTER TABLE project DISABLE ROW LEVEL SECURITY",
            schema.tables_without_row_security,
            "project: row security is off",
        ),
        (
            "ALTER TABLE project NO FORCE ROW LEVEL SECURITY",
            schema.tables_without_row_security,
            "project: row security is not forced",
        ),
        (
            "CREATE TABLE planted (id uuid PRIMARY KEY, workspace_id uuid)",
            schema.tables_without_row_security,
            "planted: row security is off",
        ),
        (
            "CREATE TABLE planted (id uuid PRIMARY KEY, workspace_id uuid)",
            schema.nullable_workspaces,
            "planted: workspace_id may be empty",
        ),
        (
            "DROP POLICY tenant ON message",
            schema.policies_that_let_through,
            "message: no policy compares the workspace in both directions",
        ),
        (
            "CREATE POLICY support ON message USING (true)",
            schema.policies_that_let_through,
            "message: policy support opens another way",
        ),
        (
            "ALTER TABLE conversation ADD CONSTRAINT plain FOREIGN KEY (end_user_id) REFERENCES end_user (id)",
            schema.foreign_keys_across,
            "conversation: plain",
        ),
        ("CREATE UNIQUE INDEX by_email ON end_user (email)", schema.unique_across, "end_user: by_email"),
        ("CREATE VIEW everything AS SELECT * FROM message", schema.ways_around, "view everything"),
    ],
)
def test_a_gap_in_the_schema_is_found(world: World, statement: str, detector: Any, finding: str) -> None:
    assert finding not in detector(world.connection)
    with changed(world, statement) as connection:
        assert finding in detector(connection)


def test_the_world_is_whole_again(world: World) -> None:
    """The last word: no defect was left behind."""
    calls = only("messages.create", "api.change_conversation", "api.conversation", "inbox.show")
    assert detectors.roles_that_differ(world, calls) == []
    assert detectors.outsiders_who_get_in(world, calls) == []
    assert schema.tables_without_row_security(world.connection) == []
