"""The inbox's pages and fragments. Each is one URL: the page, or its main fragment for htmx."""

from __future__ import annotations

from http import HTTPStatus
from typing import Any
from uuid import UUID

from flask import Blueprint, Response, make_response, render_template, request, url_for
from flask_babel import gettext as _

from chatapp.common.errors import AppError, not_found
from chatapp.common.htmx import is_htmx, move
from chatapp.common.permissions import requires
from chatapp.conversations import permissions, queries
from chatapp.conversations import services as conversations
from chatapp.conversations.models import Conversation
from chatapp.conversations.visibility import current_sight
from chatapp.endusers.forms import ContactForm
from chatapp.labels import queries as label_queries
from chatapp.messages import queries as message_queries
from chatapp.messages.forms import ReplyForm
from chatapp.messages.views import page_of
from chatapp.teams import queries as team_queries
from chatapp.workspaces import services as workspaces
from chatapp.workspaces.door import current_membership

bp = Blueprint("inbox", __name__)


@bp.get("/inbox")
@requires(permissions.VIEW)
def show() -> Response:
    return make_response(render_template("inbox/show.html", **list_context(), **_thread(None)))


@bp.get("/inbox/<uuid:conversation_id>")
@requires(permissions.VIEW)
def conversation(conversation_id: UUID) -> Response:
    """The whole inbox with this conversation open; under htmx only the thread's pane.

    `?at=<message>` shows that message, whatever has been written since.
    """
    thread = _thread(queries.conversation(conversation_id))
    template, context = ("inbox/_thread.html", {}) if is_htmx() else ("inbox/show.html", list_context())
    response = make_response(render_template(template, **context, **thread))
    response.headers["Vary"] = "HX-Request"
    return response


@bp.get("/inbox/rows")
@requires(permissions.VIEW)
def rows() -> Response:
    """A page of rows: the first to refresh the list, a later one (`?cursor=`) when somebody scrolls."""
    return make_response(render_template("inbox/_rows.html", **list_context()))


@bp.post("/inbox/order")
@requires(permissions.VIEW)
def choose_order() -> Response:
    """`order` is how this member sees every view that may be seen so, from now on; `view` is where they go on."""
    view, order = _view(), request.form.get("order", "")
    if order not in queries.ORDERS:
        raise AppError(422, _("Choose one of the list."))
    workspaces.choose_inbox_order(current_membership(), order=order)
    return move(url_for("inbox.show", view=view))


@bp.get("/inbox/views")
@requires(permissions.VIEW)
def views() -> Response:
    """The side list with its counts."""
    return make_response(render_template("inbox/_views.html", view=_view(), **_numbers()))


@bp.post("/conversations/<uuid:conversation_id>/reading")
@requires(permissions.REPLY)
def mark_read(conversation_id: UUID) -> Response:
    """The agent has seen what came in while the conversation was open, up to `seq`. Whoever lags behind asks again."""
    queries.conversation(conversation_id)
    seq = request.form.get("seq", type=int)
    conversations.mark_read(queries.locked(conversation_id), by=current_membership(), seq=seq)
    return make_response("", 204)


@bp.post("/conversations/<uuid:conversation_id>/contact")
@requires(permissions.DESCRIBE)
def describe_contact(conversation_id: UUID) -> Response:
    """What somebody found out about the contact. Their name and mail address may be taken away again, too."""
    found, form = queries.conversation(conversation_id), ContactForm()
    if not form.validate_on_submit():
        page = render_template("inbox/show.html", **list_context(), **_thread(found, form))
        return make_response(page, HTTPStatus.UNPROCESSABLE_ENTITY)
    me = current_membership()
    conversations.describe_contact(found.end_user, name=form.name.data, email=form.email.data, by=me)
    return move(url_for("inbox.conversation", conversation_id=conversation_id))


def list_context() -> dict[str, Any]:
    view, me = _view(), current_membership()
    order = queries.order_of(view, me.inbox_order)
    page = queries.page_of(view, me=me.user_id, order=order, cursor=request.args.get("cursor"))
    return {"view": view, "order": order, "orders": queries.orders_of(view), "page": page, **_numbers()}


def _numbers() -> dict[str, Any]:
    """What the side list shows: how much each view holds, the teams, and whether what waits is seen."""
    me = current_membership().user_id
    mine = team_queries.team_ids_of(me)
    teams = sorted(team_queries.teams(), key=lambda team: team.id not in mine)
    return {
        "counts": queries.counts(me) | queries.counts_of_teams() | queries.counts_of_labels(),
        "labels": label_queries.labels(),
        "label_view": queries.label_view,
        "teams": teams,
        "team_view": queries.team_view,
        "sees_waiting": current_sight().shows_waiting,
    }


def _thread(conversation: Conversation | None, contact_form: ContactForm | None = None) -> dict[str, Any]:
    if conversation is None:
        return {"conversation": None}
    at = request.args.get("at", type=UUID)
    size = message_queries.page_size_down_to(conversation, at) if at else message_queries.PAGE_SIZE
    return {
        "conversation": conversation,
        "form": ReplyForm(),
        "error": None,
        "contact_form": contact_form or ContactForm(formdata=None, obj=conversation.end_user),
        "others": queries.other_conversations(conversation),
        "at": at,
        **page_of(message_queries.latest(conversation.id, limit=size), size),
    }


def _view() -> str:
    view = request.args.get("view", "all")
    team_id = queries.team_of(view)
    if team_id is not None:
        return queries.team_view(team_queries.team(team_id).id)
    label_id = queries.label_of_view(view)
    if label_id is not None:
        return queries.label_view(label_queries.label(label_id).id)
    if view not in queries.VIEWS:
        raise not_found()
    return view
