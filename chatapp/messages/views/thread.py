"""What agents do in a thread: reply, read older messages, catch up."""

from __future__ import annotations

from collections.abc import Sequence
from uuid import UUID

from flask import Response, jsonify, make_response, render_template

from chatapp.common.errors import AppError
from chatapp.common.forms import chosen_ids, errors_of
from chatapp.common.permissions import requires
from chatapp.conversations import permissions
from chatapp.conversations import queries as conversation_queries
from chatapp.conversations.models import Conversation
from chatapp.messages import drafts, mentions, queries, services
from chatapp.messages.forms import DraftForm, ReplyForm
from chatapp.messages.models import Message
from chatapp.messages.views.answers import number_in_query
from chatapp.messages.views.blueprint import bp
from chatapp.workspaces.door import current_membership


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
            attachment_ids=chosen_ids("attachment_ids"),
            quote_id=form.quote_id,
            seen=form.seen.data,
        )
        if form.draft_saved_at:
            kind = "note" if form.private.data else "reply"
            drafts.forget(conversation, by=current_membership(), kind=kind, until=form.draft_saved_at)
    except AppError as error:
        return _composer(conversation_queries.conversation(conversation_id), form, error)
    message = queries.message_for_display(sent.message.id)
    return make_response(render_template("messages/created.html", conversation=conversation, message=message))


@bp.get("/conversations/<uuid:conversation_id>/messages")
@requires(permissions.VIEW)
def index(conversation_id: UUID) -> Response:
    """`?before=<seq>`: a page of older messages. `?since=<revision>`: everything written or changed after it."""
    conversation = conversation_queries.conversation(conversation_id)
    since = number_in_query("since")
    if since is not None:
        rows = queries.since(conversation.id, since)
        filled = conversation_queries.attributes_of(conversation)
        page = {"conversation": conversation, "messages": rows, "attributes": filled}
        return make_response(render_template("messages/since.stream.html", **page))
    rows = queries.latest(conversation.id, before=number_in_query("before"))
    return make_response(render_template("messages/_page.html", conversation=conversation, **page_of(rows)))


@bp.put("/conversations/<uuid:conversation_id>/draft")
@requires(permissions.REPLY)
def save_draft(conversation_id: UUID) -> Response:
    """Keep what was typed so far; `{saved_at}`, null when there is nothing to keep."""
    conversation, form = conversation_queries.conversation(conversation_id), DraftForm()
    if not form.validate():
        raise AppError(422, next(iter(errors_of(form).values())))
    kind, text = form.kind.data or "", form.text.data or ""
    saved_at = drafts.keep(conversation, by=current_membership(), kind=kind, text=text, seen=form.seen.data)
    return jsonify(saved_at=saved_at.isoformat() if saved_at else None)


@bp.get("/conversations/<uuid:conversation_id>/mentions")
@requires(permissions.REPLY)
def callees(conversation_id: UUID) -> Response:
    """Who can be called by name in its notes."""
    found = mentions.callees(conversation_queries.conversation(conversation_id))
    return make_response(render_template("messages/_callees.html", callees=found))


def page_of(rows: Sequence[Message], size: int = queries.PAGE_SIZE) -> dict[str, object]:
    """A page of messages as the templates take it: what fits, and whether older ones exist."""
    has_older = len(rows) > size
    return {"messages": rows[1:] if has_older else rows, "has_older": has_older}


def _composer(conversation: Conversation, form: ReplyForm, error: AppError) -> Response:
    return make_response(
        render_template(
            "messages/_composer.html",
            conversation=conversation,
            form=form,
            drafts={},
            error=error,
            is_held=isinstance(error, services.CrossedAnswerError),
        ),
        error.status,
    )
