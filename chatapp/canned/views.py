"""Canned replies: their settings, and what the composer offers."""

from __future__ import annotations

from uuid import UUID

from flask import Blueprint, Response, flash, make_response, render_template, url_for
from flask_babel import gettext as _

from chatapp.canned import permissions, queries, services
from chatapp.canned.forms import OWN, CannedReplyForm
from chatapp.canned.models import CannedReply
from chatapp.canned.variables import VARIABLES, filled
from chatapp.common.errors import AppError
from chatapp.common.htmx import move
from chatapp.common.permissions import requires
from chatapp.conversations import permissions as conversation_permissions
from chatapp.conversations import queries as conversations
from chatapp.teams import queries as teams
from chatapp.workspaces.door import current_membership, demand

bp = Blueprint("canned", __name__)


@bp.get("/settings/canned-replies")
@requires(permissions.VIEW)
def index() -> Response:
    me = current_membership()
    replies = queries.kept(me)
    return make_response(
        render_template("canned/index.html", replies=replies, may_write=lambda reply: services.may_write(reply, me))
    )


@bp.get("/settings/canned-replies/new")
@requires(permissions.VIEW)
def new() -> Response:
    return _form(CannedReplyForm(current_membership()))


@bp.post("/settings/canned-replies")
@requires(permissions.VIEW)
def create() -> Response:
    return _save(CannedReplyForm(current_membership()), None)


@bp.get("/settings/canned-replies/<uuid:canned_id>")
@requires(permissions.VIEW)
def edit(canned_id: UUID) -> Response:
    me = current_membership()
    reply = queries.canned_reply(canned_id, seen_by=me)
    return _form(CannedReplyForm(me, reply), reply)


@bp.post("/settings/canned-replies/<uuid:canned_id>")
@requires(permissions.VIEW)
def update(canned_id: UUID) -> Response:
    me = current_membership()
    reply = queries.canned_reply(canned_id, seen_by=me)
    return _save(CannedReplyForm(me, reply), reply)


@bp.post("/settings/canned-replies/<uuid:canned_id>/removal")
@requires(permissions.VIEW)
def delete(canned_id: UUID) -> Response:
    me = current_membership()
    services.delete(queries.canned_reply(canned_id, seen_by=me), by=me)
    flash(_("The canned reply is deleted."))
    return move(url_for("canned.index"))


@bp.get("/conversations/<uuid:conversation_id>/canned-replies")
@requires(permissions.VIEW)
def offers(conversation_id: UUID) -> Response:
    """What can be inserted in this conversation, with its names filled in."""
    demand(conversation_permissions.VIEW)
    me, conversation = current_membership(), conversations.conversation(conversation_id)
    found = [(reply, filled(reply.text, conversation, by=me)) for reply in queries.usable(me)]
    return make_response(render_template("canned/_offers.html", offers=found))


@bp.post("/canned-replies/<uuid:canned_id>/uses")
@requires(permissions.VIEW)
def use(canned_id: UUID) -> Response:
    """Count that it was inserted."""
    services.note_use(queries.canned_reply(canned_id, seen_by=current_membership()))
    return make_response("", 204)


def _save(form: CannedReplyForm, reply: CannedReply | None) -> Response:
    if not form.validate_on_submit():
        return _form(form, reply, status=422)
    try:
        _write(form, reply)
    except AppError as error:
        if error.status not in (409, 422):
            raise
        return _form(form, reply, error=error, status=error.status)
    flash(_("The canned reply is saved."))
    return move(url_for("canned.index"))


def _write(form: CannedReplyForm, reply: CannedReply | None) -> None:
    what = {
        "code": form.code.data or "",
        "text": form.text.data or "",
        "team": teams.team(form.team_id) if form.team_id else None,
        "is_own": form.who.data == OWN,
        "by": current_membership(),
    }
    if reply is None:
        services.create(**what)
    else:
        services.change(reply, **what)


def _form(
    form: CannedReplyForm, reply: CannedReply | None = None, *, error: AppError | None = None, status: int = 200
) -> Response:
    fixed = reply is not None and not services.may_write(reply, current_membership())
    page = render_template("canned/edit.html", form=form, reply=reply, fixed=fixed, variables=VARIABLES, error=error)
    return make_response(page, status)
