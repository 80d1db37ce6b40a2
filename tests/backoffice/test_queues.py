"""The queues: what waits and what died, of every workspace and of the mail, and what operators decide about it."""

from __future__ import annotations

from datetime import timedelta
from typing import Any

import pytest
from flask import Flask
from flask.testing import FlaskClient
from sqlalchemy import select

from chatapp.backoffice.queries import queues
from chatapp.common import postbox
from chatapp.common.clock import now
from chatapp.common.db import db
from chatapp.common.outbox import OutboxDelivery
from chatapp.common.postbox import OutgoingMail
from chatapp.common.unit_of_work import unit_of_work
from chatapp.jobs.schedule import forget_dead_letters
from tests.factories import Company, inside, make_company
from tests.support.web_client import post

HANDLER = "endusers.handlers.note_message"
PAGE = f"/operator/queues/deliveries/{HANDLER}"
LETTERS = "/operator/queues/letters/two_factor_on"


def die(app: Flask, company: Company) -> None:
    with inside(app, company):
        delivery = db.session.get_one(OutboxDelivery, company.delivery_id)
        delivery.state, delivery.last_error = "dead", "Traceback …\nValueError: the moon is away"


def state(app: Flask, company: Company) -> str:
    with inside(app, company):
        return db.session.get_one(OutboxDelivery, company.delivery_id).state


def dead_letter(app: Flask, *, is_final: bool = False, **values: Any) -> Any:
    """A letter that was tried as often as letters are."""
    with app.app_context(), unit_of_work():
        postbox.post("two_factor_on", to="ada@acme.example", name="Ada")
        letter = db.session.scalars(select(OutgoingMail).order_by(OutgoingMail.id.desc()).limit(1)).one()
        letter.attempts = postbox.MAX_ATTEMPTS
        letter.fail("OSError: nobody answers", is_final=is_final)
        for name, value in values.items():
            setattr(letter, name, value)
        return letter.id


def letter(app: Flask, mail_id: Any) -> OutgoingMail:
    with app.app_context(), unit_of_work():
        return db.session.get_one(OutgoingMail, mail_id)


def test_kinds_are_counted_by_state_across_workspaces(app: Flask, operator: FlaskClient, acme: Company) -> None:
    globex, initech = make_company(app, "globex"), make_company(app, "initech")
    die(app, globex)
    with inside(app, initech):
        db.session.get_one(OutboxDelivery, initech.delivery_id).leased_until = now() + timedelta(seconds=20)
    with app.app_context(), unit_of_work():
        (kind,) = (one for one in queues.delivery_kinds() if one.name == HANDLER)
    assert (kind.name, kind.waiting, kind.leased, kind.dead) == (HANDLER, 1, 1, 1)
    assert kind.oldest is not None
    dead_letter(app)
    page = operator.get("/operator/queues").text
    assert HANDLER in page
    assert "two_factor_on" in page
    died = operator.get(PAGE).text
    assert "ValueError: the moon is away" in died
    assert str(globex.workspace_id) in died
    assert str(acme.workspace_id) not in died


@pytest.mark.parametrize(("deed", "became"), [("retry", "pending"), ("discard", "discarded")])
def test_one_or_all_of_a_kind_are_decided_about(
    app: Flask, operator: FlaskClient, acme: Company, deed: str, became: str
) -> None:
    globex, initech = make_company(app, "globex"), make_company(app, "initech")
    for company in (acme, globex, initech):
        die(app, company)
    assert post(operator, f"{PAGE}/{deed}", {"only": str(acme.delivery_id)}).status_code == 303
    assert [state(app, company) for company in (acme, globex, initech)] == [became, "dead", "dead"]
    assert post(operator, f"{PAGE}/{deed}", {"only": str(acme.delivery_id)}).status_code == 404
    assert post(operator, f"{PAGE}/{deed}", {"only": "nonsense"}).status_code == 404
    assert post(operator, f"{PAGE}/{deed}", {}).status_code == 303
    assert [state(app, company) for company in (acme, globex, initech)] == [became] * 3
    assert post(operator, f"{PAGE}/{deed}", {}).status_code == 404
    log = operator.get("/operator/log").text
    assert HANDLER in log
    assert "count: <ins>2</ins>" in log


def test_a_letter_whose_server_was_away_is_tried_again(app: Flask, operator: FlaskClient) -> None:
    mail_id = dead_letter(app)
    page = operator.get(LETTERS).text
    assert "ada@acme.example" in page
    assert "OSError: nobody answers" in page
    assert post(operator, f"{LETTERS}/retry", {"only": str(mail_id)}).status_code == 303
    with app.app_context(), unit_of_work():
        assert postbox.lease_due(5) == [mail_id]
        found = postbox.held(mail_id)
        assert found is not None
        written = postbox.write(found)
        assert written is not None
        assert "Ada" in written.text


def test_a_letter_that_was_refused_for_good_can_only_be_given_up(app: Flask, operator: FlaskClient) -> None:
    mail_id = dead_letter(app, is_final=True)
    assert letter(app, mail_id).facts is None
    assert post(operator, f"{LETTERS}/retry", {}).status_code == 404
    assert post(operator, f"{LETTERS}/discard", {}).status_code == 303
    assert letter(app, mail_id).state == "dropped"


def test_what_a_dead_letter_says_is_forgotten_after_a_week(app: Flask, operator: FlaskClient) -> None:
    old, fresh = dead_letter(app, created_at=now() - timedelta(days=8)), dead_letter(app)
    with app.app_context():
        forget_dead_letters()
    assert letter(app, old).facts is None
    assert letter(app, fresh).facts is not None
    assert post(operator, f"{LETTERS}/discard", {}).status_code == 303
    assert letter(app, fresh).facts is None
