"""Agents send files into a conversation, and see those of the conversations that they may see."""

from __future__ import annotations

from uuid import UUID

from flask import Blueprint, Response, current_app, jsonify, make_response, redirect, request

from chatapp.attachments import intake, links, queries, serving
from chatapp.attachments.models import Attachment
from chatapp.common import limits
from chatapp.common.permissions import requires
from chatapp.conversations import permissions
from chatapp.conversations import queries as conversation_queries
from chatapp.workspaces.door import current_membership

bp = Blueprint("attachments", __name__)


@bp.post("/conversations/<uuid:conversation_id>/attachments")
@requires(permissions.REPLY)
@intake.takes_file
def create(conversation_id: UUID) -> Response:
    """The composer sends each file as soon as it is chosen; the message then names it. 201 with what it is."""
    return make_response(jsonify(agents_file(conversation_id).facts), 201)


def agents_file(conversation_id: UUID) -> Attachment:
    """What a member sends into a conversation, by the composer or a program. Raises `AppError` 404, 413, 422, 429."""
    member = current_membership()
    limits.hit(limits.AGENTS_FILES, "agents-files", str(member.user_id))
    conversation = conversation_queries.conversation(conversation_id)
    return intake.take(intake.Sender(member.workspace_id, agent_id=member.user_id, conversation_id=conversation.id))


@bp.get("/attachments/<uuid:attachment_id>")
@requires(permissions.VIEW)
def show(attachment_id: UUID) -> Response:
    """`?size=small`: the thumbnail of a picture. Where files have an address of their own, it leads there."""
    attachment = queries.attachment(attachment_id)
    thumbnail = request.args.get("size") == "small"
    if current_app.extensions["chatapp.config"].files_url:
        address = links.link(attachment.workspace_id, str(attachment.id), thumbnail=thumbnail)
        return redirect(address)  # type: ignore[return-value]
    return serving.answer(attachment, thumbnail=thumbnail, everywhere=False)
