"""The database: one engine per application, one session per application context, and the bases of every table.

A session belongs to one request, job or socket frame. Nobody commits it but `unit_of_work`; nobody re-scopes it but
`tenancy`. Relationships raise when they would load lazily, so that no page hides a query in a loop.
"""

from __future__ import annotations

from datetime import datetime
from typing import Any, ClassVar
from uuid import UUID

from flask import Flask, current_app
from flask.globals import app_ctx
from sqlalchemy import DateTime, Engine, ForeignKey, MetaData, UniqueConstraint, create_engine, event, text
from sqlalchemy.dialects.postgresql import JSONB
from sqlalchemy.engine.interfaces import DBAPIConnection
from sqlalchemy.exc import DBAPIError
from sqlalchemy.orm import DeclarativeBase, Mapped, Session, mapped_column, scoped_session, sessionmaker
from sqlalchemy.pool import ConnectionPoolEntry

from chatapp.common.clock import now
from chatapp.common.ids import uuid7

APP_ROLE = "chatapp_app"
_EXTENSION = "chatapp.engine"


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
        engine = create_engine(url, pool_size=pool_size, max_overflow=max_overflow, pool_pre_ping=True, pool_timeout=5)
        event.listen(engine, "connect", _take_app_role)
        app.extensions[_EXTENSION] = engine
        app.teardown_appcontext(lambda _error: self.session.remove())


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


def ping() -> None:
    """Raise `OperationalError` when Postgres does not answer."""
    db.session.execute(text("SELECT 1"))


db = Database()
