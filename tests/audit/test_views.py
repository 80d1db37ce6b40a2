"""The audit log: what it says, who may read it, how it is searched and taken away."""

import csv
import io
from collections.abc import Sequence

import pytest
from flask import Flask
from flask.testing import FlaskClient

from chatapp.audit import queries
from chatapp.auth.models import User
from chatapp.common import audit
from chatapp.common.db import db
from tests.factories import Company, inside, make_company
from tests.support.web_client import log_in, post

LOG = "/w/acme/settings/audit"


@pytest.fixture
def acme(app: Flask) -> Company:
    return make_company(app)


def _record(app: Flask, company: Company, names: Sequence[str], *, role: str = "owner") -> None:
    with inside(app, company):
        by = db.session.get_one(User, company.members[role])
        for name in names:
            audit.record("project.created", by=by, target_name=name)


def test_a_change_is_told_with_who_what_and_what_it_was_before(client: FlaskClient, acme: Company) -> None:
    log_in(client, acme.email("admin"))
    settings = f"/w/acme/projects/{acme.project_id}/settings/general"
    post(client, settings, {"name": "Lamps", "hours_id": ""})
    log = client.get(LOG).text
    assert "Changed a project" in log
    assert "<del>Acme Shop</del> → <ins>Lamps</ins>" in log
    assert "127.0.0.1" in log


def test_what_changed_is_told_in_the_readers_words(app: Flask, client: FlaskClient, acme: Company) -> None:
    with inside(app, acme) as it:
        by = it.member("owner").user
        it.member("admin").user.locale = "es"
        changes = {"is_default": (False, True), "hours_id": ("Office", None), "members": ("", "Ada")}
        audit.record("sla.changed", by=by, target_name="Everybody", changes=changes)
    log_in(client, acme.email("admin"))
    log = client.get(LOG).text
    assert "Predeterminado: <del>No</del> → <ins>Sí</ins>" in log
    assert "Horario de atención: <del>Office</del> → <ins>–</ins>" in log
    assert "Miembros: <ins>Ada</ins>" in log
    assert "Predeterminado: No → Sí" in client.get(f"{LOG}.csv").text


def test_a_change_that_was_rolled_back_leaves_no_entry(client: FlaskClient, acme: Company) -> None:
    log_in(client, acme.email("owner"))
    assert post(client, "/w/acme/projects", {"name": "Fine", "domains": "f.example"}).status_code == 303
    assert post(client, "/w/acme/projects", {"name": "Broken", "domains": "b;d"}).status_code == 422
    log = client.get(LOG).text
    assert "Fine" in log
    assert "Broken" not in log


@pytest.mark.parametrize("role", ["agent", "viewer"])
def test_who_does_not_manage_reads_nothing(client: FlaskClient, acme: Company, role: str) -> None:
    log_in(client, acme.email(role))
    assert client.get(LOG).status_code == client.get(f"{LOG}.csv").status_code == 403
    assert LOG not in client.get("/w/acme/").text


def test_an_outsider_finds_nothing(app: Flask, client: FlaskClient, acme: Company) -> None:
    log_in(client, make_company(app, "globex").email("owner"))
    assert client.get(LOG).status_code == 404


def test_the_filter_takes_a_person_an_action_and_a_period(app: Flask, client: FlaskClient, acme: Company) -> None:
    _record(app, acme, ["by the owner"])
    _record(app, acme, ["by the admin"], role="admin")
    log_in(client, acme.email("owner"))
    narrowed = client.get(f"{LOG}?person={acme.members['admin']}&action=project.created&days=7").text
    assert "by the admin" in narrowed
    assert "by the owner" not in narrowed
    assert "by the admin" not in client.get(f"{LOG}?action=workspace.created").text
    assert client.get(f"{LOG}?person=nobody&action=x&days=-1").status_code == 200


def test_pages_hold_each_entry_once(app: Flask, acme: Company) -> None:
    _record(app, acme, [str(number) for number in range(25)])
    with inside(app, acme):
        seen, cursor = [], None
        while True:
            page = queries.page(queries.Filter(action="project.created"), cursor=cursor, limit=7)
            seen += [entry.target_name for entry in page.rows]
            cursor = page.next_cursor
            if cursor is None:
                break
    assert seen == [*(str(number) for number in reversed(range(25))), "Acme Shop"]


def test_a_made_up_cursor_is_refused(client: FlaskClient, acme: Company) -> None:
    log_in(client, acme.email("owner"))
    assert client.get(f"{LOG}?cursor=nonsense").status_code == 400


def test_the_export_starts_no_formula(app: Flask, client: FlaskClient, acme: Company) -> None:
    formulas = ["=HYPERLINK(1)", "+1", "-1", "@SUM(1)", "\t=1", " =1", 'with "quotes", and a comma']
    _record(app, acme, formulas)
    log_in(client, acme.email("owner"))
    answer = client.get(f"{LOG}.csv?action=project.created")
    assert answer.headers["Content-Disposition"] == 'attachment; filename="audit-acme.csv"'
    rows = list(csv.reader(io.StringIO(answer.get_data(as_text=True).removeprefix("\ufeff"))))
    assert rows[0][:3] == ["Time", "Person", "Action"]
    told = [row[3] for row in rows[1:]]
    assert set(told) == {*(f"'{formula}" for formula in formulas[:-1]), formulas[-1], "Acme Shop"}
