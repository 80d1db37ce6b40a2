"""What is found: messages by their words, people by parts of their names and mail addresses.

Postgres' functions find by words, inside the session's workspace. What they find is then read through the ORM, which
carries the workspace once more, and the member's sight.
"""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass
from datetime import datetime
from types import EllipsisType
from typing import Any
from uuid import UUID

from sqlalchemy import ARRAY, ColumnElement, Text, Uuid, cast, column, func, literal, null, select
from sqlalchemy.dialects.postgresql import TSQUERY, distinct_on
from sqlalchemy.orm import joinedload

from chatapp.common.db import db
from chatapp.common.pagination import incomplete_address
from chatapp.conversations.models import Conversation
from chatapp.conversations.queries import FOR_DISPLAY, conditions_where
from chatapp.messages.models import Message
from chatapp.search.marks import Asked

PAGE_SIZE = 30
PEOPLE = 5
_WINDOW = 500
_WINDOWS = 6
_CANDIDATES = 100


@dataclass(frozen=True)
class Wanted:
    """What is looked for. Status, project, team, label and assignee are the conversation's, the rest is the message's.

    `assignee_id` is a user, None for nobody, or left out for anybody. `author` is one of `AUTHORS`, `agent_id` a member
    of the team; `since` and `until` bound when it was written.
    """

    words: str
    status: str | None = None
    assignee_id: UUID | EllipsisType | None = ...
    project_id: UUID | None = None
    team_id: UUID | None = None
    label_id: UUID | None = None
    author: str | None = None
    agent_id: UUID | None = None
    since: datetime | None = None
    until: datetime | None = None

    @property
    def is_about_messages(self) -> bool:
        """Whether it asks for something that only a message has: a person's name does not answer that."""
        return any((self.author, self.agent_id, self.since, self.until))

    def conditions(self) -> list[ColumnElement[bool]]:
        """What is asked of the conversation."""
        of_project = [] if self.project_id is None else [Conversation.project_id == self.project_id]
        return of_project + conditions_where(
            status=self.status, assignee_id=self.assignee_id, team_id=self.team_id, label_id=self.label_id
        )


@dataclass(frozen=True)
class Hit:
    """A conversation, and the newest of its messages that match."""

    conversation: Conversation
    message: Message


@dataclass(frozen=True)
class Hits:
    """A page: one hit for each conversation, the newest message first. `asked` tells which words to mark."""

    rows: Sequence[Hit]
    next_cursor: str | None
    asked: Asked


NO_HITS = Hits([], None, Asked())


def messages(wanted: Wanted, *, locales: Sequence[str], cursor: str | None = None, limit: int = PAGE_SIZE) -> Hits:
    """Conversations in which something matches. `locales`: the languages whose word forms count as the same word.

    Raises `AppError` 400 for a cursor that is none. A page may be shorter than `limit` and still have a cursor: then
    more may follow, for one request looks at so many messages and no more.
    """
    before = _place(cursor)
    query = db.session.scalar(select(func.search_query(wanted.words, cast(list(locales), ARRAY(Text)))))
    if query is None:
        return NO_HITS
    found: list[tuple[UUID, UUID]] = []
    for _window in range(_WINDOWS):
        window = _window_of(query, wanted, before)
        before = window[-1].message_id if len(window) == _WINDOW else None
        found += _in_sight([(row.message_id, row.conversation_id) for row in window if row.is_newest], wanted)
        if len(found) > limit:
            before = found[limit - 1][0]
            break
        if before is None:
            break
    return Hits(_loaded(found[:limit]), before.hex if before else None, Asked.of(wanted.words, query))


def people(wanted: Wanted, *, limit: int = PEOPLE) -> Sequence[Conversation]:
    """The latest conversation of each contact whose name or mail address fits, the best fit first."""
    if wanted.is_about_messages:
        return []
    ids = people_ids(wanted.words, limit=_CANDIDATES)
    latest = (
        select(Conversation)
        .where(Conversation.end_user_id.in_(ids), *wanted.conditions())
        .options(*FOR_DISPLAY)
        .ext(distinct_on(Conversation.end_user_id))
        .order_by(Conversation.end_user_id, Conversation.last_message_at.desc())
    )
    found = {row.end_user_id: row for row in db.session.scalars(latest)} if ids else {}
    return [found[end_user_id] for end_user_id in ids if end_user_id in found][:limit]


def people_ids(words: str, *, limit: int) -> list[UUID]:
    """Contacts whose name or mail address fits, whoever may see them, the best fit first."""
    named = func.search_people(words, limit).table_valued(column("end_user_id", Uuid))
    return list(db.session.scalars(select(named.c.end_user_id)))


def _window_of(query: str, wanted: Wanted, before: UUID | None) -> Sequence[Any]:
    arguments = (wanted.author, wanted.agent_id, wanted.since, wanted.until)
    hits = func.search_messages(
        cast(literal(query), TSQUERY),
        cast(before, Uuid) if before else null(),
        *(null() if argument is None else argument for argument in arguments),
        _WINDOW,
    ).table_valued(column("message_id", Uuid), column("conversation_id", Uuid), column("is_newest"))
    return db.session.execute(select(hits.c.message_id, hits.c.conversation_id, hits.c.is_newest)).all()


def _in_sight(pairs: list[tuple[UUID, UUID]], wanted: Wanted) -> list[tuple[UUID, UUID]]:
    ids = [conversation_id for _message_id, conversation_id in pairs]
    statement = select(Conversation.id).where(Conversation.id.in_(ids), *wanted.conditions())
    seen = set(db.session.scalars(statement)) if ids else set()
    return [pair for pair in pairs if pair[1] in seen]


def _loaded(pairs: list[tuple[UUID, UUID]]) -> list[Hit]:
    if not pairs:
        return []
    conversations = db.session.scalars(
        select(Conversation).where(Conversation.id.in_([pair[1] for pair in pairs])).options(*FOR_DISPLAY)
    )
    written = db.session.scalars(
        select(Message).where(Message.id.in_([pair[0] for pair in pairs])).options(joinedload(Message.agent))
    )
    by_id = {row.id: row for row in conversations}
    messages_by_id = {row.id: row for row in written}
    return [Hit(by_id[conversation_id], messages_by_id[message_id]) for message_id, conversation_id in pairs]


def _place(cursor: str | None) -> UUID | None:
    try:
        return UUID(cursor) if cursor else None
    except ValueError:
        raise incomplete_address() from None
