"""Open, pending, snoozed, closed. Whatever is not open lies out of the way until somebody, or the clock, opens it."""

from __future__ import annotations

from collections.abc import Callable
from datetime import datetime, timedelta

from flask_babel import gettext as _

from chatapp.common.clock import now
from chatapp.common.errors import AppError
from chatapp.conversations.models import Conversation
from chatapp.conversations.services.telling import tell_changed, tell_freed, tell_queue, tell_turn

LONGEST_SNOOZE = timedelta(days=366)


def close(conversation: Conversation, *, actor: str) -> bool:
    """Close; False if it was closed already."""
    if conversation.is_closed:
        return False
    _put_away(conversation, lambda at: conversation.close(at=at), "closed", actor)
    return True


def snooze(conversation: Conversation, *, until: datetime | None, actor: str) -> bool:
    """Out of the way until a moment, and at most until the visitor writes; False if nothing changes.

    Raises `AppError` 422 for a moment that is over, or too far away.
    """
    demand_soon(until)
    if conversation.is_snoozed and conversation.snoozed_until == until:
        return False
    _put_away(conversation, lambda at: conversation.snooze(until=until, at=at), "snoozed", actor)
    return True


def set_pending(conversation: Conversation, *, actor: str) -> bool:
    """It waits for somebody or something else; False if it did already."""
    if conversation.status == "pending":
        return False
    _put_away(conversation, lambda at: conversation.set_pending(at=at), "pending", actor)
    return True


def reopen(conversation: Conversation, *, actor: str) -> bool:
    """Open again; False if it was open already."""
    if conversation.is_open:
        return False
    conversation.reopen(at=now())
    _tell_opened(conversation, actor)
    return True


def wake(conversation: Conversation, *, at: datetime) -> bool:
    """The clock says so; False if it sleeps on, or somebody was quicker."""
    if not conversation.is_due_to_wake(at):
        return False
    conversation.wake(at=now())
    _tell_opened(conversation, "system")
    return True


def demand_soon(until: datetime | None) -> None:
    """Raises `AppError` 422 for a moment until which nothing can be snoozed."""
    moment = now()
    if until is None or moment < until <= moment + LONGEST_SNOOZE:
        return
    late = _("This is more than a year away. Choose an earlier day.")
    sentence = _("This moment is over. Choose a later one.") if until <= moment else late
    raise AppError(422, sentence, fields={"snoozed_until": sentence})


def _put_away(conversation: Conversation, change: Callable[[datetime], None], what: str, actor: str) -> None:
    was_open = conversation.is_open
    change(now())
    tell_changed(conversation, what, actor)
    if was_open:
        tell_freed(conversation, conversation.assignee_id)
    tell_turn(conversation, actor)


def _tell_opened(conversation: Conversation, actor: str) -> None:
    tell_changed(conversation, "reopened", actor)
    tell_queue(conversation)
    tell_turn(conversation, actor)
