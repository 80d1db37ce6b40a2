"""Handing conversations to people and to teams: who may have them, what the thread says, and where they are found."""

import pytest
from flask import Flask
from flask.testing import FlaskClient

from chatapp.conversations import queries
from chatapp.messages import queries as message_queries
from chatapp.messages import services
from tests.factories import Company, inside, make_company, make_team
from tests.support.web_client import log_in, post


@pytest.fixture
def acme(app: Flask) -> Company:
    return make_company(app)


def _assign(client: FlaskClient, company: Company, **form: object) -> tuple[int, str]:
    path = f"/w/acme/conversations/{company.conversation_id}/assignment"
    answer = post(client, path, {name: str(value) for name, value in form.items()}, HX_Request="true")
    return answer.status_code, answer.text


def _where(app: Flask, company: Company) -> tuple[object, object]:
    with inside(app, company) as it:
        return it.conversation.team_id, it.conversation.assignee_id


def test_it_is_handed_to_a_team_to_a_member_and_to_nobody(app: Flask, client: FlaskClient, acme: Company) -> None:
    log_in(client, acme.email("owner"))
    status, text = _assign(client, acme, team_id=acme.team_id)
    assert (status, "Owner moved this to Support" in text) == (200, True)
    status, text = _assign(client, acme, assignee_id=acme.members["agent"])
    assert (status, "Owner gave this to Agent" in text) == (200, True)
    assert _where(app, acme) == (acme.team_id, acme.members["agent"])
    status, text = _assign(client, acme, assignee_id="")
    assert (status, "Owner put this back for anybody" in text) == (200, True)
    status, text = _assign(client, acme, team_id="")
    assert (status, "Owner took this out of Support" in text) == (200, True)
    assert _where(app, acme) == (None, None)


def test_it_is_handed_to_a_team_and_a_member_at_once(app: Flask, client: FlaskClient, acme: Company) -> None:
    log_in(client, acme.email("agent"))
    assert _assign(client, acme, team_id=acme.team_id, assignee_id=acme.members["admin"])[0] == 200
    assert _where(app, acme) == (acme.team_id, acme.members["admin"])


@pytest.mark.parametrize(("holder", "stays"), [("agent", True), ("owner", False)])
def test_whoever_is_not_in_the_new_team_lets_go(app: Flask, acme: Company, holder: str, stays: bool) -> None:
    with inside(app, acme) as it:
        services.assign(it.conversation, to=it.member(holder), by=it.member("owner"))
        services.move(it.conversation, to=it.team, by=it.member("owner"))
    assert _where(app, acme) == (acme.team_id, acme.members[holder] if stays else None)


def test_moving_it_where_it_is_says_nothing_twice(app: Flask, acme: Company) -> None:
    with inside(app, acme) as it:
        services.move(it.conversation, to=it.team, by=it.member("owner"))
        services.move(it.conversation, to=it.team, by=it.member("owner"))
        lines = [message.activity for message in message_queries.latest(acme.conversation_id) if message.activity]
        assert lines == [{"name": "moved", "by": "Owner", "to": "Support"}]


@pytest.mark.parametrize(
    ("form", "status"),
    [
        ({"assignee_id": "nonsense"}, 422),
        ({"team_id": "nonsense"}, 422),
        ({"assignee_id": "viewer"}, 422),
        ({"assignee_id": "stranger"}, 404),
        ({"team_id": "stranger"}, 404),
    ],
)
def test_who_cannot_have_it_is_refused_and_nothing_changes(
    app: Flask, client: FlaskClient, acme: Company, form: dict[str, str], status: int
) -> None:
    globex = make_company(app, "globex")
    strangers = {"assignee_id": globex.members["agent"], "team_id": globex.team_id}
    named = {"viewer": acme.members["viewer"]}
    log_in(client, acme.email("agent"))
    wanted = {name: strangers[name] if value == "stranger" else named.get(value, value) for name, value in form.items()}
    assert _assign(client, acme, **wanted)[0] == status
    assert _where(app, acme) == (None, None)


def test_a_viewer_hands_nothing_over_and_is_offered_nobody(client: FlaskClient, acme: Company) -> None:
    log_in(client, acme.email("viewer"))
    assert _assign(client, acme, team_id=acme.team_id)[0] == 403
    assert client.get(f"/w/acme/conversations/{acme.conversation_id}/assignment").status_code == 403


def test_the_menu_offers_teams_and_those_who_may_answer(client: FlaskClient, acme: Company) -> None:
    log_in(client, acme.email("agent"))
    offered = client.get(f"/w/acme/conversations/{acme.conversation_id}/assignment").text
    assert "Support" in offered
    assert "Admin" in offered
    assert "Viewer" not in offered


def test_a_team_has_its_own_view_and_ones_own_teams_come_first(app: Flask, client: FlaskClient, acme: Company) -> None:
    with inside(app, acme) as it:
        make_team("Billing")
        services.move(it.conversation, to=it.team, by=it.member("owner"))
        it.another_conversation(name="Somebody else")
        closed = it.another_conversation(name="Long ago")
        services.move(closed, to=it.team, by=it.member("owner"))
        services.close(closed, by=it.member("owner"))
        assert queries.counts_of_teams()[queries.team_view(acme.team_id)] == 1
        assert queries.open_counts_of_teams() == {acme.team_id: 1}
    log_in(client, acme.email("agent"))
    page = client.get(f"/w/acme/inbox?view=team:{acme.team_id}").text
    assert f'id="row-{acme.conversation_id}"' in page
    assert page.count('<li class="row') == 1
    side = client.get("/w/acme/inbox/views").text
    assert side.index("Support") < side.index("Billing")


@pytest.mark.parametrize("view", ["team:", "team:nonsense", "teams", "foreign"])
def test_a_view_that_does_not_exist_is_not_found(app: Flask, client: FlaskClient, acme: Company, view: str) -> None:
    foreign = f"team:{make_company(app, 'globex').team_id}"
    log_in(client, acme.email("owner"))
    assert client.get("/w/acme/inbox", query_string={"view": foreign if view == "foreign" else view}).status_code == 404
