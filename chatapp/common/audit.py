"""The audit log: who did what, to what, when and from where. Written in the transaction of the deed, and never changed.

Postgres holds that, too: a trigger refuses every update and deletion, whoever asks; entries go only with their
workspace. Names are kept as they were then, so that an entry can still be read when the person is gone.
"""

from __future__ import annotations

from collections.abc import Mapping
from typing import Any, Protocol
from uuid import UUID

from flask import has_request_context, request
from flask_babel import lazy_gettext as _l
from sqlalchemy import Index
from sqlalchemy.orm import Mapped, mapped_column

from chatapp.common.db import Base, KeyMixin, TenantMixin, db
from chatapp.common.tenancy import current_workspace_id

ACTIONS = {
    "workspace.created": _l("Created the workspace"),
    "member.role_changed": _l("Changed the role of"),
    "member.removed": _l("Removed"),
    "member.left": _l("Left the workspace"),
    "ownership.transferred": _l("Handed the ownership to"),
    "invitation.sent": _l("Invited"),
    "invitation.resent": _l("Invited again"),
    "invitation.revoked": _l("Withdrew the invitation of"),
    "invitation.accepted": _l("Accepted the invitation"),
    "project.created": _l("Created a project"),
    "project.changed": _l("Changed a project"),
}
"""Everything that is recorded, in the words that people read."""

_SECRETS = ("password", "token", "secret", "hash")
_HIDDEN = "•••"
_MAX_NAME = 254


class Person(Protocol):
    """Whoever did something: an account."""

    @property
    def id(self) -> UUID: ...

    @property
    def name(self) -> str: ...


class AuditEntry(KeyMixin, TenantMixin, Base):
    """One deed. `changes` maps names of fields to what they were and what they became."""

    __tablename__ = "audit_entry"
    __table_args__ = (
        Index("ix_audit_entry_time", "workspace_id", "created_at", "id"),
        Index("ix_audit_entry_actor", "workspace_id", "actor_id", "created_at"),
    )

    action: Mapped[str]
    actor_id: Mapped[UUID | None]
    actor_name: Mapped[str]
    target_id: Mapped[UUID | None]
    target_name: Mapped[str] = mapped_column(default="")
    ip: Mapped[str | None]
    changes: Mapped[dict[str, Any]] = mapped_column(default=dict)


def record(
    action: str,
    *,
    by: Person | None,
    target_id: UUID | None = None,
    target_name: str = "",
    changes: Mapping[str, tuple[object, object]] | None = None,
) -> None:
    """Write one of `ACTIONS` into the log of the current workspace. Without a person it was the system's own doing."""
    if action not in ACTIONS:
        raise KeyError(f"{action} has no words in ACTIONS.")
    db.session.add(
        AuditEntry(
            workspace_id=current_workspace_id(),
            action=action,
            actor_id=by.id if by else None,
            actor_name=by.name if by else "",
            target_id=target_id,
            target_name=target_name[:_MAX_NAME],
            ip=request.remote_addr if has_request_context() else None,
            changes=_told(changes or {}),
        )
    )


def _told(changes: Mapping[str, tuple[object, object]]) -> dict[str, list[object]]:
    """What really changed. That a secret changed is worth knowing; what it was is nobody's."""
    return {
        field: [_HIDDEN, _HIDDEN] if any(word in field for word in _SECRETS) else [before, after]
        for field, (before, after) in changes.items()
        if before != after
    }
