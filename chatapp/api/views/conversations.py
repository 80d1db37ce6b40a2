"""Conversations: list them, read one, close, reopen and assign."""

from __future__ import annotations

from collections.abc import Mapping
from typing import Any
from uuid import UUID

from flask import Response, jsonify
from flask_babel import gettext as _

from chatapp.api.payloads import number_in, one_of, read_body, read_query, uuid_or_null, wrong_parameter
from chatapp.api.views.blueprint import WORKSPACE, bp
from chatapp.api.wire import conversation_json
from chatapp.common.permissions import requires
from chatapp.conversations import permissions, queries
from chatapp.conversations.models import STATUSES, Conversation
from chatapp.messages import services
from chatapp.workspaces import queries as workspace_queries
from chatapp.workspaces.door import current_membership, demand

_PAGE_SIZE, _MAX_PAGE_SIZE = 30, 100
_CHANGES = {"status": one_of("open", "closed").optional, "assignee_id": uuid_or_null().optional}


@bp.get(f"{WORKSPACE}/conversations")
@requires(permissions.VIEW)
def conversations() -> Response:
    """`?status=&assignee=me|none|<user id>&cursor=&limit=`, latest activity first."""
    query = read_query({"status", "assignee", "cursor", "limit"})
    page = queries.page_where(
        status=_status(query),
        cursor=query.get("cursor"),
        limit=number_in(query, "limit", least=1, most=_MAX_PAGE_SIZE) or _PAGE_SIZE,
        **_assignee(query),
    )
    return jsonify(data=[conversation_json(row) for row in page.rows], next_cursor=page.next_cursor)


@bp.get(f"{WORKSPACE}/conversations/<uuid:conversation_id>")
@requires(permissions.VIEW)
def conversation(conversation_id: UUID) -> Response:
    return jsonify(conversation_json(queries.conversation(conversation_id)))


@bp.patch(f"{WORKSPACE}/conversations/<uuid:conversation_id>")
@requires(permissions.VIEW)
def change_conversation(conversation_id: UUID) -> Response:
    """`{status: open|closed, assignee_id: <user id>|null}`: each optional, all or nothing."""
    found = queries.conversation(conversation_id)
    changes = read_body(_CHANGES)
    if "status" in changes:
        _set_status(found, changes["status"])
    if "assignee_id" in changes:
        _set_assignee(found, changes["assignee_id"])
    return jsonify(conversation_json(queries.conversation(conversation_id)))


def _set_status(conversation: Conversation, status: str) -> None:
    demand(permissions.CLOSE)
    set_status = services.close if status == "closed" else services.reopen
    set_status(conversation, by=current_membership())


def _set_assignee(conversation: Conversation, user_id: UUID | None) -> None:
    demand(permissions.ASSIGN)
    to = workspace_queries.member(user_id) if user_id else None
    services.assign(conversation, to=to, by=current_membership())


def _status(query: Mapping[str, str]) -> str | None:
    status = query.get("status")
    if status is not None and status not in STATUSES:
        raise wrong_parameter("status", _("This must be one of: %(allowed)s.", allowed=", ".join(STATUSES)))
    return status


def _assignee(query: Mapping[str, str]) -> dict[str, Any]:
    """The condition that `assignee` stands for; none when it is left out. Raises 404 for who is no member here."""
    name = query.get("assignee")
    if name is None:
        return {}
    if name in ("me", "none"):
        return {"assignee": current_membership().user_id if name == "me" else None}
    try:
        user_id = UUID(name)
    except ValueError:
        raise wrong_parameter("assignee", _("This must be me, none or the id of a member.")) from None
    return {"assignee": workspace_queries.member(user_id).user_id}
