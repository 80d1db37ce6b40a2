"""All contacts as CSV: made part by part, harmless in a spreadsheet, gone when somebody is erased."""

from __future__ import annotations

import csv
import io

import pytest
from flask import Flask
from sqlalchemy import select

from chatapp.common.audit import AuditEntry
from chatapp.common.db import db
from chatapp.contacts.services import exports
from chatapp.endusers import services as endusers
from chatapp.jobs import drain
from chatapp.privacy.services import erasures
from tests.auth.conftest import logged_in
from tests.factories import Company, inside, make_company
from tests.support.web_client import post

HOSTILE = ("=1+1", "+1", "-1", "@SUM(A1)", "\tx", "\rx")


@pytest.fixture
def acme(app: Flask) -> Company:
    made = make_company(app)
    with inside(app, made) as it:
        endusers.describe(it.conversation.end_user, name="Ada")
    return made


def test_a_file_has_everybody_once_and_starts_nothing(
    app: Flask, acme: Company, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setattr(exports, "STEP", 3)
    with inside(app, acme):
        for start in HOSTILE:
            endusers.create(name=start, company="Zoë, “Ltd”")
    owner = logged_in(app, acme.email("owner"))
    assert post(owner, "/w/acme/contacts/exports", {}).status_code == 303
    waiting = owner.get("/w/acme/contacts/export").text
    assert 'hx-trigger="every 1s"' in waiting
    with app.app_context():
        drain.drain(str(acme.workspace_id))
    page = owner.get("/w/acme/contacts/export").text
    path = next(part.split('"')[0] for part in page.split('href="') if part.split('"')[0].endswith("/file"))
    file = owner.get(path)
    rows = list(csv.DictReader(io.StringIO(file.get_data().decode("utf-8-sig"), newline="")))
    assert [row["name"] for row in rows] == ["Ada", *(f"'{start}" for start in HOSTILE)]
    assert {row["company"] for row in rows[1:]} == {"Zoë, “Ltd”"}
    with inside(app, acme) as it:
        mine = select(AuditEntry.action).where(AuditEntry.action.startswith("contacts."))
        actions = list(db.session.scalars(mine.order_by(AuditEntry.created_at, AuditEntry.id)))
        assert actions == ["contacts.exported", "contacts.export_downloaded"]
        asked = erasures.ask(it.conversation.end_user, by=it.member("owner"))
        erasures.carry_out(asked.id)
    assert owner.get(path).status_code == 404


def test_an_agent_exports_nothing(app: Flask, acme: Company) -> None:
    agent = logged_in(app, acme.email("agent"))
    assert post(agent, "/w/acme/contacts/exports", {}).status_code == 403
    assert "/contacts/export" not in agent.get("/w/acme/contacts").text
