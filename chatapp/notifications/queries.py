"""Reads about notifications. A member's session shows of conversations only what they see now."""

from __future__ import annotations

from collections.abc import Collection, Sequence
from datetime import datetime, timedelta
from uuid import UUID

from sqlalchemy import ColumnElement, Select, and_, func, not_, or_, select, tuple_
from sqlalchemy.orm import joinedload

from chatapp.auth.models import UserSession
from chatapp.common.clock import now, rfc3339
from chatapp.common.db import db
from chatapp.common.errors import not_found
from chatapp.common.pagination import Cursor, Page, cut
from chatapp.common.tenancy import current_workspace_id
from chatapp.conversations import permissions
from chatapp.conversations.models import Conversation
from chatapp.conversations.visibility import sights_of
from chatapp.messages.models import Message
from chatapp.notifications.models import (
    MAIL_AFTER,
    Notification,
    NotificationSettings,
    PushKey,
    PushSubscription,
)
from chatapp.teams.models import TeamMember
from chatapp.workspaces.models import PRESENCE_LASTS, Membership

PAGE_SIZE = 30
MOST_COUNTED = 99
PUSHED_WITHIN = timedelta(minutes=15)
_WITH_CONVERSATION = (
    joinedload(Notification.conversation).joinedload(Conversation.end_user, innerjoin=True),
    joinedload(Notification.conversation).joinedload(Conversation.project, innerjoin=True),
)


def lines_of(
    user_id: UUID, *, only_unread: bool = False, cursor: str | None = None, limit: int = PAGE_SIZE
) -> Page[Notification]:
    """A member's list, the latest first, with conversations and their contacts. Raises `AppError` 400."""
    statement = select(Notification).where(*_own(user_id), Notification.is_listed).options(*_WITH_CONVERSATION)
    place = tuple_(Notification.latest_at, Notification.id)
    if only_unread:
        statement = statement.where(Notification.read_at.is_(None))
    if cursor is not None:
        statement = statement.where(place < tuple_(*Cursor.decode(cursor).key))
    newest = statement.order_by(Notification.latest_at.desc(), Notification.id.desc()).limit(limit + 1)
    return cut(db.session.scalars(newest).all(), limit, lambda line: Cursor(line.latest_at, line.id))


def line(user_id: UUID, notification_id: UUID) -> Notification:
    """One of a member's own. Raises `AppError` 404."""
    wanted = select(Notification).where(*_own(user_id), Notification.id == notification_id)
    found = db.session.scalar(wanted.options(*_WITH_CONVERSATION).execution_options(populate_existing=True))
    if found is None:
        raise not_found()
    return found


def unread(user_id: UUID) -> Sequence[tuple[UUID, datetime]]:
    """The subjects that a member has not read, and when they were told, the latest first: `MOST_COUNTED` and one."""
    statement = (
        select(Notification.subject_id, Notification.latest_at)
        .where(*_own(user_id), Notification.read_at.is_(None), Notification.is_listed)
        .order_by(Notification.latest_at.desc())
        .limit(MOST_COUNTED + 1)
    )
    return [(row[0], row[1]) for row in db.session.execute(statement)]


def newest(user_id: UUID) -> Notification | None:
    """What a member was told of last and has not read, on their list or not."""
    unread = select(Notification).where(*_own(user_id), Notification.read_at.is_(None)).options(*_WITH_CONVERSATION)
    return db.session.scalar(unread.order_by(Notification.latest_at.desc()).limit(1))


def settings_of(user_id: UUID) -> NotificationSettings:
    """What a member of the current workspace chose; as usual if they never did."""
    found = db.session.scalar(select(NotificationSettings).where(NotificationSettings.user_id == user_id))
    return found or NotificationSettings(
        workspace_id=current_workspace_id(), user_id=user_id, switched=[], mail_after=MAIL_AFTER[1], digest="off"
    )


def member(user_id: UUID) -> Membership:
    """A member of the current workspace, with their user and the workspace. Raises `AppError` 404."""
    with_both = (joinedload(Membership.user, innerjoin=True), joinedload(Membership.workspace, innerjoin=True))
    found = db.session.scalar(select(Membership).where(Membership.user_id == user_id).options(*with_both))
    if found is None:
        raise not_found()
    return found


def due_letters(at: datetime, limit: int) -> Sequence[tuple[UUID, UUID]]:
    """Workspaces and lines that somebody ought to be written to about, who is not looking. Needs `across_tenants`."""
    statement = (
        select(Notification.workspace_id, Notification.id)
        .join(Membership, _of_member())
        .where(Notification.mail_at <= at, not_(_looking(at)))
        .order_by(Notification.mail_at)
        .limit(limit)
    )
    return [(row[0], row[1]) for row in db.session.execute(statement)]


def due_digests(at: datetime, limit: int) -> Sequence[tuple[UUID, UUID]]:
    """Workspaces and members whose digest is due. Needs `across_tenants`."""
    statement = (
        select(NotificationSettings.workspace_id, NotificationSettings.user_id)
        .where(NotificationSettings.digest_at <= at)
        .order_by(NotificationSettings.digest_at)
        .limit(limit)
    )
    return [(row[0], row[1]) for row in db.session.execute(statement)]


def due_pushes(at: datetime, limit: int) -> Sequence[tuple[UUID, UUID]]:
    """Workspaces and lines of which somebody's browsers ought to be told, who is not looking. What is due for longer
    than `PUSHED_WITHIN` was seen by somebody who looked all the while. Needs `across_tenants`."""
    statement = (
        select(Notification.workspace_id, Notification.id)
        .join(Membership, _of_member())
        .where(Notification.push_at <= at, Notification.push_at > at - PUSHED_WITHIN, not_(_looking(at)))
        .order_by(Notification.push_at)
        .limit(limit)
    )
    return [(row[0], row[1]) for row in db.session.execute(statement)]


def _looking(at: datetime) -> ColumnElement[bool]:
    """Whether a member uses one of their tabs."""
    return and_(Membership.active_at.is_not(None), Membership.active_at >= at - PRESENCE_LASTS)


def _of_member() -> ColumnElement[bool]:
    return and_(Membership.workspace_id == Notification.workspace_id, Membership.user_id == Notification.user_id)


def due_push(notification_id: UUID) -> Notification | None:
    """A line whose push is due, unless somebody else is at it."""
    due = select(Notification).where(Notification.id == notification_id, Notification.push_at.is_not(None))
    return db.session.scalar(due.with_for_update(skip_locked=True))


def push_subscriptions_of(user_id: UUID) -> Sequence[PushSubscription]:
    """A person's browsers that are still logged in, the latest first."""
    theirs = _push_subscriptions().where(PushSubscription.user_id == user_id)
    return db.session.scalars(theirs.order_by(PushSubscription.id.desc())).all()


def push_subscription(subscription_id: UUID) -> PushSubscription | None:
    """One that is still logged in."""
    return db.session.scalar(_push_subscriptions().where(PushSubscription.id == subscription_id))


def _push_subscriptions() -> Select[PushSubscription]:
    of_session = select(PushSubscription).join(UserSession, UserSession.id == PushSubscription.session_id)
    return of_session.where(UserSession.revoked_at.is_(None), UserSession.expires_at > now())


def push_subscriptions_at(fingerprints: Collection[str]) -> Sequence[PushSubscription]:
    """Whoever's it is, logged in or not."""
    return db.session.scalars(select(PushSubscription).where(PushSubscription.fingerprint.in_(fingerprints))).all()


def push_key() -> PushKey | None:
    return db.session.scalar(select(PushKey))


def locked_if_free(notification_id: UUID) -> Notification | None:
    """A line whose letter is due, unless somebody else is at it."""
    due = select(Notification).where(Notification.id == notification_id, Notification.mail_at.is_not(None))
    return db.session.scalar(due.with_for_update(skip_locked=True))


def marks(owners: Collection[tuple[UUID, UUID]]) -> dict[tuple[UUID, UUID], str]:
    """For each workspace and user a text that changes with what they have not read. Needs `across_tenants`."""
    key = tuple_(Notification.workspace_id, Notification.user_id)
    statement = (
        select(Notification.workspace_id, Notification.user_id, func.count(), func.max(Notification.latest_at))
        .where(key.in_(list(owners)), Notification.read_at.is_(None))
        .group_by(Notification.workspace_id, Notification.user_id)
    )
    rows = db.session.execute(statement) if owners else ()
    return {(row[0], row[1]): f"{row[2]} {rfc3339(row[3])}" for row in rows}


def _own(user_id: UUID) -> tuple[ColumnElement[bool], ...]:
    """A member's own lines that are not over."""
    return Notification.user_id == user_id, or_(Notification.expires_at.is_(None), Notification.expires_at > now())


# Who is told


def conversation(conversation_id: UUID) -> Conversation | None:
    """It may be gone by the time that somebody is to be told of it."""
    return db.session.scalar(select(Conversation).where(Conversation.id == conversation_id))


def those_who_see(conversation: Conversation, candidates: Collection[UUID] | None = None) -> list[UUID]:
    """Which of these members, or of all, may read a conversation where it lies now."""
    members = _members(*(() if candidates is None else (Membership.user_id.in_(candidates),)))
    sights = sights_of(members)
    return [one.user_id for one in members if sights[one.workspace_id, one.user_id].covers(conversation)]


def those_who_wait_for(conversation: Conversation) -> list[UUID]:
    """Whose it could become: those of its team, or of no team everybody, who may answer."""
    in_team = select(TeamMember.user_id).where(TeamMember.team_id == conversation.team_id)
    members = _members(*((Membership.user_id.in_(in_team),) if conversation.team_id else ()))
    return [member.user_id for member in members if member.may(permissions.REPLY)]


def those_called_by(message_id: UUID) -> set[UUID]:
    """Members whom a note mentions, by themselves or with their team."""
    mentions = db.session.scalar(select(Message.mentions).where(Message.id == message_id)) or []
    by_kind = {kind: [UUID(one["id"]) for one in mentions if one["kind"] == kind] for kind in ("agent", "team")}
    return {*by_kind["agent"], *(user_id for team_id in by_kind["team"] for user_id in those_in_team(team_id))}


def those_in_team(team_id: UUID) -> list[UUID]:
    return list(db.session.scalars(select(TeamMember.user_id).where(TeamMember.team_id == team_id)))


def _members(*conditions: ColumnElement[bool]) -> Sequence[Membership]:
    return db.session.scalars(select(Membership).where(*conditions)).all()


def activity_name(message_id: UUID) -> str | None:
    """What a line of a thread tells, by its name."""
    facts = db.session.scalar(select(Message.activity).where(Message.id == message_id))
    return facts["name"] if facts else None


def is_fresh(conversation_id: UUID, seq: int) -> bool:
    """Whether a visitor's message is the first since the conversation began, or was last closed."""
    before = (Message.conversation_id == conversation_id, Message.seq < seq)
    closed = select(func.max(Message.seq)).where(*before, Message.activity["name"].astext == "closed").scalar_subquery()
    said = select(Message.id).where(
        *before, Message.author_type == "visitor", Message.kind == "reply", Message.seq > func.coalesce(closed, 0)
    )
    return db.session.scalar(said.limit(1)) is None
