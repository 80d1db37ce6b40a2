"""How urgent a conversation is, and what it is about."""

from __future__ import annotations

from uuid import UUID

from flask import Response, make_response, render_template, request
from flask_babel import gettext as _

from chatapp.common.errors import AppError
from chatapp.common.permissions import requires
from chatapp.conversations import permissions
from chatapp.conversations import queries as conversation_queries
from chatapp.conversations.models import PRIORITIES, Conversation
from chatapp.labels import permissions as label_permissions
from chatapp.labels import queries as labels
from chatapp.labels import services as label_services
from chatapp.labels.models import Label
from chatapp.messages import services
from chatapp.messages.undoing import remembered
from chatapp.messages.views.answers import as_it_is_now
from chatapp.messages.views.blueprint import bp
from chatapp.undo.models import Deed
from chatapp.undo.offers import offer
from chatapp.workspaces.door import current_membership, demand


@bp.post("/conversations/<uuid:conversation_id>/priority")
@requires(permissions.LABEL)
def set_priority(conversation_id: UUID) -> Response:
    """`priority` is one of `PRIORITIES`."""
    conversation, priority = conversation_queries.conversation(conversation_id), request.form.get("priority")
    if priority not in PRIORITIES:
        raise AppError(422, _("Choose one of the list."))
    me = current_membership()
    with remembered([conversation_id], by=me) as held:
        services.set_priority(conversation, to=priority, by=me)
    return offer(as_it_is_now(conversation), _("Priority changed."), held.deed)


@bp.get("/conversations/<uuid:conversation_id>/labels")
@requires(permissions.LABEL)
def label_choices(conversation_id: UUID) -> Response:
    """Every label, and which of them the conversation has."""
    return make_response(_choices(conversation_id, "conversations/_label_choices.html"))


@bp.post("/conversations/<uuid:conversation_id>/labels")
@requires(permissions.LABEL)
def make_label(conversation_id: UUID) -> Response:
    """Put a label called `name` on it; one that is not there yet is made."""
    conversation = conversation_queries.conversation(conversation_id)
    demand(label_permissions.MANAGE)
    return _add(conversation, label_services.ensure(name=request.form.get("name", ""), by=current_membership()))


@bp.put("/conversations/<uuid:conversation_id>/labels/<uuid:label_id>")
@requires(permissions.LABEL)
def add_label(conversation_id: UUID, label_id: UUID) -> Response:
    return _add(conversation_queries.conversation(conversation_id), labels.label(label_id))


@bp.delete("/conversations/<uuid:conversation_id>/labels/<uuid:label_id>")
@requires(permissions.LABEL)
def remove_label(conversation_id: UUID, label_id: UUID) -> Response:
    conversation, label = conversation_queries.conversation(conversation_id), labels.label(label_id)
    me = current_membership()
    with remembered([conversation_id], by=me) as held:
        services.remove_label(conversation, label, by=me)
    return _changed(conversation_id, _("Label “%(name)s” taken off.", name=label.name), held.deed)


def _add(conversation: Conversation, label: Label) -> Response:
    me = current_membership()
    with remembered([conversation.id], by=me) as held:
        services.add_label(conversation, label, by=me)
    return _changed(conversation.id, _("Label “%(name)s” added.", name=label.name), held.deed)


def _changed(conversation_id: UUID, words: str, deed: Deed | None) -> Response:
    """As every change, and the picker as it is now: it stays open for the next one."""
    response = as_it_is_now(conversation_queries.conversation(conversation_id))
    picker = _choices(conversation_id, "conversations/labels_changed.html")
    response.set_data(response.get_data(as_text=True) + picker)
    return offer(response, words, deed)


def _choices(conversation_id: UUID, template: str) -> str:
    conversation = conversation_queries.conversation(conversation_id)
    return render_template(template, conversation=conversation, labels=labels.labels())
