"""Each level of visibility × each place of a conversation × each route, list, number and frame.

What is seen is proved first, so that what is not seen means something. The last tests plant defects.
"""

from __future__ import annotations

import json
from collections.abc import Iterator
from contextlib import contextmanager
from itertools import product

import pytest
from sqlalchemy import event, select
from sqlalchemy.orm import Session, aliased

from chatapp.common import tenancy
from chatapp.common.db import db
from chatapp.common.realtime import topics
from chatapp.common.realtime.connection import Identity
from chatapp.common.unit_of_work import unit_of_work
from chatapp.conversations import queries, streams, visibility
from chatapp.conversations.models import Conversation
from chatapp.inbox import pulse
from chatapp.messages import services as messages
from chatapp.messages.models import Message
from chatapp.workspaces import queries as workspaces
from tests.factories import inside
from tests.isolation import office as place_of
from tests.isolation.calls import CALLS, Calls
from tests.isolation.office import LEVELS, PLACES, SEEN, Office, Tab, happen
from tests.isolation.world import World


@pytest.fixture(scope="module")
def office(world: World) -> Office:
    return Office(world)


def only(*endpoints: str) -> Calls:
    return {route: calls for route, calls in CALLS.items() if route[0] in endpoints}


# Requests


@pytest.mark.parametrize("level", LEVELS)
def test_no_route_opens_what_its_member_may_not_see(office: Office, level: str) -> None:
    assert place_of.hidden_that_show(office, level) == []


@pytest.mark.parametrize("level", LEVELS)
def test_no_page_tells_of_what_its_member_may_not_see(office: Office, level: str) -> None:
    assert place_of.pages_that_tell(office, level) == []


@pytest.mark.parametrize("level", LEVELS)
def test_every_list_holds_what_its_member_sees_and_nothing_else(office: Office, level: str) -> None:
    names = ("inbox", "rows", "api", "search", "people")
    assert place_of.lists_of(office, level) == dict.fromkeys(names, SEEN[level])


@pytest.mark.parametrize("level", LEVELS)
def test_every_number_counts_what_its_member_sees(office: Office, level: str) -> None:
    assert place_of.counts_of(office, level) == place_of.counts_expected(office, level)


def test_who_sees_their_own_only_is_offered_no_view_of_what_waits(office: Office) -> None:
    for level, is_offered in (("unassigned", True), ("own", False)):
        page = office.person(level).browser.get(f"/w/{office.company.slug}/inbox").text
        assert ("view=unassigned" in page) == is_offered


def test_who_reads_no_conversations_is_shown_none_and_no_number_of_them(office: Office) -> None:
    office.world.with_own_role(office.company, {"workspace.view", "team.view"})
    with inside(office.world.app, office.company):
        visibility.enter(visibility.sight_of(workspaces.member(office.me)))
        assert queries.open_counts() == {}
        assert queries.page_of("all", me=office.me).rows == []


# Sockets


@pytest.mark.parametrize("level", LEVELS)
def test_a_tab_watches_what_its_member_sees_and_hears_nothing_of_the_rest(office: Office, level: str) -> None:
    tab = Tab(office, level)
    office.arrange()
    resting = set(tab.line.heard)
    for place, placed in office.placed.items():
        said = tab.watch(placed)
        assert (placed.text in said) == (place in SEEN[level]), place
        assert (tab.line.heard > resting) == (place in SEEN[level]), place


@pytest.mark.parametrize("level", LEVELS)
def test_what_happens_reaches_the_tabs_of_those_who_see_it(office: Office, level: str) -> None:
    tab = Tab(office, level)
    office.arrange()
    for place, placed in office.placed.items():
        tab.watch(placed)
        with tab.listening() as heard:
            happen(office, placed, f"news-{placed.id.hex}")
        assert (f"news-{placed.id.hex}" in "".join(heard)) == (place in SEEN[level]), place
        assert placed.shows_in("".join(heard)) == (place in SEEN[level]), place


@pytest.mark.parametrize("level", ["own", "unassigned", "team"])
def test_a_conversation_that_is_given_away_leaves_the_tab_that_has_it_open(office: Office, level: str) -> None:
    tab = Tab(office, level)
    office.arrange()
    placed = office.placed["mine"]
    assert placed.text in tab.watch(placed)
    with tab.listening() as heard, inside(office.world.app, office.company) as it:
        messages.assign(queries.conversation(placed.id), to=it.member("admin"), by=it.member("owner"))
    with tab.listening() as later:
        happen(office, placed, "not for their eyes")
    assert set(heard) == {json.dumps({"type": "left", "conversation_id": str(placed.id)})}
    assert later == []
    assert beat(office, tab) == {}
    office.arrange()


@pytest.mark.parametrize("level", ["unassigned", "team"])
def test_a_conversation_that_one_takes_stays_in_the_tab_that_has_it_open(office: Office, level: str) -> None:
    tab = Tab(office, level)
    office.arrange()
    placed = office.placed["waiting"]
    tab.watch(placed)
    with tab.listening() as heard:
        with inside(office.world.app, office.company):
            me = workspaces.member(office.me)
            messages.assign(queries.conversation(placed.id), to=me, by=me)
        happen(office, placed, "still here")
    assert "still here" in "".join(heard)
    assert beat(office, tab)
    office.arrange()


def beat(office: Office, tab: Tab) -> dict[str, object]:
    """What a heartbeat tells about the open conversation; a moment of the whole inbox is told to everybody."""
    news = pulse.source(office.world.app)(frozenset(tab.line.heard))  # type: ignore[arg-type]
    return {topic: fields for topic, fields in news.items() if "seq" in fields}  # type: ignore[misc]


@pytest.mark.parametrize("level", LEVELS)
def test_a_heartbeat_tells_how_far_only_what_is_seen_has_come(office: Office, level: str) -> None:
    tab = Tab(office, level)
    office.arrange()
    for place, placed in office.placed.items():
        listened = {
            topics.conversation_agents(office.company.workspace_id, placed.id, "en", desk.key)
            for desk in tab.sight.desks
        }
        news = pulse.source(office.world.app)(frozenset(listened))
        assert any("seq" in fields for fields in news.values()) == (place in SEEN[level]), place


def test_a_tab_whose_member_s_sight_has_changed_is_closed(office: Office) -> None:
    tab = Tab(office, "all")
    office.person("own")
    tab.watch(office.placed["mine"])
    assert tab.line.closed is not None


def test_the_guard_closes_sockets_that_were_opened_with_another_sight(office: Office) -> None:
    """Also when the word that closes them was lost: the heartbeat compares."""
    session_id = office.session_of_me()
    wide, narrow = (
        Identity(office.company.workspace_id, office.me, session_id, sight=Tab(office, level).sight.key)
        for level in ("all", "own")
    )
    revoked = pulse.guard(office.world.app)(frozenset({wide, narrow}))
    assert list(revoked) == [wide]


# One definition


@pytest.mark.parametrize(("level", "place"), list(product(LEVELS, PLACES)))
def test_the_criterion_and_the_desks_agree(office: Office, level: str, place: str) -> None:
    sight = Tab(office, level).sight
    office.arrange()
    with inside(office.world.app, office.company):
        conversation = queries.conversation(office.placed[place].id)
        this = Conversation.id == conversation.id
        by_query = db.session.scalar(select(Conversation.id).where(this, sight.criterion()))
        assert sight.covers(conversation) == (by_query is not None) == (place in SEEN[level])


# The guard


@contextmanager
def seeing(office: Office, level: str) -> Iterator[None]:
    sight = Tab(office, level).sight
    office.arrange()
    with inside(office.world.app, office.company):
        visibility.enter(sight)
        yield


@pytest.mark.parametrize(
    "statement",
    [
        select(Conversation.id),
        select(aliased(Conversation).id),
        select(select(Conversation.id).subquery().c.id),
        select(Message.conversation_id),
        select(aliased(Message).conversation_id),
        select(Message.conversation_id).join(Message.conversation),
        select(Message.conversation_id).where(Message.conversation_id.in_(select(Conversation.id))),
    ],
    ids=["plain", "alias", "subquery", "messages", "messages by alias", "join", "in"],
)
def test_every_way_to_ask_finds_what_is_seen_only(office: Office, statement: object) -> None:
    with seeing(office, "own"):
        found = set(db.session.scalars(statement))  # type: ignore[call-overload]
    assert found == {office.placed[place].id for place in SEEN["own"]}


def test_a_member_without_a_sight_finds_nothing_and_raises(office: Office) -> None:
    with office.world.app.app_context(), unit_of_work():
        tenancy.enter(office.company.workspace_id, member_id=office.me)
        for statement in (select(Conversation), select(Message.id)):
            with pytest.raises(visibility.VisibilityError):
                db.session.scalars(statement)
        db.session.rollback()


def test_what_is_seen_for_a_reason_is_not_seen_afterwards(office: Office) -> None:
    with seeing(office, "own"):
        with visibility.unrestricted(reason="test"):
            assert len(db.session.scalars(select(Conversation.id)).all()) == len(PLACES)
        assert len(db.session.scalars(select(Conversation.id)).all()) == len(SEEN["own"])


# Planted defects


@contextmanager
def without_the_criterion() -> Iterator[None]:
    event.remove(Session, "do_orm_execute", visibility._keep_in_sight)
    try:
        yield
    finally:
        event.listen(Session, "do_orm_execute", visibility._keep_in_sight)


def test_a_forgotten_criterion_is_found(office: Office) -> None:
    calls = only("inbox.conversation", "messages.create", "api.conversation")
    with without_the_criterion():
        findings = place_of.hidden_that_show(office, "own", calls)
        lists = place_of.lists_of(office, "own")
        assert place_of.pages_that_tell(office, "own", only("inbox.rows"))
    assert "inbox.conversation GET() for own: waiting answers 200" in findings
    assert any("messages.create" in finding and "unseen changes message" in finding for finding in findings)
    assert lists["api"] == set(PLACES)


def test_a_row_that_is_published_to_every_desk_is_found(office: Office, monkeypatch: pytest.MonkeyPatch) -> None:
    tab = Tab(office, "own")
    office.arrange()
    monkeypatch.setattr(streams, "_listening", lambda _conversation: tab.sight.desks)
    placed = office.placed["waiting"]
    with tab.listening() as heard:
        happen(office, placed, "overheard")
    assert placed.shows_in("".join(heard))


def test_a_wider_desk_is_found(office: Office, monkeypatch: pytest.MonkeyPatch) -> None:
    """Somebody mistakes what waits in any team for what waits in one's own."""

    def holds(desk: visibility.Desk) -> object:
        waits = desk.kind == "waiting"
        return Conversation.assignee_id.is_(None) if waits else Conversation.assignee_id == desk.owner_id

    monkeypatch.setattr(visibility.Desk, "holds", holds)
    findings = place_of.hidden_that_show(office, "unassigned", only("api.conversation"))
    assert "api.conversation GET() for unassigned: waiting in another team answers 200" in findings


def test_the_office_is_whole_again(office: Office) -> None:
    """The last word: no defect was left behind."""
    assert place_of.hidden_that_show(office, "own", only("inbox.conversation")) == []
