"""Everything that writes messages. Each takes the conversation's lock first: numbers, and commits, keep one order.

`is_held`: the caller has the lock already, and the conversation as it is.
"""

from __future__ import annotations

from collections.abc import Iterator, Mapping, Sequence
from contextlib import contextmanager
from contextvars import ContextVar
from dataclasses import dataclass
from datetime import datetime
from types import MappingProxyType
from typing import Any
from uuid import UUID

from flask_babel import gettext as _
from sqlalchemy.exc import IntegrityError

from chatapp.attachments import services as attachments
from chatapp.attachments.models import Attachment
from chatapp.channels.limits import LONGEST_REPLY, WEB, limits_of
from chatapp.common.clock import now, rfc3339
from chatapp.common.db import db
from chatapp.common.errors import AppError
from chatapp.common.events import emit
from chatapp.common.ids import uuid7
from chatapp.conversations import queries as conversation_queries
from chatapp.conversations import services as conversations
from chatapp.conversations.models import Conversation
from chatapp.endusers.models import EndUser
from chatapp.labels.models import Label
from chatapp.messages import cards, intake, mentions, queries, quotes
from chatapp.messages.events import MessageCreated
from chatapp.messages.models import Message
from chatapp.projects import queries as project_queries
from chatapp.projects.models import Project
from chatapp.teams import queries as team_queries
from chatapp.teams.models import Team
from chatapp.workspaces.models import Membership

VISITOR_MAX_TEXT = limits_of(WEB).message
AGENT_MAX_TEXT = LONGEST_REPLY
_OPENED = {"open": "", "pending": "taken_up", "snoozed": "woken_by_hand", "closed": "reopened"}
"""What the thread calls it when somebody opens a conversation again, by what it was."""


_through: ContextVar[Mapping[str, str]] = ContextVar("through", default=MappingProxyType({}))


@dataclass(frozen=True)
class Sent:
    """The message, and whether this call wrote it (False: the same `client_id` had written it before)."""

    message: Message
    is_new: bool


class CrossedAnswerError(AppError):
    """Somebody else answered while this was being written: it is held until its author has looked again. 409."""

    def __init__(self, answer: Message) -> None:
        name, words = answer.author_name or _("Somebody"), conversations.preview_of(answer.gist)
        super().__init__(409, _("%(name)s answered while you were writing: “%(words)s”", name=name, words=words))


def receive(
    project: Project,
    end_user: EndUser,
    *,
    visitor_id: UUID | None = None,
    text: str,
    client_id: UUID,
    conversation_id: UUID | None = None,
    attachment_ids: Sequence[UUID] = (),
    begins: bool = False,
) -> Sent:
    """A visitor's message. Without a conversation it goes to their latest open one, or begins one; it always does
    if it `begins`.

    `visitor_id`: whose browser it is, if it is not the contact's own; it reads and writes only what it began.
    The caller holds the end user's lock (`endusers.services.ensure`), so that two first messages meet in one
    conversation. Raises `AppError` 403 for who is blocked, 404 for somebody else's conversation, 409, 422.
    """
    text = checked_text(text, VISITOR_MAX_TEXT, attachment_ids)
    visitor_id = visitor_id or end_user.id
    repeated = queries.by_client_id_of_visitor(visitor_id, client_id)
    if repeated is not None:
        return _repeat(repeated, text, "reply", attachment_ids, conversation_id)
    if end_user.is_blocked:
        raise AppError(403, _("This chat takes no new messages."))
    conversation = _conversation_for(project, end_user, visitor_id, conversation_id, begins=begins)
    files = attachments.for_visitor(attachment_ids, visitor_id)
    return _received(conversation, text=text, client_id=client_id, files=files)


def receive_first(
    project: Project, newcomer: EndUser, *, text: str, client_id: UUID, attachment_ids: Sequence[UUID] = ()
) -> Sent:
    """The first words of somebody whom this transaction has made: no message of theirs can be there, only files that
    they sent ahead. Raises `AppError` 404, 422."""
    text = checked_text(text, VISITOR_MAX_TEXT, attachment_ids)
    files = attachments.for_visitor(attachment_ids, newcomer.id)
    return _received(conversations.start(project, newcomer), text=text, client_id=client_id, files=files)


def receive_further(
    project: Project, visitor_id: UUID, *, text: str, client_id: UUID, conversation_id: UUID
) -> Sent | None:
    """A known visitor's next message in a conversation that goes on; None, and nothing written, if it is not that.

    Most messages are, and cost one statement here. For the rest there is `receive`. Raises `AppError` 422.
    """
    text = checked_text(text, VISITOR_MAX_TEXT)
    if "://" in text:
        return None  # what it links to may be to look up
    try:
        message_id = intake.append(
            project.workspace_id,
            conversation_id,
            visitor_id,
            text=text,
            preview=conversations.preview_of(text),
            client_id=client_id,
            at=now(),
        )
    except IntegrityError:
        db.session.rollback()  # the same message came twice in one moment, and the other was first
        return None
    return Sent(queries.message_for_display(message_id), is_new=True) if message_id else None


def send_reply(
    conversation: Conversation,
    *,
    by: Membership,
    text: str,
    client_id: UUID,
    private: bool = False,
    attachment_ids: Sequence[UUID] = (),
    quote_id: UUID | None = None,
    seen: int | None = None,
) -> Sent:
    """An agent's reply, or with `private` a note that only agents see. Raises `AppError` 404, 409, 422.

    `quote_id`: the message of this conversation that it answers to.
    `seen`: how far the thread had come when they began to write. A reply that crosses another agent's raises
    `CrossedAnswerError`; without it nothing is held.
    """
    text = checked_text(text, AGENT_MAX_TEXT if private else conversation.limits.reply, attachment_ids)
    kind = "note" if private else "reply"
    conversation = conversation_queries.locked(conversation.id)
    repeated = queries.by_client_id(conversation.id, client_id)
    if repeated is not None:
        return _repeat(repeated, text, kind, attachment_ids)
    if seen is not None and not private:
        _refuse_to_cross(conversation, seen=seen, by=by)
    files = attachments.for_reply(attachment_ids, conversation)
    quote = quotes.quote_of(quote_id, conversation, private=private) if quote_id else None
    author: dict[str, Any] = {"author_type": "agent", "agent_id": by.user_id, "quote": quote}
    message = _append(conversation, client_id=client_id, kind=kind, text=text, files=files, **author)
    if private:
        mentions.note(conversation, message, actor=_actor(conversation, by))
    else:
        conversations.note_reply(conversation, text=message.gist, by=by, at=message.created_at)
    return Sent(queries.message_for_display(message.id), is_new=True)


def close(conversation: Conversation, *, by: Membership | None, anyway: bool = False, is_held: bool = False) -> None:
    """Close, and say so in the thread. Without a member it was the visitor who ended it.

    Raises `AppError` 422 when a member closes it while an attribute is missing that must be known, unless `anyway`.
    """
    conversation = conversation if is_held else conversation_queries.locked(conversation.id)
    if by is not None and not anyway:
        conversations.demand_filled_in(conversation)
    if conversations.close(conversation, actor=_actor(conversation, by)):
        _record(conversation, "closed", by=by)


def snooze(conversation: Conversation, *, until: datetime | None, by: Membership, is_held: bool = False) -> None:
    """Out of the way until a moment, or until the visitor writes, and say so in the thread. Raises `AppError` 422."""
    conversation = conversation if is_held else conversation_queries.locked(conversation.id)
    if conversations.snooze(conversation, until=until, actor=_actor(conversation, by)):
        _record(conversation, "snoozed", by=by, until=rfc3339(until) if until else None)


def set_pending(conversation: Conversation, *, by: Membership, is_held: bool = False) -> None:
    """It waits for somebody or something else; say so in the thread."""
    conversation = conversation if is_held else conversation_queries.locked(conversation.id)
    if conversations.set_pending(conversation, actor=_actor(conversation, by)):
        _record(conversation, "set_pending", by=by)


def reopen(conversation: Conversation, *, by: Membership, is_held: bool = False) -> None:
    """Open again, and say so in the thread."""
    conversation = conversation if is_held else conversation_queries.locked(conversation.id)
    line = _OPENED[conversation.status]
    if conversations.reopen(conversation, actor=_actor(conversation, by)):
        _record(conversation, line, by=by)


def wake(conversation_id: UUID, *, at: datetime) -> None:
    """Its snooze is over: open, and say so in the thread. Busy conversations wait their turn; twice does no harm."""
    conversation = conversation_queries.locked_if_free(conversation_id)
    if conversation is not None and conversations.wake(conversation, at=at):
        _record(conversation, "woken", by=None, author="system")


def close_idle(conversation_id: UUID, *, at: datetime) -> None:
    """Close what is `queries.idle`, with the last words of its workspace, and name the rule in the thread. A busy
    conversation waits its turn, and one in which something happened meanwhile stays open; twice does no harm."""
    conversation = conversation_queries.locked_if_free(conversation_id)
    workspace = queries.workspace_that_waited(conversation_id, at) if conversation else None
    if conversation is None or workspace is None:
        return
    if workspace.idle_close_message:
        _say_last(conversation, workspace.idle_close_message)
    conversations.close(conversation, actor="system")
    _record(conversation, "closed", by=None, author="system", rule="idle", hours=workspace.idle_close_hours)


def _say_last(conversation: Conversation, text: str) -> None:
    """In the name of the site, for nobody wrote it."""
    speaker = project_queries.project(conversation.project_id).name
    said = {"name": "last_words", "by": speaker}
    message = _append(conversation, client_id=uuid7(), author_type="system", text=text, activity=said)
    conversations.note_last_words(conversation, text=text, at=message.created_at)


def assign(conversation: Conversation, *, to: Membership | None, by: Membership, is_held: bool = False) -> None:
    """Hand over, and say so in the thread."""
    conversation = conversation if is_held else conversation_queries.locked(conversation.id)
    if conversations.assign(conversation, to=to, actor=_actor(conversation, by)):
        _record(conversation, "assigned" if to else "unassigned", by=by, to=to.user.name if to else None)


def hand_out(conversation: Conversation, *, to: Membership, team: Team) -> None:
    """Give a conversation whose lock the caller holds to whose turn it is, and say so in the thread."""
    if conversations.assign(conversation, to=to, actor="system"):
        _record(conversation, f"handed_out_{team.assignment}", by=None, to=to.user.name, of=team.name, author="system")


def move(conversation: Conversation, *, to: Team | None, by: Membership, is_held: bool = False) -> None:
    """Hand over to a team, or to none, and say so in the thread. An assignee who is not in the team lets go of it."""
    conversation = conversation if is_held else conversation_queries.locked(conversation.id)
    before = team_queries.team(conversation.team_id).name if conversation.team_id else None
    is_theirs = to is None or _is_in(to, conversation.assignee_id)
    if conversations.move(conversation, to=to, keeps_assignee=is_theirs, actor=_actor(conversation, by)):
        _record(conversation, "moved" if to else "taken_out", by=by, to=to.name if to else before)


def _is_in(team: Team, user_id: UUID | None) -> bool:
    return user_id is None or team.id in team_queries.team_ids_of(user_id)


def set_priority(conversation: Conversation, *, to: str, by: Membership, is_held: bool = False) -> None:
    """One of `PRIORITIES`; say so in the thread."""
    conversation = conversation if is_held else conversation_queries.locked(conversation.id)
    if conversations.set_priority(conversation, to=to, actor=_actor(conversation, by)):
        _record(conversation, "prioritised", by=by, to=to)


def add_label(conversation: Conversation, label: Label, *, by: Membership, is_held: bool = False) -> None:
    """Put a label on it, and say so in the thread."""
    conversation = conversation if is_held else conversation_queries.locked(conversation.id)
    if conversations.add_label(conversation, label, actor=_actor(conversation, by)):
        _record(conversation, "labelled", by=by, to=label.name)


def remove_label(conversation: Conversation, label: Label, *, by: Membership, is_held: bool = False) -> None:
    """Take a label off, and say so in the thread."""
    conversation = conversation if is_held else conversation_queries.locked(conversation.id)
    if conversations.remove_label(conversation, label, actor=_actor(conversation, by)):
        _record(conversation, "unlabelled", by=by, to=label.name)


def record_activity(
    conversation: Conversation, name: str, *, by: Membership | None = None, author: str = "system", **facts: Any
) -> Message:
    """A line about what a member did, or `author`: a clock, a rule, the visitor. The conversation's lock is held."""
    return _record(conversation, name, by=by, author=author, **facts)


def checked_text(text: str, limit: int, attachment_ids: Sequence[UUID] = ()) -> str:
    """The text as it is stored. Raises `AppError` 422 when it is too long, or empty and nothing goes with it."""
    text = text.replace("\x00", "").strip()
    if not text and not attachment_ids:
        raise _refused(_("Write something first."))
    if len(text) > limit:
        raise _refused(_("This is too long: use at most %(limit)s characters.", limit=limit))
    return text


def _refuse_to_cross(conversation: Conversation, *, seen: int, by: Membership) -> None:
    crossed = queries.answer_by_others(conversation.id, after=seen, than=by.user_id)
    if crossed is not None:
        raise CrossedAnswerError(crossed)


def _refused(sentence: str) -> AppError:
    return AppError(422, sentence, fields={"text": sentence})


def _conversation_for(
    project: Project, end_user: EndUser, visitor_id: UUID, conversation_id: UUID | None, *, begins: bool
) -> Conversation:
    if conversation_id is not None:
        return conversation_queries.conversation_of_visitor(conversation_id, visitor_id, lock=True)
    latest = () if begins else conversation_queries.conversations_of_visitor(visitor_id, limit=1)
    if latest and not latest[0].is_closed:
        return conversation_queries.locked(latest[0].id)
    return conversations.start(project, end_user, visitor_id=visitor_id)


def _received(conversation: Conversation, *, text: str, client_id: UUID, files: Sequence[Attachment]) -> Sent:
    message = _append(conversation, client_id=client_id, author_type="visitor", text=text, files=files)
    conversations.note_visitor_message(conversation, text=message.gist, at=message.created_at)
    return Sent(queries.message_for_display(message.id), is_new=True)


def _append(
    conversation: Conversation,
    *,
    client_id: UUID,
    author_type: str,
    kind: str = "reply",
    files: Sequence[Attachment] = (),
    **content: Any,
) -> Message:
    seq = conversation.next_seq()
    message = Message(
        id=uuid7(),
        created_at=now(),
        workspace_id=conversation.workspace_id,
        conversation_id=conversation.id,
        seq=seq,
        revision=seq,
        client_id=client_id,
        author_type=author_type,
        kind=kind,
        attachments=[file.facts for file in files],
        **content,
    )
    db.session.add(message)
    attachments.give(files, conversation_id=conversation.id, seq=seq)
    emit(
        MessageCreated(
            workspace_id=conversation.workspace_id,
            conversation_id=conversation.id,
            message_id=message.id,
            end_user_id=conversation.end_user_id,
            seq=seq,
            kind=message.kind,
            author_type=author_type,
            actor=_author(conversation, message),
        )
    )
    cards.ask(conversation, message, actor=_author(conversation, message))
    return message


@contextmanager
def through_macro(name: str) -> Iterator[None]:
    """The lines that the block leaves in threads say that a macro did it, whoever ran it."""
    before = _through.set({"macro": name})
    try:
        yield
    finally:
        _through.reset(before)


def _record(
    conversation: Conversation, name: str, *, by: Membership | None, author: str = "visitor", **facts: Any
) -> Message:
    """What was done and by whom, put into words when it is shown. With no member, `author` did."""
    activity = {"name": name, "by": by.user.name if by else None, "to": None, **_through.get(), **facts}
    conversation.changed_at = now()
    return _append(
        conversation,
        client_id=uuid7(),
        author_type="agent" if by else author,
        agent_id=by.user_id if by else None,
        kind="activity",
        activity=activity,
    )


def _repeat(
    message: Message, text: str, kind: str, attachment_ids: Sequence[UUID], conversation_id: UUID | None = None
) -> Sent:
    if message.is_deleted:
        return Sent(message, is_new=False)  # what was sent is not there any more to compare with
    elsewhere = conversation_id is not None and conversation_id != message.conversation_id
    sent_along = [str(one) for one in attachment_ids] == [file["id"] for file in message.attachments]
    if elsewhere or not sent_along or (queries.first_text(message), message.kind) != (text, kind):
        raise AppError(409, _("Another message was already sent under this client_id."))
    return Sent(message, is_new=False)


def _actor(conversation: Conversation, by: Membership | None) -> str:
    return f"agent:{by.user_id}" if by else f"visitor:{conversation.end_user_id}"


def _author(conversation: Conversation, message: Message) -> str:
    if message.agent_id:
        return f"agent:{message.agent_id}"
    return f"visitor:{conversation.end_user_id}" if message.author_type == "visitor" else message.author_type
