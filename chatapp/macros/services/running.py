"""Run a macro: first everything is looked at, then everything is done, in one transaction."""

from __future__ import annotations

from collections.abc import Callable, Mapping
from dataclasses import dataclass
from datetime import datetime
from typing import Any
from uuid import UUID, uuid5
from zoneinfo import ZoneInfo

from flask_babel import gettext as _
from sqlalchemy import update

from chatapp.canned.variables import filled
from chatapp.common.clock import now
from chatapp.common.db import db
from chatapp.common.errors import AppError
from chatapp.common.permissions import words_of
from chatapp.conversations import permissions
from chatapp.conversations import queries as conversations
from chatapp.conversations.models import Conversation
from chatapp.conversations.snoozing import choices
from chatapp.conversations.visibility import unrestricted
from chatapp.hours import queries as hours
from chatapp.labels import queries as labels
from chatapp.labels.models import Label
from chatapp.macros.models import ACTIONS, Macro
from chatapp.messages import services as messages
from chatapp.messages.undoing import remembered
from chatapp.teams import queries as teams
from chatapp.undo.models import Deed
from chatapp.workspaces import queries as workspaces
from chatapp.workspaces.models import Membership

NEEDS: Mapping[str, str] = {
    "note": permissions.REPLY,
    "reply": permissions.REPLY,
    "add_labels": permissions.LABEL,
    "remove_labels": permissions.LABEL,
    "priority": permissions.LABEL,
    "team": permissions.ASSIGN,
    "assign": permissions.ASSIGN,
    "status": permissions.CLOSE,
}


@dataclass(frozen=True)
class Run:
    """One press: `number` makes pressing twice harmless, `seen` is how far the thread had come for who pressed."""

    macro: Macro
    conversation: Conversation
    by: Membership
    number: UUID
    seen: int | None

    def value(self, action: str) -> Any:
        return self.macro.actions[action]


def run(
    macro: Macro, conversation: Conversation, *, by: Membership, number: UUID, seen: int | None = None
) -> Deed | None:
    """Do all of it; what can be taken back is the deed, if nothing was said.

    Raises `AppError` 403 for what this member may not do, 404, 409 for what is gone or when an answer crosses
    another one, 422; then nothing is done.
    """
    _demand(macro, by)
    it = Run(macro, conversation, by, number, seen)
    with (
        unrestricted(reason="what is asked for at once is done at once: it was seen when it was asked"),
        remembered([conversation.id], by=by) as held,
        messages.through_macro(macro.name),
    ):
        for action in ACTIONS:
            if action in macro.actions:
                _DO[action](it)
    _note_use(macro)
    return None if macro.says_something else held.deed


def _demand(macro: Macro, by: Membership) -> None:
    """Refuse the whole when one of its deeds is not theirs, or names what is gone."""
    missing = dict.fromkeys(NEEDS[action] for action in ACTIONS if action in macro.actions)
    refused = [str(words_of(right)) for right in missing if not by.may(right)]
    if refused:
        sentence = _("Nothing was done. This macro needs what your role does not allow: %(what)s.")
        raise AppError(403, sentence % {"what": "; ".join(refused)})


def _say(it: Run, action: str) -> None:
    text = filled(it.value(action), conversations.conversation(it.conversation.id), by=it.by)
    number = uuid5(it.number, action)
    messages.send_reply(it.conversation, by=it.by, text=text, client_id=number, private=action == "note", seen=it.seen)


def _labels(it: Run, action: str) -> list[Label]:
    known = {str(label.id): label for label in labels.labels()}
    if not known.keys() >= set(it.value(action)):
        raise _gone(_("a label"))
    return [known[label_id] for label_id in it.value(action)]


def _add_labels(it: Run) -> None:
    for label in _labels(it, "add_labels"):
        messages.add_label(it.conversation, label, by=it.by)


def _remove_labels(it: Run) -> None:
    for label in _labels(it, "remove_labels"):
        messages.remove_label(it.conversation, label, by=it.by)


def _move(it: Run) -> None:
    team_id = it.value("team")
    known = {str(team.id): team for team in teams.teams()}
    if team_id and team_id not in known:
        raise _gone(_("a team"))
    messages.move(it.conversation, to=known.get(team_id), by=it.by)


def _assign(it: Run) -> None:
    whom = it.value("assign")
    if whom == "me":
        return messages.assign(it.conversation, to=it.by, by=it.by)
    known = {str(member.user_id): member for member in workspaces.members()}
    if whom and whom not in known:
        raise _gone(_("a member"))
    return messages.assign(it.conversation, to=known.get(whom), by=it.by)


def _set_status(it: Run) -> None:
    status, _colon, until = it.value("status").partition(":")
    if status == "snoozed":
        return messages.snooze(it.conversation, until=_moment(it, until), by=it.by)
    change = {"open": messages.reopen, "pending": messages.set_pending, "closed": messages.close}[status]
    return change(it.conversation, by=it.by)


def _moment(it: Run, name: str) -> datetime | None:
    """None: until the visitor writes. What is not offered at this moment gives way to the next that is."""
    if name == "reply":
        return None
    conversation = conversations.conversation(it.conversation.id)
    schedule = hours.schedule_or_default(conversation.project.hours_id)
    zone = ZoneInfo(conversation.workspace.time_zone)
    moments = choices(now(), zone=zone, calendar=schedule.calendar if schedule else None)
    offered = {one.name: one.until for one in moments}
    return next(offered[one] for one in (name, "tomorrow", "next_week", "hour") if one in offered)


def _note_use(macro: Macro) -> None:
    db.session.execute(update(Macro).where(Macro.id == macro.id).values(used_count=Macro.used_count + 1))


def _gone(what: str) -> AppError:
    sentence = _("Nothing was done. This macro names %(what)s that is gone. Change the macro first.", what=what)
    return AppError(409, sentence)


_DO: Mapping[str, Callable[[Run], None]] = {
    "note": lambda it: _say(it, "note"),
    "reply": lambda it: _say(it, "reply"),
    "add_labels": _add_labels,
    "remove_labels": _remove_labels,
    "priority": lambda it: messages.set_priority(it.conversation, to=it.value("priority"), by=it.by),
    "team": _move,
    "assign": _assign,
    "status": _set_status,
}
