"""What members do to conversations, so that they can take it back: what changed in each, and back it goes.

Taken back is what still stands as it was left; what somebody else has changed meanwhile stays theirs.
"""

from __future__ import annotations

from collections.abc import Iterator, Mapping, Sequence
from contextlib import AbstractContextManager, contextmanager
from dataclasses import dataclass
from typing import Any
from uuid import UUID

from flask_babel import gettext as _

from chatapp.common.clock import now
from chatapp.common.db import db
from chatapp.common.errors import AppError
from chatapp.conversations import permissions
from chatapp.conversations import queries as conversation_queries
from chatapp.conversations import services as conversations
from chatapp.conversations.models import Conversation, ConversationChange
from chatapp.conversations.visibility import unrestricted
from chatapp.messages import queries, services
from chatapp.teams import queries as teams
from chatapp.undo import services as undo
from chatapp.undo.models import Deed
from chatapp.workspaces import queries as workspaces
from chatapp.workspaces.models import Membership

CHANGED = "conversations.changed"
_NEEDS = {
    "state": permissions.CLOSE,
    "place": permissions.ASSIGN,
    "priority": permissions.LABEL,
    "labels": permissions.LABEL,
    "participants": permissions.VIEW,
    "reading": permissions.REPLY,
}


@dataclass
class Remembered:
    """What a block works with: the conversations that are there, locked. Afterwards: how many of them have changed, and
    the deed that can be taken back, or None if none has."""

    conversations: Sequence[Conversation]
    deed: Deed | None = None
    changed: int = 0


@contextmanager
def remembered(conversation_ids: Sequence[UUID], *, by: Membership, into: Deed | None = None) -> Iterator[Remembered]:
    """What the block does to these conversations can be taken back by this member, with `into` if it is a part of that.

    Takes their locks, and leaves out what is out of sight.
    """
    began, held = now(), Remembered(conversation_queries.locked_each(conversation_ids))
    before = conversations.standings(held.conversations)
    yield held
    db.session.flush()
    after = conversations.standings(held.conversations)
    changed = [one for one in held.conversations if before[one.id] != after[one.id]]
    held.changed = len(changed)
    if not changed:
        return
    held.deed = into or undo.remember(CHANGED, by=by, since=began.isoformat())
    db.session.add_all(_change(held.deed, one, before[one.id], after[one.id]) for one in changed)
    db.session.flush()


def _change(
    deed: Deed, conversation: Conversation, before: Mapping[str, Any], after: Mapping[str, Any]
) -> ConversationChange:
    parts = [part for part in before if before[part] != after[part]]
    return ConversationChange(
        workspace_id=deed.workspace_id,
        deed_id=deed.id,
        conversation_id=conversation.id,
        seq=conversation.last_seq,
        before={part: before[part] for part in parts},
        after={part: after[part] for part in parts},
    )


def take_back(deed: Deed, by: Membership) -> str | None:
    """Raises `AppError` 403 if their role does not allow it any more, 409 if all of it has changed meanwhile."""
    with look_anywhere():
        changes = conversation_queries.changes_of(deed.id)
    count = put_back(changes, by=by, since=deed.facts["since"])
    if not count:
        raise AppError(409, _("Something has changed here meanwhile, so this was not undone."))
    left = len(changes) - count
    return _("Undone, but for %(count)s that somebody has changed meanwhile.", count=left) if left else None


def put_back(changes: Sequence[ConversationChange], *, by: Membership, since: str) -> int:
    """How many stand as before again. Raises `AppError` 403."""
    for part in {part for change in changes for part in change.before}:
        if not by.may(_NEEDS[part]):
            raise AppError(403, _("Your role in this workspace does not allow this. Ask an owner or an admin."))
    with look_anywhere():
        return sum(_put_back(*it, by=by, since=since) for it in _as_left(changes))


def look_anywhere() -> AbstractContextManager[None]:
    return unrestricted(reason="what one has just done is one's own to take back, also where one has given it away")


def _as_left(changes: Sequence[ConversationChange]) -> list[tuple[Conversation, ConversationChange]]:
    """What stands as the deed has left it, locked."""
    found = {one.id: one for one in conversation_queries.locked_each([it.conversation_id for it in changes])}
    standing = conversations.standings(list(found.values()))
    places = _places_there_are()
    return [
        (found[it.conversation_id], it)
        for it in changes
        if it.conversation_id in found and _is_as_left(it, standing[it.conversation_id]) and _fits(it, places)
    ]


def _put_back(conversation: Conversation, change: ConversationChange, *, by: Membership, since: str) -> bool:
    conversations.put_back(conversation, change.before, left=change.after, actor=f"agent:{by.user_id}")
    if not change.before.keys() <= {"reading", "participants"}:
        of = "state" if "state" in change.before else next(iter(change.before))
        services.record_activity(conversation, "undone", by=by, of=of, since=since)
    return True


def _is_as_left(change: ConversationChange, standing: Mapping[str, Any]) -> bool:
    return all(
        standing[part] == left or (part == "place" and _was_only_handed_out(change, standing[part]))
        for part, left in change.after.items()
        if part != "participants"
    )


def _was_only_handed_out(change: ConversationChange, place: Mapping[str, str | None]) -> bool:
    """Giving something to a team, which hands it out by itself, is taken back with what followed from it."""
    is_same_team = place["team_id"] == change.after["place"]["team_id"]
    return is_same_team and queries.was_handed_out(change.conversation_id, after=change.seq)


def _places_there_are() -> set[str | None]:
    members, its_teams = workspaces.team(), teams.teams()
    return {None, *(str(member.user_id) for member in members), *(str(team.id) for team in its_teams)}


def _fits(change: ConversationChange, places: set[str | None]) -> bool:
    """Whoever had it is still there."""
    return set(change.before.get("place", {}).values()) <= places
