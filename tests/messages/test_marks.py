"""Priority and labels of a conversation: who sets them, what the thread says, where it is found by them."""

from collections.abc import Callable

import pytest
from flask import Flask
from flask.testing import FlaskClient

from chatapp.conversations import queries
from chatapp.labels import queries as labels
from chatapp.labels import services as label_services
from chatapp.messages import queries as message_queries
from chatapp.messages import services
from tests.factories import Company, inside, make_company, make_label
from tests.support.programs import Program, program_of
from tests.support.web_client import ORIGIN, csrf_token, log_in, post


@pytest.fixture
def acme(app: Flask) -> Company:
    return make_company(app)


@pytest.fixture
def as_role(app: Flask, acme: Company) -> Callable[[str], Program]:
    return lambda role: program_of(app, acme.members[role])


def path(name: str, company: Company) -> str:
    return f"/w/acme/conversations/{company.conversation_id}/{name}"


def lines(company: Company) -> list[tuple[str, str]]:
    found = message_queries.latest(company.conversation_id)
    return [(message.activity["name"], message.activity["to"]) for message in found if message.activity]


def worn(company: Company) -> list[str]:
    return [label["name"] for label in queries.conversation(company.conversation_id).labels]


def test_labels_go_on_and_off_once_each_and_the_thread_says_so(app: Flask, acme: Company) -> None:
    with inside(app, acme) as it:
        agent, billing, urgent = it.member("agent"), labels.label(acme.label_id), make_label("Angry")
        for label in (billing, billing, urgent):
            services.add_label(it.conversation, label, by=agent)
        assert worn(acme) == ["Angry", "billing"]
        for _turn in range(2):
            services.remove_label(it.conversation, billing, by=agent)
        assert worn(acme) == ["Angry"]
        assert lines(acme) == [("labelled", "billing"), ("labelled", "Angry"), ("unlabelled", "billing")]


def test_what_has_a_label_is_found_by_it_and_counted_while_it_is_open(app: Flask, acme: Company) -> None:
    view = queries.label_view(acme.label_id)
    with inside(app, acme) as it:
        agent, other = it.member("agent"), it.another_conversation()
        services.add_label(it.conversation, labels.label(acme.label_id), by=agent)
        assert [row.id for row in queries.page_of(view, me=agent.user_id).rows] == [acme.conversation_id]
        assert queries.counts_of_labels() == {view: 1}
        services.add_label(other, labels.label(acme.label_id), by=agent)
        services.close(it.conversation, by=agent)
        assert [row.id for row in queries.page_of(view, me=agent.user_id).rows] == [other.id]
        assert queries.counts_of_labels() == {view: 1}


def test_a_label_that_is_deleted_goes_from_every_conversation(app: Flask, acme: Company) -> None:
    with inside(app, acme) as it:
        services.add_label(it.conversation, labels.label(acme.label_id), by=it.member("agent"))
        label_services.delete(labels.label(acme.label_id), by=it.member("owner"))
    with inside(app, acme):
        assert worn(acme) == []
        assert queries.counts_of_labels() == {}


def test_the_priority_is_set_and_the_thread_says_so(app: Flask, acme: Company) -> None:
    with inside(app, acme) as it:
        for to in ("high", "high", "none"):
            services.set_priority(it.conversation, to=to, by=it.member("agent"))
        assert it.conversation.priority_name == "none"
        assert lines(acme) == [("prioritised", "high"), ("prioritised", "none")]


# Through the door


def test_the_picker_shows_what_it_has_and_takes_it_off_again(client: FlaskClient, acme: Company) -> None:
    log_in(client, acme.email("agent"))
    assert 'aria-pressed="false"' in client.get(path("labels", acme)).text
    headers = {"Origin": ORIGIN, "X-CSRFToken": csrf_token(client), "HX-Request": "true"}
    label = path(f"labels/{acme.label_id}", acme)
    assert 'aria-pressed="true"' in client.put(label, headers=headers).text
    assert 'aria-pressed="false"' in client.delete(label, headers=headers).text
    assert client.put(path("labels/0190a0b0-0000-7000-8000-000000000000", acme), headers=headers).status_code == 404
    assert post(client, path("labels", acme), {"name": "mine"}, HX_Request="true").status_code == 403


def test_an_admin_makes_one_in_the_picker(app: Flask, client: FlaskClient, acme: Company) -> None:
    log_in(client, acme.email("admin"))
    answer = post(client, path("labels", acme), {"name": "returns"}, HX_Request="true")
    assert (answer.status_code, "Admin added the label returns" in answer.text) == (200, True)
    assert 'aria-pressed="true"' in answer.text
    again = post(client, path("labels", acme), {"name": "Returns"}, HX_Request="true")
    assert again.status_code == 200
    assert post(client, path("labels", acme), {"name": " "}, HX_Request="true").status_code == 422
    with inside(app, acme):
        assert worn(acme) == ["returns"]
        assert [label.name for label in labels.labels()] == ["billing", "returns"]


@pytest.mark.parametrize(("form", "status"), [({"priority": "urgent"}, 200), ({"priority": "dire"}, 422), ({}, 422)])
def test_the_menu_sets_the_priority(client: FlaskClient, acme: Company, form: dict[str, str], status: int) -> None:
    log_in(client, acme.email("agent"))
    assert post(client, path("priority", acme), form, HX_Request="true").status_code == status


def test_a_viewer_marks_nothing(client: FlaskClient, acme: Company) -> None:
    log_in(client, acme.email("viewer"))
    assert post(client, path("priority", acme), {"priority": "high"}).status_code == 403
    assert client.get(path("labels", acme)).status_code == 403


@pytest.mark.parametrize("view", ["label:", "label:nonsense", "foreign"])
def test_a_view_of_no_label_is_not_found(app: Flask, client: FlaskClient, acme: Company, view: str) -> None:
    foreign = f"label:{make_company(app, 'globex').label_id}"
    log_in(client, acme.email("owner"))
    assert client.get("/w/acme/inbox", query_string={"view": foreign if view == "foreign" else view}).status_code == 404


# For programs


def test_programs_set_both_and_find_by_label(app: Flask, as_role: Callable[[str], Program], acme: Company) -> None:
    agent, one = as_role("agent"), f"/w/acme/conversations/{acme.conversation_id}"
    known = agent.get("/w/acme/labels").get_json()["data"]
    assert known == [{"id": str(acme.label_id), "name": "billing", "colour": "iris"}]
    found = agent.patch(one, {"priority": "urgent", "labels": [str(acme.label_id)]}).get_json()
    assert (found["priority"], found["labels"]) == ("urgent", known)
    assert [row["id"] for row in agent.get("/w/acme/conversations", label=str(acme.label_id)).get_json()["data"]] == [
        str(acme.conversation_id)
    ]
    assert agent.patch(one, {"labels": []}).get_json()["labels"] == []
    assert agent.get("/w/acme/conversations", label=str(acme.label_id)).get_json()["data"] == []


@pytest.mark.parametrize(
    ("changes", "status"),
    [
        ({"priority": "dire"}, 422),
        ({"priority": None}, 422),
        ({"labels": "billing"}, 422),
        ({"labels": ["billing"]}, 422),
        ({"labels": ["0190a0b0-0000-7000-8000-000000000000"]}, 404),
    ],
)
def test_programs_are_told_what_is_wrong(
    as_role: Callable[[str], Program], acme: Company, changes: object, status: int
) -> None:
    answer = as_role("agent").patch(f"/w/acme/conversations/{acme.conversation_id}", changes)
    assert answer.status_code == status
