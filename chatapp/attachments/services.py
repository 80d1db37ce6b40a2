"""Everything that writes attachments."""

from __future__ import annotations

from collections.abc import Sequence
from datetime import timedelta
from typing import TYPE_CHECKING
from uuid import UUID

from flask_babel import gettext as _
from sqlalchemy import delete, update

from chatapp.attachments import queries
from chatapp.attachments.models import Attachment
from chatapp.channels.limits import MOST_FILES, WEB, limits_of
from chatapp.common.clock import now
from chatapp.common.db import db
from chatapp.common.errors import AppError
from chatapp.conversations import queries as conversation_queries
from chatapp.conversations.models import Conversation

if TYPE_CHECKING:
    from chatapp.attachments.intake import Sender, Taken

MOST = MOST_FILES
KEPT_UNUSED = timedelta(days=1)


def add(taken: Taken, sender: Sender, keys: Sequence[str]) -> Attachment:
    """The row of a file that is stored under these keys: itself, and for a picture its thumbnail. Raises 404 when
    the conversation has gone meanwhile."""
    if sender.conversation_id is not None:
        conversation_queries.conversation(sender.conversation_id)
    image = taken.image
    attachment = Attachment(
        workspace_id=sender.workspace_id,
        uploader="visitor" if sender.visitor_id else "agent",
        agent_id=sender.agent_id,
        visitor_id=sender.visitor_id,
        conversation_id=sender.conversation_id,
        name=taken.name,
        type=taken.type,
        kind=taken.kind,
        size=taken.size,
        width=image.width if image else None,
        height=image.height if image else None,
        storage_key=keys[0],
        thumbnail_key=keys[1] if image else None,
        thumbnail_size=image.thumbnail.seek(0, 2) if image else None,
    )
    db.session.add(attachment)
    db.session.flush()
    return attachment


def for_reply(ids: Sequence[UUID], conversation: Conversation) -> list[Attachment]:
    """What an agent's message in this conversation takes, locked, in the order asked for. Raises 404, 422."""
    most = conversation.limits.files
    return _in_order(ids, queries.unused_of_conversation(_checked(ids, most), conversation.id) if ids else ())


def for_visitor(ids: Sequence[UUID], visitor_id: UUID) -> list[Attachment]:
    """What a visitor's message takes, locked, in the order asked for. Raises 404, 422."""
    return _in_order(ids, queries.unused_of_visitor(_checked(ids, limits_of(WEB).files), visitor_id) if ids else ())


def give(attachments: Sequence[Attachment], *, conversation_id: UUID, seq: int) -> None:
    """They belong to this message from now on."""
    if not attachments:
        return
    db.session.flush()  # the message must be there before they can name it
    for attachment in attachments:
        attachment.conversation_id, attachment.message_seq = conversation_id, seq


def keep_for(scheduled_id: UUID, attachments: Sequence[Attachment]) -> None:
    """They wait for a reply that is sent later: no other message takes them, and they do not grow old."""
    for attachment in attachments:
        attachment.scheduled_id = scheduled_id
    db.session.flush()


def keep_no_longer(scheduled_id: UUID) -> None:
    """Its files may go with a message, or grow old."""
    db.session.execute(update(Attachment).where(Attachment.scheduled_id == scheduled_id).values(scheduled_id=None))


def forget_unused(limit: int) -> None:
    """Those that no message took within a day go. Needs `across_tenants`."""
    for attachment in queries.unused_since(now() - KEPT_UNUSED, limit=limit):
        db.session.delete(attachment)


def forget_of_message(conversation_id: UUID, seq: int) -> None:
    """The message is deleted, and its files go with it."""
    here = (Attachment.conversation_id == conversation_id, Attachment.message_seq == seq)
    db.session.execute(delete(Attachment).where(*here))


def forget_unused_of_visitor(visitor_id: UUID) -> None:
    db.session.execute(delete(Attachment).where(Attachment.visitor_id == visitor_id, Attachment.message_seq.is_(None)))


def _checked(ids: Sequence[UUID], most: int) -> Sequence[UUID]:
    if len(ids) > most:
        sentence = _("Send at most %(most)s files with one message.", most=most)
        raise AppError(422, sentence, fields={"attachment_ids": sentence})
    return ids


def _in_order(ids: Sequence[UUID], found: Sequence[Attachment]) -> list[Attachment]:
    by_id = {attachment.id: attachment for attachment in found}
    if len(by_id) != len(ids):
        raise AppError(404, _("One of these files is not there any more. Attach it again."))
    return [by_id[one] for one in ids]
