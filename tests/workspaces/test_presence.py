"""Who is there: what sockets and hands say, how long it lasts, and who hears of it."""

from datetime import timedelta

import pytest
from flask import Flask
from flask.testing import FlaskClient
from sqlalchemy import select
from sqlalchemy.orm import joinedload

from chatapp.common import limits
from chatapp.common.clock import now
from chatapp.common.db import db
from chatapp.common.errors import AppError
from chatapp.common.outbox import OutboxEvent
from chatapp.common.realtime import broadcast
from chatapp.common.realtime.connection import NOBODY, Identity
from chatapp.common.realtime.pulse import Pulse
from chatapp.common.realtime.topics import Topic
from chatapp.common.realtime.topics import presence as presence_topic
from chatapp.common.tenancy import across_tenants
from chatapp.common.unit_of_work import unit_of_work
from chatapp.conversations.permissions import REPLY
from chatapp.inbox import pulse
from chatapp.workspaces import presence, queries
from chatapp.workspaces.models import Membership
from tests.factories import Company, inside, make_company
from tests.isolation.detectors import UPGRADE
from tests.support.web_client import log_in, post

FRESH, OLD = timedelta(seconds=20), timedelta(seconds=60)


@pytest.fixture
def acme(app: Flask) -> Company:
    return make_company(app)


@pytest.fixture
def published(monkeypatch: pytest.MonkeyPatch) -> list[tuple[Topic, str]]:
    told: list[tuple[Topic, str]] = []
    monkeypatch.setattr(broadcast, "publish", lambda topic, payload: told.append((topic, payload)))
    return told


@pytest.mark.parametrize(
    ("seen", "active", "availability", "expected"),
    [
        (None, None, "auto", "offline"),
        (FRESH, FRESH, "auto", "online"),
        (FRESH, OLD, "auto", "away"),
        (FRESH, None, "auto", "away"),
        (OLD, OLD, "auto", "offline"),
        (FRESH, FRESH, "away", "away"),
        (FRESH, OLD, "online", "online"),
        (OLD, FRESH, "online", "offline"),
        (None, None, "away", "offline"),
    ],
)
def test_presence_is_what_sockets_and_hands_say(
    app: Flask, acme: Company, seen: timedelta | None, active: timedelta | None, availability: str, expected: str
) -> None:
    with inside(app, acme) as it:
        agent = it.member("agent")
        agent.availability = availability
        agent.seen_at = now() - seen if seen else None
        agent.active_at = now() - active if active else None
    with inside(app, acme) as it:
        assert it.member("agent").presence(now()) == expected
        assert queries.is_anybody_around(REPLY) == (expected == "online")
        found = queries.presences([acme.workspace_id])[acme.workspace_id]
        assert found.get(str(acme.members["agent"]), "offline") == expected


def test_a_viewer_alone_is_nobody_who_could_answer(app: Flask, acme: Company) -> None:
    with inside(app, acme) as it:
        presence.arrive(it.member("viewer"))
        assert not queries.is_anybody_around(REPLY)
        presence.arrive(it.member("agent"))
        assert queries.is_anybody_around(REPLY)


def test_whoever_arrives_is_told_of_once(app: Flask, acme: Company, published: list[tuple[Topic, str]]) -> None:
    for _tab in range(3):
        with inside(app, acme) as it:
            presence.arrive(it.member("agent"))
    assert [topic for topic, _payload in published] == [presence_topic(acme.workspace_id)]
    assert '"online"' in published[0][1]
    with inside(app, acme):
        events = db.session.scalars(select(OutboxEvent).where(OutboxEvent.name == "PresenceChanged")).all()
        assert [event.payload["presence"] for event in events] == ["online"]


def test_one_chooses_to_be_away_and_comes_back(
    app: Flask, client: FlaskClient, acme: Company, published: list[tuple[Topic, str]]
) -> None:
    with inside(app, acme) as it:
        presence.arrive(it.member("viewer"))
    published.clear()
    log_in(client, acme.email("viewer"))
    for availability in ("away", "auto", "online"):
        assert post(client, "/w/acme/team/availability", {"availability": availability}).status_code == 204
    assert ["away" in payload for _topic, payload in published] == [True, False]
    with inside(app, acme) as it:
        assert it.member("viewer").availability == "online"


def test_an_availability_that_does_not_exist_is_refused(client: FlaskClient, acme: Company) -> None:
    log_in(client, acme.email("agent"))
    assert post(client, "/w/acme/team/availability", {"availability": "invisible"}).status_code == 422


def test_one_beat_writes_down_everybody_in_every_workspace(app: Flask, acme: Company) -> None:
    globex = make_company(app, "globex")
    pulse.witness(app)(
        {
            Identity(acme.workspace_id, acme.members["agent"]): False,
            Identity(acme.workspace_id, acme.members["owner"]): True,
            Identity(globex.workspace_id, globex.members["owner"]): True,
            Identity(acme.workspace_id, end_user_id=acme.end_user_id): True,
        }
    )
    assert _presences(app) == {("acme", "agent"): "away", ("acme", "owner"): "online", ("globex", "owner"): "online"}


def test_a_row_that_somebody_else_writes_is_passed_over(app: Flask, acme: Company) -> None:
    owners = {Identity(acme.workspace_id, acme.members[role]): True for role in ("owner", "agent")}
    with app.app_context(), db.engine.connect() as other:
        scope = "SELECT set_config('app.scope', 'system', true)"
        other.exec_driver_sql(scope)
        held = "SELECT 1 FROM membership WHERE user_id = %(user)s FOR UPDATE"
        other.exec_driver_sql(held, {"user": acme.members["agent"]})
        pulse.witness(app)(owners)
    assert _presences(app) == {("acme", "owner"): "online"}


def test_any_tab_in_use_is_enough(app: Flask, acme: Company) -> None:
    class Tab:
        def __init__(self, identity: Identity, is_in_use: bool) -> None:
            self.identity, self.is_in_use = identity, is_in_use

    agent, owner = Identity(user_id=acme.members["agent"]), Identity(user_id=acme.members["owner"])

    class Hub:
        connections = (Tab(agent, False), Tab(NOBODY, True), Tab(owner, False), Tab(owner, True), Tab(owner, False))

    beats = Pulse(Hub())  # type: ignore[arg-type]
    told: list[object] = []
    beats.witness = lambda owners: told.append(dict(owners))
    beats.bear_witness()
    assert told == [{agent: False, owner: True}]


def test_a_heartbeat_names_everybody_who_is_there(app: Flask, acme: Company) -> None:
    with inside(app, acme) as it:
        presence.arrive(it.member("agent"))
    topic = presence_topic(acme.workspace_id)
    assert pulse.source(app)(frozenset({topic})) == {topic: {"presence": {str(acme.members["agent"]): "online"}}}


def _presences(app: Flask) -> dict[tuple[str, str], str]:
    """By company and role; without those who are offline."""
    with app.app_context(), unit_of_work(), across_tenants(reason="look at two companies"):
        with_workspace = select(Membership).options(joinedload(Membership.workspace, innerjoin=True))
        rows = db.session.scalars(with_workspace).all()
        found = {(row.workspace.slug, row.role): row.presence(now()) for row in rows}
    return {who: state for who, state in found.items() if state != "offline"}


def test_pages_that_only_listen_do_not_use_up_the_sockets_of_the_inbox(
    client: FlaskClient, acme: Company, monkeypatch: pytest.MonkeyPatch
) -> None:
    log_in(client, acme.email("agent"))
    counted: list[tuple[object, tuple[str, ...]]] = []

    def refuse(limit: object, _name: str, *keys: str) -> None:
        counted.append((limit, keys))
        raise AppError(429, "Enough.")

    monkeypatch.setattr(limits, "hit", refuse)
    for query in ("?aside", ""):
        assert client.get(f"/w/acme/socket{query}", headers=UPGRADE).status_code == 429
    me = (str(acme.members["agent"]),)
    assert counted == [(limits.ASIDE_SOCKETS, me), (limits.SOCKETS, me)]
