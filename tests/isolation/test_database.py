"""Postgres' fence, alone: it holds for raw SQL, for the owner of the tables, and for tables that nobody thought of."""

import psycopg
import pytest
from sqlalchemy import text
from sqlalchemy.exc import IntegrityError, ProgrammingError

from chatapp.common.db import APP_ROLE, Base, db
from chatapp.common.unit_of_work import unit_of_work
from tests.isolation import schema
from tests.isolation.world import TENANT_TABLES, World

APPEND_ONLY = {"audit_entry"}  # nobody changes its rows, not even one's own: see tests/audit


def test_the_models_and_the_database_agree_which_tables_are_tenants(world: World) -> None:
    assert tuple(schema.tenant_tables(world.connection)) == TENANT_TABLES
    assert len(TENANT_TABLES) >= 8


@pytest.mark.parametrize(
    "detector",
    [
        schema.tables_without_row_security,
        schema.policies_that_let_through,
        schema.foreign_keys_across,
        schema.unique_across,
        schema.nullable_workspaces,
        schema.ways_around,
    ],
    ids=lambda detector: detector.__name__,
)
def test_the_schema_has_no_gap(world: World, detector: object) -> None:
    assert detector(world.connection) == []  # type: ignore[operator]


def test_every_exception_is_still_there(world: World) -> None:
    names = {name for (name,) in world.connection.execute("SELECT relname FROM pg_class WHERE relkind = 'i'")}
    assert schema.GLOBALLY_UNIQUE.keys() <= names


def test_the_application_is_nobody_who_may_bypass_the_fence(world: World) -> None:
    with world.app.app_context(), unit_of_work():
        role = db.session.execute(
            text("SELECT rolname, rolsuper, rolbypassrls FROM pg_roles WHERE rolname = current_user")
        ).one()
        owned = db.session.execute(
            text("SELECT relname FROM pg_class WHERE relowner = current_user::regrole AND relkind = 'r'")
        ).all()
    assert tuple(role) == (APP_ROLE, False, False)
    assert owned == []


@pytest.mark.parametrize("table", TENANT_TABLES)
def test_raw_sql_sees_no_row_of_another_workspace(world: World, table: str) -> None:
    count = f"SELECT count(*) FROM {table} WHERE workspace_id = :workspace"
    with world.app.app_context(), unit_of_work(world.globex.workspace_id):
        workspace = {"workspace": world.globex.workspace_id}
        if table != "visitor_session":
            assert db.session.execute(text(count), workspace).scalar_one() > 0
        assert db.session.execute(text(count), {"workspace": world.acme.workspace_id}).scalar_one() == 0


@pytest.mark.parametrize("table", TENANT_TABLES)
def test_raw_sql_without_a_workspace_sees_nothing(world: World, table: str) -> None:
    with world.app.app_context(), unit_of_work():
        assert db.session.execute(text(f"SELECT count(*) FROM {table}")).scalar_one() == 0


@pytest.mark.parametrize("table", sorted(set(TENANT_TABLES) - APPEND_ONLY))
def test_raw_sql_changes_no_row_of_another_workspace(world: World, table: str) -> None:
    with world.untouched(world.acme) as changed, world.app.app_context(), unit_of_work(world.globex.workspace_id):
        workspace = {"workspace": world.acme.workspace_id}
        changes = (f"UPDATE {table} SET workspace_id = workspace_id", f"DELETE FROM {table}")
        for change in changes:
            assert db.session.execute(text(f"{change} WHERE workspace_id = :workspace"), workspace).rowcount == 0  # type: ignore[attr-defined]
    assert changed == []


def test_raw_sql_writes_no_row_into_another_workspace(world: World) -> None:
    insert = text(
        "INSERT INTO end_user (id, created_at, workspace_id, message_count) "
        "VALUES (gen_random_uuid(), now(), :workspace, 0)"
    )
    with world.app.app_context(), unit_of_work(world.globex.workspace_id):
        db.session.execute(insert, {"workspace": world.globex.workspace_id})
        with pytest.raises(ProgrammingError, match="row-level security"):
            db.session.execute(insert, {"workspace": world.acme.workspace_id})
        db.session.rollback()


def test_a_row_cannot_point_into_another_workspace(world: World) -> None:
    """Foreign keys are checked past row-level security, so they must compare the workspace themselves."""
    with world.app.app_context(), unit_of_work(world.globex.workspace_id):
        move = text("UPDATE conversation SET end_user_id = :end_user WHERE id = :conversation")
        with pytest.raises(IntegrityError):
            db.session.execute(move, {"end_user": world.acme.end_user_id, "conversation": world.globex.conversation_id})
        db.session.rollback()


def test_the_scope_ends_with_the_transaction(world: World) -> None:
    """A connection that goes back to the pool takes no workspace with it."""
    with world.app.app_context():
        with unit_of_work(world.globex.workspace_id):
            first = db.session.execute(text("SELECT pg_backend_pid()")).scalar_one()
        with db.engine.connect() as connection:
            assert connection.execute(text("SELECT pg_backend_pid()")).scalar_one() == first
            assert connection.execute(text("SELECT count(*) FROM project")).scalar_one() == 0


def test_the_owner_of_the_tables_stays_behind_the_fence_too(world: World) -> None:
    """Small managed plans have one role only; FORCE keeps it inside. Shown by making our role the owner."""
    with world.connection.transaction(force_rollback=True):
        for table in Base.metadata.tables:
            world.connection.execute(f'ALTER TABLE "{table}" OWNER TO {APP_ROLE}'.encode())
        world.connection.execute(f"SET LOCAL ROLE {APP_ROLE}".encode())
        world.connection.execute("SELECT set_config('app.scope', '', true)")
        assert _projects(world.connection) == 0
        world.connection.execute("SELECT set_config('app.workspace_id', %s, true)", (str(world.globex.workspace_id),))
        assert _projects(world.connection) > 0


def _projects(connection: psycopg.Connection[tuple[object, ...]]) -> int:
    counted = connection.execute("SELECT count(*) FROM project").fetchone()
    assert counted is not None
    return int(str(counted[0]))
