"""The fences between workspaces.

A session is bound to one workspace for life (`enter`). Every ORM statement then carries the workspace as a criterion,
`before_flush` stamps new rows and refuses foreign ones, and Postgres compares each row with `app.workspace_id` by
row-level security. With no workspace entered, touching a tenant's table raises. `across_tenants` is the only door.
"""

from __future__ import annotations

from collections.abc import Iterator
from contextlib import contextmanager
from typing import Any
from uuid import UUID

import structlog
from psycopg import Connection as PostgresConnection
from psycopg.pq import TransactionStatus
from sqlalchemy import ColumnElement, Connection, Uuid, bindparam, event, false, text
from sqlalchemy.orm import ORMExecuteState, Session, SessionTransaction, with_loader_criteria
from sqlalchemy.orm.mapper import Mapper
from sqlalchemy.orm.unitofwork import UOWTransaction

from chatapp.common.db import TenantMixin, db

log = structlog.get_logger()

_WORKSPACE = "workspace_id"
_MEMBER = "member_id"
_SYSTEM = "system_scope"
_SET_SCOPE = text("SELECT set_config('app.workspace_id', :workspace, true), set_config('app.scope', :scope, true)")


class TenancyError(Exception):
    """Code touched a tenant's rows outside that tenant. Always a defect, never the user's fault."""


def enter(workspace_id: UUID, *, member_id: UUID | None = None) -> None:
    """Bind the current session to a workspace, for life; in the name of a member, if one came in."""
    info = db.session().info
    if member_id is not None:
        info[_MEMBER] = member_id
    bound = info.setdefault(_WORKSPACE, workspace_id)
    if bound != workspace_id:
        raise TenancyError(f"This session belongs to workspace {bound} and cannot enter {workspace_id}.")
    _tell_postgres(db.session())


def current_workspace_id() -> UUID:
    """The workspace that the session is bound to. Raises `TenancyError` outside of one."""
    workspace_id: UUID | None = db.session().info.get(_WORKSPACE)
    if workspace_id is None:
        raise TenancyError("No workspace has been entered.")
    return workspace_id


def is_entered_by_member(session: Session) -> bool:
    """Whether a member came in through the door, and not a visitor, a job or a command."""
    return _MEMBER in session.info


def is_across(session: Session) -> bool:
    """Whether the session is in an `across_tenants` block now."""
    return bool(session.info.get(_SYSTEM))


@contextmanager
def across_tenants(*, reason: str) -> Iterator[None]:
    """See every workspace's rows until the block ends. `reason` says why, for the log and for the reader.

    What was loaded inside does not stay in the session, so that a later `get` cannot be served a foreign row. Inside
    another such block it changes nothing: the outer one ends it, however it is left.
    """
    session = db.session()
    if session.info.get(_SYSTEM):
        yield
        return
    log.debug("tenancy.across", reason=reason)
    session.info[_SYSTEM] = True
    _tell_postgres(session)
    try:
        yield
        session.flush()
    finally:
        del session.info[_SYSTEM]
        _forget_tenant_rows(session)
        _tell_postgres(session)


def _of_bound_workspace(row: type[TenantMixin]) -> ColumnElement[bool]:
    return row.workspace_id == bindparam("tenant", callable_=current_workspace_id, type_=Uuid())


# Made once: building the criterion for each statement would cost as much as a small query. The workspace is asked for
# when the statement runs.
_INSIDE = with_loader_criteria(
    TenantMixin, lambda row: _of_bound_workspace(row), include_aliases=True, track_closure_variables=False
)
_NOTHING = with_loader_criteria(TenantMixin, lambda _row: false(), include_aliases=True)


def _forget_tenant_rows(session: Session) -> None:
    own = session.info.get(_WORKSPACE)
    for row in list(session.identity_map.values()):
        if isinstance(row, TenantMixin) and row.workspace_id != own:
            session.expunge(row)


def _scope(session: Session) -> dict[str, str]:
    workspace_id = session.info.get(_WORKSPACE)
    return {
        "workspace": str(workspace_id) if workspace_id else "",
        "scope": "system" if session.info.get(_SYSTEM) else "",
    }


def _tell_postgres(session: Session) -> None:
    """Inside a transaction at once; otherwise `after_begin` will. A failed one takes its settings back by itself."""
    if session.in_transaction() and session.is_active and not _has_failed(session.connection()):
        session.connection().execute(_SET_SCOPE, _scope(session))


def _has_failed(connection: Connection) -> bool:
    """Whether the transaction can only be rolled back: a statement failed, or Postgres itself has gone."""
    if connection.invalidated:
        return True
    driver: PostgresConnection[Any] = connection.connection.driver_connection  # type: ignore[assignment]
    return driver.info.transaction_status in (TransactionStatus.INERROR, TransactionStatus.UNKNOWN)


@event.listens_for(Session, "after_begin")
def _set_scope_of_transaction(session: Session, _transaction: SessionTransaction, connection: Connection) -> None:
    scope = _scope(session)
    if any(scope.values()):
        connection.execute(_SET_SCOPE, scope)


@event.listens_for(Session, "do_orm_execute")
def _keep_inside_workspace(state: ORMExecuteState) -> None:
    info = state.session.info
    if info.get(_SYSTEM) or not state.is_orm_statement or state.is_insert or state.is_column_load:
        return
    if state.is_relationship_load:
        return
    if info.get(_WORKSPACE) is not None:
        state.statement = state.statement.options(_INSIDE)
        return
    if any(_is_tenant(mapper) for mapper in state.all_mappers):
        raise TenancyError("A tenant's rows were asked for, but no workspace has been entered.")
    state.statement = state.statement.options(_NOTHING)


def _is_tenant(mapper: Mapper[Any]) -> bool:
    return issubclass(mapper.class_, TenantMixin)


@event.listens_for(Session, "before_flush")
def _stamp_and_refuse(session: Session, _context: UOWTransaction, _instances: object) -> None:
    if session.info.get(_SYSTEM):
        return
    workspace_id = session.info.get(_WORKSPACE)
    for row in (*session.new, *session.dirty, *session.deleted):
        if not isinstance(row, TenantMixin):
            continue
        if row.workspace_id is None and workspace_id is not None:
            row.workspace_id = workspace_id
        if workspace_id is None or row.workspace_id != workspace_id:
            raise TenancyError(f"{type(row).__name__} of workspace {row.workspace_id} written from {workspace_id}.")
