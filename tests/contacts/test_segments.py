"""Segments of contacts: what each condition finds, for whom, on the page and in a file."""

from __future__ import annotations

from datetime import timedelta
from typing import Any

import pytest
from flask import Flask
from flask.testing import FlaskClient

from chatapp.common import conditions
from chatapp.common.clock import now
from chatapp.common.db import db
from chatapp.contacts import queries
from chatapp.contacts.services import exports
from chatapp.conversations.models import ConversationLabel
from chatapp.endusers import services as endusers
from chatapp.endusers.models import EndUser
from chatapp.saved_views.fields import contacts as fields
from chatapp.saved_views.models import SavedView
from tests.factories import Company, Inside, inside, make_company, make_role
from tests.support.web_client import log_in, post

PATH = "/w/acme/contacts"


@pytest.fixture
def acme(app: Flask) -> Company:
    return make_company(app)


def rule(field: str, operator: str, value: Any = None) -> dict[str, Any]:
    return {"field": field, "operator": operator, "value": value}


def furnish(here: Inside) -> dict[str, EndUser]:
    """Ada writes and is labelled, Bruno is blocked and closed, Grace has never written."""
    talk, other = here.conversation, here.another_conversation(name="Bruno")
    db.session.add(ConversationLabel(conversation_id=talk.id, label_id=here.company.label_id))
    talk.end_user.name, talk.end_user.last_seen_at = "Ada", now()
    other.close(at=now())
    other.end_user.blocked_at, other.end_user.last_seen_at = now(), now() - timedelta(days=9)
    grace = endusers.create(name="Grace 100%", email="grace@navy.example", company="Navy")
    grace.created_at = now() - timedelta(days=30)
    grace.attributes = {str(here.company.attribute_id): "Gold"}
    db.session.flush()
    return {"Ada": talk.end_user, "Bruno": other.end_user, "Grace": grace}


CASES: list[tuple[list[Any], str]] = [
    ([], "Ada Bruno Grace"),
    ([rule("name", "contains", "gra")], "Grace"),
    ([rule("name", "contains", "%")], "Grace"),
    ([rule("email", "contains", "@NAVY")], "Grace"),
    ([rule("company", "unknown")], "Ada Bruno"),
    ([rule("company", "lacks", "navy")], "Ada Bruno"),
    ([rule("phone", "known")], ""),
    ([rule("seen", "less_than", {"amount": 2, "unit": "days"})], "Ada"),
    ([rule("seen", "more_than", {"amount": 2, "unit": "days"})], "Bruno"),
    ([rule("created", "more_than", {"amount": 20, "unit": "days"})], "Grace"),
    ([rule("blocked", "yes")], "Bruno"),
    ([rule("talks", "no")], "Grace"),
    ([rule("talks", "yes"), rule("blocked", "no")], "Ada"),
    ([rule("open", "yes")], "Ada"),
    ([rule("label", "any_of", ["label"])], "Ada"),
    ([rule("label", "none_of", ["label"])], "Bruno Grace"),
    ([rule("attribute", "contains", "gold")], "Grace"),
    ([{"match": "any", "parts": [rule("blocked", "yes"), rule("open", "yes")]}], "Ada Bruno"),
]


def segment(acme: Company, parts: list[Any]) -> SavedView:
    text = {"label": str(acme.label_id), "attribute": f"attribute:{acme.attribute_id}"}
    made = [
        part
        if "parts" in part
        else part
        | {"field": text["attribute"] if part["field"] == "attribute" else part["field"]}
        | ({"value": [text["label"]]} if part["field"] == "label" else {})
        for part in parts
    ]
    return SavedView(conditions={"match": "all", "parts": made}, sort="name", subject="contacts")


def test_each_condition_finds_what_it_says_and_counts_it(app: Flask, acme: Company) -> None:
    with inside(app, acme) as it:
        names = {row.id: name for name, row in furnish(it).items()}
        for parts, expected in CASES:
            one = segment(acme, parts)
            found = {names[row.id] for row in queries.page("name", segment=one).rows}
            assert found == set(expected.split()), parts
            assert queries.count_of(one) == (len(found), True), parts
            assert queries.count(one.group) == len(found), parts
            assert conditions.checked(one.conditions, fields.fields()) == one.group, parts


def test_a_number_that_may_be_too_small_says_so(app: Flask, acme: Company, monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr(queries, "WINDOW", 2)
    with inside(app, acme) as it:
        furnish(it)
        assert queries.count_of(segment(acme, [])) == (2, False)


def test_it_is_made_from_filters_opened_and_searched(app: Flask, client: FlaskClient, acme: Company) -> None:
    with inside(app, acme) as it:
        furnish(it)
    log_in(client, acme.email("agent"))
    page = client.get("/w/acme/saved-views/new?subject=contacts&q=Navy&show=blocked").text
    assert page.count('value="Navy"') == 2
    assert "New segment" in page
    form = {"name": "Not blocked", "who": "own", "sort": "name", "match": "all", "subject": "contacts", "rule": "a"}
    answer = post(client, "/w/acme/saved-views", form | {"rule-a-field": "blocked", "rule-a-operator": "no"})
    assert answer.status_code == 303
    shown = client.get(answer.location).text
    assert shown.index("Ada") < shown.index("Grace")
    assert "Bruno" not in shown
    assert '<span class="count">2</span>' in shown
    segment_id = answer.location.rpartition("=")[2]
    assert client.get(f"{PATH}?segment={acme.saved_view_id}").status_code == 404, "a view of conversations is none"
    assert client.get(f"/w/acme/inbox?view=saved:{segment_id}").status_code == 404
    assert client.get(f"{PATH}?segment=x").status_code == 404


def test_a_file_holds_the_segment_as_it_was_when_it_was_asked_for(
    app: Flask, client: FlaskClient, acme: Company
) -> None:
    with inside(app, acme) as it:
        furnish(it)
    log_in(client, acme.email("owner"))
    assert "2 contacts" in client.get(f"{PATH}/export?segment={acme.segment_id}").text
    assert post(client, f"{PATH}/exports", {"segment": str(acme.segment_id)}).status_code == 303
    with inside(app, acme) as it:
        view = db.session.get_one(SavedView, acme.segment_id)
        export = queries.latest_export(view)
        assert export
        assert queries.latest_export() is None
        view.conditions = {"match": "all", "parts": []}
        db.session.flush()
        exports.carry_on(export.id)
        lines = exports.text_of(export).splitlines()[1:]
        assert sorted(line.split(",")[0] for line in lines) == ["Ada", "Grace 100%"]
        assert export.total == 2


def test_who_sees_some_conversations_learns_nothing_of_the_others(
    app: Flask, client: FlaskClient, acme: Company
) -> None:
    """Ada has a conversation that the agent sees, and another one with the label that they do not."""
    with inside(app, acme) as it:
        contact = furnish(it)["Ada"]
        seen = it.another_conversation()
        seen.end_user_id, seen.assignee_id = contact.id, acme.members["agent"]
        it.conversation.assignee_id = acme.members["owner"]
        role = make_role("Narrow", "conversations.view", "contacts.view", "saved_views.view", visibility="own")
        it.member("agent").take(role)
        labelled = segment(acme, [rule("label", "any_of", ["label"])])
        view = db.session.get_one(SavedView, acme.segment_id)
        view.conditions = labelled.conditions
    owner = app.test_client()
    log_in(owner, acme.email("owner"))
    assert "Ada" in owner.get(f"{PATH}?segment={acme.segment_id}").text
    log_in(client, acme.email("agent"))
    assert "Ada" in client.get(PATH).text
    page = client.get(f"{PATH}?segment={acme.segment_id}").text
    assert "Nobody fits this segment" in page
