"""What agents do in a thread: reply, read older messages, catch up; close, reopen and assign."""

from __future__ import annotations

from collections.abc import Sequence
from uuid import UUID

from flask import Blueprint, Response, make_response, render_template, request
from flask_babel import gettext as _

from chatapp.common.errors import AppError
from chatapp.common.forms import errors_of
from chatapp.common.permissions import requires
from chatapp.conversations import permissions
from chatapp.conversations import queries as conversation_queries
from chatapp.conversations.models import Conversation
from chatapp.messages import queries, services
from chatapp.messages.forms import ReplyForm
from chatapp.messages.models import Message
from chatapp.workspaces.door import current_membership

bp = Blueprint("messages", __name__)


@bp.post("/conversations/<uuid:conversation_id>/messages")
@requires(permissions.REPLY)
def create(conversation_id: UUID) -> Response:
    """Send, and answer with a fresh composer and the message itself: the sender sees it even with the socket down."""
    conversation = conversation_queries.conversation(conversation_id)
    form = ReplyForm()
    try:
        if not form.validate_on_submit():
            raise AppError(422, next(iter(errors_of(form).values())))
        sent = services.send_reply(
            conversation,
            by=current_membership(),
            text=form.text.data or "",
            client_id=UUID(form.client_id.data),
            private=form.private.data,
        )
    except AppError as error:
        return _composer(conversation, form, error)
    message = queries.message_for_display(sent.message.id)
    return make_response(render_template("messages/created.html", conversation=conversation, message=message))


@bp.get("/conversations/<uuid:conversation_id>/messages")
@requires(permissions.VIEW)
def index(conversation_id: UUID) -> Response:
    """`?before=<seq>`: a page of older messages. `?since=<revision>`: everything written or changed after it."""
    conversation = conversation_queries.conversation(conversation_id)
    since = _number("since")
    if since is not None:
        rows = queries.since(conversation.id, since)
        return make_response(render_template("messages/since.stream.html", conversation=conversation, messages=rows))
    rows = queries.latest(conversation.id, before=_number("before"))
    return make_response(render_template("messages/_page.html", conversation=conversation, **page_of(rows)))


@bp.post("/conversations/<uuid:conversation_id>/closure")
@requires(permissions.CLOSE)
def close(conversation_id: UUID) -> Response:
    conversation = conversation_queries.conversation(conversation_id)
    services.close(conversation, by=current_membership())
    return _head(conversation)


@bp.delete("/conversations/<uuid:conversation_id>/closure")
@requires(permissions.CLOSE)
def reopen(conversation_id: UUID) -> Response:
    conversation = conversation_queries.conversation(conversation_id)
    services.reopen(conversation, by=current_membership())
    return _head(conversation)


@bp.post("/conversations/<uuid:conversation_id>/assignment")
@requires(permissions.ASSIGN)
def assign_to_me(conversation_id: UUID) -> Response:
    conversation = conversation_queries.conversation(conversation_id)
    services.assign(conversation, to=current_membership(), by=current_membership())
    return _head(conversation)


@bp.delete("/conversations/<uuid:conversation_id>/assignment")
@requires(permissions.ASSIGN)
def unassign(conversation_id: UUID) -> Response:
    conversation = conversation_queries.conversation(conversation_id)
    services.assign(conversation, to=None, by=current_membership())
    return _head(conversation)


def page_of(rows: Sequence[Message]) -> dict[str, object]:
    """A page of messages as the templates take it: what fits, and whether older ones exist."""
    has_older = len(rows) > queries.PAGE_SIZE
    return {"messages": rows[1:] if has_older else rows, "has_older": has_older}


def _head(conversation: Conversation) -> Response:
    """The thread's head and the conversation's row as they are now, as the socket would bring them."""
    fresh = conversation_queries.conversation(conversation.id)
    rows = queries.since(conversation.id, _number("since") or conversation.last_seq - 1)
    return make_response(render_template("conversations/changed.html", conversation=fresh, messages=rows))


def _composer(conversation: Conversation, form: ReplyForm, error: AppError) -> Response:
    return make_response(
        render_template("messages/_composer.html", conversation=conversation, form=form, error=error), error.status
    )


def _number(name: str) -> int | None:
    raw = request.args.get(name)
    if raw is None:
        return None
    if not raw.isdigit() or len(raw) > 9:
        raise AppError(400, _("The request could not be read."))
    return int(raw)
