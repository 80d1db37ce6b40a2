"""The audit log: who did what, to what, when and from where. Written in the transaction of the deed, and never changed.

Postgres holds that, too: a trigger refuses every update and deletion, whoever asks; entries go only with their
workspace. Names are kept as they were then, so that an entry can still be read when the person is gone.
"""

from __future__ import annotations

from collections.abc import Mapping
from typing import Any, Protocol
from uuid import UUID

from flask import g, has_request_context, request
from flask_babel import lazy_gettext as _l
from sqlalchemy import Index
from sqlalchemy.orm import Mapped, mapped_column

from chatapp.common.db import Base, KeyMixin, TenantMixin, db
from chatapp.common.purging import APPEND_ONLY
from chatapp.common.tenancy import current_workspace_id

ACTIONS = {
    "workspace.created": _l("Created the workspace"),
    "workspace.suspended": _l("Suspended the workspace"),
    "workspace.restored": _l("Opened the workspace again"),
    "impersonation.began": _l("Stands in for"),
    "impersonation.ended": _l("Stands in no more for"),
    "impersonation.acted": _l("Did, standing in:"),
    "workspace.changed": _l("Changed the workspace"),
    "workspace.moved": _l("Changed the address of"),
    "workspace.two_factor_required": _l("Asked everybody for two-factor in"),
    "workspace.two_factor_optional": _l("No longer asked for two-factor in"),
    "workspace.closed": _l("Closed the workspace"),
    "workspace.kept": _l("Opened the workspace again"),
    "workspace.idle_closing_changed": _l("Changed auto-close in"),
    "workspace.link_cards_shown": _l("Switched link previews on in"),
    "workspace.link_cards_hidden": _l("Switched link previews off in"),
    "workspace.logo_changed": _l("Changed the logo of"),
    "workspace.logo_removed": _l("Removed the logo of"),
    "member.role_changed": _l("Changed the role of"),
    "member.removed": _l("Removed"),
    "member.left": _l("Left the workspace"),
    "role.created": _l("Made the role"),
    "role.changed": _l("Changed the role"),
    "role.deleted": _l("Deleted the role"),
    "ownership.transferred": _l("Handed the ownership to"),
    "invitation.sent": _l("Invited"),
    "invitation.resent": _l("Invited again"),
    "invitation.revoked": _l("Withdrew the invitation of"),
    "invitation.accepted": _l("Accepted the invitation"),
    "team.created": _l("Created a team"),
    "team.changed": _l("Changed a team"),
    "team.deleted": _l("Deleted a team"),
    "delivery.retried": _l("Had tried again"),
    "delivery.discarded": _l("Gave up"),
    "plan.changed": _l("Changed the plan"),
    "token.created": _l("Made an access token"),
    "token.revoked": _l("Revoked the access token"),
    "message.edited": _l("Edited a message of"),
    "message.deleted": _l("Deleted a message of"),
    "project.created": _l("Created a project"),
    "project.changed": _l("Changed a project"),
    "project.logo_changed": _l("Changed the logo of"),
    "project.logo_removed": _l("Removed the logo of"),
    "project.archived": _l("Archived a project"),
    "project.restored": _l("Took a project out of the archive"),
    "canned_reply.created": _l("Wrote a canned reply"),
    "canned_reply.changed": _l("Changed a canned reply"),
    "canned_reply.deleted": _l("Deleted a canned reply"),
    "conversation.deleted": _l("Deleted a conversation"),
    "conversation.restored": _l("Brought a deleted conversation back"),
    "conversation.transcript_downloaded": _l("Downloaded a transcript of a conversation with"),
    "conversation.transcript_mailed": _l("Mailed a transcript of a conversation with"),
    "macro.created": _l("Wrote a macro"),
    "macro.changed": _l("Changed a macro"),
    "macro.deleted": _l("Deleted a macro"),
    "attribute.created": _l("Made an attribute"),
    "attribute.changed": _l("Changed an attribute"),
    "attribute.deleted": _l("Deleted an attribute"),
    "hours.created": _l("Created business hours"),
    "hours.changed": _l("Changed business hours"),
    "hours.deleted": _l("Deleted business hours"),
    "label.created": _l("Made a label"),
    "label.changed": _l("Changed a label"),
    "label.deleted": _l("Deleted a label"),
    "saved_view.created": _l("Made a view for others"),
    "saved_view.changed": _l("Changed a view of others"),
    "saved_view.deleted": _l("Deleted a view of others"),
    "sla.created": _l("Created a policy of targets"),
    "sla.changed": _l("Changed a policy of targets"),
    "sla.moved": _l("Moved a policy of targets"),
    "sla.deleted": _l("Deleted a policy of targets"),
    "contact.blocked": _l("Blocked the contact"),
    "contact.unblocked": _l("Unblocked the contact"),
    "contact.merged": _l("Merged another contact into"),
    "contact.parted": _l("Took a merge back from"),
    "contacts.exported": _l("Exported all contacts"),
    "contacts.export_downloaded": _l("Downloaded the file of all contacts"),
    "contacts.imported": _l("Imported contacts"),
    "person.export_asked": _l("Asked for a person's data"),
    "person.export_downloaded": _l("Downloaded a person's data"),
    "person.erasure_asked": _l("Asked to erase a person"),
    "person.erased": _l("Erased a person"),
    "person.erased_again": _l("Erased people again after a restore"),
    "retention.changed": _l("Changed how long conversations are kept"),
    "retention.applied": _l("Applied how long conversations are kept"),
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
    """One deed. `changes` maps names of fields to what they were and what they became. With an operator's name it was
    they who did it, standing in for the actor."""

    __tablename__ = "audit_entry"
    __table_args__ = (
        Index("ix_audit_entry_time", "workspace_id", "created_at", "id"),
        Index("ix_audit_entry_actor", "workspace_id", "actor_id", "created_at"),
        {"info": APPEND_ONLY},
    )

    action: Mapped[str]
    actor_id: Mapped[UUID | None]
    actor_name: Mapped[str]
    target_id: Mapped[UUID | None]
    target_name: Mapped[str] = mapped_column(default="")
    ip: Mapped[str | None]
    changes: Mapped[dict[str, Any]] = mapped_column(default=dict)
    operator_name: Mapped[str | None]


def record(
    action: str,
    *,
    by: Person | None,
    target_id: UUID | None = None,
    target_name: str = "",
    changes: Mapping[str, tuple[object, object]] | None = None,
    workspace_id: UUID | None = None,
) -> None:
    """Write one of `ACTIONS` into the log of the current workspace or, inside `across_tenants`, of the one that is
    named. Without a person it was the system's own doing."""
    if action not in ACTIONS:
        raise KeyError(f"{action} has no words in ACTIONS.")
    impersonator: Person | None = g.get("impersonator")
    db.session.add(
        AuditEntry(
            workspace_id=workspace_id or current_workspace_id(),
            action=action,
            actor_id=by.id if by else None,
            actor_name=by.name if by else "",
            operator_name=impersonator.name if impersonator and by and impersonator.id != by.id else None,
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
