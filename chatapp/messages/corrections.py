"""What is done to messages after they were said: edited and deleted. The conversation's lock comes first here, too.

A change takes the conversation's next number as the message's `revision`, so whoever catches up gets it.
"""

from __future__ import annotations

from datetime import datetime
from typing import Any

from flask_babel import gettext as _
from sqlalchemy import delete as delete_rows

from chatapp.attachments import services as attachments
from chatapp.common import audit
from chatapp.common.clock import now
from chatapp.common.db import db
from chatapp.common.errors import AppError
from chatapp.common.events import emit
from chatapp.conversations import permissions
from chatapp.conversations import queries as conversation_queries
from chatapp.conversations import services as conversations
from chatapp.conversations.models import Conversation
from chatapp.messages import cards, mentions, queries, quotes
from chatapp.messages.events import MessageChanged
from chatapp.messages.models import Message, MessageVersion
from chatapp.messages.services import AGENT_MAX_TEXT, checked_text
from chatapp.workspaces.models import Membership


def may_change(message: Message, by: Membership) -> bool:
    """Their own replies and notes, and with the permission those of their colleagues."""
    is_agents = message.author_type == "agent" and message.kind != "activity"
    return is_agents and (message.agent_id == by.user_id or by.may(permissions.MODERATE))


def edit(message: Message, *, text: str, last_edit: datetime | None, by: Membership) -> Message:
    """Say it otherwise; what it said before is kept for agents to see. The same text changes nothing.

    `last_edit`: when it had been edited last as the editor saw it. Raises `AppError` 403, 409, 422.
    """
    conversation, message = _locked(message)
    refuse_to_edit(message, by)
    if message.edited_at != last_edit:
        raise AppError(409, _("Somebody edited this message meanwhile. Copy your text, close this and edit it again."))
    longest = AGENT_MAX_TEXT if message.is_private else conversation.limits.reply
    text = checked_text(text, longest, [file["id"] for file in message.attachments])
    if text == message.text:
        return message
    about = {"conversation_id": message.conversation_id, "seq": message.seq, "text": message.text}
    db.session.add(MessageVersion(**about, editor_id=by.user_id, editor_name=by.user.name))
    message.text, message.edited_at = text, now()
    cards.ask(conversation, message, actor=f"agent:{by.user_id}")
    if message.kind == "note":
        mentions.note(conversation, message, actor=f"agent:{by.user_id}")
    _changed(conversation, message, "edited", by)
    return message


def delete(message: Message, *, by: Membership) -> Message:
    """Its text, its earlier texts and its files go for ever; its place stays. Twice changes nothing. Raises 403."""
    conversation, message = _locked(message)
    _refuse_strangers(message, by)
    if message.is_deleted:
        return message
    here = (MessageVersion.conversation_id == message.conversation_id, MessageVersion.seq == message.seq)
    db.session.execute(delete_rows(MessageVersion).where(*here))
    attachments.forget_of_message(message.conversation_id, message.seq)
    message.text, message.attachments, message.quote, message.card, message.deleted_at = "", [], None, None, now()
    mentions.forget(conversation, message)
    _changed(conversation, message, "deleted", by)
    return message


def rewrite_activity(conversation: Conversation, seq: int, *, actor: str, **facts: Any) -> None:
    """What a line of activity tells has changed. The conversation's lock is held."""
    line = queries.by_seq(conversation.id, seq)
    line.activity = {**(line.activity or {}), **facts}
    line.revision = conversation.next_seq()
    _tell(conversation, line, "rewritten", actor)


def show_card(conversation: Conversation, message: Message, card: dict[str, Any]) -> None:
    """What it links to is known. Nobody said anything, so neither row nor clock of the conversation moves. The caller
    holds its lock."""
    message.card, message.revision = card, conversation.next_seq()
    db.session.flush()
    _tell(conversation, message, "card", "system")


def refuse_to_edit(message: Message, by: Membership) -> None:
    """Raises `AppError` 403 for who may not, 409 for what is not there any more."""
    _refuse_strangers(message, by)
    if message.is_deleted:
        raise AppError(409, _("This message was deleted meanwhile."))


def _refuse_strangers(message: Message, by: Membership) -> None:
    if not may_change(message, by):
        raise AppError(403, _("Only its author may change this message."))


def _locked(message: Message) -> tuple[Conversation, Message]:
    return conversation_queries.locked(message.conversation_id), queries.fresh(message)


def _changed(conversation: Conversation, message: Message, what: str, by: Membership) -> None:
    message.revision = conversation.next_seq()
    db.session.flush()
    if not message.is_private:
        last = queries.last_said(conversation.id)
        conversations.note_correction(conversation, text=last.gist if last else "", author=_side(last))
    if message.agent_id != by.user_id:
        audit.record(f"message.{what}", by=by.user, target_id=message.id, target_name=message.author_name or "")
    actor = f"agent:{by.user_id}"
    _tell(conversation, message, what, actor)
    for quoting in quotes.follow(message):
        quoting.revision = conversation.next_seq()
        _tell(conversation, quoting, "quote", actor)


def _tell(conversation: Conversation, message: Message, what: str, actor: str) -> None:
    emit(
        MessageChanged(
            workspace_id=message.workspace_id,
            conversation_id=message.conversation_id,
            message_id=message.id,
            end_user_id=conversation.end_user_id,
            seq=message.seq,
            revision=message.revision,
            kind=message.kind,
            what=what,
            actor=actor,
        )
    )


def _side(message: Message | None) -> str:
    return "agent" if message is not None and message.author_type != "visitor" else "visitor"
