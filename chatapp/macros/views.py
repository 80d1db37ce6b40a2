"""Macros: their settings, and what is run in a conversation."""

from __future__ import annotations

from uuid import UUID

from flask import Blueprint, Response, flash, make_response, render_template, request, url_for
from flask_babel import gettext as _

from chatapp.canned.variables import VARIABLES
from chatapp.common.errors import AppError
from chatapp.common.htmx import move, toast
from chatapp.common.ids import uuid7
from chatapp.common.permissions import requires
from chatapp.conversations import permissions as conversation_permissions
from chatapp.conversations import queries as conversations
from chatapp.macros import permissions, queries
from chatapp.macros.forms import OWN, MacroForm
from chatapp.macros.models import Macro
from chatapp.macros.services import running, writing
from chatapp.macros.words import Names
from chatapp.messages.views.answers import as_it_is_now, number_in_query
from chatapp.teams import queries as teams
from chatapp.undo.offers import address_of
from chatapp.workspaces.door import current_membership, demand

bp = Blueprint("macros", __name__)


@bp.get("/settings/macros")
@requires(permissions.VIEW)
def index() -> Response:
    me = current_membership()
    return make_response(render_template("macros/index.html", macros=queries.kept(me), names=Names.now()))


@bp.get("/settings/macros/new")
@requires(permissions.VIEW)
def new() -> Response:
    return _form(MacroForm(current_membership()))


@bp.post("/settings/macros")
@requires(permissions.VIEW)
def create() -> Response:
    return _save(MacroForm(current_membership()), None)


@bp.get("/settings/macros/<uuid:macro_id>")
@requires(permissions.VIEW)
def edit(macro_id: UUID) -> Response:
    me = current_membership()
    macro = queries.macro(macro_id, seen_by=me)
    return _form(MacroForm(me, macro), macro)


@bp.post("/settings/macros/<uuid:macro_id>")
@requires(permissions.VIEW)
def update(macro_id: UUID) -> Response:
    me = current_membership()
    macro = queries.macro(macro_id, seen_by=me)
    return _save(MacroForm(me, macro), macro)


@bp.post("/settings/macros/<uuid:macro_id>/removal")
@requires(permissions.VIEW)
def delete(macro_id: UUID) -> Response:
    me = current_membership()
    writing.delete(queries.macro(macro_id, seen_by=me), by=me)
    flash(_("The macro is deleted."))
    return move(url_for("macros.index"))


@bp.get("/conversations/<uuid:conversation_id>/macros")
@requires(permissions.VIEW)
def offers(conversation_id: UUID) -> Response:
    """What can be run in this conversation. Each offer has a number of its own: pressing it twice runs it once."""
    demand(conversation_permissions.VIEW)
    conversation = conversations.conversation(conversation_id)
    offered = [(macro, uuid7()) for macro in queries.usable(current_membership())]
    return make_response(
        render_template("macros/_offers.html", conversation=conversation, offers=offered, names=Names.now())
    )


@bp.post("/conversations/<uuid:conversation_id>/macros/<uuid:macro_id>")
@requires(permissions.VIEW)
def run(conversation_id: UUID, macro_id: UUID) -> Response:
    """`number`: of the offer. `?since=`: how far the thread had come when it was offered."""
    demand(conversation_permissions.VIEW)
    me, conversation = current_membership(), conversations.conversation(conversation_id)
    macro, seen = queries.usable_macro(macro_id, by=me), number_in_query("since")
    deed = running.run(macro, conversation, by=me, number=_number(), seen=seen)
    undo = address_of(deed) if deed else None
    return toast(as_it_is_now(conversation), _("“%(name)s” is done.", name=macro.name), undo=undo)


def _number() -> UUID:
    try:
        return UUID(request.form.get("number", ""))
    except ValueError:
        raise AppError(422, _("Choose one of the list.")) from None


def _save(form: MacroForm, macro: Macro | None) -> Response:
    if not form.validate_on_submit():
        return _form(form, macro, status=422)
    try:
        _write(form, macro)
    except AppError as error:
        if error.status not in (409, 422):
            raise
        return _form(form, macro, error=error, status=error.status)
    flash(_("The macro is saved."))
    return move(url_for("macros.index"))


def _write(form: MacroForm, macro: Macro | None) -> None:
    what = {
        "name": form.name.data or "",
        "actions": form.actions(),
        "team": teams.team(form.team_id) if form.team_id else None,
        "is_own": form.who.data == OWN,
        "by": current_membership(),
    }
    if macro is None:
        writing.create(**what)
    else:
        writing.change(macro, **what)


def _form(form: MacroForm, macro: Macro | None = None, *, error: AppError | None = None, status: int = 200) -> Response:
    fixed = macro is not None and not writing.may_write(macro, current_membership())
    page = render_template("macros/edit.html", form=form, macro=macro, fixed=fixed, variables=VARIABLES, error=error)
    return make_response(page, status)
