"""A conversation as a page to print, as a file, and by mail."""

from __future__ import annotations

from http import HTTPStatus
from uuid import UUID

from flask import Blueprint, Response, make_response, render_template, request
from flask_babel import gettext as _

from chatapp.common.errors import AppError
from chatapp.common.htmx import toast
from chatapp.common.permissions import requires
from chatapp.conversations import queries as conversations
from chatapp.transcripts import permissions, queries, services
from chatapp.transcripts.documents import clock_of
from chatapp.transcripts.forms import MailForm
from chatapp.workspaces.door import current_membership

bp = Blueprint("transcripts", __name__)

_TYPES = {"txt": "text/plain", "html": "text/html"}


@bp.get("/conversations/<uuid:conversation_id>/transcript")
@requires(permissions.TAKE)
def show(conversation_id: UUID) -> Response:
    """A page to print, and to link to. `?notes=1`: with what agents noted."""
    conversation = conversations.conversation(conversation_id)
    form = MailForm(formdata=None, data={"to": conversation.end_user.email, "notes": _with_notes()})
    return _page(conversation_id, form)


@bp.get("/conversations/<uuid:conversation_id>/transcript/txt")
@requires(permissions.TAKE)
def as_text(conversation_id: UUID) -> Response:
    return _download(conversation_id, "txt")


@bp.get("/conversations/<uuid:conversation_id>/transcript/html")
@requires(permissions.TAKE)
def as_html(conversation_id: UUID) -> Response:
    return _download(conversation_id, "html")


@bp.post("/conversations/<uuid:conversation_id>/transcript/letters")
@requires(permissions.TAKE)
def mail(conversation_id: UUID) -> Response:
    """The form again: with what is wrong with it, or for the next address."""
    conversation, form = conversations.conversation(conversation_id), MailForm()
    if not form.validate_on_submit():
        return _mail_form(conversation_id, form, status=HTTPStatus.UNPROCESSABLE_ENTITY)
    try:
        services.mail(conversation, to=form.to.data or "", with_notes=form.notes.data, by=current_membership())
    except AppError as error:
        return _mail_form(conversation_id, form, error=error, status=error.status)
    answer = _mail_form(conversation_id, MailForm(formdata=None))
    return toast(answer, _("The transcript is on its way to %(address)s.", address=form.to.data))


def _download(conversation_id: UUID, kind: str) -> Response:
    conversation = conversations.conversation(conversation_id)
    document = services.file(conversation, kind, with_notes=_with_notes(), by=current_membership())
    response = Response(document, content_type=f"{_TYPES[kind]}; charset=utf-8")
    name = f"conversation-{conversation.id.hex[-8:]}.{kind}"
    response.headers["Content-Disposition"] = f'attachment; filename="{name}"'
    response.headers["Cache-Control"] = "no-store"
    return response


def _with_notes() -> bool:
    return request.args.get("notes") == "1"


def _page(conversation_id: UUID, form: MailForm) -> Response:
    conversation = conversations.conversation(conversation_id)
    page = render_template(
        "transcripts/show.html",
        conversation=conversation,
        clock=clock_of(conversation),
        said=queries.said(conversation_id, with_notes=_with_notes()),
        with_notes=_with_notes(),
        form=form,
        error=None,
    )
    return make_response(page)


def _mail_form(
    conversation_id: UUID, form: MailForm, *, error: AppError | None = None, status: int = HTTPStatus.OK
) -> Response:
    conversation = conversations.conversation(conversation_id)
    page = render_template("transcripts/_mail.html", conversation=conversation, form=form, error=error)
    return make_response(page, status)
