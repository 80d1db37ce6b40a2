"""What members do to conversations, so that they can take it back: what changed in each, and back it goes.

Taken back is what still stands as it was left; what somebody else has changed meanwhile stays theirs.
"""

from __future__ import annotations

from collections.abc import Iterator, Mapping, Sequence
from contextlib import contextmanager
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
    "reading": permissions.REPLY,
}


@dataclass
class Remembered:
    """After the block: the deed that can be taken back, or None if nothing has changed."""

    deed: Deed | None = None


@contextmanager
def remembered(conversation_ids: Sequence[UUID], *, by: Membership) -> Iterator[Remembered]:
    """What the block does to these conversations can be taken back by this member. Takes their locks."""
    began, found, held = now(), conversation_queries.locked_each(conversation_ids), Remembered()
    before = conversations.standings(found)
    yield held
    db.session.flush()
    after = conversations.standings(found)
    changed = [one for one in found if before[one.id] != after[one.id]]
    if not changed:
        return
    held.deed = undo.remember(CHANGED, by=by, since=began.isoformat())
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


def take_back(deed: Deed, by: Membership) -> None:
    """Raises `AppError` 403 if their role does not allow it any more, 409 if all of it has changed meanwhile."""
    with unrestricted(reason="what one has just done is one's own to take back, also where one has given it away"):
        changes = conversation_queries.changes_of(deed.id)
        put_back(changes, by=by, since=deed.facts["since"])


def put_back(changes: Sequence[ConversationChange], *, by: Membership, since: str) -> int:
    """How many stand as before again. Raises `AppError` 403, and 409 if it is none."""
    for part in {part for change in changes for part in change.before}:
        if not by.may(_NEEDS[part]):
            raise AppError(403, _("Your role in this workspace does not allow this. Ask an owner or an admin."))
    found = {one.id: one for one in conversation_queries.locked_each([change.conversation_id for change in changes])}
    now_standing = conversations.standings(list(found.values()))
    kept = [it for it in changes if it.conversation_id in found and _is_as_left(it, now_standing[it.conversation_id])]
    if not kept:
        raise AppError(409, _("Something has changed here meanwhile, so this was not undone."))
    for change in kept:
        conversation = found[change.conversation_id]
        conversations.put_back(conversation, change.before, actor=f"agent:{by.user_id}")
        if change.before.keys() != {"reading"}:
            of = "state" if "state" in change.before else next(iter(change.before))
            services.record_activity(conversation, "undone", by=by, of=of, since=since)
    return len(kept)


def _is_as_left(change: ConversationChange, standing: Mapping[str, Any]) -> bool:
    for part, left in change.after.items():
        if standing[part] != left and not (part == "place" and _was_only_handed_out(change, standing[part])):
            return False
    return "place" not in change.before or _can_go_back(change.before["place"])


def _was_only_handed_out(change: ConversationChange, place: Mapping[str, str | None]) -> bool:
    """Giving something to a team, which hands it out by itself, is taken back with what followed from it."""
    is_same_team = place["team_id"] == change.after["place"]["team_id"]
    return is_same_team and queries.was_handed_out(change.conversation_id, after=change.seq)


def _can_go_back(place: Mapping[str, str | None]) -> bool:
    """Whoever had it is still there."""
    member_id, team_id = place["assignee_id"], place["team_id"]
    is_member = member_id is None or UUID(member_id) in {member.user_id for member in workspaces.team()}
    return is_member and (team_id is None or UUID(team_id) in {team.id for team in teams.teams()})
