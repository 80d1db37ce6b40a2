"""Two contacts become one and two again: nothing is lost, and each browser reads what is its own."""

from __future__ import annotations

import threading
from dataclasses import dataclass
from typing import Any
from uuid import UUID

import pytest
from flask import Flask
from flask.testing import FlaskClient
from sqlalchemy import event, select

from chatapp.common.audit import AuditEntry
from chatapp.common.db import db
from chatapp.common.errors import AppError
from chatapp.contacts import duplicates
from chatapp.contacts import queries as contacts
from chatapp.contacts.services import blocking, merging
from chatapp.conversations import queries as conversations
from chatapp.conversations.models import Conversation
from chatapp.endusers import queries as endusers
from chatapp.endusers import services as enduser_services
from chatapp.endusers.models import EndUser, EndUserMerge
from chatapp.jobs import drain
from chatapp.privacy.services import erasures
from chatapp.undo import services as undo
from chatapp.undo.models import Deed
from tests.auth.conftest import logged_in
from tests.factories import Company, Inside, inside, make_company, make_role
from tests.privacy.conftest import tables_with
from tests.support.visitor import Visitor
from tests.support.web_client import post


@dataclass(frozen=True)
class Pair:
    """Ada at her desk, and Ada's phone, which nobody knows yet."""

    company: Company
    desk: Visitor
    phone: Visitor

    @property
    def ada(self) -> UUID:
        return UUID(self.desk.json["visitor_id"])

    @property
    def unknown(self) -> UUID:
        return UUID(self.phone.json["visitor_id"])


@pytest.fixture
def pair(app: Flask, client: FlaskClient) -> Pair:
    company = make_company(app)
    made = Pair(company, Visitor(client, company.site_key), Visitor(client, company.site_key))
    assert made.desk.send("from the desk").status_code == made.phone.send("from the phone").status_code == 201
    drain_all(app, company)
    with inside(app, company) as it:
        ada, unknown = found(made.ada), found(made.unknown)
        enduser_services.describe(ada, name="Ada", email="ada@people.example")
        enduser_services.describe(unknown, name="A.", email="countess@castle.example", phone="+44 20 555")
        ada.attributes = {str(company.attribute_id): "Gold"}
        unknown.attributes = {str(company.attribute_id): "Silver"}
        enduser_services.write_note(unknown, text="Called twice", by=it.member("agent"))
    return made


def drain_all(app: Flask, company: Company) -> None:
    with app.app_context():
        drain.drain(str(company.workspace_id))


def found(contact_id: UUID) -> EndUser:
    one = endusers.end_user(contact_id)
    assert one is not None
    return one


def merge(it: Inside, pair: Pair, *, role: str = "agent", **chosen: str) -> Deed:
    _one, deed = merging.merge(found(pair.unknown), into=found(pair.ada), chosen=chosen, by=it.member(role))
    return deed


def state(pair: Pair) -> dict[str, Any]:
    """Everything that is told of both, by what people would see."""
    told: dict[str, Any] = {}
    for contact in (found(pair.ada), found(pair.unknown)):
        facts = {name: getattr(contact, name) for name in (*enduser_services.FACTS, "attributes", "blocked_at")}
        told[str(contact.id)] = facts | {
            "count": contact.message_count,
            "ways": sorted(one.value for one in endusers.identities(contact.id)),
            "notes": [note.text for note in endusers.notes(contact.id)],
            "talks": {
                row.preview: (row.status, row.visitor_id)
                for row in db.session.scalars(select(Conversation).where(Conversation.end_user_id == contact.id))
            },
        }
    return told


def previews(visitor: Visitor, pair: Pair) -> list[str]:
    """What a browser is shown when it comes back."""
    again = Visitor(visitor.client, pair.company.site_key, token=visitor.token)
    assert again.json["visitor_id"] == visitor.json["visitor_id"]
    return [one["preview"] for one in again.json["conversations"]]


def test_everything_is_the_survivors_and_both_browsers_go_on_apart(app: Flask, pair: Pair) -> None:
    with inside(app, pair.company) as it:
        merge(it, pair, email=duplicates.THEIRS)
    with inside(app, pair.company):
        told = state(pair)[str(pair.ada)]
        assert (told["name"], told["email"], told["phone"]) == ("Ada", "countess@castle.example", "+44 20 555")
        assert told["ways"] == ["+4420555", "ada@people.example", "countess@castle.example"]
        assert told["attributes"] == {str(pair.company.attribute_id): "Gold"}
        assert (told["notes"], told["count"]) == (["Called twice"], 2)
        assert set(told["talks"]) == {"from the desk", "from the phone"}
        assert contacts.contact(pair.unknown).id == pair.ada
        assert [one.id for one in contacts.found("castle")] == [pair.ada]
        assert pair.unknown not in {one.id for one in contacts.page("newest").rows}
    assert (previews(pair.desk, pair), previews(pair.phone, pair)) == (["from the desk"], ["from the phone"])
    began = pair.phone.send("again from the phone", begin=True)
    own = conversation_of(app, pair, "from the desk")
    assert pair.desk.send("still here", conversation_id=str(own)).status_code == 201
    assert pair.phone.send("let me in", conversation_id=str(own)).status_code == 404
    assert pair.phone.get(conversation_id=str(own)).status_code == 404
    assert pair.desk.get(conversation_id=began.json["conversation_id"]).status_code == 404
    assert pair.phone.texts(began.json["conversation_id"])[-1] == "again from the phone"
    drain_all(app, pair.company)
    with inside(app, pair.company):
        assert found(pair.ada).message_count == 4
        rows = [one.conversation for one in contacts.timeline(pair.ada).rows if one.conversation]
        assert len(rows) == 3


def conversation_of(app: Flask, pair: Pair, preview: str) -> UUID:
    with inside(app, pair.company):
        return db.session.scalars(select(Conversation.id).where(Conversation.preview == preview)).one()


def test_taken_back_all_is_as_it_was_and_what_came_since_is_where_it_belongs(app: Flask, pair: Pair) -> None:
    with inside(app, pair.company):
        before = state(pair)
    with inside(app, pair.company) as it:
        deed = merge(it, pair, name=duplicates.THEIRS, email=duplicates.THEIRS)
        assert state(pair) != before
    with inside(app, pair.company) as it:
        undo.take_back(db.session.get_one(Deed, deed.id), by=it.member("agent"))
    with inside(app, pair.company):
        assert state(pair) == before
    with inside(app, pair.company) as it:
        merge(it, pair, name=duplicates.THEIRS)
    assert pair.phone.send("since, from the phone").status_code == 201
    assert pair.desk.send("since, from the desk").status_code == 201
    drain_all(app, pair.company)
    with inside(app, pair.company) as it:
        ada = found(pair.ada)
        enduser_services.describe(ada, company="Engines")
        enduser_services.write_note(ada, text="Since", by=it.member("agent"))
        merging.part(merge_of(), by=it.member("owner"))
    with inside(app, pair.company):
        after = state(pair)
        ada, unknown = after[str(pair.ada)], after[str(pair.unknown)]
        assert (ada["name"], ada["company"], ada["notes"], ada["count"]) == ("Ada", "Engines", ["Since"], 2)
        assert (unknown["name"], unknown["notes"], unknown["count"]) == ("A.", ["Called twice"], 2)
        assert "since, from the phone" in unknown["talks"]
        assert "since, from the desk" in ada["talks"]
        assert unknown["ways"] == before[str(pair.unknown)]["ways"]
        merging.part(merge_of(), by=it.member("owner"))
    with inside(app, pair.company):
        assert state(pair) == after, "pressed twice, it is done once"
    assert previews(pair.phone, pair) == ["since, from the phone"]


def merge_of() -> EndUserMerge:
    return db.session.scalars(select(EndUserMerge).order_by(EndUserMerge.id.desc()).limit(1)).one()


def test_merges_in_a_row_lead_to_the_last_and_are_taken_back_one_by_one(app: Flask, pair: Pair) -> None:
    with inside(app, pair.company) as it:
        merge(it, pair)
        first = merge_of().id
    with inside(app, pair.company) as it:
        last = it.another_conversation("from a third", name="Third").end_user
        merging.merge(found(pair.ada), into=last, chosen={}, by=it.member("agent"))
        last_id, second = last.id, merge_of().id
    with inside(app, pair.company) as it:
        assert contacts.contact(pair.unknown).id == contacts.contact(pair.ada).id == last_id
        with pytest.raises(AppError, match="another one since"):
            merging.part(duplicates.merge(first), by=it.member("agent"))
    assert pair.phone.send("from the phone, last").status_code == 201
    with inside(app, pair.company) as it:
        merging.part(duplicates.merge(second), by=it.member("agent"))
    with inside(app, pair.company) as it:
        assert contacts.contact(pair.unknown).id == pair.ada
        merging.part(duplicates.merge(first), by=it.member("agent"))
    with inside(app, pair.company):
        assert set(state(pair)[str(pair.unknown)]["talks"]) == {"from the phone, last"}


def test_whoever_was_blocked_stays_blocked_until_it_is_taken_back(app: Flask, pair: Pair) -> None:
    with inside(app, pair.company) as it:
        blocking.block(found(pair.unknown), by=it.member("agent"))
    with inside(app, pair.company):
        before = state(pair)
    with inside(app, pair.company) as it:
        merge(it, pair)
    assert pair.desk.send("hello?").status_code == pair.phone.send("hello?").status_code == 403
    with inside(app, pair.company) as it:
        assert {status for status, _visitor in state(pair)[str(pair.ada)]["talks"].values()} == {"closed"}
        merging.part(merge_of(), by=it.member("agent"))
    with inside(app, pair.company):
        assert state(pair) == before
    assert pair.desk.send("hello!").status_code == 201


def test_crosswise_at_once_one_wins_and_a_visitor_who_writes_meanwhile_loses_nothing(app: Flask, pair: Pair) -> None:
    start, outcomes = threading.Barrier(4), list[object]()

    def merging_one(source_id: UUID, target_id: UUID) -> None:
        with inside(app, pair.company) as it:
            source, target = found(source_id), found(target_id)
            start.wait(30)
            try:
                merging.merge(source, into=target, chosen={}, by=it.member("agent"))
                outcomes.append("merged")
            except AppError as error:
                outcomes.append(error.status)

    def writing(visitor: Visitor) -> None:
        writer = app.test_client()
        start.wait(30)
        for number in range(6):
            body = {"client_id": f"00000000-0000-4000-8000-{number:012}", "text": f"m{number}"}
            outcomes.append(writer.post("/widget/messages", json=body, headers=visitor.headers).status_code)

    threads = [
        threading.Thread(target=merging_one, args=(pair.ada, pair.unknown)),
        threading.Thread(target=merging_one, args=(pair.unknown, pair.ada)),
        threading.Thread(target=writing, args=(pair.phone,)),
        threading.Thread(target=writing, args=(pair.desk,)),
    ]
    for thread in threads:
        thread.start()
    for thread in threads:
        thread.join(60)
    assert sorted(map(str, outcomes)) == ["201"] * 12 + ["409", "merged"]
    drain_all(app, pair.company)
    with inside(app, pair.company):
        survivor = contacts.contact(pair.ada)
        assert survivor.message_count == 14
        owners = db.session.scalars(select(Conversation.end_user_id).where(Conversation.end_user_id.in_(ids(pair))))
        assert set(owners) == {survivor.id}


def ids(pair: Pair) -> list[UUID]:
    return [pair.ada, pair.unknown]


def test_nobody_merges_what_they_do_not_see_or_who_is_being_erased(app: Flask, pair: Pair) -> None:
    with inside(app, pair.company) as it:
        with pytest.raises(AppError) as refused:
            merge(it, pair, role="viewer")
        assert refused.value.status == 403
        with pytest.raises(AppError, match="Choose another contact"):
            merging.merge(found(pair.ada), into=found(pair.ada), chosen={}, by=it.member("agent"))
        erasures.ask(found(pair.unknown), by=it.member("owner"))
        with pytest.raises(AppError, match="being erased"):
            merge(it, pair)
        assert found(pair.unknown).merged_into_id is None


def test_a_narrow_role_merges_only_whom_it_sees_wholly(app: Flask, pair: Pair) -> None:
    with inside(app, pair.company) as it:
        it.member("viewer").take(make_role("Own", "contacts.merge", "conversations.view", visibility="own"))
        talks = db.session.scalars(select(Conversation).where(Conversation.end_user_id.in_(ids(pair)))).all()
        for talk in talks:
            talk.assignee_id = pair.company.members["viewer"]
        db.session.add(Conversation(project_id=talks[0].project_id, end_user_id=pair.ada))
        stranger_id = it.another_conversation("not for me").end_user_id
    narrow = logged_in(app, pair.company.email("viewer"))
    path = f"/w/acme/contacts/{pair.ada}/merging"
    assert post(narrow, f"{path}/{stranger_id}", {}).status_code == 404
    assert narrow.get(f"{path}/{pair.unknown}").status_code == 200
    assert post(narrow, f"{path}/{pair.unknown}", {}).status_code == 403
    with inside(app, pair.company):
        for talk in db.session.scalars(select(Conversation).where(Conversation.end_user_id == pair.ada)):
            talk.assignee_id = pair.company.members["viewer"]
    for _press in range(2):
        assert post(narrow, f"{path}/{pair.unknown}", {}).status_code == 303
        assert narrow.get(f"{path}/{pair.unknown}").headers["Location"].endswith(str(pair.ada))
    with inside(app, pair.company):
        merge_id = db.session.scalars(select(EndUserMerge.id)).one()
    for _press in range(2):
        assert post(narrow, f"/w/acme/contacts/{pair.ada}/merges/{merge_id}/undoing", {}).status_code == 303
    assert narrow.get(f"/w/acme/contacts/{pair.unknown}").status_code == 200
    assert post(narrow, f"{path}/{pair.unknown}", {}).status_code == 303
    assert narrow.get(f"/w/acme/contacts/{pair.unknown}").headers["Location"].endswith(str(pair.ada))


def test_the_erased_are_forgotten_under_every_name_also_after_a_restore(app: Flask, pair: Pair) -> None:
    with inside(app, pair.company) as it:
        merge(it, pair)
        erasures.ask(contacts.contact(pair.unknown), by=it.member("owner"))
    drain_all(app, pair.company)
    for word in ("castle.example", "people.example", "from the phone", "Called twice"):
        assert tables_with(app, word) == [], word
    assert set(tables_with(app, str(pair.unknown))) <= {"audit_entry"}
    assert pair.phone.send("who am I?").status_code == 401
    with inside(app, pair.company) as it:
        backup = EndUser(id=pair.unknown, workspace_id=pair.company.workspace_id, message_count=0, attributes={})
        stranger = enduser_services.create(name="Grace", email="grace@people.example")
        by_mail = EndUser(workspace_id=backup.workspace_id, message_count=0, attributes={}, email="ada@people.example")
        by_mail.created_at = backup.created_at = db.session.scalars(
            select(AuditEntry.created_at).order_by(AuditEntry.id).limit(1)
        ).one()
        db.session.add_all([backup, by_mail])
        db.session.flush()
        assert erasures.reapply() == 2
        db.session.expire_all()
        assert endusers.end_user(stranger.id) is not None
        assert endusers.end_user(pair.unknown) is None


def test_the_log_names_nobody_and_the_profile_costs_the_same_however_much_was_merged(app: Flask, pair: Pair) -> None:
    def cost() -> int:
        count = list[int]()
        with inside(app, pair.company):
            engine = db.session.get_bind()
            listener = lambda *_args: count.append(1)  # noqa: E731
            event.listen(engine, "before_cursor_execute", listener)
            contacts.timeline(pair.ada)
            duplicates.suggestions(found(pair.ada))
            event.remove(engine, "before_cursor_execute", listener)
        return len(count)

    cost()
    few = cost()
    with inside(app, pair.company) as it:
        merge(it, pair)
        for number in range(3):
            other = it.another_conversation("hello", name=f"Ada {number}").end_user
            merging.merge(other, into=found(pair.ada), chosen={}, by=it.member("agent"))
    assert cost() == few
    with inside(app, pair.company):
        entries = db.session.scalars(select(AuditEntry).where(AuditEntry.action == "contact.merged")).all()
        assert len(entries) == 4
        told = " ".join(f"{one.target_name} {one.changes}" for one in entries)
        assert found(pair.ada).code in told
        assert "Ada" not in told
        assert "castle" not in told


def test_duplicates_are_suggested_by_mail_phone_and_name(app: Flask, pair: Pair) -> None:
    with inside(app, pair.company) as it:
        same_mail = it.another_conversation("x").end_user
        same_mail.email = "ADA@people.example"
        same_name = it.another_conversation("x", name="ada").end_user
        same_phone = it.another_conversation("x", name="Bob").end_user
        same_phone.phone = "+44 (20) 555"
        db.session.flush()
        told = {one.id: set(why) for one, why in duplicates.suggestions(found(pair.ada))}
        assert told == {same_mail.id: {"email"}, same_name.id: {"name"}}
        assert [one.id for one, _why in duplicates.suggestions(same_phone)] == [pair.unknown]
        assert conversations.other_conversations(it.conversation) == []
