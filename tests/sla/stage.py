"""A conversation under a policy, written minute by minute, with the worker and the clock called by hand."""

from __future__ import annotations

from collections.abc import Callable, Sequence
from dataclasses import dataclass, replace
from datetime import UTC, datetime, timedelta
from typing import Any

import pytest
from flask import Flask
from sqlalchemy import select

from chatapp.common.db import db
from chatapp.common.ids import uuid7
from chatapp.common.outbox import OutboxEvent
from chatapp.conversations.models import Conversation
from chatapp.endusers import services as endusers
from chatapp.jobs import schedule
from chatapp.jobs.drain import drain
from chatapp.messages import services as messages
from chatapp.messages.models import Message
from chatapp.messages.undoing import remembered
from chatapp.sla.models import SlaClock, SlaPolicy
from chatapp.undo.queries import locked_deed
from chatapp.undo.services import take_back
from chatapp.workspaces.models import Membership
from tests.factories import Company, inside, make_company, make_policy

START = datetime(2026, 11, 27, 9, 0, tzinfo=UTC)  # a Friday, ten in the morning in Madrid
TERMS: dict[str, Any] = {"first_response": 20, "next_response": 30, "resolution": 120, "warn_amount": 25}


def promise(**terms: Any) -> SlaPolicy:
    """The default policy; call inside a unit of work."""
    return make_policy(**{"name": "Everybody", "is_default": True, "channel_kind": None, **TERMS, **terms})


@dataclass
class Stage:
    """Time stands still at `minute` after `START`, for whoever writes and for the clock."""

    app: Flask
    company: Company
    patch: pytest.MonkeyPatch

    def __post_init__(self) -> None:
        """The message that the company came with is from before any policy: the visitor of these tests is another."""
        self.visitor_id = uuid7()
        self.conversation_id = self.company.conversation_id

    def at(self, minute: float) -> datetime:
        moment = START + timedelta(minutes=minute)
        for place in (
            "chatapp.messages.services.now",
            "chatapp.messages.undoing.now",
            "chatapp.conversations.services.placing.now",
            "chatapp.conversations.services.state.now",
            "chatapp.conversations.services.talk.now",
            "chatapp.jobs.schedule.now",
        ):
            self.patch.setattr(place, lambda: moment)
        return moment

    def visitor(self, minute: float, *, works: bool = True) -> None:
        """The visitor writes; `works` is whether the worker hears of it."""
        self.at(minute)
        with inside(self.app, self.company) as it:
            sent = messages.receive(
                it.project, endusers.ensure(self.visitor_id, locale="en"), text="hello", client_id=uuid7()
            )
            self.conversation_id = sent.message.conversation_id
        self.work(works)

    def agent(self, minute: float, *, private: bool = False, works: bool = True) -> None:
        self.at(minute)
        with inside(self.app, replace(self.company, conversation_id=self.conversation_id)) as it:
            messages.send_reply(it.conversation, by=it.member("agent"), text="hi", client_id=uuid7(), private=private)
        self.work(works)

    def close(self, minute: float) -> None:
        self.at(minute)
        with inside(self.app, replace(self.company, conversation_id=self.conversation_id)) as it:
            messages.close(it.conversation, by=it.member("agent"))
        self.work()

    def reopen(self, minute: float) -> None:
        self.at(minute)
        with inside(self.app, replace(self.company, conversation_id=self.conversation_id)) as it:
            messages.reopen(it.conversation, by=it.member("agent"))
        self.work()

    def taken_back(self, minute: float, deed: Callable[[Conversation, Membership], None], after: float = 0.1) -> None:
        """An agent does something that is undone a moment later; the worker hears of both."""
        self.at(minute)
        with inside(self.app, replace(self.company, conversation_id=self.conversation_id)) as it:
            with remembered([self.conversation_id], by=it.member("agent")) as held:
                deed(it.conversation, it.member("agent"))
            assert held.deed is not None
            deed_id = held.deed.id
        self.work()
        self.at(minute + after)
        with inside(self.app, self.company) as it:
            take_back(locked_deed(deed_id, by=it.member("agent")), by=it.member("agent"))
        self.work()

    def put_away(self, minute: float, *, until: float | None = None, pending: bool = False) -> None:
        """Snoozed until a minute, or until the visitor writes; or set to pending."""
        self.at(minute)
        with inside(self.app, replace(self.company, conversation_id=self.conversation_id)) as it:
            if pending:
                messages.set_pending(it.conversation, by=it.member("agent"))
            else:
                moment = None if until is None else START + timedelta(minutes=until)
                messages.snooze(it.conversation, until=moment, by=it.member("agent"))
        self.work()

    def wake(self, minute: float) -> None:
        """The clock process looks at what is snoozed, and the worker hears of it."""
        self.at(minute)
        with self.app.app_context():
            schedule.wake_snoozed()
        self.work()

    def work(self, works: bool = True) -> None:
        if works:
            with self.app.app_context():
                drain(str(self.company.workspace_id))

    def tick(self, minute: float) -> None:
        """The clock process looks."""
        self.at(minute)
        with self.app.app_context():
            schedule.watch_clocks()

    def clocks(self) -> dict[str, str]:
        """What became of each clock of the conversation, by kind; the last one of a kind."""
        with inside(self.app, self.company):
            found = db.session.scalars(
                select(SlaClock)
                .where(SlaClock.conversation_id == self.conversation_id)
                .order_by(SlaClock.started_at, SlaClock.id)
            )
            return {clock.kind: _fate(clock) for clock in found}

    def shown(self) -> tuple[str | None, str | None, float | None]:
        """What the list shows: kind, state, and minutes after `START` when it is due."""
        with inside(self.app, replace(self.company, conversation_id=self.conversation_id)) as it:
            due = it.conversation.sla_due_at
            minutes = (due - START).total_seconds() / 60 if due else None
            return it.conversation.sla_kind, it.conversation.sla_state, minutes

    def said(self) -> list[str]:
        """The lines about targets in the thread."""
        with inside(self.app, self.company):
            found: Sequence[Message] = db.session.scalars(
                select(Message).where(Message.conversation_id == self.conversation_id).order_by(Message.seq)
            ).all()
            lines = [message.activity for message in found if message.activity]
            return [f"{line['name']} {line['target']}" for line in lines if line["name"].startswith("sla_")]

    def told(self) -> list[str]:
        """The events about targets."""
        with inside(self.app, self.company):
            rows = db.session.scalars(select(OutboxEvent).order_by(OutboxEvent.id)).all()
            return [f"{row.name} {row.payload['kind']}" for row in rows if row.name.startswith("Sla")]


def _fate(clock: SlaClock) -> str:
    if clock.met_at:
        return "met"
    if clock.breached_at:
        return "late, ended" if clock.ended_at else "late"
    return "let go" if clock.ended_at else clock.state


@pytest.fixture
def stage(app: Flask, monkeypatch: pytest.MonkeyPatch) -> Stage:
    """Acme under a policy around the clock: 20 minutes to the first answer, 30 to the next, 120 to the end."""
    company = make_company(app)
    with inside(app, company):
        promise()
    return Stage(app, company, monkeypatch)
