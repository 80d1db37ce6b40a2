"""What can be done to many conversations at once: who may, what the value means, and what is said about it."""

from __future__ import annotations

from collections.abc import Callable, Mapping
from dataclasses import dataclass
from datetime import datetime
from functools import partial
from uuid import UUID

from flask_babel import gettext as _
from flask_babel import ngettext

from chatapp.common.errors import AppError
from chatapp.conversations import permissions
from chatapp.conversations import services as conversations
from chatapp.conversations.models import PRIORITIES, Conversation
from chatapp.labels import queries as labels
from chatapp.messages import services
from chatapp.teams import queries as teams
from chatapp.workspaces import queries as workspaces
from chatapp.workspaces.models import Membership

Work = Callable[[Conversation], None]


@dataclass(frozen=True)
class Verb:
    """`prepare` makes of a value what is done to each conversation, whose lock is held; it raises `AppError` 404, 422.
    `words` say of how many it was done."""

    permission: str
    prepare: Callable[[str, Membership], Work]
    words: Callable[[int], str]


def verb(what: str) -> Verb:
    """Raises `AppError` 422 for what there is not."""
    if what not in VERBS:
        raise _unknown()
    return VERBS[what]


def _assign(value: str, by: Membership) -> Work:
    to = workspaces.member(_id(value)) if value else None
    if to is not None and not to.may(permissions.REPLY):
        raise AppError(422, _("This member's role does not let them answer."))
    return partial(services.assign, to=to, by=by, is_held=True)


def _move(value: str, by: Membership) -> Work:
    return partial(services.move, to=teams.team(_id(value)) if value else None, by=by, is_held=True)


def _label(value: str, by: Membership) -> Work:
    return partial(_called, services.add_label, labels.label(_id(value)), by)


def _unlabel(value: str, by: Membership) -> Work:
    return partial(_called, services.remove_label, labels.label(_id(value)), by)


def _called(verb: Callable[..., None], label: object, by: Membership, conversation: Conversation) -> None:
    verb(conversation, label, by=by, is_held=True)


def _prioritise(value: str, by: Membership) -> Work:
    if value not in PRIORITIES:
        raise _unknown()
    return partial(services.set_priority, to=value, by=by, is_held=True)


def _snooze(value: str, by: Membership) -> Work:
    try:
        until = datetime.fromisoformat(value) if value else None
    except ValueError:
        raise _unknown() from None
    conversations.demand_soon(until)
    return partial(services.snooze, until=until, by=by, is_held=True)


def _id(value: str) -> UUID:
    try:
        return UUID(value)
    except ValueError:
        raise _unknown() from None


def _unknown() -> AppError:
    return AppError(422, _("Choose one of the list."))


VERBS: Mapping[str, Verb] = {
    "close": Verb(
        permissions.CLOSE,
        lambda _value, by: partial(services.close, by=by, is_held=True),
        lambda count: ngettext("%(num)s conversation closed.", "%(num)s conversations closed.", count),
    ),
    "reopen": Verb(
        permissions.CLOSE,
        lambda _value, by: partial(services.reopen, by=by, is_held=True),
        lambda count: ngettext("%(num)s conversation opened again.", "%(num)s conversations opened again.", count),
    ),
    "snooze": Verb(
        permissions.CLOSE,
        _snooze,
        lambda count: ngettext("%(num)s conversation snoozed.", "%(num)s conversations snoozed.", count),
    ),
    "assign": Verb(
        permissions.ASSIGN,
        _assign,
        lambda count: ngettext("%(num)s conversation handed over.", "%(num)s conversations handed over.", count),
    ),
    "move": Verb(
        permissions.ASSIGN,
        _move,
        lambda count: ngettext("%(num)s conversation moved.", "%(num)s conversations moved.", count),
    ),
    "label": Verb(
        permissions.LABEL,
        _label,
        lambda count: ngettext("%(num)s conversation labelled.", "%(num)s conversations labelled.", count),
    ),
    "unlabel": Verb(
        permissions.LABEL,
        _unlabel,
        lambda count: ngettext(
            "Label taken off %(num)s conversation.", "Label taken off %(num)s conversations.", count
        ),
    ),
    "prioritise": Verb(
        permissions.LABEL,
        _prioritise,
        lambda count: ngettext(
            "Priority of %(num)s conversation changed.", "Priority of %(num)s conversations changed.", count
        ),
    ),
    "read": Verb(
        permissions.REPLY,
        lambda _value, by: partial(conversations.mark_read, by=by),
        lambda count: ngettext("%(num)s conversation marked as read.", "%(num)s conversations marked as read.", count),
    ),
    "unread": Verb(
        permissions.REPLY,
        lambda _value, by: partial(conversations.mark_unread, by=by),
        lambda count: ngettext(
            "%(num)s conversation marked as unread.", "%(num)s conversations marked as unread.", count
        ),
    ),
}
