"""The back office does not exist for anybody but operators, and asks those for two-factor."""

from __future__ import annotations

from collections.abc import Iterator

import pytest
from flask import Flask
from flask.testing import FlaskClient
from werkzeug.test import TestResponse

from chatapp.common.permissions import OPERATOR, access_of
from tests.backoffice.conftest import make_operator, signed_in
from tests.factories import Company, make_company
from tests.isolation.detectors import _told
from tests.support.web_client import log_in

_ID = "0190a0b0-0000-7000-8000-000000000000"
UNKNOWN = "/no-such-page"


def routes(app: Flask) -> Iterator[tuple[str, str]]:
    """Every address of the back office with each of its methods."""
    for rule in app.url_map.iter_rules():
        if access_of(app.view_functions[rule.endpoint]) == OPERATOR:
            for method in (rule.methods or set()) - {"HEAD", "OPTIONS"}:
                values = {name: "letters" if name == "kind" else _ID for name in rule.arguments}
                yield app.url_map.bind("localhost").build(rule.endpoint, values, method=method), method


def told(answer: TestResponse) -> object:
    return _told(answer, {})


@pytest.mark.parametrize("who", ["owner", "viewer", "outsider", "nobody"])
def test_for_everybody_else_no_page_of_it_exists(app: Flask, client: FlaskClient, acme: Company, who: str) -> None:
    if who == "outsider":
        log_in(client, make_company(app, "globex").email("owner"))
    elif who != "nobody":
        log_in(client, acme.email(who))
    found = list(routes(app))
    assert len(found) > 5
    for path, method in found:
        for headers in ({}, {"HX-Request": "true"}):
            unknown = client.open(UNKNOWN, method=method, headers=headers)
            answer = client.open(path, method=method, headers=headers)
            assert answer.status_code == 404, path
            assert told(answer) == told(unknown), path


def test_every_address_of_the_back_office_is_marked(app: Flask) -> None:
    endpoints = {rule.endpoint for rule in app.url_map.iter_rules() if rule.rule.startswith("/operator")}
    assert {name for name in endpoints if access_of(app.view_functions[name]) != OPERATOR} == set()


def test_an_operator_without_two_factor_is_led_to_it(app: Flask, acme: Company) -> None:
    client = signed_in(app, make_operator(app, two_factor=False))
    for path, method in routes(app):
        if method == "GET":
            answer = client.get(path)
            assert answer.status_code == 403
            assert "/account/two-factor" in answer.text
            assert acme.email("owner") not in answer.text


def test_the_entry_is_in_the_menu_of_operators_only(app: Flask, client: FlaskClient, acme: Company) -> None:
    log_in(client, acme.email("owner"))
    assert "/operator" not in client.get("/workspaces").text
    assert "/operator" not in client.get("/w/acme/").text
    assert "/operator/workspaces" in signed_in(app, make_operator(app)).get("/workspaces").text


def test_an_operator_without_a_membership_finds_no_workspace_by_its_address(
    operator: FlaskClient, acme: Company
) -> None:
    assert operator.get("/w/acme/inbox").status_code == 404
