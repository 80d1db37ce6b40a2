"""The inbox's pages and fragments. Each is one URL: the page, or its main fragment for htmx."""

from __future__ import annotations

from typing import Any
from uuid import UUID

from flask import Blueprint, Response, make_response, render_template, request

from chatapp.common.errors import not_found
from chatapp.common.htmx import is_htmx
from chatapp.common.permissions import requires
from chatapp.conversations import permissions, queries
from chatapp.conversations import services as conversations
from chatapp.conversations.models import Conversation
from chatapp.messages import queries as message_queries
from chatapp.messages.forms import ReplyForm
from chatapp.messages.views import page_of
from chatapp.workspaces.door import current_membership

bp = Blueprint("inbox", __name__)


@bp.get("/inbox")
@requires(permissions.VIEW)
def show() -> Response:
    return make_response(render_template("inbox/show.html", **_list(), **_thread(None)))


@bp.get("/inbox/<uuid:conversation_id>")
@requires(permissions.VIEW)
def conversation(conversation_id: UUID) -> Response:
    """The whole inbox with this conversation open; under htmx only the thread's pane."""
    thread = _thread(queries.conversation(conversation_id))
    template, context = ("inbox/_thread.html", {}) if is_htmx() else ("inbox/show.html", _list())
    response = make_response(render_template(template, **context, **thread))
    response.headers["Vary"] = "HX-Request"
    return response


@bp.get("/inbox/rows")
@requires(permissions.VIEW)
def rows() -> Response:
    """A page of rows: the first to refresh the list, a later one (`?cursor=`) when somebody scrolls."""
    return make_response(render_template("inbox/_rows.html", **_list()))


@bp.get("/inbox/views")
@requires(permissions.VIEW)
def views() -> Response:
    """The side list with its counts."""
    return make_response(render_template("inbox/_views.html", view=_view(), counts=_counts()))


@bp.post("/conversations/<uuid:conversation_id>/reading")
@requires(permissions.REPLY)
def mark_read(conversation_id: UUID) -> Response:
    """The agent has seen what came in while the conversation was open."""
    queries.conversation(conversation_id)
    conversations.mark_read(queries.locked(conversation_id), by=current_membership())
    return make_response("", 204)


def _list() -> dict[str, Any]:
    view = _view()
    page = queries.page_of(view, me=current_membership().user_id, cursor=request.args.get("cursor"))
    return {"view": view, "page": page, "counts": _counts()}


def _counts() -> dict[str, int]:
    return queries.counts(current_membership().user_id)


def _thread(conversation: Conversation | None) -> dict[str, Any]:
    if conversation is None:
        return {"conversation": None}
    page = page_of(message_queries.latest(conversation.id))
    return {"conversation": conversation, "form": ReplyForm(), "error": None, **page}


def _view() -> str:
    view = request.args.get("view", "all")
    if view not in queries.VIEWS:
        raise not_found()
    return view
