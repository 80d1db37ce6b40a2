"""Addresses of files for whoever has no cookie of ours: visitors and programs. Signed, for one file, for some hours.

A link is the same for hours, so that browsers keep what they have loaded and a thread that is drawn again stays still.
"""

from __future__ import annotations

import time
from collections.abc import Mapping
from dataclasses import dataclass
from typing import Any
from uuid import UUID

from flask import current_app
from itsdangerous import BadSignature, URLSafeSerializer

_SALT = "chatapp.attachments.1"
_STEP = 6 * 3600
"""A link lives from one step to two, in seconds."""


@dataclass(frozen=True)
class Linked:
    """The file that a link leads to."""

    workspace_id: UUID
    attachment_id: UUID
    is_thumbnail: bool


def base() -> str:
    """The address under which files are served to everybody but the dashboard."""
    config = current_app.extensions["chatapp.config"]
    address: str = config.files_url or config.public_url
    return address


def link(workspace_id: UUID, attachment_id: str, *, thumbnail: bool = False) -> str:
    """A complete address."""
    ends = (int(time.time()) // _STEP + 2) * _STEP
    token = _signer().dumps([workspace_id.hex, UUID(attachment_id).hex, int(thumbnail), ends])
    return f"{base()}/files/{token}"


def read(token: str) -> Linked | None:
    """What a link leads to; None for one that is not ours or is over."""
    try:
        workspace_id, attachment_id, is_thumbnail, ends = _signer().loads(token)
    except BadSignature:
        return None
    if ends < time.time():
        return None
    return Linked(UUID(workspace_id), UUID(attachment_id), bool(is_thumbnail))


def linked(facts: Mapping[str, Any], workspace_id: UUID) -> dict[str, Any]:
    """An attachment as JSON tells it: what its message keeps of it, and where it can be had."""
    return {
        **facts,
        "url": link(workspace_id, facts["id"]),
        "thumbnail_url": link(workspace_id, facts["id"], thumbnail=True) if facts["kind"] == "image" else None,
    }


def _signer() -> URLSafeSerializer:
    return URLSafeSerializer(current_app.secret_key, salt=_SALT)  # type: ignore[arg-type]
