"""Workspaces and conversations as JSON. Messages have theirs in `messages/wire.py`: the widget shows the same ones."""

from __future__ import annotations

from collections.abc import Iterable
from datetime import datetime
from typing import Any

from chatapp.auth.models import User
from chatapp.auth.services import Tokens
from chatapp.common.clock import rfc3339
from chatapp.common.pictures import public_address
from chatapp.conversations.models import Conversation
from chatapp.labels.models import Label
from chatapp.macros.models import Macro
from chatapp.scheduled.models import ScheduledReply
from chatapp.teams.models import Team, TeamMember
from chatapp.workspaces.models import Membership, name_of


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
        "time_zone": workspace.time_zone,
        "logo_url": public_address(workspace.logo_path),
        "role": name_of(membership.any_role),
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
        "assignee": _person(assignee) if assignee else None,
        "team": {"id": str(conversation.team.id), "name": conversation.team.name} if conversation.team else None,
        "priority": conversation.priority_name,
        "labels": conversation.labels,
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
        "snoozed_until": _time(conversation.snoozed_until),
    }


def member_json(member: Membership, *, at: datetime) -> dict[str, Any]:
    """A member, under the id that `assignee_id` takes."""
    return {
        "id": str(member.user_id),
        "name": member.user.name,
        "email": member.user.email,
        "role": name_of(member.any_role),
        "presence": member.presence(at),
    }


def team_json(team: Team, rows: Iterable[TeamMember]) -> dict[str, Any]:
    """A team, with the ids of who is in it."""
    return {
        "id": str(team.id),
        "name": team.name,
        "description": team.description,
        "member_ids": [str(row.user_id) for row in rows],
        "created_at": rfc3339(team.created_at),
    }


def label_json(label: Label) -> dict[str, Any]:
    return {"id": str(label.id), "name": label.name, "colour": label.colour}


def macro_json(macro: Macro) -> dict[str, Any]:
    """`team_id` and `is_own` tell whose it is: with neither it is everybody's. `actions` as it stands in the table."""
    return {
        "id": str(macro.id),
        "name": macro.name,
        "team_id": str(macro.team_id) if macro.team_id else None,
        "is_own": macro.is_own,
        "actions": macro.actions,
    }


def scheduled_json(reply: ScheduledReply) -> dict[str, Any]:
    """A reply that waits. Once it is sent, it is a message with this `client_id`."""
    return {
        "id": str(reply.id),
        "conversation_id": str(reply.conversation_id),
        "client_id": str(reply.client_id),
        "text": reply.text,
        "send_at": rfc3339(reply.send_at),
        "created_at": rfc3339(reply.created_at),
    }


def _person(user: User) -> dict[str, Any]:
    return {"id": str(user.id), "name": user.name, "avatar_url": public_address(user.avatar_path)}


def _time(moment: datetime | None) -> str | None:
    return rfc3339(moment) if moment else None
