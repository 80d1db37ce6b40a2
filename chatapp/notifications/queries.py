"""Reads about notifications. A member's session shows of conversations only what they see now."""

from __future__ import annotations

from collections.abc import Collection, Sequence
from datetime import datetime
from uuid import UUID

from sqlalchemy import ColumnElement, func, or_, select, tuple_
from sqlalchemy.orm import joinedload

from chatapp.common.clock import now, rfc3339
from chatapp.common.db import db
from chatapp.common.errors import not_found
from chatapp.common.pagination import Cursor, Page, cut
from chatapp.conversations import permissions
from chatapp.conversations.models import Conversation
from chatapp.conversations.visibility import sights_of
from chatapp.messages.models import Message
from chatapp.notifications.models import Notification
from chatapp.teams.models import TeamMember
from chatapp.workspaces.models import Membership

PAGE_SIZE = 30
MOST_COUNTED = 99
_WITH_CONVERSATION = (
    joinedload(Notification.conversation).joinedload(Conversation.end_user, innerjoin=True),
    joinedload(Notification.conversation).joinedload(Conversation.project, innerjoin=True),
)


def lines_of(
    user_id: UUID, *, only_unread: bool = False, cursor: str | None = None, limit: int = PAGE_SIZE
) -> Page[Notification]:
    """A member's list, the latest first, with conversations and their contacts. Raises `AppError` 400."""
    statement = select(Notification).where(*_own(user_id)).options(*_WITH_CONVERSATION)
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
        .where(*_own(user_id), Notification.read_at.is_(None))
        .order_by(Notification.latest_at.desc())
        .limit(MOST_COUNTED + 1)
    )
    return [(row[0], row[1]) for row in db.session.execute(statement)]


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
