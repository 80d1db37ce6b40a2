"""Merge, split and move: what is offered, and what was chosen."""

from __future__ import annotations

from uuid import UUID

from flask import Blueprint, Response, make_response, render_template, request, url_for
from flask_babel import gettext as _

from chatapp.common.errors import AppError
from chatapp.common.forms import chosen_id
from chatapp.common.htmx import move as go
from chatapp.common.htmx import toast_there
from chatapp.common.permissions import requires
from chatapp.conversations import queries as conversations
from chatapp.reshaping import queries, services
from chatapp.reshaping.permissions import RESHAPE
from chatapp.undo.models import Deed
from chatapp.undo.offers import address_of
from chatapp.workspaces.door import current_membership

bp = Blueprint("reshaping", __name__)

_MOST_WORDS = 200


@bp.get("/conversations/<uuid:target_id>/merging")
@requires(RESHAPE)
def merge_choices(target_id: UUID) -> Response:
    """Which conversations can come into this one."""
    conversation = conversations.conversation(target_id)
    found = queries.mergeable(conversation)
    return make_response(render_template("reshaping/_merge.html", conversation=conversation, choices=found))


@bp.post("/conversations/<uuid:target_id>/merging")
@requires(RESHAPE)
def merge(target_id: UUID) -> Response:
    """`source_id` comes into it."""
    target, source = conversations.conversation(target_id), conversations.conversation(_chosen("source_id"))
    deed = services.merge(source, into=target, by=current_membership())
    return _there(target_id, _("Merged."), deed)


@bp.get("/conversations/<uuid:target_id>/splitting")
@requires(RESHAPE)
def split_choices(target_id: UUID) -> Response:
    """From which of its latest messages it can be split."""
    conversation = conversations.conversation(target_id)
    found = queries.latest_replies(conversation.id)
    return make_response(render_template("reshaping/_split.html", conversation=conversation, choices=found))


@bp.post("/conversations/<uuid:target_id>/splitting")
@requires(RESHAPE)
def split(target_id: UUID) -> Response:
    """From `from_id` on."""
    conversation = conversations.conversation(target_id)
    at = queries.message(_chosen("from_id"), conversation.id)
    made, deed = services.split(conversation, at=at, by=current_membership())
    return _there(made.id, _("Split into a conversation of its own."), deed)


@bp.get("/conversations/<uuid:target_id>/contact-move")
@requires(RESHAPE)
def contact_choices(target_id: UUID) -> Response:
    """`?q=` finds contacts; without it there is only the question."""
    conversation = conversations.conversation(target_id)
    words = request.args.get("q", "").replace("\x00", "").strip()[:_MOST_WORDS]
    found = [person for person in queries.people(words) if person.id != conversation.end_user_id] if words else []
    template = "reshaping/_people.html" if "q" in request.args else "reshaping/_move.html"
    return make_response(render_template(template, conversation=conversation, people=found, words=words))


@bp.post("/conversations/<uuid:target_id>/contact-move")
@requires(RESHAPE)
def move_contact(target_id: UUID) -> Response:
    """To `end_user_id`."""
    conversation = conversations.conversation(target_id)
    deed = services.move(conversation, to=queries.person(_chosen("end_user_id")), by=current_membership())
    return _there(target_id, _("Moved to another contact."), deed)


def _chosen(name: str) -> UUID:
    found = chosen_id(name)
    if found is None:
        raise AppError(422, _("Choose one of the list."))
    return found


def _there(conversation_id: UUID, text: str, deed: Deed) -> Response:
    """The page of the conversation in its new shape, and how to take it back."""
    toast_there(text, undo=address_of(deed))
    return go(url_for("inbox.conversation", conversation_id=conversation_id))
