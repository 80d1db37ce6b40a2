"""Pushes reach the browsers that asked for them, sealed, and nobody who looks, has read, rests or has logged out."""

from __future__ import annotations

from collections.abc import Iterator
from datetime import timedelta

import pytest
from flask import Flask
from flask.testing import FlaskClient
from sqlalchemy import select

from chatapp.auth.models import UserSession
from chatapp.common import outbound_http
from chatapp.common.clock import now
from chatapp.common.db import db
from chatapp.common.ids import uuid7
from chatapp.common.outbox import OutboxDelivery
from chatapp.jobs import notifications as clock
from chatapp.messages import services as messages
from chatapp.notifications import queries, services
from chatapp.notifications.models import PushKey, PushSubscription
from tests.factories import Company, inside, visitor_writes
from tests.notifications.conftest import Told
from tests.support.push_service import Browser, PushService, push_service
from tests.support.web_client import log_in, post

PATH = "/w/acme/notifications/push"


@pytest.fixture(scope="module")
def running(tmp_path_factory: pytest.TempPathFactory) -> Iterator[PushService]:
    with push_service(tmp_path_factory.mktemp("push")) as service:
        yield service


@pytest.fixture
def service(running: PushService, monkeypatch: pytest.MonkeyPatch) -> PushService:
    """A push service on this machine, which the gateway lets through for once."""
    running.answers.clear()
    running.received.clear()
    monkeypatch.setattr(running, "drips", False)
    monkeypatch.setattr(outbound_http, "is_allowed", lambda _address: True)
    monkeypatch.setattr(outbound_http, "is_allowed_port", lambda _port: True)
    monkeypatch.setattr(outbound_http, "trusted", running.trusted)
    return running


@pytest.fixture
def agent(client: FlaskClient, acme: Company) -> FlaskClient:
    log_in(client, acme.email("agent"))
    return client


@pytest.fixture
def browser(service: PushService, agent: FlaskClient, told: Told) -> Browser:
    """The agent's, which takes pushes; they were given Ada's conversation and do not look."""
    made = service.browser()
    assert post(agent, PATH, made.told).status_code == 204
    give(told)
    return made


def give(told: Told) -> None:
    with inside(told.app, told.company) as it:
        it.conversation.end_user.name = "Ada"
        messages.assign(it.conversation, to=it.member("agent"), by=it.member("owner"))
    told.work()


def tick(told: Told) -> None:
    """The clock looks, and the worker sends."""
    with told.app.app_context():
        clock.release_pushes()
    told.work()


def test_what_is_pushed_is_sealed_for_the_browser_and_signed(
    told: Told, service: PushService, browser: Browser
) -> None:
    tick(told)
    ((headers, body),) = service.received
    assert b"Ada" not in body
    assert browser.read(body) == {
        "title": "Ada",
        "body": "Assigned to you\nhello acme",
        "tag": str(told.company.conversation_id),
        "url": f"/w/acme/inbox/{told.company.conversation_id}",
        "lang": "en",
    }
    assert service.proof(headers)["sub"].startswith("mailto:")
    assert headers["Topic"] == told.company.conversation_id.hex
    tick(told)
    assert len(service.received) == 1
    visitor_writes(told.app, told.company, "Hello?")
    told.work()
    tick(told)
    assert browser.read(service.received[1][1])["body"] == "Assigned to you · 1 new message\nHello?"


@pytest.mark.usefixtures("browser")
@pytest.mark.parametrize("status", [404, 410])
def test_a_browser_that_is_gone_is_forgotten(told: Told, service: PushService, status: int) -> None:
    service.answers.append(status)
    tick(told)
    with inside(told.app, told.company):
        assert db.session.scalars(select(PushSubscription)).all() == []


@pytest.mark.usefixtures("browser")
def test_what_fails_is_tried_again(told: Told, service: PushService) -> None:
    service.answers += [503]
    tick(told)
    with inside(told.app, told.company):
        waiting = db.session.scalars(select(OutboxDelivery).where(OutboxDelivery.state == "pending")).one()
        assert (waiting.handler, waiting.attempts) == ("notifications.handlers.push", 1)
        assert waiting.reason.endswith("The push service answered 503.")
        waiting.available_at = now()
    told.work()
    assert len(service.received) == 2


@pytest.mark.usefixtures("browser")
def test_nothing_is_pushed_to_who_looks_or_has_read(told: Told, service: PushService) -> None:
    agent = told.company.members["agent"]
    with inside(told.app, told.company) as it:
        it.member("agent").active_at = now()
    tick(told)
    with inside(told.app, told.company) as it:
        it.member("agent").active_at = None
        services.read_all(agent)
    tick(told)
    assert service.received == []


@pytest.mark.usefixtures("browser")
def test_what_is_read_on_its_way_is_not_pushed(told: Told, service: PushService) -> None:
    with told.app.app_context():
        clock.release_pushes()
    with inside(told.app, told.company):
        services.read_all(told.company.members["agent"])
    told.work()
    assert service.received == []


@pytest.mark.usefixtures("browser")
def test_a_push_waits_for_the_end_of_the_quiet(
    told: Told, service: PushService, monkeypatch: pytest.MonkeyPatch
) -> None:
    moment = now()
    with inside(told.app, told.company):
        settings = queries.settings_of(told.company.members["agent"])
        minute = moment.hour * 60 + moment.minute
        settings.quiet_from, settings.quiet_until = minute, (minute + 60) % 1440
        db.session.add(settings)
    tick(told)
    assert service.received == []
    monkeypatch.setattr(clock, "now", lambda: moment + timedelta(minutes=61))
    tick(told)
    assert len(service.received) == 1


@pytest.mark.usefixtures("browser")
def test_a_browser_that_is_logged_out_gets_nothing(told: Told, service: PushService) -> None:
    with told.app.app_context():
        clock.release_pushes()
    with inside(told.app, told.company):
        for session in db.session.scalars(select(UserSession)):
            session.revoked_at = now()
    told.work()
    assert service.received == []


def test_a_browser_ends_its_pushes(told: Told, service: PushService, agent: FlaskClient, browser: Browser) -> None:
    assert post(agent, f"{PATH}/removal", {"endpoint": browser.endpoint}).status_code == 204
    tick(told)
    assert service.received == []


@pytest.mark.parametrize(
    "wrong",
    [
        {"endpoint": "http://push.example/1"},
        {"endpoint": "https://127.0.0.1/1"},
        {"endpoint": "https://[::ffff:10.0.0.1]/1"},
        {"endpoint": "https://169.254.169.254/latest"},
        {"endpoint": "https://push.example:8443/1"},
        {"endpoint": "https://me@push.example/1"},
        {"endpoint": "https://push.example/" + "x" * 3000},
        {"p256dh": "AAAA"},
        {"p256dh": "é"},
        {"auth": "AAAA"},
    ],
)
def test_nonsense_and_addresses_inside_are_refused(
    app: Flask, agent: FlaskClient, acme: Company, wrong: dict[str, object]
) -> None:
    assert post(agent, PATH, Browser("https://push.example/1").told | wrong).status_code == 422
    with inside(app, acme):
        assert db.session.scalars(select(PushSubscription)).all() == []


def test_who_answers_by_drops_holds_up_nobody(service: PushService, monkeypatch: pytest.MonkeyPatch) -> None:
    service.drips = True
    monkeypatch.setattr(outbound_http, "TIMEOUT_SECONDS", 0.5)
    with pytest.raises(outbound_http.UnreachableError):
        outbound_http.post(service.browser().endpoint, body=b"", headers={})
    assert 0 < service.dripped < 50


def test_a_name_that_leads_inside_is_not_followed() -> None:
    with pytest.raises(outbound_http.ForbiddenAddressError):
        outbound_http.post("https://localhost/", body=b"", headers={})


def test_the_key_is_made_once_and_kept_sealed(app: Flask, agent: FlaskClient, acme: Company) -> None:
    for _again in range(2):
        page = agent.get("/w/acme/notifications/settings").text
    with inside(app, acme):
        key = db.session.scalars(select(PushKey)).one()
    assert f'data-key="{key.public}"' in page
    assert "PRIVATE" not in key.sealed


def test_the_service_worker_may_show_every_page(client: FlaskClient) -> None:
    answer = client.get("/service-worker.js")
    assert (answer.status_code, answer.mimetype) == (200, "text/javascript")


def test_a_mention_reaches_whom_it_names_and_their_team(told: Told) -> None:
    for name, roles in (("@Agent", ("agent",)), ("@Support", ("agent",)), ("@Admin", ("admin",))):
        told.forget()
        with inside(told.app, told.company) as it:
            note = {"text": f"{name} have a look", "client_id": uuid7(), "private": True}
            messages.send_reply(it.conversation, by=it.member("owner"), **note)  # type: ignore[arg-type]
        assert [told.of(role) for role in roles] == [[{"mention": 1}]], name
