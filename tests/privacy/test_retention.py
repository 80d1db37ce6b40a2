"""Closed conversations are kept as long as the rule says: then deleted, or nobody's any more."""

from datetime import timedelta
from uuid import UUID

import pytest
from flask import Flask
from flask.testing import FlaskClient
from sqlalchemy import func, select

from chatapp.common.clock import now
from chatapp.common.db import db
from chatapp.conversations.models import Conversation
from chatapp.endusers import queries as endusers
from chatapp.endusers.models import EndUser
from chatapp.jobs import privacy as clock
from chatapp.messages.models import Message
from chatapp.privacy.services import retention
from tests.auth.conftest import logged_in
from tests.factories import Company, inside
from tests.privacy.conftest import CANARY, tables_with, work
from tests.support.web_client import post

PATH = "/w/acme/settings/privacy"


def close(app: Flask, company: Company, *, days: int, conversation_id: UUID | None = None) -> None:
    """Somebody closed it so many days ago."""
    with inside(app, company) as it:
        found = db.session.get_one(Conversation, conversation_id or it.conversation.id)
        found.close(at=now() - timedelta(days=days))
        found.rating, found.rating_comment = 4, f"thanks, {CANARY}"


def another(app: Flask, company: Company) -> UUID:
    with inside(app, company) as it:
        return it.another_conversation().id


def set_rule(client: FlaskClient, action: str, days: int | str = 30) -> int:
    form = {"channel_kind": "web", "action": action, "days": days}
    return post(client, f"{PATH}/retention", form).status_code


def run(app: Flask, company: Company) -> None:
    """What the clock begins and the worker does."""
    with app.app_context():
        clock.begin_retention()
    work(app, company)


def count(app: Flask, company: Company, model: type[Conversation | Message | EndUser]) -> int:
    with inside(app, company):
        return db.session.scalar(select(func.count()).select_from(model)) or 0


def test_the_page_says_what_a_rule_means_today(app: Flask, acme: Company, owner: FlaskClient) -> None:
    assert "conversations are kept for ever" in owner.get(PATH).text
    close(app, acme, days=31)
    assert set_rule(owner, "delete") == 303
    assert "Today 1 conversation is due to be deleted" in owner.get(PATH).text
    assert set_rule(owner, "anonymise", 40) == 303
    assert "Today 0 conversations are due to be made anonymous" in owner.get(PATH).text
    assert set_rule(owner, "keep") == 303
    assert "conversations are kept for ever" in owner.get(PATH).text


@pytest.mark.parametrize("days", ["", "0", "3651", "soon"])
def test_a_wrong_number_of_days_changes_nothing(app: Flask, acme: Company, owner: FlaskClient, days: str) -> None:
    assert set_rule(owner, "delete", days) == 422
    assert set_rule(owner, "burn") == 422
    assert "conversations are kept for ever" in owner.get(PATH).text


def test_what_was_closed_long_ago_is_deleted_with_its_person(app: Flask, acme: Company, owner: FlaskClient) -> None:
    kept = another(app, acme)
    close(app, acme, days=31)
    close(app, acme, days=29, conversation_id=kept)
    set_rule(owner, "delete")
    with inside(app, acme):
        before = db.session.scalar(select(func.count()).select_from(EndUser)) or 0
    run(app, acme)
    with inside(app, acme):
        assert db.session.scalars(select(Conversation.id)).all() == [kept]
        assert endusers.end_user(acme.end_user_id) is None
    assert count(app, acme, EndUser) == before - 1
    assert "conversation" in tables_with(app, CANARY)  # the comment of the one that is kept
    assert "message" not in tables_with(app, CANARY)


def test_somebody_who_has_another_conversation_stays(app: Flask, acme: Company, owner: FlaskClient) -> None:
    other = another(app, acme)
    with inside(app, acme):
        db.session.get_one(Conversation, other).end_user_id = acme.end_user_id
    close(app, acme, days=31)
    set_rule(owner, "delete")
    run(app, acme)
    with inside(app, acme):
        assert db.session.scalars(select(Conversation.id)).all() == [other]
        assert endusers.end_user(acme.end_user_id) is not None


def test_what_is_made_anonymous_keeps_its_figures_and_nothing_else(
    app: Flask, acme: Company, owner: FlaskClient
) -> None:
    close(app, acme, days=31)
    with inside(app, acme) as it:
        closed_at = it.conversation.closed_at
    set_rule(owner, "anonymise")
    run(app, acme)
    assert tables_with(app, CANARY) == []
    with inside(app, acme) as it:
        found = it.conversation
        assert (found.rating, found.closed_at, found.status) == (4, closed_at, "closed")
        assert (found.preview, found.rating_comment) == ("", None)
        assert found.end_user_id != acme.end_user_id
        assert endusers.end_user(acme.end_user_id) is None
    assert count(app, acme, Message) == 0
    assert owner.get(f"/w/acme/inbox/{acme.conversation_id}").status_code == 200


def test_a_run_goes_in_batches_and_leaves_one_entry(
    app: Flask, acme: Company, owner: FlaskClient, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setattr(retention, "BATCH", 2)
    for _number in range(4):
        close(app, acme, days=31, conversation_id=another(app, acme))
    close(app, acme, days=31)
    set_rule(owner, "delete")
    run(app, acme)
    assert count(app, acme, Conversation) == 0
    log = owner.get("/w/acme/settings/audit").text
    assert log.count("Applied how long conversations are kept") == 2  # the entry, and the filter's choice
    run(app, acme)
    assert owner.get("/w/acme/settings/audit").text.count("Applied how long conversations are kept") == 2


def test_open_conversations_and_other_companies_are_left_alone(
    app: Flask, acme: Company, globex: Company, owner: FlaskClient
) -> None:
    close(app, globex, days=400)
    set_rule(owner, "delete", 1)
    run(app, acme)
    run(app, globex)
    assert count(app, acme, Conversation) == 1
    assert count(app, globex, Conversation) == 1


@pytest.mark.parametrize("role", ["agent", "viewer"])
def test_agents_and_viewers_may_not(app: Flask, acme: Company, role: str) -> None:
    client = logged_in(app, acme.email(role))
    assert client.get(PATH).status_code == 403
    assert set_rule(client, "delete", 1) == 403
