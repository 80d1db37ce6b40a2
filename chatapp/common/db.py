"""The database: one engine per application, one session per application context, and the bases of every table.

A session belongs to one request, job or socket frame. Nobody commits it but `unit_of_work`; nobody re-scopes it but
`tenancy`. Relationships raise when they would load lazily, so that no page hides a query in a loop.
"""

from __future__ import annotations

import math
import time
from datetime import datetime
from typing import Any, ClassVar
from uuid import UUID

import psycopg
from flask import Flask, current_app
from flask.globals import app_ctx
from psycopg import Connection as PostgresConnection
from psycopg._preparing import PrepareManager
from sqlalchemy import DateTime, Engine, ForeignKey, Index, MetaData, UniqueConstraint, create_engine, event, text
from sqlalchemy.dialects.postgresql import JSONB
from sqlalchemy.engine.interfaces import DBAPIConnection
from sqlalchemy.exc import DBAPIError, DisconnectionError
from sqlalchemy.orm import DeclarativeBase, Mapped, Session, mapped_column, scoped_session, sessionmaker
from sqlalchemy.pool import ConnectionPoolEntry

from chatapp.common.clock import now
from chatapp.common.ids import uuid7

APP_ROLE = "chatapp_app"
_EXTENSION = "chatapp.engine"
_USED_AT = "used_at"
_RESTED_SECONDS = 1.0


class Base(DeclarativeBase):
    """Every table. Constraint names follow one convention, so that migrations can name them."""

    metadata = MetaData(
        naming_convention={
            "ix": "ix_%(table_name)s_%(column_0_N_name)s",
            "uq": "uq_%(table_name)s_%(column_0_N_name)s",
            "ck": "ck_%(table_name)s_%(constraint_name)s",
            "fk": "fk_%(table_name)s_%(column_0_N_name)s",
            "pk": "pk_%(table_name)s",
        }
    )
    type_annotation_map: ClassVar[dict[Any, Any]] = {
        datetime: DateTime(timezone=True),
        dict[str, Any]: JSONB,
        list[dict[str, Any]]: JSONB,
    }


class KeyMixin:
    """A UUIDv7 key and the moment of creation."""

    id: Mapped[UUID] = mapped_column(primary_key=True, default=uuid7)
    created_at: Mapped[datetime] = mapped_column(default=now)


class TenantMixin:
    """A row that belongs to one workspace. Row-level security, the ORM guard and `before_flush` all look for this."""

    workspace_id: Mapped[UUID] = mapped_column(ForeignKey("workspace.id", ondelete="CASCADE"))


def tenant_key() -> UniqueConstraint:
    """What composite foreign keys of other tables point at."""
    return UniqueConstraint("workspace_id", "id")


def word_index(table: str, column: str) -> Index:
    """For `icontains`: a part of what is written there is found without reading every row, from three letters on.

    Not for tables with row-level security, under which Postgres does not look into such an index.
    """
    return Index(f"ix_{table}_{column}_words", column, postgresql_using="gin", postgresql_ops={column: "gin_trgm_ops"})


class _BoundSession(Session):
    """A session on the engine of the current application."""

    def get_bind(self, *_args: Any, **_options: Any) -> Engine:
        return db.engine


class _Sessions(scoped_session[Session]):
    """The session of each application context."""

    def remove(self) -> None:
        """Give the connection back; one whose Postgres has gone meanwhile is thrown away: nothing depends on it now."""
        try:
            super().remove()
        except DBAPIError:
            self().invalidate()
            super().remove()


def _current_context() -> int:
    return id(app_ctx._get_current_object())  # type: ignore[attr-defined]


class Database:
    """`db.session` is the session of the current application context; `db.engine` that of the application."""

    metadata = Base.metadata

    def __init__(self) -> None:
        self.session: scoped_session[Session] = _Sessions(
            sessionmaker(class_=_BoundSession, expire_on_commit=False), scopefunc=_current_context
        )

    @property
    def engine(self) -> Engine:
        engine: Engine = current_app.extensions[_EXTENSION]
        return engine

    def init_app(self, app: Flask, *, url: str, pool_size: int, max_overflow: int) -> None:
        engine = create_engine(url, pool_size=pool_size, max_overflow=max_overflow, pool_timeout=5)
        event.listen(engine, "connect", _keep_statements)
        event.listen(engine, "connect", _take_app_role)
        event.listen(engine, "checkin", _note_use)
        event.listen(engine, "checkout", _refuse_dead)
        app.extensions[_EXTENSION] = engine
        app.teardown_appcontext(lambda _error: self.session.remove())


class _LastingStatements(PrepareManager):
    """What a connection has prepared, kept through a rollback as Postgres keeps it.

    psycopg throws it all away then, in case the transaction had changed tables. Only migrations change tables, on
    connections of their own; and every request ends its reading with a rollback.
    """

    prepared_max = 300

    def clear(self) -> bool:
        return False


def _keep_statements(connection: PostgresConnection[Any], _entry: ConnectionPoolEntry) -> None:
    connection._prepared = _LastingStatements()


def _take_app_role(connection: DBAPIConnection, _entry: ConnectionPoolEntry) -> None:
    """Step down to the role that neither owns the tables nor bypasses row-level security, where the host has it.

    Small managed plans allow no roles; there FORCE ROW LEVEL SECURITY keeps the owner inside the fences.
    """
    cursor = connection.cursor()
    cursor.execute(
        "SELECT 1 FROM pg_roles WHERE rolname = %s AND pg_has_role(session_user, oid, 'MEMBER')",
        (APP_ROLE,),
    )
    if cursor.fetchone():
        cursor.execute(f"SET ROLE {APP_ROLE}")
    cursor.close()
    connection.commit()


def _note_use(_connection: DBAPIConnection | None, entry: ConnectionPoolEntry) -> None:
    entry.info[_USED_AT] = time.monotonic()


def _refuse_dead(connection: Any, entry: ConnectionPoolEntry, _proxy: object) -> None:
    """A connection that has rested may have lost its Postgres: ask, and let the pool open another if so.

    Asking before each use, as the pool can by itself, would cost every request a round trip.
    """
    if time.monotonic() - entry.info.get(_USED_AT, math.inf) < _RESTED_SECONDS:
        return
    try:
        connection.execute("SELECT 1")
        connection.rollback()
    except psycopg.OperationalError as error:
        raise DisconnectionError(str(error)) from error


def ping() -> None:
    """Raise `OperationalError` when Postgres does not answer."""
    db.session.execute(text("SELECT 1"))


db = Database()
