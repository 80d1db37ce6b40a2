"""Two conversations of one contact become one."""

from __future__ import annotations

from datetime import datetime
from uuid import UUID

from flask_babel import gettext as _
from sqlalchemy import update
from sqlalchemy.exc import IntegrityError

from chatapp.attachments.models import Attachment
from chatapp.common.clock import now
from chatapp.common.db import db
from chatapp.common.errors import AppError
from chatapp.conversations.models import Conversation
from chatapp.messages import services as messages
from chatapp.reshaping import queries
from chatapp.reshaping.services import threads
from chatapp.scheduled import queries as scheduled
from chatapp.undo import services as undo
from chatapp.undo.models import Deed
from chatapp.workspaces.models import Membership

MERGED = "reshaping.merged"


def merge(source: Conversation, *, into: Conversation, by: Membership) -> Deed:
    """What was said in the source comes into the other, in the order of time; the source is closed and leads there.

    Raises `AppError` 404, 409, 422 when they are not two of one contact on one site.
    """
    began, actor = now(), f"agent:{by.user_id}"
    source, target = threads.locked_pair(source.id, into.id)
    _refuse_strangers(source, target)
    moved = queries.said(source.id)
    threads.demand_few([*moved, *(queries.since(target.id, moved[0].created_at) if moved else ())])
    was = {"source": threads.standing(source), "target": threads.standing(target)}
    waiting, replies = [reply.id for reply in scheduled.waiting(source.id)], [one.id for one in moved]
    try:
        with threads.clocks_kept(target), db.session.begin_nested():
            threads.take_in(target, moved)
            _take_waiting_along(source, target)
            messages.close(source, by=by)
            source.merged_into_id = target.id
            messages.record_activity(source, "merged_away", by=by, there=str(target.id))
            messages.record_activity(target, "merged_in", by=by, there=str(source.id), count=str(len(moved)))
            unread = target.unread_count + source.unread_count
            if source.first_response_at and not target.first_response_at:
                target.first_response_at = source.first_response_at
            threads.stand_anew(source, unread=0, actor=actor)
            if target.is_closed and was["source"]["status"] != "closed":
                messages.reopen(target, by=by)
            threads.stand_anew(target, unread=unread, actor=actor)
    except IntegrityError:
        raise AppError(409, _("These two cannot be merged: the same message is in both.")) from None
    return undo.remember(
        MERGED,
        by=by,
        since=began.isoformat(),
        source=str(source.id),
        target=str(target.id),
        source_seq=source.last_seq,
        target_seq=target.last_seq,
        was=was,
        moved=[str(one) for one in replies],
        waiting=[str(one) for one in waiting],
    )


def take_back_merge(deed: Deed, by: Membership) -> None:
    """What came goes back. Raises `AppError` 403, 404, 409."""
    facts, actor = deed.facts, f"agent:{by.user_id}"
    source, target = threads.locked_pair(UUID(facts["source"]), UUID(facts["target"]))
    threads.refuse_if_not_as_left(deed, by, (source, "source_seq"), (target, "target_seq"))
    source.merged_into_id = None
    with threads.clocks_kept(target), threads.clocks_kept(source):
        threads.take_in(source, queries.those([UUID(one) for one in facts["moved"]], target.id))
        for reply in scheduled.waiting(target.id):
            if str(reply.id) in facts["waiting"]:
                reply.conversation_id, reply.seen_seq = source.id, source.last_seq
    for conversation, name in ((source, "source"), (target, "target")):
        before = facts["was"][name]
        conversation.status = before["status"]
        conversation.closed_at = _moment(before["closed_at"])
        conversation.snoozed_until = _moment(before["snoozed_until"])
        of = "state" if name == "source" else "merge"
        messages.record_activity(conversation, "undone", by=by, of=of, since=facts["since"])
        threads.stand_anew(conversation, unread=before["unread_count"], actor=actor)


def _take_waiting_along(source: Conversation, target: Conversation) -> None:
    """Replies that wait there wait here, with their files."""
    for reply in scheduled.waiting(source.id):
        reply.conversation_id, reply.seen_seq = target.id, target.last_seq
    unsent = (Attachment.conversation_id == source.id, Attachment.message_seq.is_(None))
    db.session.execute(update(Attachment).where(*unsent).values(conversation_id=target.id))


def _refuse_strangers(source: Conversation, target: Conversation) -> None:
    of_one = ("reader_id", "project_id", "channel_kind")
    if source.id == target.id or any(getattr(source, name) != getattr(target, name) for name in of_one):
        raise AppError(422, _("Choose another conversation of the same contact on the same site."))
    if source.merged_into_id or target.merged_into_id:
        raise AppError(409, _("One of them has been merged already."))


def _moment(text: str | None) -> datetime | None:
    return datetime.fromisoformat(text) if text else None
