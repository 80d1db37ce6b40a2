"""What was said is edited, deleted, and told as it was before."""

from __future__ import annotations

from http import HTTPStatus
from uuid import UUID

from flask import Response, make_response, render_template

from chatapp.common.errors import AppError
from chatapp.common.permissions import requires
from chatapp.conversations import permissions
from chatapp.messages import corrections, queries
from chatapp.messages.forms import EditForm
from chatapp.messages.models import Message
from chatapp.messages.views.blueprint import bp
from chatapp.workspaces.door import current_membership


@bp.get("/messages/<uuid:message_id>/text")
@requires(permissions.REPLY)
def edit(message_id: UUID) -> Response:
    """The form in which its author, or who may, says it otherwise."""
    message = queries.message(message_id)
    corrections.refuse_to_edit(message, current_membership())
    return _form(message, EditForm.of(message))


@bp.post("/messages/<uuid:message_id>/text")
@requires(permissions.REPLY)
def update(message_id: UUID) -> Response:
    """`text`, and the `last_edit` that its form came with."""
    message, form = queries.message(message_id), EditForm()
    try:
        corrections.edit(message, text=form.text.data or "", last_edit=form.moment(), by=current_membership())
    except AppError as error:
        if error.status not in (HTTPStatus.CONFLICT, HTTPStatus.UNPROCESSABLE_ENTITY):
            raise
        return _form(message, form, error)
    return _changed(message)


@bp.delete("/messages/<uuid:message_id>")
@requires(permissions.REPLY)
def delete(message_id: UUID) -> Response:
    message = queries.message(message_id)
    corrections.delete(message, by=current_membership())
    return _changed(message)


@bp.get("/messages/<uuid:message_id>/versions")
@requires(permissions.VIEW)
def versions(message_id: UUID) -> Response:
    """What it said before, the latest first."""
    message = queries.message(message_id)
    page = render_template("messages/_versions.html", message=message, versions=queries.versions(message))
    return make_response(page)


def _changed(message: Message) -> Response:
    """The message and the row of its conversation, as the socket brings them, too."""
    shown = queries.message_for_display(message.id)
    page = render_template("messages/corrected.html", message=shown, conversation=shown.conversation)
    return make_response(page)


def _form(message: Message, form: EditForm, error: AppError | None = None) -> Response:
    page = render_template("messages/_edit.html", message=message, form=form, error=error)
    response = make_response(page, HTTPStatus.UNPROCESSABLE_ENTITY if error else HTTPStatus.OK)
    if error:
        response.headers["HX-Retarget"], response.headers["HX-Reswap"] = "#message-dialog-content", "innerHTML"
    return response
