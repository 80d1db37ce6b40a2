"""A visit: the panel was opened, and gets everything its first screen shows."""

from __future__ import annotations

from dataclasses import dataclass, replace
from typing import Any
from urllib.parse import urlsplit

from chatapp.common.clock import now
from chatapp.conversations import queries as conversation_queries
from chatapp.conversations.permissions import REPLY
from chatapp.endusers import queries as enduser_queries
from chatapp.endusers import services as endusers
from chatapp.endusers.models import EndUser
from chatapp.hours import queries as hours
from chatapp.messages import queries as message_queries
from chatapp.projects import services as projects
from chatapp.widget import answers, cookies, tokens
from chatapp.widget.visitors import Visitor
from chatapp.workspaces import queries as workspaces


@dataclass(frozen=True)
class Visit:
    """Whose it is, and what they are told."""

    visitor: Visitor
    answer: dict[str, Any]


def open_visit(visitor: Visitor, *, page_url: str | None) -> Visit:
    end_user = enduser_queries.end_user(visitor.id) if visitor.is_known else None
    visitor = _with_fresh_token(visitor, end_user)
    project = visitor.project
    projects.note_seen(project, url=page_url and _without_secrets(page_url))
    found = conversation_queries.conversations_of_visitor(visitor.id) if visitor.is_known else []
    ids = [conversation.id for conversation in found]
    unread = message_queries.unread_by_visitor(ids)
    spoke_last = message_queries.last_agents([one.id for one in found if one.assignee_id is None])
    return Visit(
        visitor,
        {
            "token": visitor.token.text,
            "visitor_id": str(visitor.id),
            "email": end_user.address if end_user else None,
            "project": answers.project_json(project),
            "conversations": answers.conversations_json(found, unread, spoke_last),
            "online": workspaces.is_anybody_around(REPLY),
            **answers.hours_json(hours.schedule_or_default(project.hours_id), now()),
            "reply_time": project.reply_seconds,
            "cookie": cookies.can_be_kept(),
        },
    )


def end_visit(visitor: Visitor) -> None:
    """They log out of this device: its token ends, in every window; what else they are known by does not."""
    if visitor.is_known:
        endusers.close_session(visitor.id, token_hash=visitor.token.hash)


def _without_secrets(url: str) -> str:
    """Which page it was; what stands behind it is the visitor's."""
    return urlsplit(url)._replace(query="", fragment="").geturl()


def _with_fresh_token(visitor: Visitor, end_user: EndUser | None) -> Visitor:
    """A known visitor's token is replaced daily; the old one stays good until it ends, for other tabs that hold it."""
    if end_user is None or not visitor.token.is_due_for_rotation:
        return visitor
    token = tokens.issue(visitor.project, visitor.id)
    endusers.open_session(end_user, token_hash=token.hash, expires_at=token.expires_at)
    return replace(visitor, token=token)
