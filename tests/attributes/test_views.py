"""Attributes: made in the settings, filled in beside a thread and in a profile, asked for by views, and taken away."""

from __future__ import annotations

import json
import zipfile
from io import BytesIO
from typing import Any
from uuid import UUID

import pytest
from flask import Flask
from flask.testing import FlaskClient
from sqlalchemy import select

from chatapp.attributes import forgetting, queries, services
from chatapp.attributes.models import Attribute
from chatapp.common import conditions
from chatapp.common.db import db
from chatapp.common.errors import AppError
from chatapp.contacts.services import blocking, exports, imports
from chatapp.conversations.models import Conversation
from chatapp.endusers import queries as endusers
from chatapp.jobs.drain import drain
from chatapp.messages import services as messages
from chatapp.privacy import queries as privacy
from chatapp.privacy.services import exports as person_exports
from chatapp.privacy.services import retention
from chatapp.saved_views import finding
from chatapp.saved_views.fields import conversations as fields
from tests.factories import Company, Inside, inside, make_attribute, make_company
from tests.support.web_client import log_in, post

SETTINGS = "/w/acme/settings/attributes"


@pytest.fixture
def acme(app: Flask) -> Company:
    return make_company(app)


@pytest.fixture
def owner(client: FlaskClient, acme: Company) -> FlaskClient:
    log_in(client, acme.email("owner"))
    return client


def about_conversations(it: Inside, name: str, kind: str = "text", **more: Any) -> Attribute:
    return make_attribute(name, subject="conversations", kind=kind, **more)


def test_the_settings_make_change_order_and_delete_one(app: Flask, owner: FlaskClient, acme: Company) -> None:
    form = {"name": "Order", "subject": "conversations", "kind": "list", "options": "A\nB\n\na", "is_required": "y"}
    assert post(owner, SETTINGS, form).status_code == 303
    assert post(owner, SETTINGS, {"name": "Cost", "subject": "conversations", "kind": "money", "currency": "USD"})
    with inside(app, acme):
        order, cost = queries.attributes("conversations")
    assert (order.key, order.options, order.is_required, cost.currency) == ("order", ["a", "B"], True, "USD")
    post(owner, f"{SETTINGS}/{cost.id}/place", {"direction": "up"})
    assert (
        post(owner, f"{SETTINGS}/{order.id}", {"name": "Order no.", "options": "C", "kind": "text"}).status_code == 303
    )
    with inside(app, acme):
        assert [each.name for each in queries.attributes("conversations")] == ["Cost", "Order no."]
        assert (queries.attribute(order.id).kind, queries.attribute(order.id).options) == ("list", ["C"])
    assert post(owner, f"{SETTINGS}/{order.id}/removal", {}).status_code == 303
    assert owner.get(f"{SETTINGS}/{order.id}").status_code == 404
    wrong = [
        {"name": ""},
        {"name": "PLAN"},
        {"kind": "colour"},
        {"subject": "visitors"},
        {"kind": "list", "options": " \n"},
        {"kind": "list", "options": "a;b"},
        {"kind": "money", "currency": "XXX"},
        {"key": "Ä"},
        {"key": "plan"},
    ]
    for part in wrong:
        answer = post(owner, SETTINGS, {"name": "New", "subject": "contacts", "kind": "text", **part})
        assert answer.status_code == 422, part
        assert "field__error" in answer.text, part


def test_there_is_an_end_to_it(app: Flask, acme: Company, monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr(services, "MOST", 1)
    with inside(app, acme) as it, pytest.raises(AppError) as refused:
        services.create(services.Terms("Age"), subject="contacts", kind="number", by=it.member("owner"))
    assert refused.value.status == 409


def test_values_are_filled_in_beside_the_thread_and_in_the_profile(
    app: Flask, owner: FlaskClient, acme: Company
) -> None:
    with inside(app, acme) as it:
        order_id = about_conversations(it, "Order", "number").id
    root = f"/w/acme/conversations/{acme.conversation_id}/attributes"
    assert 'inputmode="decimal"' in owner.get(f"{root}/{order_id}").text
    answer = post(owner, f"{root}/{order_id}", {"value": "1200"}, HX_Request="true")
    assert f'hx-target="#attributes-{acme.conversation_id}"' in answer.text
    assert "1,200" in answer.text
    assert "1,200" in post(owner, f"{root}/{acme.attribute_id}", {"value": "Gold"}).text
    refused = post(owner, f"{root}/{order_id}", {"value": "many"})
    assert refused.status_code == 422
    assert 'value="many"' in refused.text
    with inside(app, acme) as it:
        assert it.conversation.attributes == {str(order_id): "1200"}
        assert it.conversation.end_user.attributes == {str(acme.attribute_id): "Gold"}
    assert "Gold" in owner.get(f"/w/acme/inbox/{acme.conversation_id}").text
    profile = f"/w/acme/contacts/{acme.end_user_id}"
    assert "Gold" in owner.get(profile).text
    assert owner.get(f"{profile}/attributes/{order_id}").status_code == 404
    assert "Silver" in post(owner, f"{profile}/attributes/{acme.attribute_id}", {"value": "Silver"}).text
    assert post(owner, f"{profile}/attributes/{acme.attribute_id}", {"value": ""}).status_code == 200
    with inside(app, acme) as it:
        assert it.conversation.end_user.attributes == {}


def test_what_is_required_is_known_before_a_member_closes(app: Flask, owner: FlaskClient, acme: Company) -> None:
    with inside(app, acme) as it:
        order = about_conversations(it, "Order", is_required=True)
    path = f"/w/acme/conversations/{acme.conversation_id}/closure"
    refused = post(owner, path, {})
    assert refused.status_code == 422
    assert "Order" in refused.text
    with inside(app, acme) as it:
        assert it.conversation.is_open
    post(owner, f"/w/acme/conversations/{acme.conversation_id}/attributes/{order.id}", {"value": "12"})
    assert post(owner, path, {}).status_code == 200
    with inside(app, acme) as it:
        another = it.another_conversation()
        messages.close(another, by=None)
        assert another.is_closed, "the visitor may always end it"
        blocked = it.another_conversation()
        blocking.block(blocked.end_user, by=it.member("owner"))
        assert blocked.is_closed, "and nobody waits for one who is blocked"


def test_saved_views_go_by_every_kind(app: Flask, acme: Company) -> None:
    kinds = {
        "text": ("Red shoes", ("contains", "SHOES"), ("lacks", "shoes")),
        "number": ("12.5", ("at_least", "12.5"), ("at_most", "9")),
        "money": ("100", ("equals", "100"), ("equals", "10")),
        "checkbox": (True, ("yes", None), ("no", None)),
        "date": ("2026-02-03", ("before", "2026-03-01"), ("after", "2026-03-01")),
        "link": ("https://a.example", ("known", None), ("unknown", None)),
        "list": ("Gold", ("any_of", ["Gold"]), ("none_of", ["Gold"])),
        "multi": (["Gold"], ("any_of", ["Silver", "Gold"]), ("any_of", ["Silver"])),
    }
    me = acme.members["agent"]
    with inside(app, acme) as it:
        it.another_conversation()
        for kind, (value, holds, does_not) in kinds.items():
            for subject in ("conversations", "contacts"):
                row: Any = it.conversation if subject == "conversations" else it.conversation.end_user
                one = make_attribute(f"{kind} of {subject}", subject=subject, kind=kind, options=["Gold", "Silver"])
                row.attributes = one.written(row.attributes, value)
                db.session.flush()
                asked = [_asked(one, *holds), _asked(one, *does_not)]
                found = [conditions.criterion(group, fields.fields(me)) for group in asked]
                names = [list(db.session.scalars(select(Conversation.id).where(each))) for each in found]
                assert names[0] == [acme.conversation_id], one.name
                assert acme.conversation_id not in names[1], one.name
                assert finding.counts(asked, me=me)[0] == "1", one.name
                assert conditions.checked(conditions.kept(asked[0]), fields.fields(me)) == asked[0], one.name


def _asked(one: Attribute, operator: str, value: Any) -> conditions.Group:
    rule = {"field": f"attribute:{one.id}", "operator": operator, "value": value}
    return conditions.read({"match": "all", "parts": [rule]})


def test_they_go_out_with_a_table_and_come_in_with_one(app: Flask, acme: Company) -> None:
    with inside(app, acme) as it:
        owner = it.member("owner")
        it.conversation.end_user.name = "Ada"
        it.conversation.end_user.attributes = {str(acme.attribute_id): "Gold"}
        make_attribute("Age", kind="number", position=1)
        db.session.flush()
        export = exports.ask(by=owner)
        exports.carry_on(export.id)
        head, line = exports.text_of(export).splitlines()
        assert head.endswith(",id,Plan,Age")
        assert line.endswith(",Gold,")
        table = "name,plan,Age\r\nGrace,Silver,12\r\nTom,,old\r\n"
        one = imports.upload(table.encode(), name="people.csv", by=owner)
        assert len(one.columns) == 3
        imports.check(one, columns=one.columns)
        imports.carry_on(one.id)
        assert one.counts == {"created": 1, "updated": 0, "unchanged": 0, "refused": 1}
        for expected in ("created", "unchanged"):
            imports.run(one, by=owner)
            imports.carry_on(one.id)
            assert one.counts[expected] == 1
            one.state = "checked"


def test_the_persons_file_has_them_and_they_go_with_the_person(app: Flask, acme: Company) -> None:
    with inside(app, acme) as it:
        order = about_conversations(it, "Order")
        it.conversation.attributes = {order.place: "12"}
        it.conversation.end_user.attributes = {str(acme.attribute_id): "Gold"}
        export = person_exports.ask(it.conversation.end_user, by=it.member("owner"))
        person_exports.carry_on(export.id)
        content = privacy.export(export.id, with_content=True).content
        assert content
        with zipfile.ZipFile(BytesIO(content)) as archive:
            person = json.loads(archive.read("person.json"))
            (told,) = json.loads(archive.read("conversations.json"))
        assert (person["attributes"], told["attributes"]) == ({"Plan": "Gold"}, {"Order": "12"})
        retention._anonymise([it.conversation])
        assert it.conversation.attributes == {}


def test_what_was_filled_in_goes_when_the_attribute_is_deleted(
    app: Flask, acme: Company, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setattr(forgetting, "STEP", 1)
    with inside(app, acme) as it:
        for row in (it.conversation, it.another_conversation()):
            row.end_user.attributes = {str(acme.attribute_id): "Gold", "other": "stays"}
        services.delete(queries.attribute(acme.attribute_id), by=it.member("owner"))
    with app.app_context():
        drain(str(acme.workspace_id))
    with inside(app, acme):
        people = [one.attributes for one in endusers.holders(_everybody()).values()]
        assert people == [{"other": "stays"}] * 2


def _everybody() -> list[UUID]:
    return list(db.session.scalars(select(Conversation.end_user_id)))
