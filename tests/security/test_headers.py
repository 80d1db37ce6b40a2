"""What every answer tells the browser, on every route, for members and strangers, for what is there and what is not."""

from __future__ import annotations

import re
from collections.abc import Iterator

import pytest
from flask import Flask
from werkzeug.test import TestResponse

from chatapp.common import security
from tests.isolation.world import UNKNOWN, World, ids_of

PAGE_POLICY = {
    "default-src": "'none'",
    "script-src": "'nonce-…' 'strict-dynamic'",
    "style-src": "'self'",
    "img-src": "'self' data: blob:",
    "media-src": "'self' blob:",
    "connect-src": "'self'",
    "font-src": "'self'",
    "manifest-src": "'self'",
    "worker-src": "'self'",
    "form-action": "'self'",
    "base-uri": "'none'",
    "frame-ancestors": "'none'",
}
FRAMED = {"widget_pages.panel", "appearance.site"}
FRAMING = {"appearance.show", "appearance.site"}  # the widget as it will look
OWN_POLICY = {"widget_demo.demo": "a customer's page, whose policy is the customer's"}
ALWAYS = {
    "X-Content-Type-Options": "nosniff",
    "Referrer-Policy": "strict-origin-when-cross-origin",
    "Permissions-Policy": security._PERMISSIONS,
}
STRICTER = {"invitations.show": {"Referrer-Policy": "same-origin"}}
"""Pages whose address is a secret tell it to nobody else."""
_FILES = {"version": "x", "filename": "css/app.css", "site_key": "none"}


def pages(world: World) -> Iterator[tuple[str, TestResponse]]:
    """Every address that can be fetched: as the owner of Globex, as a stranger, and for ids that nobody has."""
    owner, stranger = world.member(world.globex, "owner").browser, world.app.test_client()
    adapter = world.app.url_map.bind("localhost")
    for rule in world.app.url_map.iter_rules():
        if "GET" not in (rule.methods or ()) or rule.websocket:
            continue
        for ids in (ids_of(world.globex) | {"site_key": world.globex.site_key}, UNKNOWN):
            values = {name: (ids | _FILES | ids)[name] for name in rule.arguments}
            path = adapter.build(rule.endpoint, values)
            yield rule.endpoint, owner.get(path)
            yield rule.endpoint, stranger.get(path)


def wrong_headers(world: World) -> list[str]:
    return sorted({f"{endpoint}: {wrong}" for endpoint, answer in pages(world) for wrong in _wrong(endpoint, answer)})


def _wrong(endpoint: str, answer: TestResponse) -> Iterator[str]:
    for name, value in (ALWAYS | STRICTER.get(endpoint, {})).items():
        if answer.headers.get(name) != value:
            yield f"{name} is {answer.headers.get(name)}"
    policy = _policy(answer)
    if "'unsafe" in str(policy) or policy.get("default-src") != "'none'":
        yield f"the policy is {policy}"
    if answer.mimetype != "text/html" or endpoint in OWN_POLICY:
        return
    ancestors = policy.pop("frame-ancestors", None)
    if endpoint not in FRAMED and ancestors != "'none'":
        yield f"may be framed by {ancestors}"
    if endpoint in FRAMING and answer.status_code == 200 and policy.pop("frame-src", None) != "'self'":
        yield "may not frame the widget"
    if policy != {name: value for name, value in PAGE_POLICY.items() if name != "frame-ancestors"}:
        yield f"the policy is {policy}"
    yield from _scripts_without_the_nonce(answer)


def _policy(answer: TestResponse) -> dict[str, str]:
    text = re.sub(r"'nonce-[\w-]{20,}'", "'nonce-…'", answer.headers.get("Content-Security-Policy", ""))
    return {name: value for name, _, value in (part.strip().partition(" ") for part in text.split(";")) if name}


def _scripts_without_the_nonce(answer: TestResponse) -> Iterator[str]:
    nonce = re.search(r"'nonce-([\w-]+)'", answer.headers.get("Content-Security-Policy", ""))
    for tag in re.findall(r"<script[^>]*>", answer.text):
        is_data = 'type="application/json"' in tag
        if not is_data and (nonce is None or f'nonce="{nonce.group(1)}"' not in tag):
            yield f"{tag} would not run"


def test_every_answer_has_its_headers(world: World) -> None:
    assert wrong_headers(world) == []


def test_every_nonce_is_new(world: World) -> None:
    client = world.app.test_client()
    first, second = (client.get("/login").headers["Content-Security-Policy"] for _ in range(2))
    assert first != second


def test_the_panel_is_framed_by_its_project_s_sites_only(world: World) -> None:
    answer = world.app.test_client().get(f"/widget/{world.globex.site_key}")
    assert "https://evil.example" not in answer.headers["Content-Security-Policy"]
    assert "globex.example" in _policy(answer)["frame-ancestors"]
    assert "*" not in _policy(answer)["frame-ancestors"].replace(":*", "").split()


def test_behind_https_browsers_are_told_to_stay_there(world: World, monkeypatch: pytest.MonkeyPatch) -> None:
    config = world.app.extensions["chatapp.config"]
    assert "Strict-Transport-Security" not in world.app.test_client().get("/login").headers
    monkeypatch.setattr(type(config), "is_https", property(lambda _config: True))
    assert "max-age=31536000" in world.app.test_client().get("/login").headers["Strict-Transport-Security"]


@pytest.mark.parametrize("taken_out", ["Content-Security-Policy", "X-Content-Type-Options", "Referrer-Policy"])
def test_a_missing_header_is_found(world: World, monkeypatch: pytest.MonkeyPatch, taken_out: str) -> None:
    _after_each_answer(world.app, monkeypatch, lambda answer: answer.headers.pop(taken_out, None))
    findings = wrong_headers(world)
    assert any(finding.startswith("inbox.show: ") for finding in findings)
    assert any(finding.startswith("auth.login: ") for finding in findings)


@pytest.mark.parametrize(
    ("good", "bad"),
    [("style-src 'self'", "style-src 'self' 'unsafe-inline'"), ("frame-ancestors 'none'", "frame-ancestors *")],
)
def test_a_weaker_policy_is_found(world: World, monkeypatch: pytest.MonkeyPatch, good: str, bad: str) -> None:
    def weaken(answer: TestResponse) -> None:
        policy = answer.headers.get("Content-Security-Policy", "")
        answer.headers["Content-Security-Policy"] = policy.replace(good, bad)

    _after_each_answer(world.app, monkeypatch, weaken)
    assert any(finding.startswith("inbox.show: ") for finding in wrong_headers(world))


def _after_each_answer(app: Flask, monkeypatch: pytest.MonkeyPatch, change: object) -> None:
    """Runs after all others: functions run in the reverse order of their registration."""

    def last(answer: TestResponse) -> TestResponse:
        change(answer)  # type: ignore[operator]
        return answer

    monkeypatch.setitem(app.after_request_funcs, None, [last, *app.after_request_funcs[None]])
