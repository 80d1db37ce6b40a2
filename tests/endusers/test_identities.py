"""The ways a contact is known: each leads to one contact, and all of them are found."""

from __future__ import annotations

from uuid import UUID, uuid4

import pytest
from flask import Flask

from chatapp.common.db import db
from chatapp.contacts import queries as contacts
from chatapp.endusers import queries
from chatapp.endusers import services as endusers
from chatapp.endusers.models import EXTERNAL, EndUser, EndUserIdentity
from chatapp.endusers.services import identities
from tests.contacts.test_import import taken_in, uploaded, worked
from tests.factories import Company, Inside, inside, make_company


@pytest.fixture
def acme(app: Flask) -> Company:
    return make_company(app)


def ways(end_user: EndUser) -> set[str]:
    return {one.value for one in queries.identities(end_user.id)}


def test_what_is_written_down_leads_to_one_contact_and_gives_way(app: Flask, acme: Company) -> None:
    with inside(app, acme):
        ada = endusers.create(name="Ada", email="Ada@People.example", phone="+49 (30) 99-88")
        assert ways(ada) == {"ada@people.example", "+49309988"}
        double = EndUser(id=uuid4(), workspace_id=acme.workspace_id, message_count=0, attributes={})
        db.session.add(double)
        endusers.describe(double, email="ADA@people.example")
        db.session.flush()
        assert ways(double) == set(), "who had it first keeps it"
        found = queries.known_by("email", " ada@PEOPLE.example ")
        assert found is ada
        assert queries.by_emails(["ADA@people.example"]) == {"ada@people.example": ada}
        endusers.describe(ada, email="ada@byron.example")
        db.session.flush()
        assert ways(ada) == {"ada@byron.example", "+49309988"}
        assert queries.by_emails(["ada@people.example"]) == {"ada@people.example": double}, "written down is found, too"


def test_several_addresses_are_added_preferred_and_let_go(app: Flask, acme: Company) -> None:
    with inside(app, acme):
        ada = endusers.create(name="Ada", email="ada@people.example")
        identities.add(ada, "email", "Lovelace@people.example")
        assert ada.email == "ada@people.example"
        second = next(one for one in queries.identities(ada.id) if one.value.startswith("lovelace"))
        identities.prefer(ada, second)
        assert (ada.email, len(ways(ada))) == ("lovelace@people.example", 2)
        identities.let_go(ada, second)
        assert (ada.email, ways(ada)) == ("ada@people.example", {"ada@people.example"})


def site_user(it: Inside, end_user: EndUser, value: str, project_id: UUID | None = None) -> EndUser:
    return identities.attach(end_user, EXTERNAL, value, project_id=project_id or it.project.id)


def test_an_id_of_the_sites_own_user_leads_to_one_contact_on_that_site(app: Flask, acme: Company) -> None:
    with inside(app, acme) as it:
        ada, bob = endusers.create(name="Ada"), endusers.create(name="Bob")
        assert site_user(it, ada, "User-7") is ada
        assert site_user(it, ada, "User-7") is ada
        assert site_user(it, bob, "User-7") is ada, "nobody takes somebody's place"
        assert queries.known_by(EXTERNAL, "User-7", project_id=it.project.id) is ada
        assert queries.known_by(EXTERNAL, "user-7", project_id=it.project.id) is None
        assert queries.known_by(EXTERNAL, "User-7") is None
        assert db.session.query(EndUserIdentity).filter_by(end_user_id=ada.id).count() == 1


def test_a_contact_is_found_by_every_way(app: Flask, acme: Company) -> None:
    with inside(app, acme) as it:
        ada = endusers.create(name="Ada", email="ada@people.example", phone="030 5566")
        identities.add(ada, "email", "countess@castle.example")
        identities.add(ada, "phone", "+49 (151) 234-567")
        site_user(it, ada, "user-4711")
        endusers.create(name="Adalbert")
    with inside(app, acme):
        for words in ("castle.exam", "+49 151 23", "151/234567", "5566", "user-4711", "ada people"):
            assert [row.name for row in contacts.found(words)] == ["Ada"], words
        assert len(contacts.found("ada")) == 2


def test_a_row_of_an_import_meets_the_contact_by_any_address(app: Flask, acme: Company) -> None:
    with inside(app, acme):
        ada = endusers.create(name="Ada", email="ada@people.example")
        identities.add(ada, "email", "countess@castle.example")
    columns = {"name": 0, "email": 1}
    one = uploaded(app, acme, "name,email\nAda King,countess@castle.example\n", columns)
    assert worked(app, acme, one)["updated"] == 1
    assert taken_in(app, acme, one)["updated"] == 1
    with inside(app, acme):
        kept = queries.end_user(ada.id)
        assert kept is not None
        assert (kept.name, kept.email) == ("Ada King", "ada@people.example"), "the address they are written to stays"
