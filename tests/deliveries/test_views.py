"""Settings → Delivery problems: what failed for good is shown with its reason, and decided about by a person."""

from __future__ import annotations

import pytest
from flask import Flask
from flask.testing import FlaskClient

from chatapp.common.db import db
from chatapp.common.outbox import OutboxDelivery
from chatapp.jobs.drain import drain
from tests.factories import Company, inside, make_company
from tests.support.web_client import log_in, post

PAGE = "/w/acme/settings/deliveries"
NOBODYS = "0190a0b0-0000-7000-8000-000000000000"


@pytest.fixture
def acme(app: Flask) -> Company:
    return make_company(app)


def die(app: Flask, company: Company) -> None:
    with inside(app, company):
        delivery = db.session.get_one(OutboxDelivery, company.delivery_id)
        delivery.state, delivery.attempts = "dead", 8
        delivery.last_error = 'Traceback …\n  File "x.py", line 1\nValueError: the <b>moon</b> is away'


def state(app: Flask, company: Company) -> tuple[str, int]:
    with inside(app, company):
        delivery = db.session.get_one(OutboxDelivery, company.delivery_id)
        return delivery.state, delivery.attempts


def test_what_died_is_shown_with_its_reason_and_tried_again(app: Flask, client: FlaskClient, acme: Company) -> None:
    log_in(client, acme.email("admin"))
    assert "Everything was delivered" in client.get(PAGE).text
    die(app, acme)
    page = client.get(PAGE).text
    assert "ValueError: the &lt;b&gt;moon&lt;/b&gt; is away" in page
    assert "x.py" not in page
    assert post(client, f"{PAGE}/{acme.delivery_id}/retry", {}).status_code == 303
    assert state(app, acme) == ("pending", 0)
    with app.app_context():
        drain(str(acme.workspace_id))
    assert state(app, acme)[0] == "done"
    assert "Had tried again" in client.get("/w/acme/settings/audit").text


def test_what_is_given_up_is_never_tried_again(app: Flask, client: FlaskClient, acme: Company) -> None:
    die(app, acme)
    log_in(client, acme.email("owner"))
    assert post(client, f"{PAGE}/{acme.delivery_id}/discard", {}).status_code == 303
    with app.app_context():
        drain(str(acme.workspace_id))
    assert state(app, acme)[0] == "discarded"
    assert "Everything was delivered" in client.get(PAGE).text
    for deed in ("retry", "discard"):
        assert post(client, f"{PAGE}/{acme.delivery_id}/{deed}", {}).status_code == 404
        assert post(client, f"{PAGE}/{NOBODYS}/{deed}", {}).status_code == 404


@pytest.mark.parametrize(("deed", "became"), [("retry", "pending"), ("discard", "discarded")])
def test_all_are_decided_about_at_once_but_only_ones_own(
    app: Flask, client: FlaskClient, acme: Company, deed: str, became: str
) -> None:
    globex = make_company(app, "globex")
    die(app, acme)
    die(app, globex)
    log_in(client, acme.email("owner"))
    assert post(client, f"{PAGE}/{deed}", {}).status_code == 303
    assert state(app, acme)[0] == became
    assert state(app, globex)[0] == "dead"
    assert post(client, f"{PAGE}/{globex.delivery_id}/{deed}", {}).status_code == 404


@pytest.mark.parametrize("role", ["agent", "viewer"])
def test_who_does_not_manage_decides_nothing(client: FlaskClient, acme: Company, role: str) -> None:
    log_in(client, acme.email(role))
    assert client.get(PAGE).status_code == 403
    assert post(client, f"{PAGE}/{acme.delivery_id}/retry", {}).status_code == 403
