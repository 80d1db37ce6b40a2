"""How long closed conversations are kept: rules, and their application in batches."""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from uuid import UUID

from sqlalchemy import delete, select

from chatapp.common import audit
from chatapp.common.clock import now
from chatapp.common.db import db
from chatapp.common.events import emit
from chatapp.common.tenancy import current_workspace_id
from chatapp.conversations.models import Conversation
from chatapp.endusers.models import EndUser
from chatapp.messages.models import Draft, Message
from chatapp.privacy import queries
from chatapp.privacy.events import RetentionDue
from chatapp.privacy.models import RetentionRule
from chatapp.privacy.services import erasures
from chatapp.ratings import services as ratings
from chatapp.workspaces.models import Membership

BATCH = 100


def change(channel_kind: str, *, action: str | None, days: int, by: Membership) -> None:
    """Set a channel's rule; without an action its conversations are kept."""
    rule = queries.rules().get(channel_kind)
    before = f"{rule.action} {rule.days}" if rule else "keep"
    if action is None:
        db.session.execute(delete(RetentionRule).where(RetentionRule.channel_kind == channel_kind))
    elif rule is None:
        db.session.add(
            RetentionRule(workspace_id=current_workspace_id(), channel_kind=channel_kind, action=action, days=days)
        )
    else:
        rule.action, rule.days = action, days
    after = f"{action} {days}" if action else "keep"
    audit.record("retention.changed", by=by.user, target_name=channel_kind, changes={"rule": (before, after)})
    db.session.flush()


def apply(event: RetentionDue) -> None:
    """In the worker: one batch, then the next in a transaction of its own. The last one writes the audit entry."""
    deleted, anonymised = event.deleted, event.anonymised
    is_more = False
    for rule in queries.rules().values():
        ids = _due(rule)
        if rule.action == "delete":
            deleted += _delete(ids)
        else:
            anonymised += _anonymise(ids)
        is_more = is_more or len(ids) == BATCH
    if is_more:
        emit(RetentionDue(workspace_id=event.workspace_id, deleted=deleted, anonymised=anonymised, cause=event.id))
    elif deleted or anonymised:
        counts = {"deleted": (deleted, 0), "anonymised": (anonymised, 0)}
        audit.record("retention.applied", by=None, changes=counts)


def _due(rule: RetentionRule) -> Sequence[Conversation]:
    """The oldest ones, locked. One that somebody is at waits for the next run."""
    return db.session.scalars(
        select(Conversation)
        .where(queries.over(rule))
        .order_by(Conversation.closed_at)
        .limit(BATCH)
        .with_for_update(skip_locked=True)
    ).all()


def _delete(conversations: Sequence[Conversation]) -> int:
    ids = [conversation.id for conversation in conversations]
    people = {conversation.end_user_id for conversation in conversations}
    desks = queries.desks_of_each(ids)
    db.session.execute(delete(Conversation).where(Conversation.id.in_(ids)))
    _let_go(desks, people)
    return len(ids)


def _anonymise(conversations: Sequence[Conversation]) -> int:
    """What was said goes, and who it was; when, how long and how good it was stays."""
    ids = [conversation.id for conversation in conversations]
    people = {conversation.end_user_id for conversation in conversations}
    nobody = {one.id: EndUser(workspace_id=one.workspace_id) for one in conversations}
    db.session.add_all(nobody.values())
    db.session.flush()
    for what in (Message, Draft):
        db.session.execute(delete(what).where(what.conversation_id.in_(ids)))
    ratings.forget_comments(ids)
    for one in conversations:
        one.end_user_id, one.visitor_id = nobody[one.id].id, None
        one.preview, one.rating_comment, one.attributes = "", None, {}
        one.anonymised_at = one.changed_at = now()
    db.session.flush()
    _let_go(queries.desks_of_each(ids), people)
    return len(ids)


def _let_go(desks_of_each: Mapping[UUID, str], people: set[UUID]) -> None:
    """People who have no conversation any more go, too; so does what the outbox holds, and the rows in the inboxes.

    They are locked before it is asked what they still have: somebody may be writing at this moment.
    """
    locked = select(EndUser.id).where(EndUser.id.in_(people)).with_for_update(skip_locked=True)
    still_there = set(db.session.scalars(locked))
    busy = set(db.session.scalars(select(Conversation.end_user_id).where(Conversation.end_user_id.in_(still_there))))
    db.session.execute(delete(EndUser).where(EndUser.id.in_(still_there - busy)))
    erasures.forget_events(desks_of_each.keys())
    erasures.tell(desks_of_each)
