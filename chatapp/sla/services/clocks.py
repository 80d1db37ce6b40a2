"""Clocks follow the thread: the visitor's message starts them, the answer or the close stops them. While a conversation
is pending or snoozed they stand still.

Each verb holds the conversation's lock. The cursor says how far the thread has been followed, so that a message counts
once, whoever looks first: the worker after an event, or the clock process before it calls anything late.
"""

from __future__ import annotations

from collections.abc import Callable, Sequence
from datetime import datetime
from functools import cached_property
from uuid import UUID

from chatapp.common.db import db
from chatapp.common.events import emit
from chatapp.conversations import queries as conversation_queries
from chatapp.conversations import services as conversations
from chatapp.conversations.models import Conversation
from chatapp.messages import services as messages
from chatapp.messages.models import Message
from chatapp.sla import queries
from chatapp.sla.deadlines import after_pause, deadline
from chatapp.sla.events import SlaBreached, SlaWarned
from chatapp.sla.models import KINDS, REPLIES, SlaClock, SlaCursor, SlaPolicy


def follow(conversation_id: UUID) -> None:
    """Bring a conversation's clocks up to what its thread says. Again changes nothing."""
    if not (queries.has_policies() or queries.cursor(conversation_id)):
        return
    conversation = conversation_queries.locked(conversation_id)
    _Thread(conversation).follow()


def check(conversation_id: UUID, *, at: datetime) -> None:
    """Warn of what is due soon and call late what is late; each once. Busy conversations wait their turn."""
    conversation = conversation_queries.locked_if_free(conversation_id)
    if conversation is None:
        return
    thread = _Thread(conversation)
    thread.follow()
    thread.judge(at)


class _Thread:
    """A locked conversation with its running clocks."""

    def __init__(self, conversation: Conversation) -> None:
        self.conversation = conversation
        self.clocks = {clock.kind: clock for clock in queries.running(conversation.id)}
        self.cursor = queries.cursor(conversation.id) or self._first_cursor()

    def follow(self) -> None:
        while found := queries.messages_above(self.conversation.id, self.cursor.seq):
            for message in found:
                self._take(message)
                self.cursor.seq = message.seq
        self._tell()

    def judge(self, at: datetime) -> None:
        for clock in list(self.clocks.values()):
            if clock.is_late(at):
                self._breach(clock)
            elif clock.is_due_soon(at):
                self._warn(clock)
        self._tell()

    def _first_cursor(self) -> SlaCursor:
        """A thread is followed from its beginning, also one that was there before any policy."""
        cursor = SlaCursor(
            workspace_id=self.conversation.workspace_id, conversation_id=self.conversation.id, seq=0, turn="new"
        )
        db.session.add(cursor)
        return cursor

    @cached_property
    def _policies(self) -> Sequence[SlaPolicy]:
        return [policy for policy in queries.policies() if policy.covers(self.conversation)]

    def _take(self, message: Message) -> None:
        if message.activity and (message.activity["name"], message.activity.get("of")) == ("undone", "state"):
            self.taken_back(message.created_at, since=datetime.fromisoformat(message.activity["since"]))
            return
        what = message.activity["name"] if message.activity else f"{message.author_type} {message.kind}"
        react = _REACTIONS.get(what)
        if react:
            react(self, message.created_at)

    def visitor_wrote(self, at: datetime) -> None:
        self.resumed(at)
        if self.cursor.turn == "new":
            self._start("first_response", at)
            self._start("resolution", at)
            self.cursor.turn = "waiting"
        elif self.cursor.turn == "answered":
            self._start("next_response", at)

    def agent_answered(self, at: datetime) -> None:
        self.cursor.turn = "answered"
        for kind in REPLIES:
            self._end(kind, at, is_kept=True)

    def closed(self, at: datetime) -> None:
        """A close without an answer keeps no promise to answer, and breaks none."""
        self.cursor.turn = "new"
        for kind in KINDS:
            self._end(kind, at, is_kept=kind == "resolution")

    def reopened(self, at: datetime) -> None:
        self._start("resolution", at)

    def paused(self, at: datetime) -> None:
        for clock in self.clocks.values():
            if clock.is_late(at):
                self._breach(clock)
            if not clock.breached_at and not clock.paused_at:
                clock.paused_at = at

    def resumed(self, at: datetime) -> None:
        for clock in self.clocks.values():
            if clock.paused_at:
                self._resume(clock, at)

    def taken_back(self, at: datetime, *, since: datetime) -> None:
        """As if what was done to the conversation at `since` had never been: what began then was not promised, what
        ended runs on, and what stood still did not."""
        for clock in queries.touched_since(self.conversation.id, since):
            self._take_back(clock, since)
        db.session.flush()
        self.clocks = {clock.kind: clock for clock in queries.running(self.conversation.id)}
        self.cursor.turn = "waiting" if self.conversation.waiting_since else "new"
        if queries.was_answered(self.conversation.id, at=since):
            self.cursor.turn = "answered"
        if self.conversation.status in ("pending", "snoozed"):
            self.paused(at)

    def _take_back(self, clock: SlaClock, since: datetime) -> None:
        if clock.started_at >= since:
            db.session.delete(clock)
            return
        if clock.ended_at and clock.ended_at >= since:
            clock.ended_at = clock.met_at = None
        if clock.paused_at and clock.paused_at >= since and self.conversation.is_open:
            clock.paused_at = None

    def _resume(self, clock: SlaClock, at: datetime) -> None:
        """By the hours of its policy as they are now; around the clock once the policy is gone."""
        policy = next((policy for policy in queries.policies() if policy.id == clock.policy_id), None)
        calendar = policy.hours.calendar if policy and policy.hours else None

        def ahead(moment: datetime) -> datetime:
            return after_pause(moment, paused_at=clock.paused_at or at, resumed_at=at, calendar=calendar)

        clock.due_at = ahead(clock.due_at)
        if clock.warn_at and not clock.warned_at:
            clock.warn_at = ahead(max(clock.warn_at, clock.paused_at or at))
        clock.paused_at = None

    def _start(self, kind: str, at: datetime) -> None:
        """By the first policy that is for this conversation; what came before a policy was made is not for it."""
        policy = next((policy for policy in self._policies if policy.created_at <= at), None)
        minutes = policy and policy.minutes_for(kind)
        if not policy or not minutes or kind in self.clocks:
            return
        calendar = policy.hours.calendar if policy.hours else None
        due = deadline(at, minutes=minutes, calendar=calendar, notice=policy.notice)
        if due is None:
            return
        self.clocks[kind] = SlaClock(
            workspace_id=self.conversation.workspace_id,
            conversation_id=self.conversation.id,
            policy_id=policy.id,
            kind=kind,
            started_at=at,
            due_at=due.due_at,
            warn_at=due.warn_at,
        )
        db.session.add(self.clocks[kind])
        db.session.flush()

    def _end(self, kind: str, at: datetime, *, is_kept: bool) -> None:
        clock = self.clocks.get(kind)
        if clock is None:
            return
        if clock.is_late(at):
            self._breach(clock)
        clock.end(at=at, is_kept=is_kept)
        del self.clocks[kind]
        db.session.flush()

    def _warn(self, clock: SlaClock) -> None:
        clock.warned_at = clock.warn_at
        self._note(clock, SlaWarned, "sla_warned")

    def _breach(self, clock: SlaClock) -> None:
        clock.breached_at = clock.due_at
        self._note(clock, SlaBreached, "sla_breached")

    def _note(self, clock: SlaClock, event: type[SlaWarned] | type[SlaBreached], activity: str) -> None:
        """Once per clock: the mark, the line and the event are one transaction."""
        emit(
            event(
                workspace_id=clock.workspace_id,
                conversation_id=clock.conversation_id,
                clock_id=clock.id,
                kind=clock.kind,
                due_at=clock.due_at,
            )
        )
        messages.record_activity(self.conversation, activity, target=clock.kind)

    def _tell(self) -> None:
        """What the list shows: of the clocks that run, the one that is due first."""
        running = [clock for clock in self.clocks.values() if clock.paused_at is None]
        first = min(running, key=lambda clock: clock.due_at, default=None)
        conversations.note_sla(
            self.conversation,
            kind=first.kind if first else None,
            state=first.state if first else None,
            due_at=first.due_at if first else None,
        )


_REACTIONS: dict[str, Callable[[_Thread, datetime], None]] = {
    "visitor reply": _Thread.visitor_wrote,
    "agent reply": _Thread.agent_answered,
    "closed": _Thread.closed,
    "reopened": _Thread.reopened,
    "snoozed": _Thread.paused,
    "set_pending": _Thread.paused,
    "woken": _Thread.resumed,
    "woken_by_hand": _Thread.resumed,
    "taken_up": _Thread.resumed,
}
"""What the clocks listen to in a thread; all else passes."""
