"""Close, snooze, set pending, and open again."""

from __future__ import annotations

from http import HTTPStatus
from uuid import UUID
from zoneinfo import ZoneInfo

from flask import Response, make_response, render_template
from flask_babel import gettext as _

from chatapp.common.clock import now
from chatapp.common.errors import AppError
from chatapp.common.permissions import requires
from chatapp.conversations import permissions
from chatapp.conversations import queries as conversation_queries
from chatapp.conversations.snoozing import choices
from chatapp.hours import queries as hours
from chatapp.messages import services
from chatapp.messages.forms import SnoozeForm
from chatapp.messages.undoing import remembered
from chatapp.messages.views.answers import as_it_is_now
from chatapp.messages.views.blueprint import bp
from chatapp.undo.offers import offer
from chatapp.workspaces.door import current_membership, current_workspace


@bp.post("/conversations/<uuid:conversation_id>/closure")
@requires(permissions.CLOSE)
def close(conversation_id: UUID) -> Response:
    conversation, me = conversation_queries.conversation(conversation_id), current_membership()
    with remembered([conversation_id], by=me) as held:
        services.close(conversation, by=me)
    return offer(as_it_is_now(conversation), _("Closed."), held.deed)


@bp.delete("/conversations/<uuid:conversation_id>/closure")
@bp.delete("/conversations/<uuid:conversation_id>/pending")
@bp.delete("/conversations/<uuid:conversation_id>/snooze")
@requires(permissions.CLOSE)
def reopen(conversation_id: UUID) -> Response:
    """Whatever is not open is opened."""
    conversation, me = conversation_queries.conversation(conversation_id), current_membership()
    with remembered([conversation_id], by=me) as held:
        services.reopen(conversation, by=me)
    return offer(as_it_is_now(conversation), _("Opened again."), held.deed)


@bp.get("/conversations/<uuid:conversation_id>/snooze")
@requires(permissions.CLOSE)
def snooze_choices(conversation_id: UUID) -> Response:
    """What the snooze menu offers at this moment."""
    return _menu(conversation_id, SnoozeForm.tomorrow(_zone()))


@bp.post("/conversations/<uuid:conversation_id>/snooze")
@requires(permissions.CLOSE)
def snooze(conversation_id: UUID) -> Response:
    """`until`: a moment, or empty for until the visitor writes; else `day` and `time` on the workspace's clock."""
    conversation, form, me = conversation_queries.conversation(conversation_id), SnoozeForm(), current_membership()
    try:
        with remembered([conversation_id], by=me) as held:
            services.snooze(conversation, until=form.moment(_zone()), by=me)
    except AppError as error:
        if error.status != HTTPStatus.UNPROCESSABLE_ENTITY:
            raise
        return _menu(conversation_id, form, error)
    return offer(as_it_is_now(conversation), _("Snoozed."), held.deed)


@bp.post("/conversations/<uuid:conversation_id>/pending")
@requires(permissions.CLOSE)
def set_pending(conversation_id: UUID) -> Response:
    conversation, me = conversation_queries.conversation(conversation_id), current_membership()
    with remembered([conversation_id], by=me) as held:
        services.set_pending(conversation, by=me)
    return offer(as_it_is_now(conversation), _("Set to pending."), held.deed)


def _zone() -> ZoneInfo:
    return ZoneInfo(current_workspace().time_zone)


def _menu(conversation_id: UUID, form: SnoozeForm, error: AppError | None = None) -> Response:
    conversation = conversation_queries.conversation(conversation_id)
    schedule = hours.schedule_or_default(conversation.project.hours_id)
    offered = choices(now(), zone=_zone(), calendar=schedule.calendar if schedule else None)
    page = render_template(
        "conversations/_snooze_choices.html",
        conversation=conversation,
        choices=offered,
        form=form,
        error=error,
        zone=_zone().key,
    )
    response = make_response(page, error.status if error else 200)
    if error:
        response.headers["HX-Retarget"], response.headers["HX-Reswap"] = "#snooze-choices", "innerHTML"
    return response
