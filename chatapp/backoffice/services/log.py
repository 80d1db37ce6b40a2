"""Write into the log of the installation, in the transaction of the deed."""

from __future__ import annotations

from uuid import UUID

from flask import has_request_context, request

from chatapp.auth.models import User
from chatapp.backoffice.models import DEEDS, InstallationEntry
from chatapp.common.db import db

_MAX_NAME = 254


def record(
    action: str, *, by: User | None, target_id: UUID | None = None, target_name: str = "", **details: object
) -> None:
    """Write one of `DEEDS`. Without a person it came from the command line."""
    if action not in DEEDS:
        raise KeyError(f"{action} has no words in DEEDS.")
    db.session.add(
        InstallationEntry(
            action=action,
            actor_id=by.id if by else None,
            actor_name=by.name if by else "",
            target_id=target_id,
            target_name=target_name[:_MAX_NAME],
            ip=request.remote_addr if has_request_context() else None,
            details={name: value for name, value in details.items() if value not in (None, "")},
        )
    )
