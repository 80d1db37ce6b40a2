"""Files go when nothing names them any more: unused ones after a day, the others with their message or person."""

import io
import json
import zipfile
from collections.abc import Callable
from contextlib import suppress
from datetime import timedelta

import pytest
from flask import Flask
from sqlalchemy import delete, update

from chatapp.attachments import intake
from chatapp.attachments.models import Attachment
from chatapp.common import storage
from chatapp.common.clock import now
from chatapp.common.db import db
from chatapp.common.storage.discarded import DiscardedFile
from chatapp.common.unit_of_work import unit_of_work
from chatapp.conversations.models import Conversation
from chatapp.jobs import files as clock
from chatapp.messages.models import Message
from tests.attachments.conftest import Agent, VisitorWithFiles
from tests.auth.conftest import logged_in
from tests.factories import Company, inside
from tests.privacy.conftest import work
from tests.support.picture_files import picture_file
from tests.support.web_client import post


def pass_time(app: Flask, by: timedelta) -> None:
    """So long ago everything was sent."""
    with app.app_context(), unit_of_work():
        db.session.execute(update(DiscardedFile).values(due_at=DiscardedFile.due_at - by))


def tick(app: Flask) -> None:
    with app.app_context():
        clock.forget_unused()
        clock.delete_discarded()


def test_what_no_message_takes_goes_after_a_day(
    app: Flask, acme: Company, agent: Agent, files: Callable[[], int]
) -> None:
    used, unused = agent.uploaded(picture_file()), agent.uploaded(picture_file())
    agent.send(used["id"])
    tick(app)
    assert files() == 4  # two pictures with their thumbnails
    with inside(app, acme):
        db.session.execute(update(Attachment).values(created_at=now() - timedelta(days=1, minutes=1)))
    tick(app)
    assert files() == 2
    assert agent.get(unused["id"]).status_code == 404
    assert agent.get(used["id"]).status_code == 200


@pytest.mark.parametrize("row", [Message, Conversation])
def test_a_file_goes_with_its_message_and_its_conversation(
    app: Flask, acme: Company, agent: Agent, files: Callable[[], int], row: type[Message | Conversation]
) -> None:
    agent.send(agent.uploaded(picture_file())["id"])
    with inside(app, acme):
        db.session.execute(delete(row))
    assert files() == 2
    tick(app)
    assert files() == 0


def test_what_is_taken_back_stays(app: Flask, acme: Company, agent: Agent, files: Callable[[], int]) -> None:
    agent.send(agent.uploaded(b"x")["id"])
    with suppress(ZeroDivisionError), inside(app, acme):
        db.session.execute(delete(Message))
        raise ZeroDivisionError
    tick(app)
    assert files() == 1


def test_a_file_whose_row_was_never_written_goes_after_an_hour(
    app: Flask, agent: Agent, files: Callable[[], int], monkeypatch: pytest.MonkeyPatch
) -> None:
    def die(*_arguments: object) -> None:
        raise KeyboardInterrupt

    monkeypatch.setattr(intake.services, "add", die)
    with pytest.raises(KeyboardInterrupt):
        agent.upload(b"x")
    tick(app)
    assert files() == 1
    pass_time(app, timedelta(hours=1))
    tick(app)
    assert files() == 0


def test_a_storage_that_is_away_is_asked_again_later(
    app: Flask, acme: Company, agent: Agent, files: Callable[[], int], monkeypatch: pytest.MonkeyPatch
) -> None:
    agent.send(agent.uploaded(b"x")["id"])
    with inside(app, acme):
        db.session.execute(delete(Message))

    def away(_key: str) -> None:
        raise storage.StorageAwayError

    with monkeypatch.context() as broken:
        broken.setattr(app.extensions["chatapp.storage"], "delete", away)
        tick(app)
    assert files() == 1
    pass_time(app, timedelta(hours=1))
    tick(app)
    assert files() == 0


def test_erasing_a_person_takes_their_files_along(
    app: Flask, acme: Company, visitor: VisitorWithFiles, files: Callable[[], int]
) -> None:
    sent = visitor.send("Me", attachment_ids=[visitor.uploaded(picture_file())["id"]])
    visitor.uploaded(b"not sent yet")
    assert files() == 3
    owner = logged_in(app, acme.email("owner"))
    with inside(app, acme):
        end_user_id = db.session.get_one(Conversation, sent.json["conversation_id"]).end_user_id
    asked = post(owner, f"/w/acme/privacy/people/{end_user_id}/erasure", {})
    work(app, acme)
    assert json.loads(owner.get(f"{asked.headers['Location']}/receipt.json").text)["erased"]["files"] == 2
    tick(app)
    assert files() == 0


def test_an_export_holds_the_files(app: Flask, acme: Company, visitor: VisitorWithFiles) -> None:
    facts = visitor.uploaded(b"all I have", "all.txt")
    sent = visitor.send("Me", attachment_ids=[facts["id"]])
    owner = logged_in(app, acme.email("owner"))
    with inside(app, acme):
        end_user_id = db.session.get_one(Conversation, sent.json["conversation_id"]).end_user_id
    page = f"/w/acme/privacy/people/{end_user_id}"
    post(owner, f"{page}/export", {})
    work(app, acme)
    path = next(part for part in owner.get(page).text.split('"') if part.endswith("/file"))
    with zipfile.ZipFile(io.BytesIO(owner.get(path).data)) as archive:
        assert archive.testzip() is None
        (conversation,) = json.loads(archive.read("conversations.json"))
        (attachment,) = conversation["messages"][0]["attachments"]
        assert archive.read(attachment["file"]) == b"all I have"
        assert (attachment["name"], attachment["type"]) == ("all.txt", "text/plain")
