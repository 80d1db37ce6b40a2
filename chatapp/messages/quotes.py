"""An answer may quote a message of its conversation. It keeps whom and what it quotes, so that it is shown without a
look at the other; what happens to the other, happens to the quote."""

from __future__ import annotations

from typing import Any
from uuid import UUID

from flask_babel import gettext as _

from chatapp.common.errors import AppError
from chatapp.conversations.models import Conversation
from chatapp.messages import queries
from chatapp.messages.models import Message

_LONGEST = 300


def quote_of(message_id: UUID, conversation: Conversation, *, private: bool) -> dict[str, Any]:
    """What an answer keeps of a message that it quotes. Visitors are never shown what is private.

    Raises `AppError` 404 for one of another conversation, 422 for what cannot be quoted.
    """
    message = queries.message_of(conversation.id, message_id)
    if message.is_deleted:
        raise AppError(422, _("The message that you quote was deleted meanwhile."))
    if message.kind == "activity" or (message.is_private and not private):
        raise AppError(422, _("This can only be quoted in a private note."))
    return _facts(message)


def follow(message: Message) -> list[Message]:
    """Those who quote a message that was changed say what it says now; which they are."""
    quoting = queries.quoting(message)
    for one in quoting:
        one.quote = _facts(message)
    return list(quoting)


def _facts(message: Message) -> dict[str, Any]:
    return {
        "id": str(message.id),
        "seq": message.seq,
        "is_private": message.is_private,
        "author_type": message.author_type,
        "author": message.author_name,
        "text": "" if message.is_deleted else " ".join(message.gist.split())[:_LONGEST],
        "is_deleted": message.is_deleted,
    }
