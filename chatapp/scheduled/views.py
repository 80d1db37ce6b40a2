"""Send later: what the composer offers, and what waits in a thread."""

from __future__ import annotations

from http import HTTPStatus
from uuid import UUID
from zoneinfo import ZoneInfo

from flask import Blueprint, Response, make_response, render_template
from flask_babel import gettext as _

from chatapp.common.clock import now
from chatapp.common.errors import AppError
from chatapp.common.forms import chosen_ids
from chatapp.common.htmx import toast
from chatapp.common.permissions import requires
from chatapp.conversations import permissions
from chatapp.conversations import queries as conversations
from chatapp.conversations.models import Conversation
from chatapp.conversations.snoozing import choices
from chatapp.scheduled import queries, services
from chatapp.scheduled.forms import ScheduleForm
from chatapp.scheduled.models import ScheduledReply
from chatapp.undo import offers
from chatapp.workspaces.door import current_membership, current_workspace

bp = Blueprint("scheduled", __name__)

_OFFERED = ("hour", "tomorrow", "next_week")


@bp.get("/conversations/<uuid:conversation_id>/scheduled-replies")
@requires(permissions.VIEW)
def index(conversation_id: UUID) -> Response:
    """What waits in the thread."""
    return _list(conversations.conversation(conversation_id))


@bp.get("/conversations/<uuid:conversation_id>/scheduled-replies/moments")
@requires(permissions.REPLY)
def moments(conversation_id: UUID) -> Response:
    """What the composer's menu offers at this moment."""
    return _menu(conversations.conversation(conversation_id), ScheduleForm.tomorrow(_zone()))


@bp.post("/conversations/<uuid:conversation_id>/scheduled-replies")
@requires(permissions.REPLY)
def create(conversation_id: UUID) -> Response:
    """`until`: a moment; else `day` and `time` on the workspace's clock. `client_id` as for a message."""
    conversation, form = conversations.conversation(conversation_id), ScheduleForm()
    try:
        services.schedule(
            conversation,
            by=current_membership(),
            text=form.text.data or "",
            at=form.when(_zone()),
            client_id=form.number,
            only_if_silent=form.only_if_silent.data,
            attachment_ids=chosen_ids("attachment_ids"),
        )
    except AppError as error:
        return _menu(conversations.conversation(conversation_id), form, error)
    return toast(_list(conversation), _("The reply is scheduled."))


@bp.get("/conversations/<uuid:conversation_id>/scheduled-replies/<uuid:scheduled_id>")
@requires(permissions.REPLY)
def edit(conversation_id: UUID, scheduled_id: UUID) -> Response:
    reply = _reply(conversation_id, scheduled_id)
    return _form(reply, ScheduleForm.of(reply, _zone()))


@bp.post("/conversations/<uuid:conversation_id>/scheduled-replies/<uuid:scheduled_id>")
@requires(permissions.REPLY)
def update(conversation_id: UUID, scheduled_id: UUID) -> Response:
    conversation, form = conversations.conversation(conversation_id), ScheduleForm()
    try:
        services.change(
            conversation,
            scheduled_id,
            by=current_membership(),
            text=form.text.data or "",
            at=form.when(_zone()),
            only_if_silent=form.only_if_silent.data,
        )
    except AppError as error:
        if error.status != HTTPStatus.UNPROCESSABLE_ENTITY:
            raise
        return _form(_reply(conversation_id, scheduled_id), form, error)
    return _list(conversation)


@bp.post("/conversations/<uuid:conversation_id>/scheduled-replies/<uuid:scheduled_id>/sending")
@requires(permissions.REPLY)
def send_now(conversation_id: UUID, scheduled_id: UUID) -> Response:
    conversation = conversations.conversation(conversation_id)
    services.send_now(conversation, scheduled_id, by=current_membership())
    return _list(conversation)


@bp.delete("/conversations/<uuid:conversation_id>/scheduled-replies/<uuid:scheduled_id>")
@requires(permissions.REPLY)
def cancel(conversation_id: UUID, scheduled_id: UUID) -> Response:
    conversation = conversations.conversation(conversation_id)
    deed = services.cancel(conversation, scheduled_id, by=current_membership())
    return offers.offer(_list(conversation), _("The reply is not sent."), deed)


def _reply(conversation_id: UUID, scheduled_id: UUID) -> ScheduledReply:
    return queries.scheduled_reply(scheduled_id, conversations.conversation(conversation_id).id)


def _list(conversation: Conversation) -> Response:
    waiting = queries.waiting(conversation.id)
    fresh = conversations.conversation(conversation.id)
    return make_response(render_template("scheduled/changed.stream.html", conversation=fresh, waiting=waiting))


def _menu(conversation: Conversation, form: ScheduleForm, error: AppError | None = None) -> Response:
    offered = [one for one in choices(now(), zone=_zone(), calendar=None) if one.name in _OFFERED]
    page = render_template(
        "scheduled/_moments.html",
        conversation=conversation,
        choices=offered,
        form=form,
        error=error,
        zone=_zone().key,
    )
    return make_response(page, error.status if error else 200)


def _form(reply: ScheduledReply, form: ScheduleForm, error: AppError | None = None) -> Response:
    conversation = conversations.conversation(reply.conversation_id)
    what = {"conversation": conversation, "reply": reply, "form": form, "error": error, "zone": _zone().key}
    response = make_response(render_template("scheduled/_form.html", **what), error.status if error else 200)
    if error:
        response.headers["HX-Retarget"], response.headers["HX-Reswap"] = "#scheduled-form", "innerHTML"
    return response


def _zone() -> ZoneInfo:
    return ZoneInfo(current_workspace().time_zone)
