"""Saved views: what each condition finds, who sees and changes which view, and what the form does with nonsense."""

from __future__ import annotations

from datetime import timedelta
from typing import Any
from uuid import UUID

import pytest
from flask import Flask
from flask.testing import FlaskClient

from chatapp.common import conditions
from chatapp.common.clock import now
from chatapp.common.db import db
from chatapp.conversations.models import Conversation, ConversationLabel, Participant
from chatapp.saved_views import finding, queries
from chatapp.saved_views.fields import conversations
from chatapp.saved_views.models import SavedView
from tests.factories import Company, Inside, inside, make_company, make_team
from tests.support.web_client import log_in, post

PATH = "/w/acme/saved-views"


@pytest.fixture
def acme(app: Flask) -> Company:
    return make_company(app)


def rule(field: str, operator: str, value: Any = None) -> dict[str, Any]:
    return {"field": field, "operator": operator, "value": value}


def group(*parts: Any, match: str = "all") -> conditions.Group:
    return conditions.read({"match": match, "parts": list(parts)})


def furnish(here: Inside) -> dict[str, Conversation]:
    """Conversations that differ in everything that can be asked; "plain" is open, nobody's and a week old."""
    agent, week = here.company.members["agent"], now() - timedelta(days=7)
    found = {"plain": here.conversation}
    found |= {name: here.another_conversation(name) for name in ("mine", "urgent", "closed", "labelled", "blocked")}
    for row in found.values():
        row.created_at, row.last_message_at, row.waiting_since, row.unread_count = week, week, None, 0
    found["mine"].assignee_id, found["mine"].unread_count = agent, 2
    found["urgent"].priority, found["urgent"].team_id = 4, here.company.team_id
    found["urgent"].waiting_since = found["urgent"].last_message_at = now()
    found["closed"].close(at=now())
    found["blocked"].end_user.blocked_at = now()
    db.session.add(ConversationLabel(conversation_id=found["labelled"].id, label_id=here.company.label_id))
    db.session.add(Participant(conversation_id=found["mine"].id, user_id=agent))
    found["labelled"].sla_due_at = now()
    db.session.flush()
    return found


def ids(acme: Company) -> dict[str, str]:
    return {"agent": str(acme.members["agent"]), "team": str(acme.team_id), "label": str(acme.label_id)}


CASES: list[tuple[list[Any], str]] = [
    ([], "plain mine urgent closed labelled blocked"),
    ([rule("status", "any_of", ["closed"])], "closed"),
    ([rule("status", "none_of", ["closed", "open"])], ""),
    ([rule("assignee", "any_of", ["me"])], "mine"),
    ([rule("assignee", "none_of", ["agent"])], "plain urgent closed labelled blocked"),
    ([rule("assignee", "none_of", ["nobody"])], "mine"),
    ([rule("assignee", "any_of", ["nobody", "agent"]), rule("unread", "yes")], "mine"),
    ([rule("team", "any_of", ["team"])], "urgent"),
    ([rule("label", "any_of", ["label"])], "labelled"),
    ([rule("label", "none_of", ["label", "nobody"])], ""),
    ([rule("label", "any_of", ["nobody"]), rule("priority", "any_of", ["urgent", "high"])], "urgent"),
    ([rule("channel", "none_of", ["web"])], ""),
    ([rule("activity", "more_than", {"amount": 6, "unit": "days"}), rule("blocked", "yes")], "blocked"),
    ([rule("activity", "less_than", {"amount": 2, "unit": "hours"})], "urgent"),
    ([rule("waiting", "yes")], "urgent"),
    ([rule("due", "yes")], "labelled"),
    ([rule("followed", "yes")], "mine"),
    ([rule("called", "yes")], ""),
    (
        [rule("waiting", "no"), rule("blocked", "no"), rule("unread", "no"), rule("status", "any_of", ["open"])],
        "plain labelled",
    ),
    (
        [
            rule("created", "more_than", {"amount": 6, "unit": "days"}),
            {"match": "any", "parts": [rule("waiting", "yes"), rule("unread", "yes")]},
        ],
        "mine urgent",
    ),
]


def test_each_condition_finds_what_it_says_and_counts_it(app: Flask, acme: Company) -> None:
    """The number is counted in another way than the rows are listed: both are compared with what is written here."""
    me = acme.members["agent"]
    with inside(app, acme) as it:
        names = {row.id: name for name, row in furnish(it).items()}
        groups = [group(*_named(parts, ids(acme))) for parts, _expected in CASES]
        numbers = finding.counts(groups, me=me)
        for asked, number, (_parts, expected) in zip(groups, numbers, CASES, strict=True):
            view = SavedView(conditions=conditions.kept(asked), sort="activity")
            assert {names[row.id] for row in finding.page(view, me=me).rows} == set(expected.split()), asked
            assert number == str(len(expected.split())), asked
            assert conditions.checked(conditions.kept(asked), conversations.fields(me)) == asked


def _named(parts: list[Any], known: dict[str, str]) -> list[Any]:
    """With the company's ids in place of the names that stand for them."""
    return [
        part | {"parts": _named(part["parts"], known)}
        if "parts" in part
        else part | {"value": [known.get(each, each) for each in part["value"]]}
        if isinstance(part["value"], list)
        else part
        for part in parts
    ]


def test_numbers_end_and_say_when_they_may_be_too_small(
    app: Flask, acme: Company, monkeypatch: pytest.MonkeyPatch
) -> None:
    with inside(app, acme) as it:
        for _number in range(2):
            it.another_conversation()
        is_open, closed = group(rule("status", "any_of", ["open"])), group(rule("status", "any_of", ["closed"]))
        asked = [is_open, closed, group()]
        me = acme.members["agent"]
        assert finding.counts(asked, me=me) == ["3", "0", "3"]
        monkeypatch.setattr(finding, "WINDOW", 2)
        assert finding.counts(asked, me=me) == ["2+", "0", "2+"]
        monkeypatch.setattr(finding, "MOST", 1)
        assert finding.counts(asked, me=me) == ["1+", "0", "1+"]


def test_only_what_is_open_can_be_sorted_by_who_waits() -> None:
    assert "waiting" in finding.orders_of(group(rule("status", "any_of", ["open"]), rule("unread", "yes")))
    assert "waiting" not in finding.orders_of(group(rule("status", "any_of", ["open"]), match="any"))
    assert "waiting" not in finding.orders_of(group())


def form(**more: Any) -> dict[str, Any]:
    return (
        {"name": "Urgent", "who": "own", "sort": "oldest", "match": "all", "rule": ["a", "b"], "group": "g"}
        | {
            "rule-a-field": "priority",
            "rule-a-operator": "any_of",
            "rule-a-value": ["high", "urgent"],
            "rule-b-field": "created",
            "rule-b-operator": "less_than",
            "rule-b-amount": "3",
            "rule-b-unit": "days",
            "rule-b-group": "g",
            "group-g-match": "any",
        }
        | more
    )


def stored(app: Flask, acme: Company, role: str = "owner") -> list[SavedView]:
    with inside(app, acme) as it:
        return [view for view in queries.kept(it.member(role), "conversations") if view.id != acme.saved_view_id]


def test_a_view_is_made_opened_changed_sorted_and_deleted(app: Flask, client: FlaskClient, acme: Company) -> None:
    with inside(app, acme) as it:
        it.conversation.priority = 4
        it.another_conversation(name="Somebody else")
    log_in(client, acme.email("agent"))
    answer = post(client, PATH, form())
    assert answer.status_code == 303
    (view,) = stored(app, acme, "agent")
    within = {"match": "any", "parts": [rule("created", "less_than", {"amount": 3, "unit": "days"})]}
    assert view.conditions["parts"] == [rule("priority", "any_of", ["high", "urgent"]), within]
    page = client.get(answer.location).text
    assert 'data-by="oldest"' in page
    assert f"row-{acme.conversation_id}" in page
    assert "Somebody else" not in page
    assert f"&#34;saved:{view.id}&#34;: &#34;1&#34;" in page
    assert 'value="urgent" checked' in client.get(f"{PATH}/{view.id}").text
    post(client, f"{PATH}/{view.id}/order", {"order": "newest"})
    assert stored(app, acme, "agent")[0].sort == "newest"
    assert post(client, f"{PATH}/{view.id}/order", {"order": "due"}).status_code == 422
    assert post(client, f"{PATH}/{view.id}", form(name="Hot", rule=[], group=[])).status_code == 303
    assert (stored(app, acme, "agent")[0].name, stored(app, acme, "agent")[0].conditions["parts"]) == ("Hot", [])
    assert post(client, f"{PATH}/{view.id}/removal", {}).status_code == 303
    assert client.get(answer.location).status_code == 404


WRONG: list[dict[str, Any]] = [
    {"name": " "},
    {"name": "x" * 61},
    {"who": "nobody"},
    {"sort": "colour"},
    {"rule-a-value": []},
    {"rule-a-value": ["hot"]},
    {"rule-b-amount": "-1"},
    {"rule-a-field": "password_hash"},
    {"group": ["g", "h"]},
]


def test_what_makes_no_sense_comes_back_as_it_was_typed(app: Flask, client: FlaskClient, acme: Company) -> None:
    log_in(client, acme.email("owner"))
    for wrong in WRONG:
        answer = post(client, PATH, form(**wrong))
        assert answer.status_code == 422, wrong
        assert "field__error" in answer.text, wrong
        assert "condition-editor" in answer.text, wrong
    assert stored(app, acme) == []


def test_who_sees_and_changes_which_view(app: Flask, client: FlaskClient, acme: Company) -> None:
    with inside(app, acme) as it:
        make_team("Sales")
        sales = next(team for team in it.teams if team.name == "Sales")
        sales_id = sales.id
    log_in(client, acme.email("owner"))
    for name, who in (("all", "everybody"), ("ours", acme.team_id), ("theirs", sales_id), ("own", "own")):
        assert post(client, PATH, form(name=name, who=str(who))).status_code == 303
    with inside(app, acme) as it:
        assert [view.name for view in queries.usable(it.member("agent"), "conversations")] == ["Open", "all", "ours"]
        assert [view.name for view in queries.kept(it.member("admin"), "conversations")] == [
            "Open", "all", "theirs", "ours",
        ]  # fmt: skip
        found = {view.name: view.id for view in stored(app, acme)}
    agent = app.test_client()
    log_in(agent, acme.email("agent"))
    assert post(agent, PATH, form(who="everybody")).status_code == 403
    assert post(agent, f"{PATH}/{found['all']}", form()).status_code == 403
    assert post(agent, f"{PATH}/{found['all']}/removal", {}).status_code == 403
    assert post(agent, f"{PATH}/{found['all']}/copies", {}).status_code == 303
    assert [view.name for view in stored(app, acme, "agent") if view.is_own] == ["all (copy)"]
    for hidden in ("theirs", "own"):
        for path in (f"{PATH}/{found[hidden]}", f"/w/acme/inbox?view=saved:{found[hidden]}"):
            assert agent.get(path).status_code == 404, path
    admin = app.test_client()
    log_in(admin, acme.email("admin"))
    assert admin.get(f"{PATH}/{found['own']}").status_code == 404
    post(admin, f"{PATH}/{found['all']}/place", {"direction": "up"})
    with inside(app, acme) as it:
        assert [view.name for view in queries.of_holder(acme.workspace_id, "conversations")] == ["all", "Open"]


def test_a_foreign_view_does_not_exist(app: Flask, client: FlaskClient, acme: Company) -> None:
    globex = make_company(app, "globex")
    log_in(client, acme.email("owner"))
    for name in (f"saved:{globex.saved_view_id}", f"saved:{UUID(int=1)}", "saved:x"):
        for page in ("inbox", "inbox/rows", "inbox/views"):
            assert client.get(f"/w/acme/{page}?view={name}").status_code == 404


def test_the_current_view_and_the_filters_of_the_search_become_conditions(client: FlaskClient, acme: Company) -> None:
    log_in(client, acme.email("agent"))
    mine = client.get(f"{PATH}/new?view=mine").text
    assert 'value="open" checked' in mine
    assert 'value="me" checked' in mine
    assert f'value="{acme.label_id}" checked' in client.get(f"{PATH}/new?view=label:{acme.label_id}").text
    searched = client.get(f"{PATH}/new?status=closed&assignee=none&project={acme.project_id}").text
    assert 'value="closed" checked' in searched
    assert 'value="nobody" checked' in searched
    assert f'value="{acme.project_id}" checked' in searched


def test_rows_that_changed_are_judged_again(app: Flask, client: FlaskClient, acme: Company) -> None:
    with inside(app, acme) as it:
        other = it.another_conversation()
        other.close(at=now())
        other_id = other.id
    log_in(client, acme.email("agent"))
    path = f"/w/acme/inbox/rows?view=saved:{acme.saved_view_id}"
    judged = client.get(f"{path}&only={acme.conversation_id},{other_id}").text
    assert f"row-{acme.conversation_id}" in judged
    assert f"row-{other_id}" not in judged
    assert f"{acme.conversation_id}@" in client.get(path).text
    assert client.get(f"{path}&only=x").status_code == 400


def test_there_is_an_end_to_it(app: Flask, client: FlaskClient, acme: Company, monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr("chatapp.saved_views.services.MOST", 1)
    log_in(client, acme.email("owner"))
    assert post(client, PATH, form(who="everybody")).status_code == 409
    assert post(client, PATH, form()).status_code == 303
