"""Who is given what: turns, loads, caps and presence; and what happens to what nobody can take."""

from datetime import timedelta
from uuid import UUID

import pytest
from flask import Flask

from chatapp.assignment import queries, services
from chatapp.common.clock import now
from chatapp.common.tenancy import across_tenants
from chatapp.common.unit_of_work import unit_of_work
from chatapp.conversations import queries as conversation_queries
from chatapp.conversations.models import Conversation
from chatapp.jobs import drain, queues
from chatapp.messages import queries as message_queries
from chatapp.messages import services as messages
from chatapp.teams import services as teams
from chatapp.teams.models import Team
from chatapp.workspaces import presence
from tests.assignment.queue import loads, online, waiting_count
from tests.factories import Company, Inside, inside, make_company, make_team


@pytest.fixture
def acme(app: Flask) -> Company:
    """Its project sends everything to Support, whose agent, admin and owner are online."""
    company = make_company(app)
    with inside(app, company) as it:
        it.project.team_id = company.team_id
    online(app, company, "owner", "admin", "agent")
    return company


def _rule(it: Inside, mode: str, *, capacity: int | None = None, only_online: bool = True, who: str = "") -> Team:
    names = who.split() or ["owner", "admin", "agent"]
    it.team.assignment, it.team.capacity, it.team.only_online = mode, capacity, only_online
    teams.choose_members(it.team, user_ids=[it.company.members[name] for name in names], by=it.member("owner"))
    return it.team


def _arrive(app: Flask, company: Company, count: int = 1) -> list[UUID]:
    ids = []
    for _ in range(count):
        with inside(app, company) as it:
            ids.append(it.another_conversation().id)
    return ids


def _work(app: Flask, company: Company) -> None:
    """What the worker does."""
    with app.app_context():
        drain.drain(str(company.workspace_id))


def test_turns_go_round(app: Flask, acme: Company) -> None:
    with inside(app, acme) as it:
        _rule(it, "round_robin")
    _arrive(app, acme, 7)
    _work(app, acme)
    assert sorted(loads(app, acme).values()) == [2, 2, 3]
    assert waiting_count(app, acme) == 0


def test_the_least_busy_gets_the_next(app: Flask, acme: Company) -> None:
    with inside(app, acme) as it:
        for _ in range(3):
            messages.assign(it.another_conversation(), to=it.member("owner"), by=it.member("owner"))
        _rule(it, "least_busy", who="owner agent")
    _arrive(app, acme, 4)
    _work(app, acme)
    assert loads(app, acme) == {acme.members["owner"]: 4, acme.members["agent"]: 3}


def test_the_thread_says_by_which_rule_it_came(app: Flask, acme: Company) -> None:
    with inside(app, acme) as it:
        _rule(it, "round_robin", who="agent")
    [conversation_id] = _arrive(app, acme)
    _work(app, acme)
    with inside(app, acme):
        line = message_queries.latest(conversation_id)[-1]
        assert (line.kind, line.author_type, line.agent_id) == ("activity", "system", None)
        assert line.activity == {"name": "handed_out_round_robin", "by": None, "to": "Agent", "of": "Support"}


def test_nobody_is_given_more_than_the_cap_whichever_team_it_came_from(app: Flask, acme: Company) -> None:
    with inside(app, acme) as it:
        messages.assign(it.conversation, to=it.member("agent"), by=it.member("owner"))
        _rule(it, "round_robin", capacity=3, who="agent")
    _arrive(app, acme, 4)
    _work(app, acme)
    assert loads(app, acme) == {acme.members["agent"]: 3}
    assert waiting_count(app, acme) == 2


def test_closing_one_frees_hands_for_the_next_that_waits_longest(app: Flask, acme: Company) -> None:
    with inside(app, acme) as it:
        _rule(it, "round_robin", capacity=1, who="agent")
    first, second, third = _arrive(app, acme, 3)
    _work(app, acme)
    assert _assignees(app, acme, first, second, third) == ["agent", None, None]
    with inside(app, acme) as it:
        messages.close(_conversation(first), by=it.member("agent"))
    _work(app, acme)
    assert _assignees(app, acme, first, second, third) == ["agent", "agent", None]


def test_a_raised_cap_counts_at_once(app: Flask, acme: Company) -> None:
    with inside(app, acme) as it:
        _rule(it, "round_robin", capacity=1, who="agent")
    _arrive(app, acme, 3)
    _work(app, acme)
    with inside(app, acme) as it:
        teams.set_assignment(it.team, assignment="round_robin", capacity=2, only_online=True, by=it.member("owner"))
    _work(app, acme)
    assert loads(app, acme) == {acme.members["agent"]: 2}


def test_who_is_away_gets_nothing_until_they_are_back(app: Flask, acme: Company) -> None:
    with inside(app, acme) as it:
        _rule(it, "round_robin", who="agent")
        presence.choose(it.member("agent"), availability="away")
    _arrive(app, acme, 2)
    _work(app, acme)
    assert waiting_count(app, acme) == 2
    with inside(app, acme) as it:
        presence.choose(it.member("agent"), availability="auto")
    _work(app, acme)
    assert waiting_count(app, acme) == 0


def test_a_team_may_hand_out_to_those_who_are_not_there(app: Flask, acme: Company) -> None:
    with inside(app, acme) as it:
        _rule(it, "least_busy", only_online=False, who="agent")
        it.member("agent").seen_at = None
    _arrive(app, acme)
    _work(app, acme)
    assert loads(app, acme) == {acme.members["agent"]: 1}


def test_a_viewer_in_a_team_is_given_nothing(app: Flask, acme: Company) -> None:
    online(app, acme, "viewer")
    with inside(app, acme) as it:
        _rule(it, "round_robin", only_online=False, who="viewer")
    _arrive(app, acme)
    _work(app, acme)
    assert waiting_count(app, acme) == 1


@pytest.mark.parametrize("how", ["moved", "reopened", "put back"])
def test_what_comes_into_the_queue_by_hand_is_handed_out_too(app: Flask, acme: Company, how: str) -> None:
    with inside(app, acme) as it:
        _rule(it, "round_robin", who="agent")
        if how == "reopened":
            it.conversation.team_id = acme.team_id
            messages.close(it.conversation, by=it.member("owner"))
            messages.reopen(it.conversation, by=it.member("owner"))
        elif how == "moved":
            messages.move(it.conversation, to=it.team, by=it.member("owner"))
        else:
            it.conversation.team_id, it.conversation.assignee_id = acme.team_id, acme.members["owner"]
            messages.assign(it.conversation, to=None, by=it.member("owner"))
    _work(app, acme)
    assert _assignees(app, acme, acme.conversation_id) == ["agent"]


def test_a_visitor_who_comes_back_goes_to_whoever_had_them(app: Flask, acme: Company) -> None:
    with inside(app, acme) as it:
        _rule(it, "round_robin", who="agent")
        it.conversation.team_id, it.conversation.assignee_id = acme.team_id, acme.members["owner"]
        messages.close(it.conversation, by=it.member("owner"))
        messages.reopen(it.conversation, by=it.member("owner"))
    _work(app, acme)
    assert _assignees(app, acme, acme.conversation_id) == ["owner"]


def test_a_team_that_takes_by_hand_is_left_alone(app: Flask, acme: Company) -> None:
    _arrive(app, acme, 2)
    _work(app, acme)
    assert waiting_count(app, acme) == 2


def test_handling_an_event_again_gives_nothing_away_twice(app: Flask, acme: Company) -> None:
    with inside(app, acme) as it:
        _rule(it, "round_robin")
    _arrive(app, acme)
    _work(app, acme)
    before = loads(app, acme)
    with inside(app, acme):
        assert services.hand_out(acme.team_id) == 0
    assert loads(app, acme) == before


def test_the_clock_finds_only_queues_that_somebody_could_take_from(app: Flask, acme: Company) -> None:
    with inside(app, acme) as it:
        _rule(it, "round_robin", capacity=1, who="agent")
        stale = it.member("agent")
        stale.seen_at = stale.active_at = now() - timedelta(minutes=1)
    _arrive(app, acme, 2)
    _work(app, acme)
    assert (_found(app), waiting_count(app, acme)) == ([], 2)
    with inside(app, acme) as it:
        it.member("agent").seen_at = it.member("agent").active_at = now()
    assert _found(app) == [(acme.workspace_id, acme.team_id)]
    with app.app_context():
        queues.sweep()
    assert (_found(app), waiting_count(app, acme)) == ([], 1)


def test_a_queue_of_another_company_is_not_touched(app: Flask, acme: Company) -> None:
    globex = make_company(app, "globex")
    with inside(app, globex) as it:
        it.project.team_id = globex.team_id
    with inside(app, acme) as it:
        _rule(it, "round_robin")
    _arrive(app, globex)
    _arrive(app, acme)
    _work(app, acme)
    assert (waiting_count(app, acme), waiting_count(app, globex)) == (0, 1)
    with inside(app, acme):
        assert services.hand_out(globex.team_id) == 0


def test_only_teams_with_work_are_looked_at(app: Flask, acme: Company) -> None:
    with inside(app, acme) as it:
        make_team("Billing", acme.members["agent"], assignment="round_robin")
        _rule(it, "round_robin", who="agent")
        assert queries.teams_with_work(acme.members["agent"]) == []
        it.another_conversation()
        assert queries.teams_with_work(acme.members["agent"]) == [acme.team_id]
        assert queries.teams_with_work(acme.members["viewer"]) == []


def _conversation(conversation_id: UUID) -> Conversation:
    return conversation_queries.conversation(conversation_id)


def _assignees(app: Flask, company: Company, *conversation_ids: UUID) -> list[str | None]:
    names = {user_id: name for name, user_id in company.members.items()}
    with inside(app, company):
        found = [_conversation(one).assignee_id for one in conversation_ids]
    return [names[one] if one else None for one in found]


def _found(app: Flask) -> list[tuple[UUID, UUID]]:
    with app.app_context(), unit_of_work(), across_tenants(reason="as the clock does"):
        return list(queries.teams_that_could_hand_out())
