"""Labels: made, changed and deleted; names are one however they are capitalised."""

import pytest
from flask import Flask
from flask.testing import FlaskClient

from chatapp.common.errors import AppError
from chatapp.labels import queries, services
from chatapp.labels.models import COLOURS
from tests.factories import Company, inside, make_company
from tests.support.web_client import log_in, post


@pytest.fixture
def acme(app: Flask) -> Company:
    return make_company(app)


def test_one_without_a_colour_gets_one_that_nobody_has(app: Flask, acme: Company) -> None:
    with inside(app, acme) as it:
        made = [services.create(name=f"label {number}", by=it.member("owner")) for number in range(len(COLOURS) - 1)]
        assert {label.colour for label in made} == set(COLOURS) - {"iris"}


@pytest.mark.parametrize("name", ["Billing", " bIlLing ", "", "  ", "\x00", "x" * 41])
def test_a_name_that_is_taken_empty_or_long_is_refused(app: Flask, acme: Company, name: str) -> None:
    with inside(app, acme) as it, pytest.raises(AppError) as refused:
        services.create(name=name, by=it.member("owner"))
    assert (refused.value.status, set(refused.value.fields)) == (422, {"name"})


def test_there_is_an_end_to_it(app: Flask, acme: Company, monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr(services, "MOST", 1)
    with inside(app, acme) as it, pytest.raises(AppError) as refused:
        services.create(name="one more", by=it.member("owner"))
    assert refused.value.status == 409


def test_the_settings_make_change_and_delete_one(app: Flask, client: FlaskClient, acme: Company) -> None:
    log_in(client, acme.email("owner"))
    assert post(client, "/w/acme/settings/labels", {"name": "Returns", "colour": "red"}).status_code == 303
    page = client.get("/w/acme/settings/labels").text
    assert "Returns" in page
    assert 'data-hue="red"' in page
    path = f"/w/acme/settings/labels/{acme.label_id}"
    assert post(client, path, {"name": "BILLING", "colour": "sky"}).status_code == 303
    with inside(app, acme):
        assert (queries.label(acme.label_id).name, queries.label(acme.label_id).colour) == ("BILLING", "sky")
    assert post(client, f"{path}/removal", {}).status_code == 303
    assert client.get(path).status_code == 404


@pytest.mark.parametrize("form", [{"name": "billing", "colour": "red"}, {"name": "new", "colour": "beige"}, {}])
def test_what_is_wrong_comes_back_as_it_was_typed(client: FlaskClient, acme: Company, form: dict[str, str]) -> None:
    log_in(client, acme.email("owner"))
    answer = post(client, "/w/acme/settings/labels", form)
    assert answer.status_code == 422
    assert f'value="{form.get("name", "")}"' in answer.text
    assert "field__error" in answer.text


def test_an_agent_sees_them_and_changes_none(client: FlaskClient, acme: Company) -> None:
    log_in(client, acme.email("agent"))
    page = client.get("/w/acme/settings/labels").text
    assert "billing" in page
    assert "New label" not in page
    assert post(client, "/w/acme/settings/labels", {"name": "x", "colour": "red"}).status_code == 403
