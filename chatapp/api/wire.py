"""Workspaces and conversations as JSON. Messages have theirs in `messages/wire.py`: the widget shows the same ones."""

from __future__ import annotations

from datetime import datetime
from typing import Any

from chatapp.auth.services import Tokens
from chatapp.common.clock import rfc3339
from chatapp.conversations.models import Conversation
from chatapp.workspaces.models import Membership


def tokens_json(tokens: Tokens) -> dict[str, Any]:
    return {
        "access_token": tokens.access_token,
        "refresh_token": tokens.refresh_token,
        "token_type": "Bearer",
        "expires_in": int(tokens.expires_in.total_seconds()),
    }


def workspace_json(membership: Membership) -> dict[str, Any]:
    """A workspace, and what the caller is there."""
    workspace = membership.workspace
    return {
        "id": str(workspace.id),
        "slug": workspace.slug,
        "name": workspace.name,
        "locale": workspace.locale,
        "role": membership.role,
        "created_at": rfc3339(workspace.created_at),
    }


def conversation_json(conversation: Conversation) -> dict[str, Any]:
    """A conversation as the inbox shows it. `seq` is the number of the last thing that happened in it."""
    assignee = conversation.assignee
    return {
        "id": str(conversation.id),
        "status": conversation.status,
        "channel": conversation.channel_kind,
        "project": {"id": str(conversation.project.id), "name": conversation.project.name},
        "contact": {
            "id": str(conversation.end_user.id),
            "name": conversation.end_user.name,
            "email": conversation.end_user.email,
        },
        "assignee": {"id": str(assignee.id), "name": assignee.name} if assignee else None,
        "epoch": str(conversation.epoch),
        "seq": conversation.last_seq,
        "preview": conversation.preview,
        "unread_count": conversation.unread_count,
        "rating": conversation.rating,
        "created_at": rfc3339(conversation.created_at),
        "last_message_at": rfc3339(conversation.last_message_at),
        "waiting_since": _time(conversation.waiting_since),
        "first_response_at": _time(conversation.first_response_at),
        "closed_at": _time(conversation.closed_at),
    }


def _time(moment: datetime | None) -> str | None:
    return rfc3339(moment) if moment else None
