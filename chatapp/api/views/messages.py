"""The messages of a conversation: read them, catch up, and write one."""

from __future__ import annotations

from collections.abc import Sequence
from datetime import datetime
from typing import Any
from uuid import UUID

from flask import Response, jsonify, make_response
from flask_babel import gettext as _

from chatapp.api.payloads import boolean, number_in, read_body, read_query, text, time, uuid, uuids, wrong_parameter
from chatapp.api.views.blueprint import WORKSPACE, bp
from chatapp.api.wire import scheduled_json
from chatapp.attachments import services as attachments
from chatapp.attachments.links import linked
from chatapp.attachments.views.dashboard import agents_file
from chatapp.common.errors import AppError
from chatapp.common.permissions import requires
from chatapp.conversations import permissions
from chatapp.conversations import queries as conversation_queries
from chatapp.conversations.models import Conversation
from chatapp.messages import queries, services
from chatapp.messages.models import Message
from chatapp.messages.wire import message_json
from chatapp.scheduled import queries as scheduled_queries
from chatapp.scheduled import services as scheduled
from chatapp.workspaces.door import current_membership

_PAGE_SIZE, _MAX_PAGE_SIZE = 50, 200
_PATH = f"{WORKSPACE}/conversations/<uuid:conversation_id>/messages"
_MESSAGE = {
    "client_id": uuid(),
    "text": text(most=services.AGENT_MAX_TEXT),
    "private": boolean().optional,
    "attachment_ids": uuids(most=attachments.MOST).optional,
    "send_at": time().optional,
}


@bp.get(_PATH)
@requires(permissions.VIEW)
def messages(conversation_id: UUID) -> Response:
    """`?before=<seq>`: the messages before a place, the latest ones without it; oldest first.

    `?since=<revision>`: what was written or changed after it, in that order. `next_cursor` is the next value of
    the parameter that was asked with. `seq` is how far the conversation has come, `epoch` the history it belongs to.
    """
    query = read_query({"since", "before", "limit"})
    conversation = conversation_queries.conversation(conversation_id)
    since, before = number_in(query, "since"), number_in(query, "before")
    if since is not None and before is not None:
        raise wrong_parameter("before", _("Ask with either since or before."))
    limit = number_in(query, "limit", least=1, most=_MAX_PAGE_SIZE) or _PAGE_SIZE
    rows, cursor = _earlier(conversation_id, before, limit) if since is None else _later(conversation_id, since, limit)
    return jsonify(
        data=[message_json(row) for row in rows],
        next_cursor=cursor,
        seq=conversation.last_seq,
        epoch=str(conversation.epoch),
    )


@bp.post(_PATH)
@requires(permissions.REPLY)
def create_message(conversation_id: UUID) -> Response:
    """`{client_id, text, private?, attachment_ids?, send_at?}`. 201; 200 when this `client_id` had written the same
    before; 409 for another. With `send_at` it waits until then, whatever the visitor writes meanwhile."""
    conversation = conversation_queries.conversation(conversation_id)
    body = read_body(_MESSAGE)
    if "send_at" in body:
        return _schedule(conversation, **body)
    sent = services.send_reply(conversation, by=current_membership(), **body)
    message = queries.message_for_display(sent.message.id)
    return make_response(jsonify(message_json(message)), 201 if sent.is_new else 200)


def _schedule(
    conversation: Conversation, *, client_id: UUID, send_at: datetime, private: bool = False, **body: Any
) -> Response:
    if private:
        sentence = _("A private note is written at once; leave send_at out.")
        raise AppError(422, sentence, fields={"send_at": sentence})
    is_new = scheduled_queries.by_client_id(conversation.id, client_id) is None
    reply = scheduled.schedule(
        conversation, by=current_membership(), client_id=client_id, at=send_at, only_if_silent=False, **body
    )
    return make_response(jsonify(scheduled_json(reply)), 201 if is_new else 200)


@bp.post(f"{WORKSPACE}/conversations/<uuid:conversation_id>/attachments")
@requires(permissions.REPLY)
def create_attachment(conversation_id: UUID) -> Response:
    """The body is the file, `?name=` what it is called (or a form with `file`): 25 MB at most. A message then names it
    in `attachment_ids`; one that no message names is forgotten after a day."""
    attachment = agents_file(conversation_id)
    return make_response(jsonify(linked(attachment.facts, attachment.workspace_id)), 201)


def _earlier(conversation_id: UUID, before: int | None, limit: int) -> tuple[Sequence[Message], str | None]:
    rows = queries.latest(conversation_id, before=before, limit=limit)
    return rows[-limit:], str(rows[-limit].seq) if len(rows) > limit else None


def _later(conversation_id: UUID, since: int, limit: int) -> tuple[Sequence[Message], str | None]:
    rows = queries.since(conversation_id, since, limit=limit + 1)
    return rows[:limit], str(rows[limit - 1].revision) if len(rows) > limit else None
