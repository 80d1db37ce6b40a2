"""What a company wants to know about a conversation and its contact, one value at a time."""

from __future__ import annotations

from http import HTTPStatus
from uuid import UUID

from flask import Response, make_response, render_template, request, url_for

from chatapp.attributes import queries as attributes
from chatapp.attributes import values
from chatapp.attributes.models import Attribute
from chatapp.common.errors import AppError
from chatapp.common.permissions import requires
from chatapp.conversations import permissions
from chatapp.conversations import queries as conversation_queries
from chatapp.conversations import services as conversations
from chatapp.messages.views.blueprint import bp
from chatapp.workspaces.door import current_membership, demand


@bp.get("/conversations/<uuid:conversation_id>/attributes/<uuid:attribute_id>")
@requires(permissions.VIEW)
def attribute(conversation_id: UUID, attribute_id: UUID) -> Response:
    """The form of one value."""
    found = conversation_queries.conversation(conversation_id)
    one = _editable(attribute_id)
    known = found.attributes if one.subject == "conversations" else found.end_user.attributes
    return _form(conversation_id, one, known.get(one.place))


@bp.post("/conversations/<uuid:conversation_id>/attributes/<uuid:attribute_id>")
@requires(permissions.VIEW)
def fill_in(conversation_id: UUID, attribute_id: UUID) -> Response:
    """`value`, several times for several; none takes it away. Answers with all values, as the socket brings them."""
    found = conversation_queries.conversation(conversation_id)
    one, typed, me = _editable(attribute_id), request.form.getlist("value"), current_membership()
    try:
        value = values.read(one, typed)
    except AppError as error:
        return _form(conversation_id, one, typed if one.kind == "multi" else "".join(typed[:1]), error)
    if one.subject == "conversations":
        conversations.fill_in(conversation_queries.locked(conversation_id), one, value, by=me)
    else:
        conversations.fill_in_contact(found.end_user, one, value, by=me)
    fresh = conversation_queries.conversation(conversation_id)
    filled = conversation_queries.attributes_of(fresh)
    page = render_template("conversations/attributes.stream.html", conversation=fresh, attributes=filled)
    return make_response(page)


def _editable(attribute_id: UUID) -> Attribute:
    """Raises `AppError` 403 for who may not fill it in, 404."""
    one = attributes.attribute(attribute_id)
    demand(permissions.LABEL if one.subject == "conversations" else permissions.DESCRIBE)
    return one


def _form(conversation_id: UUID, one: Attribute, value: object, error: AppError | None = None) -> Response:
    action = url_for("messages.fill_in", conversation_id=conversation_id, attribute_id=one.id)
    page = render_template("attributes/_form.html", attribute=one, value=value, action=action, error=error)
    response = make_response(page, HTTPStatus.UNPROCESSABLE_ENTITY if error else HTTPStatus.OK)
    if error:
        response.headers["HX-Retarget"], response.headers["HX-Reswap"] = "#attribute-form", "innerHTML"
    return response
