"""The inbox's pages and fragments. Each is one URL: the page, or its main fragment for htmx."""

from __future__ import annotations

from collections.abc import Sequence
from http import HTTPStatus
from typing import Any
from uuid import UUID

from flask import Blueprint, Response, make_response, render_template, request, url_for
from flask_babel import gettext as _

from chatapp.bulk import queries as bulk_queries
from chatapp.bulk.shown import facts_of
from chatapp.common.errors import AppError, not_found
from chatapp.common.htmx import is_htmx, move
from chatapp.common.permissions import requires
from chatapp.conversations import permissions, queries
from chatapp.conversations import services as conversations
from chatapp.conversations.models import Conversation
from chatapp.conversations.visibility import current_sight
from chatapp.endusers.forms import ContactForm
from chatapp.labels import queries as label_queries
from chatapp.messages import drafts
from chatapp.messages import queries as message_queries
from chatapp.messages.forms import ReplyForm
from chatapp.messages.views import page_of
from chatapp.saved_views import finding as saved_rows
from chatapp.saved_views import queries as saved_views
from chatapp.saved_views import services as saved_view_services
from chatapp.saved_views.models import SavedView
from chatapp.scheduled import queries as scheduled
from chatapp.teams import queries as team_queries
from chatapp.workspaces import services as workspaces
from chatapp.workspaces.door import current_membership

bp = Blueprint("inbox", __name__)
_MOST_ASKED = 100


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
    """A page of rows: the first to refresh the list, a later one (`?cursor=`) when somebody scrolls.

    `?only=` names rows of a saved view that have changed: those come back that belong to it still.
    """
    saved, only = _saved(), request.args.get("only", "")
    if saved is not None and only:
        found = saved_rows.those_in(saved, _some_ids(only), me=current_membership().user_id)
        return make_response(render_template("inbox/_still_here.html", conversations=found))
    return make_response(render_template("inbox/_rows.html", **_list(saved)))


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
    saved = _saved()
    view = saved_views.view_name(saved.id) if saved else _view()
    return make_response(render_template("inbox/_views.html", view=view, **_numbers()))


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
    return _list(_saved()) | _numbers() | facts_of(bulk_queries.run_to_show(current_membership()))


def _list(saved: SavedView | None) -> dict[str, Any]:
    """A page of one of the views, and in which orders it may be seen. Who may not change a saved view sees it as it
    is."""
    me, cursor = current_membership(), request.args.get("cursor")
    orders: Sequence[str]
    if saved is not None:
        view, order = saved_views.view_name(saved.id), saved_rows.order_of(saved)
        orders = saved_rows.orders_of(saved.group) if saved_view_services.may_write(saved, me) else [order]
        page = saved_rows.page(saved, me=me.user_id, cursor=cursor)
    else:
        view = _view()
        order, orders = queries.order_of(view, me.inbox_order), queries.orders_of(view)
        page = queries.page_of(view, me=me.user_id, order=order, cursor=cursor)
    drifts = saved is not None and saved_rows.drifts(saved)
    return {"view": view, "saved": saved, "drifts": drifts, "order": order, "orders": orders, "page": page}


def _numbers() -> dict[str, Any]:
    """What the side list shows: how much each view holds, the teams, and whether what waits is seen."""
    member = current_membership()
    me = member.user_id
    mine = team_queries.team_ids_of(me)
    teams = sorted(team_queries.teams(), key=lambda team: team.id not in mine)
    saved = saved_views.usable(member, "conversations")
    numbers = saved_rows.counts([view.group for view in saved], me=me)
    names = [saved_views.view_name(view.id) for view in saved]
    return {
        "counts": queries.counts(me)
        | queries.counts_of_teams()
        | queries.counts_of_labels()
        | dict(zip(names, numbers, strict=True)),
        "saved_views": saved,
        "saved_view": saved_views.view_name,
        "labels": label_queries.labels(),
        "label_view": queries.label_view,
        "teams": teams,
        "team_view": queries.team_view,
        "my_team_ids": mine,
        "drafted": drafts.conversations_with_drafts_of(me),
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
        "drafts": drafts.drafts_of(conversation.id, current_membership().user_id),
        "error": None,
        "contact_form": contact_form or ContactForm(formdata=None, obj=conversation.end_user),
        "attributes": queries.attributes_of(conversation),
        "others": queries.other_conversations(conversation),
        "at": at,
        "waiting": scheduled.waiting(conversation.id),
        **page_of(message_queries.latest(conversation.id, limit=size), size),
    }


def _saved() -> SavedView | None:
    """The saved view that is open. Raises `AppError` 404 for one that this member does not see."""
    saved_view_id = saved_views.id_in(request.args.get("view", ""))
    return None if saved_view_id is None else _of_inbox(saved_view_id)


def _of_inbox(saved_view_id: UUID) -> SavedView:
    found = saved_views.saved_view(saved_view_id, seen_by=current_membership())
    if found.subject != "conversations":
        raise not_found()
    return found


def _some_ids(text: str) -> list[UUID]:
    """Ids with commas between them, as many as a page asks for. Raises `AppError` 400."""
    try:
        return [UUID(each) for each in text.split(",")[:_MOST_ASKED]]
    except ValueError:
        raise AppError(400, _("The request could not be read.")) from None


def conditions_of(view: str) -> Sequence[Any]:
    """What a view holds for this member, one of theirs that is saved as well. Raises `AppError` 404."""
    me, saved_view_id = current_membership(), saved_views.id_in(view)
    if saved_view_id is not None:
        return [saved_rows.holds(_of_inbox(saved_view_id), me=me.user_id)]
    return queries.conditions_of(_checked(view), me.user_id)


def _view() -> str:
    return _checked(request.args.get("view", "all"))


def _checked(view: str) -> str:
    """Raises `AppError` 404."""
    team_id = queries.team_of(view)
    if team_id is not None:
        return queries.team_view(team_queries.team(team_id).id)
    label_id = queries.label_of_view(view)
    if label_id is not None:
        return queries.label_view(label_queries.label(label_id).id)
    if view not in queries.VIEWS:
        raise not_found()
    return view
