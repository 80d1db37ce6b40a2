"""Requests that another site makes a browser send: refused on every route, and without a trace."""

from __future__ import annotations

from collections.abc import Iterator

import pytest
from flask import Flask
from flask.testing import FlaskClient
from werkzeug.test import TestResponse

from chatapp.common import security
from chatapp.common.ids import uuid7
from tests.backoffice.conftest import make_operator, signed_in
from tests.isolation.calls import CALLS
from tests.isolation.world import JSON_BLUEPRINTS, World, ids_of
from tests.support.web_client import csrf_token

OWN, FOREIGN = "http://localhost", "https://evil.example"
RIGHT_TOKEN = "the browser's own"
SAFE = {"GET", "HEAD", "OPTIONS"}
SOCKET = {"Upgrade": "websocket", "Connection": "Upgrade", "Sec-WebSocket-Version": "13", "Sec-WebSocket-Key": "x" * 22}


PROVED_BY_LINK = {"notification_ways.stop"}
"""Mail programs press this button by themselves (RFC 8058); without the link of a letter it is 404 for everybody."""


def unsafe_routes(app: Flask) -> Iterator[tuple[str, str]]:
    """Everything that a cookie gives the right to change."""
    for rule in app.url_map.iter_rules():
        if rule.endpoint.split(".")[0] not in JSON_BLUEPRINTS and rule.endpoint not in PROVED_BY_LINK:
            yield from ((rule.endpoint, method) for method in sorted((rule.methods or set()) - SAFE))


class Attack:
    """Two browsers, of Globex's owner and of whoever runs the installation, and a page that makes them send things."""

    def __init__(self, world: World) -> None:
        self.world = world
        self.owner: FlaskClient = world.member(world.globex, "owner").browser
        self.operator = signed_in(world.app, make_operator(world.app, f"{uuid7()}@installation.example"))
        self.tokens = {browser: csrf_token(browser) for browser in (self.owner, self.operator)}

    def send(self, endpoint: str, method: str, **headers: str) -> TestResponse:
        ids = ids_of(self.world.globex)
        rule = next(rule for rule in self.world.app.url_map.iter_rules(endpoint) if method in (rule.methods or ()))
        values = {name: ids[name] for name in rule.arguments}
        path = self.world.app.url_map.bind("localhost").build(endpoint, values, method=method)
        calls = CALLS.get((endpoint, method))
        body = calls[0].fresh_body() if calls else {}
        browser = self.operator if endpoint.startswith("backoffice.") else self.owner
        named = {
            name.replace("_", "-"): self.tokens[browser] if value is RIGHT_TOKEN else value
            for name, value in headers.items()
        }
        return browser.open(path, method=method, data=body, headers=named)


def forgeries_that_pass(world: World) -> list[str]:
    """Unsafe routes that do something without a token, with a wrong one, or for a foreign page."""
    attack = Attack(world)
    attempts = {
        "without a token": ({"Origin": OWN}, 400),
        "with a made-up token": ({"Origin": OWN, "X-CSRFToken": "x" * 40}, 400),
        "from a foreign page that knows the token": ({"Origin": FOREIGN, "X-CSRFToken": RIGHT_TOKEN}, 403),
        "from a page without an origin": ({"Origin": "null", "X-CSRFToken": RIGHT_TOKEN}, 403),
        "from another site, by Sec-Fetch-Site": ({"Sec-Fetch-Site": "cross-site", "X-CSRFToken": RIGHT_TOKEN}, 403),
        "from a sibling, by Sec-Fetch-Site": ({"Sec-Fetch-Site": "same-site", "X-CSRFToken": RIGHT_TOKEN}, 403),
    }
    findings: list[str] = []
    for endpoint, method in unsafe_routes(world.app):
        for name, (headers, refusal) in attempts.items():
            with world.untouched(world.globex) as changed:
                status = attack.send(endpoint, method, **headers).status_code
            if status not in (400, 403) or (refusal == 403 and status != 403) or changed:
                findings.append(f"{endpoint} {method} {name}: {status}")
    return findings


def test_there_is_something_to_forge(world: World) -> None:
    assert ("messages.create", "POST") in set(unsafe_routes(world.app))
    answer = Attack(world)
    sent = answer.send("messages.create", "POST", Origin=OWN, X_CSRFToken=RIGHT_TOKEN)
    assert sent.status_code == 200


def test_no_forgery_passes(world: World) -> None:
    assert forgeries_that_pass(world) == []


def test_forgeries_are_found(world: World, monkeypatch: pytest.MonkeyPatch) -> None:
    """Without the token the look at the origin still holds, and the other way round; without both it is found."""
    monkeypatch.setitem(world.app.config, "WTF_CSRF_ENABLED", False)
    findings = forgeries_that_pass(world)
    assert any(finding.startswith("messages.create POST without a token") for finding in findings)
    assert not any("foreign page" in finding for finding in findings)
    hooks = world.app.before_request_funcs[None]
    monkeypatch.setitem(
        world.app.before_request_funcs, None, [hook for hook in hooks if hook is not security.refuse_foreign_origin]
    )
    findings = forgeries_that_pass(world)
    assert any(finding.startswith("messages.create POST from a foreign page") for finding in findings)


@pytest.mark.parametrize("origin", [None, FOREIGN, "null", "http://localhost.evil.example"])
def test_the_agents_socket_is_refused_to_foreign_pages_before_it_opens(world: World, origin: str | None) -> None:
    browser = world.member(world.globex, "agent").browser
    headers = SOCKET | ({"Origin": origin} if origin else {})
    answer = browser.get("/w/globex/socket", headers=headers)
    assert answer.status_code == 403


@pytest.mark.parametrize("origin", [FOREIGN, "null", "http://localhost.evil.example"])
def test_the_visitors_socket_is_refused_to_foreign_pages_before_it_opens(world: World, origin: str) -> None:
    """It looks at no cookie, so programs without an Origin may knock; they must say who they are first."""
    answer = world.app.test_client().get("/widget/socket", headers=SOCKET | {"Origin": origin})
    assert answer.status_code == 403


def test_the_agents_socket_asks_who_is_there_before_it_opens(world: World) -> None:
    answer = world.app.test_client().get("/w/globex/socket", headers=SOCKET | {"Origin": OWN})
    assert answer.status_code == 401
