"""Everything that writes scheduled replies. Each takes the conversation's lock first, as whoever writes in it does."""

from __future__ import annotations

from collections.abc import Sequence
from datetime import datetime, timedelta
from typing import Any
from uuid import UUID

from flask_babel import gettext as _

from chatapp.attachments import services as attachments
from chatapp.common.clock import now
from chatapp.common.db import db
from chatapp.common.errors import AppError
from chatapp.common.events import emit
from chatapp.conversations import permissions
from chatapp.conversations import queries as conversation_queries
from chatapp.conversations.models import Conversation
from chatapp.conversations.visibility import sight_of
from chatapp.messages import queries as message_queries
from chatapp.messages import services as messages
from chatapp.scheduled import queries
from chatapp.scheduled.events import ScheduleChanged
from chatapp.scheduled.models import ScheduledReply
from chatapp.undo import services as undo
from chatapp.undo.models import Deed
from chatapp.workspaces import queries as workspaces
from chatapp.workspaces.models import Membership

CANCELLED = "scheduled.cancelled"
MOST = 20
FURTHEST = timedelta(days=366)


def schedule(
    conversation: Conversation,
    *,
    by: Membership,
    text: str,
    at: datetime,
    client_id: UUID,
    only_if_silent: bool,
    attachment_ids: Sequence[UUID] = (),
) -> ScheduledReply:
    """Let a reply wait for its moment. Asking for the same again changes nothing.

    Raises `AppError` 404 for files that are gone, 409 when many wait or the number is taken, 422.
    """
    text = messages.checked_text(text, conversation.limits.reply, attachment_ids)
    _demand_ahead(at)
    conversation = conversation_queries.locked(conversation.id)
    repeated = queries.by_client_id(conversation.id, client_id)
    if repeated is not None:
        if repeated.text != text:
            raise AppError(409, _("Another message was already sent under this client_id."))
        return repeated
    _refuse_taken(conversation, client_id)
    files = attachments.for_reply(attachment_ids, conversation)
    reply = ScheduledReply(
        conversation_id=conversation.id,
        author_id=by.user_id,
        author_name=by.user.name,
        client_id=client_id,
        text=text,
        attachments=[file.facts for file in files],
        send_at=at,
        seen_seq=conversation.last_seq,
        only_if_silent=only_if_silent,
    )
    db.session.add(reply)
    db.session.flush()
    attachments.keep_for(reply.id, files)
    _tell(reply, by)
    return reply


def change(
    conversation: Conversation, reply_id: UUID, *, by: Membership, text: str, at: datetime, only_if_silent: bool
) -> None:
    """Other words, another moment. What was held waits again, and what was said until now is known.

    Whoever changes it answers for it: it is theirs from now on. Raises `AppError` 404 when it has gone out, 422.
    """
    _conversation, reply = _locked(conversation, reply_id)
    reply.text = messages.checked_text(text, conversation.limits.reply, reply.attachment_ids)
    _demand_ahead(at)
    reply.send_at, reply.only_if_silent, reply.held = at, only_if_silent, None
    reply.author_id, reply.author_name = by.user_id, by.user.name
    reply.seen_seq = _conversation.last_seq
    _tell(reply, by)


def send_now(conversation: Conversation, reply_id: UUID, *, by: Membership) -> None:
    """Send it at once, in one's own name. Raises `AppError` 404 when it has gone out, 409, 422."""
    conversation, reply = _locked(conversation, reply_id)
    _send(conversation, reply, by=by)
    _tell(reply, by)


def cancel(conversation: Conversation, reply_id: UUID, *, by: Membership) -> Deed:
    """It is not sent; that can be taken back. Raises `AppError` 404 when it has gone out."""
    conversation, reply = _locked(conversation, reply_id)
    deed = undo.remember(CANCELLED, by=by, **_facts(reply))
    attachments.keep_no_longer(reply.id)
    db.session.delete(reply)
    _tell(reply, by)
    return deed


def take_back(deed: Deed, by: Membership) -> None:
    """It waits again, as it was. Raises `AppError` 403, 404 for files that are gone, 409 when its moment is over."""
    facts = deed.facts
    if not by.may(permissions.REPLY):
        raise AppError(403, _("Your role in this workspace does not allow this. Ask an owner or an admin."))
    at = datetime.fromisoformat(facts["send_at"])
    if at <= now():
        raise AppError(409, _("Its moment is over by now. Schedule it again."))
    schedule(
        conversation_queries.conversation(UUID(facts["conversation_id"])),
        by=by,
        text=facts["text"],
        at=at,
        client_id=UUID(facts["client_id"]),
        only_if_silent=facts["only_if_silent"],
        attachment_ids=[UUID(one) for one in facts["attachment_ids"]],
    )


def _facts(reply: ScheduledReply) -> dict[str, Any]:
    return {
        "conversation_id": str(reply.conversation_id),
        "client_id": str(reply.client_id),
        "text": reply.text,
        "send_at": reply.send_at.isoformat(),
        "only_if_silent": reply.only_if_silent,
        "attachment_ids": [str(one) for one in reply.attachment_ids],
    }


def look_at(reply_id: UUID, *, at: datetime) -> None:
    """Send what is due, or hold it. A busy conversation waits its turn; twice does no harm, for what was sent is gone
    in the same transaction."""
    conversation_id = queries.conversation_of(reply_id)
    conversation = conversation_queries.locked_if_free(conversation_id) if conversation_id else None
    if conversation is None or queries.conversation_of(reply_id) is None:
        return
    reply = queries.scheduled_reply(reply_id, conversation.id)
    if reply.held:
        return
    if reply.only_if_silent and queries.is_answered(reply):
        _hold(reply, "answered")
        messages.record_activity(conversation, "schedule_stopped", to=reply.author_name)
    elif reply.send_at <= at:
        _send_or_hold(conversation, reply)


def _send_or_hold(conversation: Conversation, reply: ScheduledReply) -> None:
    author = _author(reply)
    if author is None:
        return _hold(reply, "left")
    if not author.may(permissions.REPLY) or not sight_of(author).covers(conversation):
        return _hold(reply, "role")
    try:
        with db.session.begin_nested():
            _send(conversation, reply, by=author)
    except AppError:
        return _hold(reply, "refused")
    return _tell(reply, author)


def _author(reply: ScheduledReply) -> Membership | None:
    """Who wrote it, if they are still of the team."""
    if reply.author_id is None:
        return None
    author = workspaces.member(reply.author_id)
    return None if author.user.is_suspended else author


def _send(conversation: Conversation, reply: ScheduledReply, *, by: Membership) -> None:
    attachments.keep_no_longer(reply.id)
    what = {"text": reply.text, "client_id": reply.client_id, "attachment_ids": reply.attachment_ids}
    messages.send_reply(conversation, by=by, **what)  # type: ignore[arg-type]
    db.session.delete(reply)
    db.session.flush()


def _hold(reply: ScheduledReply, why: str) -> None:
    reply.held = why
    _tell(reply, None)


def _locked(conversation: Conversation, reply_id: UUID) -> tuple[Conversation, ScheduledReply]:
    conversation = conversation_queries.locked(conversation.id)
    return conversation, queries.scheduled_reply(reply_id, conversation.id)


def _demand_ahead(at: datetime) -> None:
    moment = now()
    if moment < at <= moment + FURTHEST:
        return
    late = _("This is more than a year away. Choose an earlier day.")
    sentence = _("This moment is over. Choose a later one.") if at <= moment else late
    raise AppError(422, sentence, fields={"send_at": sentence})


def _refuse_taken(conversation: Conversation, client_id: UUID) -> None:
    if message_queries.by_client_id(conversation.id, client_id):
        raise AppError(409, _("This has been sent already."))
    if len(queries.waiting(conversation.id)) >= MOST:
        raise AppError(409, _("%(count)s replies wait here already. Send or cancel one first.", count=MOST))


def _tell(reply: ScheduledReply, by: Membership | None) -> None:
    emit(
        ScheduleChanged(
            workspace_id=reply.workspace_id,
            conversation_id=reply.conversation_id,
            actor=f"agent:{by.user_id}" if by else "system",
        )
    )
