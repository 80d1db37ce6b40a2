"""Conversations through the API: works, by role, from outside, and with nonsense."""

from collections.abc import Callable
from datetime import timedelta
from uuid import uuid4

import pytest
from flask import Flask

from chatapp.common.clock import now
from chatapp.jobs import search
from chatapp.messages import services as messages
from tests.factories import Company, inside
from tests.support.programs import Program


def path(of: Company, name: str = "conversations") -> str:
    return f"/w/{of.slug}/{name}"


def one(of: Company) -> str:
    return path(of, f"conversations/{of.conversation_id}")


def state(app: Flask, of: Company) -> tuple[str, object]:
    with inside(app, of) as here:
        return here.conversation.status, here.conversation.assignee_id


def test_a_conversation_tells_what_the_inbox_shows(agent: Program, acme: Company) -> None:
    answer = agent.get(one(acme))
    assert answer.status_code == 200
    found = answer.get_json()
    assert (found["id"], found["status"], found["seq"]) == (str(acme.conversation_id), "open", 1)
    assert found["contact"] == {"id": str(acme.end_user_id), "name": None, "email": None}
    assert found["preview"] == "hello acme"
    assert found["created_at"].endswith("Z")


def test_the_list_comes_in_pages_latest_first(app: Flask, agent: Program, acme: Company) -> None:
    with inside(app, acme) as here:
        ids = [str(acme.conversation_id), *(str(here.another_conversation().id) for _ in range(4))]
    seen: list[str] = []
    cursor: dict[str, str] = {}
    for _page in range(3):
        body = agent.get(path(acme), limit=2, **cursor).get_json()
        seen += [row["id"] for row in body["data"]]
        cursor = {"cursor": body["next_cursor"]}
    assert seen == ids[::-1]
    assert body["next_cursor"] is None


def test_the_list_is_filtered_by_status_and_assignee(app: Flask, agent: Program, acme: Company) -> None:
    with inside(app, acme) as here:
        mine, closed = here.another_conversation(), here.another_conversation()
        messages.assign(mine, to=here.member("agent"), by=here.member("owner"))
        messages.close(closed, by=here.member("owner"))

    def ids(**query: str) -> set[str]:
        return {row["id"] for row in agent.get(path(acme), **query).get_json()["data"]}

    nobodys = str(acme.conversation_id)
    assert ids() == {nobodys, str(mine.id), str(closed.id)}
    assert ids(status="closed") == {str(closed.id)}
    assert ids(assignee="me") == ids(assignee=str(acme.members["agent"])) == {str(mine.id)}
    assert ids(assignee="none", status="open") == {nobodys}
    assert ids(assignee=str(acme.members["owner"])) == set()


def test_a_conversation_is_closed_and_handed_over_at_once(app: Flask, agent: Program, acme: Company) -> None:
    changes = {"status": "closed", "assignee_id": str(acme.members["admin"])}
    answer = agent.patch(one(acme), changes)
    assert answer.status_code == 200
    assert answer.get_json()["status"] == "closed"
    assignee = {"id": str(acme.members["admin"]), "name": "Admin", "avatar_url": None}
    assert answer.get_json()["assignee"] == assignee
    assert state(app, acme) == ("closed", acme.members["admin"])
    again = agent.patch(one(acme), {"status": "open", "assignee_id": None}).get_json()
    assert (again["status"], again["assignee"]) == ("open", None)


def test_a_conversation_is_snoozed_pending_and_open_again(app: Flask, agent: Program, acme: Company) -> None:
    until = f"{now() + timedelta(days=2):%Y-%m-%d}T09:00:00Z"
    found = agent.patch(one(acme), {"snoozed_until": until}).get_json()
    assert (found["status"], found["snoozed_until"]) == ("snoozed", until)
    assert [row["id"] for row in agent.get(path(acme), status="snoozed").get_json()["data"]] == [found["id"]]
    found = agent.patch(one(acme), {"status": "snoozed"}).get_json()
    assert (found["status"], found["snoozed_until"]) == ("snoozed", None)
    assert agent.patch(one(acme), {"snoozed_until": None}).get_json()["status"] == "snoozed"
    assert agent.patch(one(acme), {"status": "pending"}).get_json()["status"] == "pending"
    assert agent.patch(one(acme), {"snoozed_until": None}).get_json()["status"] == "pending"
    found = agent.patch(one(acme), {"status": "open"}).get_json()
    assert (found["status"], found["snoozed_until"]) == ("open", None)


def test_who_did_it_is_told_in_the_thread(agent: Program, acme: Company) -> None:
    agent.patch(one(acme), {"status": "closed"})
    last = agent.get(one(acme) + "/messages").get_json()["data"][-1]
    assert (last["kind"], last["author"]["name"]) == ("activity", "Agent")


@pytest.mark.parametrize(
    ("changes", "names"),
    [
        ({"status": "closed", "colour": "red"}, {"colour"}),
        ({"status": "asleep"}, {"status"}),
        ({"snoozed_until": "tomorrow"}, {"snoozed_until"}),
        ({"snoozed_until": "2030-01-01T09:00:00"}, {"snoozed_until"}),
        ({"snoozed_until": "2020-01-01T09:00:00Z"}, {"snoozed_until"}),
        ({"snoozed_until": "2030-01-01T09:00:00Z", "status": "closed"}, {"snoozed_until"}),
        ({"status": "closed", "assignee_id": 7}, {"assignee_id"}),
        ({"status": ["closed"], "workspace_id": str(uuid4())}, {"status", "workspace_id"}),
    ],
)
def test_what_cannot_be_changed_is_named_and_nothing_is_half_written(
    app: Flask, agent: Program, acme: Company, changes: object, names: set[str]
) -> None:
    answer = agent.patch(one(acme), changes)
    assert answer.status_code == 422
    assert answer.get_json()["errors"].keys() == names
    assert state(app, acme) == ("open", None)


@pytest.mark.parametrize("company", ["acme", "globex"])
def test_only_members_who_may_answer_are_given_a_conversation(
    app: Flask, agent: Program, acme: Company, globex: Company, company: str
) -> None:
    somebody = acme.members["viewer"] if company == "acme" else globex.members["agent"]
    answer = agent.patch(one(acme), {"status": "closed", "assignee_id": str(somebody)})
    assert answer.status_code == (422 if company == "acme" else 404)
    assert state(app, acme) == ("open", None)


@pytest.mark.parametrize("changes", [{"status": "closed"}, {"assignee_id": None}])
def test_a_viewer_reads_and_changes_nothing(
    app: Flask, as_role: Callable[[str], Program], acme: Company, changes: object
) -> None:
    viewer = as_role("viewer")
    assert viewer.get(one(acme)).status_code == 200
    assert viewer.patch(one(acme), changes).status_code == 403
    assert state(app, acme) == ("open", None)


def test_outsiders_learn_nothing(outsider: Program, acme: Company, globex: Company) -> None:
    assert outsider.get(path(globex)).status_code == 200
    unknown = outsider.get(path(acme).replace("acme", "nobody"))
    foreign = outsider.get(path(acme))
    assert (foreign.status_code, foreign.data) == (unknown.status_code, unknown.data) == (404, unknown.data)
    there = outsider.get(path(globex, f"conversations/{acme.conversation_id}"))
    assert (there.status_code, there.data) == (404, unknown.data)


def test_without_a_token_the_door_is_shut(app: Flask, acme: Company) -> None:
    answer = Program(app).get(path(acme))
    assert answer.status_code == 401
    assert answer.mimetype == "application/problem+json"


@pytest.mark.parametrize(
    "query",
    [
        {"status": "lost"},
        {"assignee": "somebody"},
        {"label": "vip"},
        {"limit": "0"},
        {"limit": "101"},
        {"limit": "ten"},
        {"limit": "²"},
        {"cursor": "AAAA"},
        {"cursor": "W" * 4000},
        {"cursor": "W1tb" * 1000},
    ],
)
def test_nonsense_in_the_query_is_refused(agent: Program, acme: Company, query: dict[str, str]) -> None:
    assert agent.get(path(acme), **query).status_code == 400


def test_a_conversation_is_moved_to_a_team_and_found_there(agent: Program, acme: Company) -> None:
    teams = agent.get(path(acme, "teams")).get_json()["data"]
    assert [(team["name"], team["member_ids"]) for team in teams] == [("Support", [str(acme.members["agent"])])]
    found = agent.patch(one(acme), {"team_id": teams[0]["id"], "assignee_id": str(acme.members["admin"])}).get_json()
    assert found["team"] == {"id": teams[0]["id"], "name": "Support"}
    assert found["assignee"]["name"] == "Admin"
    assert [row["id"] for row in agent.get(path(acme), team=teams[0]["id"]).get_json()["data"]] == [found["id"]]
    assert agent.patch(one(acme), {"team_id": None}).get_json()["team"] is None
    assert agent.get(path(acme), team=teams[0]["id"]).get_json()["data"] == []


def test_a_foreign_team_and_one_that_is_no_id_are_refused(agent: Program, acme: Company, globex: Company) -> None:
    assert agent.patch(one(acme), {"team_id": str(globex.team_id)}).status_code == 404
    assert agent.patch(one(acme), {"team_id": "support"}).status_code == 422
    assert agent.get(path(acme), team=str(globex.team_id)).status_code == 404
    assert agent.get(path(acme), team="support").status_code == 400


def test_the_list_is_searched_by_words_of_messages(app: Flask, agent: Program, acme: Company) -> None:
    with inside(app, acme) as here:
        found = [here.another_conversation(f"lámpara {number}") for number in range(3)]
        messages.close(found[1], by=here.member("owner"))
    with app.app_context():
        search.look_through()

    def ids(**query: object) -> list[str]:
        return [row["id"] for row in agent.get(path(acme), **query).get_json()["data"]]

    newest_first = [str(conversation.id) for conversation in reversed(found)]
    assert ids(q="LAMPARA") == newest_first
    assert ids(q="lampara", status="open") == [newest_first[0], newest_first[2]]
    assert ids(q="no-such-word") == []
    first = agent.get(path(acme), q="lampara", limit=2).get_json()
    rest = agent.get(path(acme), q="lampara", limit=2, cursor=first["next_cursor"]).get_json()
    assert [row["id"] for row in first["data"] + rest["data"]] == newest_first
    assert rest["next_cursor"] is None


@pytest.mark.parametrize("query", [{"q": ""}, {"q": "x" * 201}, {"q": "lamp", "cursor": "x"}])
def test_a_search_that_cannot_be_read_is_a_400(agent: Program, acme: Company, query: dict[str, str]) -> None:
    assert agent.get(path(acme), **query).status_code == 400
