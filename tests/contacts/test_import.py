"""Contacts from a table: letters and separators, a trial that tells the truth, each row once, and never the erased."""

from __future__ import annotations

import csv
import io
from uuid import UUID

import pytest
from flask import Flask
from sqlalchemy import func, select

from chatapp.common.db import db
from chatapp.common.errors import AppError
from chatapp.contacts import queries, tables
from chatapp.contacts.services import imports
from chatapp.endusers import services as endusers
from chatapp.endusers.models import EndUser
from chatapp.jobs import drain
from chatapp.privacy.services import erasures
from tests.auth.conftest import logged_in
from tests.factories import Company, inside, make_company
from tests.support.web_client import post

COLUMNS = {"name": 0, "email": 1, "phone": 2, "company": 3}


@pytest.fixture
def acme(app: Flask) -> Company:
    return make_company(app)


def uploaded(app: Flask, company: Company, text: str, columns: dict[str, int] = COLUMNS) -> UUID:
    with inside(app, company) as it:
        one = imports.upload(text.encode(), name="people.csv", by=it.member("owner"))
        imports.check(one, columns=columns)
        return one.id


def worked(app: Flask, company: Company, import_id: UUID) -> dict[str, int]:
    """What became of the rows, batch by batch."""
    while True:
        with inside(app, company):
            imports.carry_on(import_id)
            one = queries.contact_import(import_id)
            if not one.is_working:
                return dict(one.counts)


def taken_in(app: Flask, company: Company, import_id: UUID) -> dict[str, int]:
    with inside(app, company) as it:
        imports.run(queries.contact_import(import_id), by=it.member("owner"))
    return worked(app, company, import_id)


def people(app: Flask, company: Company) -> int:
    with inside(app, company):
        return db.session.scalar(select(func.count()).select_from(EndUser)) or 0


def test_five_thousand_rows_with_broken_ones_come_in_once(app: Flask, acme: Company) -> None:
    broken = {
        10: "x,not an address,,",
        20: "y,,call me,",
        30: ",,,Only a company",
        40: "P1,p1@people.example,,",
        50: "z" * 121,
    }
    rows = [
        broken.get(number, f"Person {number},p{number}@people.example,+34 600 {number:04},“Ñandú”")
        for number in range(5_000)
    ]
    text = "\n".join(["name,email,phone,company", *rows])
    before = people(app, acme)
    one = uploaded(app, acme, text)
    expected = {"created": 4_995, "updated": 0, "unchanged": 0, "refused": 5}
    assert worked(app, acme, one) == expected
    assert people(app, acme) == before
    assert taken_in(app, acme, one) == expected
    assert people(app, acme) == before + 4_995
    with inside(app, acme):
        found = {problem.line: problem.reason for problem in queries.problems(one)}
    assert found == {12: "email", 22: "phone", 32: "nobody", 42: "repeated", 52: "long"}
    again = uploaded(app, acme, text)
    worked(app, acme, again)
    assert taken_in(app, acme, again) == expected | {"created": 0, "unchanged": 4_995}
    assert people(app, acme) == before + 4_995


def test_a_worker_that_dies_in_the_middle_goes_on_and_doubles_nobody(
    app: Flask, acme: Company, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setattr(imports, "STEP", 2)
    one = uploaded(app, acme, "name\n" + "\n".join(f"P{number}" for number in range(5)), {"name": 0})
    worked(app, acme, one)
    before = people(app, acme)
    with inside(app, acme) as it:
        imports.run(queries.contact_import(one), by=it.member("owner"))
    with inside(app, acme):
        imports.carry_on(one)

    def die() -> None:
        with inside(app, acme):
            imports.carry_on(one)
            raise SystemError

    with pytest.raises(SystemError):
        die()
    assert people(app, acme) == before + 2
    assert worked(app, acme, one)["created"] == 5
    assert people(app, acme) == before + 5


def test_a_known_address_is_completed_and_empty_cells_take_nothing_away(app: Flask, acme: Company) -> None:
    with inside(app, acme) as it:
        endusers.describe(it.conversation.end_user, name="Ada", email="Ada@people.example")
    one = uploaded(app, acme, "name,email,phone,company\n,ada@PEOPLE.example,'+34 600,'=Engines")
    assert worked(app, acme, one)["updated"] == 1
    taken_in(app, acme, one)
    with inside(app, acme) as it:
        ada = it.conversation.end_user
        assert (ada.name, ada.phone, ada.company) == ("Ada", "+34 600", "=Engines")


def test_the_erased_stay_erased(app: Flask, acme: Company) -> None:
    text = "name,email\nCanary,canary@people.example\nSecret,"
    columns = {"name": 0, "email": 1}
    one = uploaded(app, acme, text, columns)
    worked(app, acme, one)
    taken_in(app, acme, one)
    with inside(app, acme) as it:
        for name in ("Canary", "Secret"):
            person = db.session.scalars(select(EndUser).where(EndUser.name == name)).one()
            erasures.carry_out(erasures.ask(person, by=it.member("owner")).id)
    with inside(app, acme), pytest.raises(AppError):
        queries.contact_import(one)
    again = uploaded(app, acme, text, columns)
    assert worked(app, acme, again)["refused"] == 2
    with inside(app, acme):
        assert {problem.reason for problem in queries.problems(again)} == {"erased"}


def rows_of(content: bytes) -> list[tuple[int, list[str]]]:
    text = tables.decoded(content)
    return tables.lines_of(text, tables.separator_of(text))


@pytest.mark.parametrize("encoding", ["utf-8", "utf-8-sig", "utf-16", "utf-16-le", "latin-1"])
@pytest.mark.parametrize("separator", tables.SEPARATORS)
def test_letters_and_separators_are_told_apart(encoding: str, separator: str) -> None:
    rows = rows_of(f'Nombre{separator}Correo\n"Zoë{separator} Ñ"{separator}zoe@people.example'.encode(encoding))
    assert rows[1] == (2, [f"Zoë{separator} Ñ".strip(), "zoe@people.example"])
    assert tables.guessed(rows[0][1]) == {"name": 0, "email": 1}


NO_TABLES = {
    "empty": (b"", "no row below the head"),
    "only a head": (b"name,email\n", "no row below the head"),
    "a quote that never ends": (b'"name,email\nAda,ada@people.example', "no row below the head"),
    "a picture": (b"\x89PNG\x00\x01\x00", "not a table in plain text"),
    "a zero byte": (b"name,email\nA\x00da,ada@people.example", "not a table in plain text"),
    "half a letter": (b"\xff\xfen\x00a", "not a table in plain text"),
    "too large": (b"a" * (tables.MOST_BYTES + 1), "larger than 5 MB"),
    "a megabyte in a cell": (b"name,email\n" + b"x" * 1_000_000 + b",ada@people.example", "could not be read"),
    "a megabyte in the head": (b"name," + b"x" * 1_000_000 + b"\nAda,1", "could not be read"),
    "columns without end": (b"c," * 100_000 + b"c\n1", "more than 100 columns"),
    "rows without end": (b"name\n" + b"a\n" * 20_001, "more than 20000 rows"),
}


@pytest.mark.parametrize(("content", "sentence"), NO_TABLES.values(), ids=NO_TABLES)
def test_what_is_no_table_is_refused_with_a_sentence(app: Flask, content: bytes, sentence: str) -> None:
    with app.test_request_context(), pytest.raises(AppError) as refused:
        rows_of(content)
    assert refused.value.status == 422
    assert sentence in refused.value.sentence


def test_tables_of_old_and_careless_programs_are_read() -> None:
    for content in (
        b"name,email\rAda,ada@people.example\r",
        b"\xef\xbb\xbf" * 2 + b"\n\nname,email\nAda,ada@people.example",
    ):
        assert [cells for _line, cells in rows_of(content)] == [["name", "email"], ["Ada", "ada@people.example"]]
    assert len(rows_of(b"name\na\n" + b"\n" * 1_000_000)) == 2


def test_the_pages_lead_from_the_file_to_the_report(app: Flask, acme: Company) -> None:
    owner = logged_in(app, acme.email("owner"))
    empty = post(owner, "/w/acme/contacts/imports", {})
    assert (empty.status_code, "Choose a file first." in empty.text) == (422, True)
    file = (io.BytesIO(b"Correo;Nombre\ngrace@people.example;Grace\n=bad;<b>B</b>"), "people.csv")
    path = post(owner, "/w/acme/contacts/imports", {"file": file}).headers["Location"]
    assert "&lt;b&gt;B&lt;/b&gt;" in owner.get(path).text
    assert post(owner, f"{path}/check", {"name": "7"}).status_code == 422
    assert post(owner, f"{path}/check", {"company": "1"}).status_code == 422
    assert post(owner, f"{path}/run", {}).status_code == 409
    assert post(owner, f"{path}/check", {"name": "1", "email": "0"}).status_code == 303
    assert 'hx-trigger="every 1s"' in owner.get(path).text
    for step in ("", "/run"):
        if step:
            assert post(owner, path + step, {}).status_code == 303
        with app.app_context():
            drain.drain(str(acme.workspace_id))
    assert "What happened" in owner.get(path).text
    assert "Grace" in owner.get("/w/acme/contacts?q=grace").text
    report = owner.get(f"{path}/problems.csv").get_data().decode("utf-8-sig")
    assert list(csv.reader(io.StringIO(report)))[1][2:] == ["'=bad", "<b>B</b>"]
    assert post(owner, f"{path}/removal", {}).status_code == 303
    assert owner.get(path).status_code == 404
