"""kill -9 of the clock and the worker while something is due: each thing happens, and happens once."""

import random
import time
from collections import Counter
from collections.abc import Callable, Iterator
from contextlib import contextmanager, suppress
from datetime import timedelta
from uuid import UUID

import psutil
import psycopg
import pytest
from flask import Flask

from chatapp.common.clock import now
from chatapp.common.ids import uuid7
from chatapp.config import Config
from chatapp.conversations.models import Conversation
from chatapp.messages import services as messages
from chatapp.scheduled import services as scheduled
from chatapp.workspaces import services as workspaces
from tests.factories import Company, Inside, inside, make_company
from tests.support.application import opened
from tests.support.stage import Stage, kill, wait_for

pytestmark = pytest.mark.fault

EACH = 40
Happened = Counter[tuple[object, object]]
"""How often what happened in which conversation."""

AHEAD = timedelta(seconds=10)
DOWN_SECONDS = 3
PROMISED, LAST_WORDS = "As promised.", "We close this for now."

_DONE = """
    SELECT conversation_id, coalesce(activity ->> 'name', 'sent'), text FROM message
    WHERE workspace_id = %(workspace)s AND (
        activity ->> 'name' IN ('woken', 'last_words') OR activity ->> 'rule' = 'idle' OR text = %(promised)s
    )
"""


def test_what_was_due_while_clock_and_worker_died_happens_once(the_stage: Stage) -> None:
    the_stage.wait_until_ready()
    with opened(Config.from_env(the_stage.variables)) as app, watched(the_stage) as database:
        company = make_company(app, "drowsy")
        expected = prepare(app, company, database)
        keep_down(the_stage, until=time.monotonic() + AHEAD.total_seconds() + DOWN_SECONDS)
        assert done(database, company).total() < EACH, "they were to be down when it was due"
        for what in ("woken", "woken", "sent", "sent", "closed", "closed"):
            strike_in_the_middle(the_stage, what, lambda: done(database, company))
        wait_for(lambda: done(database, company).total() >= expected.total(), "all of it")
        wait_for(lambda: pending(database) == 0, "the effects")
        time.sleep(12)  # whatever would do it again has looked by now: the slowest looks each ten seconds
        assert done(database, company) == expected


def prepare(app: Flask, company: Company, database: psycopg.Connection[tuple[object, ...]]) -> Happened:
    """What is due soon: snoozes, replies and closings. What shall have happened in the end, once each."""
    with inside(app, company) as it:
        by = it.member("owner")
        snoozed, promised, idle = [[answered(it) for _each in range(EACH)] for _kind in range(3)]
        moment = now() + AHEAD
        for one in snoozed:
            messages.snooze(one, until=moment, by=by)
        for one in promised:
            reply = {"text": PROMISED, "client_id": uuid7(), "only_if_silent": False}
            scheduled.schedule(one, by=by, at=moment, **reply)
        # An hour without a word is over in the moment that the others are due.
        workspaces.close_idle_after(it.conversation.workspace, hours=1, message=LAST_WORDS, by=by.user)
        ids = {
            kind: [one.id for one in some] for kind, some in (("woken", snoozed), ("sent", promised), ("idle", idle))
        }
    age(database, ids["idle"], moment - timedelta(hours=1))
    wanted: Happened = Counter((one, "woken") for one in ids["woken"])
    wanted += Counter((one, "sent") for one in ids["sent"])
    wanted += Counter((one, what) for one in ids["idle"] for what in ("last_words", "closed"))
    return wanted


def answered(it: Inside) -> Conversation:
    conversation = it.another_conversation()
    messages.send_reply(conversation, by=it.member("owner"), text="Here you are.", client_id=uuid7())
    return conversation


def age(database: psycopg.Connection[tuple[object, ...]], ids: list[UUID], to: object) -> None:
    about = {"ids": ids, "to": to}
    database.execute("UPDATE conversation SET last_message_at = %(to)s WHERE id = ANY(%(ids)s)", about)
    database.execute("UPDATE message SET created_at = %(to)s WHERE conversation_id = ANY(%(ids)s)", about)


def done(database: psycopg.Connection[tuple[object, ...]], company: Company) -> Happened:
    about = {"workspace": company.workspace_id, "promised": PROMISED}
    return Counter((row[0], row[1]) for row in database.execute(_DONE, about))


def pending(database: psycopg.Connection[tuple[object, ...]]) -> object:
    row = database.execute("SELECT count(*) FROM outbox_delivery WHERE state = 'pending'").fetchone()
    return row[0] if row else None


def keep_down(stage: Stage, *, until: float) -> None:
    while time.monotonic() < until:
        strike(stage)
        time.sleep(0.1)


def strike_in_the_middle(stage: Stage, what: str, look: Callable[[], Happened]) -> None:
    """Kill both when one more of these has happened, and the next are at hand."""

    def count() -> int:
        return sum(times for (_conversation, name), times in look().items() if name == what)

    before, deadline = count(), time.monotonic() + 60
    while (so_far := count()) == before:
        assert time.monotonic() < deadline, f"none was {what}"
        time.sleep(0.002)
    time.sleep(random.uniform(0, 0.03))
    strike(stage)
    assert so_far < EACH, "it was to be killed in the middle"


def strike(stage: Stage) -> None:
    for name in ("clock", "worker"):
        with suppress(psutil.NoSuchProcess):  # it is dead already
            kill(stage.process(name))


@contextmanager
def watched(stage: Stage) -> Iterator[psycopg.Connection[tuple[object, ...]]]:
    with psycopg.connect(stage.postgres.url("chatapp"), autocommit=True) as connection:
        yield connection
