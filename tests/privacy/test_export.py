"""One person's data as a file: whole, in steps, for a day, and for those who may."""

import io
import json
import zipfile
from datetime import timedelta

import pytest
from flask import Flask
from flask.testing import FlaskClient
from sqlalchemy import func, select, update

from chatapp.common.clock import now
from chatapp.common.db import db
from chatapp.common.ids import uuid7
from chatapp.common.unit_of_work import unit_of_work
from chatapp.jobs import privacy as clock
from chatapp.messages import services as messages
from chatapp.privacy.models import PersonExport
from chatapp.privacy.services import exports
from tests.auth.conftest import logged_in
from tests.factories import Company, inside
from tests.privacy.conftest import CANARY, work
from tests.support.web_client import post


def ask(client: FlaskClient, company: Company) -> str:
    """The path of the person's page."""
    path = f"/w/acme/privacy/people/{company.end_user_id}"
    assert post(client, f"{path}/export", {}).headers["Location"] == path
    return path


def file_path(app: Flask, company: Company) -> str:
    with inside(app, company):
        export_id = db.session.scalars(select(PersonExport.id)).one()
    return f"/w/acme/privacy/exports/{export_id}/file"


def test_the_file_holds_everything_as_the_page_says(app: Flask, acme: Company, owner: FlaskClient) -> None:
    with inside(app, acme) as it:
        agent = it.member("agent")
        messages.send_reply(it.conversation, by=agent, text="Good morning", client_id=uuid7())
        messages.send_reply(it.conversation, by=agent, text="A regular", client_id=uuid7(), private=True)
    page = ask(owner, acme)
    work(app, acme)
    assert "Download" in owner.get(page).text
    answer = owner.get(file_path(app, acme))
    assert (answer.mimetype, answer.headers["Cache-Control"]) == ("application/zip", "no-store")
    with zipfile.ZipFile(io.BytesIO(answer.data)) as archive:
        assert archive.namelist() == ["README.txt", "person.json", "conversations.json"]
        person = json.loads(archive.read("person.json"))
        (conversation,) = json.loads(archive.read("conversations.json"))
    assert (person["name"], person["email"]) == (CANARY, f"{CANARY}@people.example")
    said = [(one["author"], one["private"], one["text"]) for one in conversation["messages"]]
    assert ("visitor", False, f"I am {CANARY}") in said
    assert ("agent", False, "Good morning") in said
    assert ("agent", True, "A regular") in said
    assert conversation["project"] == "Acme Shop"
    assert "Downloaded a person" in owner.get("/w/acme/settings/audit").text


def test_it_grows_in_steps_that_show(
    app: Flask, acme: Company, owner: FlaskClient, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setattr(exports, "STEP", 1)
    with inside(app, acme) as it:
        for _number in range(2):
            conversation = it.another_conversation()
            conversation.end_user_id = acme.end_user_id
    page = ask(owner, acme)
    with inside(app, acme):
        exports.carry_on(db.session.scalars(select(PersonExport.id)).one())
    assert "1 of 3 conversations" in owner.get(page).text
    assert owner.get(file_path(app, acme)).status_code == 409
    work(app, acme)
    with zipfile.ZipFile(io.BytesIO(owner.get(file_path(app, acme)).data)) as archive:
        assert len(json.loads(archive.read("conversations.json"))) == 3


def test_asking_while_it_is_made_begins_no_second_one(app: Flask, acme: Company, owner: FlaskClient) -> None:
    ask(owner, acme)
    ask(owner, acme)
    with inside(app, acme):
        assert db.session.scalar(select(func.count()).select_from(PersonExport)) == 1


def test_after_a_day_it_is_over_and_then_gone(app: Flask, acme: Company, owner: FlaskClient) -> None:
    page = ask(owner, acme)
    work(app, acme)
    path = file_path(app, acme)
    with inside(app, acme):
        db.session.execute(update(PersonExport).values(expires_at=now() - timedelta(seconds=1)))
    assert owner.get(path).status_code == 404
    assert "Download" not in owner.get(page).text
    with app.app_context():
        clock.drop_old_exports()
    with inside(app, acme):
        assert db.session.scalars(select(PersonExport.id)).all() == []


@pytest.mark.parametrize("role", ["agent", "viewer"])
def test_agents_and_viewers_may_not(app: Flask, acme: Company, owner: FlaskClient, role: str) -> None:
    ask(owner, acme)
    work(app, acme)
    assert logged_in(app, acme.email(role)).get(file_path(app, acme)).status_code == 403


def test_another_companys_file_is_not_there(app: Flask, acme: Company, globex: Company, owner: FlaskClient) -> None:
    ask(owner, acme)
    work(app, acme)
    path = file_path(app, acme)
    stranger = logged_in(app, globex.email("owner"))
    assert stranger.get(path).status_code == 404
    assert stranger.get(path.replace("/acme/", "/globex/")).status_code == 404
    with app.app_context(), unit_of_work():
        assert owner.get(path).status_code == 200
