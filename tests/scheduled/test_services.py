"""Send later: the clock sends a reply once, whoever dies meanwhile, or holds it and says why."""

from __future__ import annotations

from datetime import timedelta
from typing import Any
from uuid import UUID, uuid4

import pytest
from flask import Flask

from chatapp.attachments import queries as attachment_queries
from chatapp.attachments import services as attachments
from chatapp.common.clock import now
from chatapp.common.db import db
from chatapp.common.errors import AppError
from chatapp.common.tenancy import across_tenants
from chatapp.jobs import schedule
from chatapp.messages import queries as messages
from chatapp.messages import services as message_services
from chatapp.scheduled import queries, services
from chatapp.scheduled.models import ScheduledReply
from chatapp.undo import services as undo
from chatapp.workspaces import services as workspaces
from tests.factories import Company, inside, make_company, make_role, visitor_writes, with_attachment

SOON = timedelta(hours=1)


@pytest.fixture
def acme(app: Flask) -> Company:
    return make_company(app)


def plan(app: Flask, company: Company, text: str = "Good morning!", **what: Any) -> UUID:
    """The agent's reply for an hour from now."""
    with inside(app, company) as it:
        what = {"at": now() + SOON, "client_id": uuid4(), "only_if_silent": True} | what
        return services.schedule(it.conversation, by=it.member("agent"), text=text, **what).id


def hour_passes(app: Flask, company: Company) -> None:
    with inside(app, company):
        for reply in queries.waiting(company.conversation_id):
            reply.send_at -= 2 * SOON


def tick(app: Flask, times: int = 2) -> None:
    for _time in range(times):
        with app.app_context():
            schedule.send_scheduled()


def said(app: Flask, company: Company) -> list[str]:
    with inside(app, company):
        return [message.text or message.kind for message in messages.latest(company.conversation_id)]


def held(app: Flask, company: Company) -> list[str | None]:
    with inside(app, company):
        return [reply.held for reply in queries.waiting(company.conversation_id)]


def test_it_goes_out_when_its_moment_comes_once_and_not_before(app: Flask, acme: Company) -> None:
    plan(app, acme)
    tick(app)
    assert said(app, acme) == ["hello acme"]
    hour_passes(app, acme)
    tick(app, times=3)
    assert (said(app, acme), held(app, acme)) == (["hello acme", "Good morning!"], [])
    with inside(app, acme) as it:
        sent = messages.latest(acme.conversation_id)[-1]
        assert (sent.agent_id, sent.kind) == (it.member("agent").user_id, "reply")
        assert it.conversation.waiting_since is None


PLACES = [(attachments, "keep_no_longer"), (message_services, "_append"), (db.session, "delete"), (services, "_tell")]


@pytest.mark.parametrize("place", PLACES, ids=[name for _where, name in PLACES])
def test_a_clock_that_dies_halfway_has_sent_nothing_and_the_next_sends_it_once(
    app: Flask, acme: Company, monkeypatch: pytest.MonkeyPatch, place: tuple[Any, str]
) -> None:
    plan(app, acme)
    hour_passes(app, acme)

    def die(*_: object, **__: object) -> None:
        raise SystemExit("killed")

    with monkeypatch.context() as patched:
        patched.setattr(*place, die)
        with pytest.raises(SystemExit):
            tick(app)
    assert (said(app, acme), held(app, acme)) == (["hello acme"], [None])
    tick(app)
    assert (said(app, acme), held(app, acme)) == (["hello acme", "Good morning!"], [])


def test_who_writes_first_holds_it_at_once_and_the_thread_says_so(app: Flask, acme: Company) -> None:
    plan(app, acme)
    visitor_writes(app, acme, "Never mind")
    tick(app)
    assert (said(app, acme)[1:], held(app, acme)) == (["Never mind", "activity"], ["answered"])
    hour_passes(app, acme)
    tick(app)
    assert len(said(app, acme)) == 3


def test_a_note_or_an_answer_does_not_hold_it_and_neither_does_a_visitor_who_may(app: Flask, acme: Company) -> None:
    plan(app, acme, "One")
    plan(app, acme, "Two", only_if_silent=False)
    with inside(app, acme) as it:
        for private in (True, False):
            message_services.send_reply(
                it.conversation, by=it.member("owner"), text="Word", client_id=uuid4(), private=private
            )
    tick(app)
    assert held(app, acme) == [None, None]
    visitor_writes(app, acme, "Never mind")
    tick(app)
    assert held(app, acme) == ["answered", None]
    hour_passes(app, acme)
    tick(app)
    assert (said(app, acme)[-1], held(app, acme)) == ("Two", ["answered"])


@pytest.mark.parametrize(
    ("what", "why"), [("remove", "left"), ("suspend", "left"), ("role", "role"), ("sight", "role")]
)
def test_who_may_not_answer_any_more_sends_nothing_and_somebody_else_can(
    app: Flask, acme: Company, what: str, why: str
) -> None:
    reply_id = plan(app, acme)
    with inside(app, acme) as it:
        agent = it.member("agent")
        if what == "remove":
            workspaces.remove_member(agent, by=it.member("owner"))
        elif what == "suspend":
            agent.user.suspended_at, agent.user.suspended_reason = now(), "Spam"
        elif what == "role":
            agent.take("viewer")
        else:
            agent.take(make_role("Own", "conversations.reply", visibility="own"))
    hour_passes(app, acme)
    tick(app)
    assert (said(app, acme), held(app, acme)) == (["hello acme"], [why])
    with inside(app, acme) as it:
        services.send_now(it.conversation, reply_id, by=it.member("owner"))
    assert (said(app, acme)[-1], held(app, acme)) == ("Good morning!", [])


def test_it_is_changed_and_cancelled_and_what_was_held_waits_again(app: Flask, acme: Company) -> None:
    reply_id = plan(app, acme)
    visitor_writes(app, acme, "Never mind")
    tick(app)
    with inside(app, acme) as it:
        again = {"text": "Good evening!", "at": now() + SOON, "only_if_silent": True}
        services.change(it.conversation, reply_id, by=it.member("owner"), **again)
    tick(app)
    assert held(app, acme) == [None]
    with inside(app, acme) as it:
        deed = services.cancel(it.conversation, reply_id, by=it.member("owner"))
        assert queries.waiting(acme.conversation_id) == []
        undo.take_back(deed, by=it.member("owner"))
        (reply,) = queries.waiting(acme.conversation_id)
        assert reply.text == "Good evening!"
        services.cancel(it.conversation, reply.id, by=it.member("owner"))
    hour_passes(app, acme)
    tick(app)
    assert "Good evening!" not in said(app, acme)
    with inside(app, acme) as it, pytest.raises(AppError):
        services.send_now(it.conversation, reply_id, by=it.member("owner"))


def test_pressing_twice_schedules_once_and_what_was_sent_is_not_scheduled_again(app: Flask, acme: Company) -> None:
    number = uuid4()
    assert plan(app, acme, client_id=number) == plan(app, acme, client_id=number)
    hour_passes(app, acme)
    tick(app)
    with pytest.raises(AppError, match="already"):
        plan(app, acme, client_id=number)


@pytest.mark.parametrize("ahead", [timedelta(0), timedelta(days=-1), timedelta(days=400)])
def test_a_moment_that_is_over_or_far_away_is_refused(app: Flask, acme: Company, ahead: timedelta) -> None:
    with pytest.raises(AppError) as refused:
        plan(app, acme, at=now() + ahead)
    assert refused.value.status == 422
    assert held(app, acme) == []


def test_its_files_wait_with_it_and_go_with_it(app: Flask, acme: Company) -> None:
    acme = with_attachment(app, acme)
    assert acme.attachment_id is not None
    plan(app, acme, attachment_ids=[acme.attachment_id])
    with inside(app, acme) as it:
        attachment_queries.attachment(acme.attachment_id).created_at -= timedelta(days=3)
        what = {"text": "", "client_id": uuid4(), "attachment_ids": [acme.attachment_id]}
        with pytest.raises(AppError):
            message_services.send_reply(it.conversation, by=it.member("owner"), **what)
    with inside(app, acme), across_tenants(reason="as the clock does"):
        attachments.forget_unused(10)
    hour_passes(app, acme)
    tick(app)
    with inside(app, acme):
        sent = messages.latest(acme.conversation_id)[-1]
        file = attachment_queries.attachment(acme.attachment_id)
        assert ([one["name"] for one in sent.attachments], file.message_seq) == (["facts.txt"], sent.seq)
        assert file.scheduled_id is None


def test_a_closed_workspace_sends_nothing_and_another_ones_replies_are_left_alone(app: Flask, acme: Company) -> None:
    globex = make_company(app, "globex")
    plan(app, acme)
    plan(app, globex)
    hour_passes(app, acme)
    with inside(app, acme) as it:
        it.conversation.workspace.closed_at = now()
    tick(app)
    assert (said(app, acme), said(app, globex)) == (["hello acme"], ["hello globex"])
    with inside(app, globex):
        assert db.session.query(ScheduledReply).count() == 1
