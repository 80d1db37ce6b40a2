"""What no honest client sends: the answer is a refusal, never a failure of ours."""

from __future__ import annotations

import re
from collections.abc import Iterator
from dataclasses import replace
from datetime import datetime, timedelta, timezone
from typing import Any, ClassVar
from uuid import UUID

import pytest
from flask import Request
from werkzeug.datastructures import ImmutableMultiDict

from chatapp.common.pagination import Cursor
from tests.isolation.calls import CALLS, VISITORS, Call, Route
from tests.isolation.detectors import send
from tests.isolation.world import JSON_BLUEPRINTS, Person, World, ids_of

_TEXTS = ("\x00", "a\x00b", "\ud800", "", " ", "x" * 20_000, "' OR 1=1 -- %s%n {{7*7}}")
_VALUES: tuple[Any, ...] = (*_TEXTS, -1, 2**31, 2**63, 2**200, 1.5, True, None, [], {"$gt": ""})
_PATHS = ("%00", "a%00b", "%ed%a0%80", "x" * 3000)
_OPTIONAL = {
    "widget.rating": ("comment",),
    "widget.read": ("seq",),
    "api.create_message": ("private",),
    "api.change_conversation": ("assignee_id",),
}
# Views that take their query as a whole, and do not tell.
_WHOLE_QUERIES = {"widget.messages": ("since", "before", "wait", "conversation_id")}
_QUERIES = ("\x00", "-1", "9" * 400, "é", "W1tb" * 900, "")


class _Noting(ImmutableMultiDict[str, str]):
    """A query that knows what it was asked for."""

    asked: ClassVar[set[str]] = set()

    def get(self, key: str, *args: Any, **options: Any) -> Any:
        self.asked.add(key)
        return super().get(key, *args, **options)

    def getlist(self, key: str, *args: Any, **options: Any) -> Any:
        self.asked.add(key)
        return super().getlist(key, *args, **options)

    def __contains__(self, key: object) -> bool:
        self.asked.add(str(key))
        return super().__contains__(key)


class _NotingRequest(Request):
    @property
    def args(self) -> _Noting:  # type: ignore[override]
        return _Noting(super().args.items(multi=True))


def failures(world: World) -> list[str]:
    return [f"{what}: {status}" for what, status in _attempts(world) if status >= 500]


def _attempts(world: World) -> Iterator[tuple[str, int]]:
    owner, visitor = world.member(world.globex, "owner"), world.visitor(world.globex)
    yield from _strange_paths(world, owner)
    # Questions first: what is posted afterwards may close doors.
    for strange in (_strange_queries, _strange_bodies):
        for route, (call, *_ways) in CALLS.items():
            call.prepare(world.app, world.globex)
            yield from strange(world, route, call, visitor if call.roles == VISITORS else owner)
    yield from _strange_visits(world)


def _strange_paths(world: World, person: Person) -> Iterator[tuple[str, int]]:
    """Texts in an address come strange in every way. Of ids and slugs one way a route is enough: what they name is
    looked for in one place."""
    good = ids_of(world.globex)
    for number, rule in enumerate(world.app.url_map.iter_rules()):
        texts = set(re.findall(r"<(?:path:)?(\w+)>", str(rule))) - {"slug"}
        ways = _PATHS if texts else _PATHS[number % len(_PATHS) :][:1]
        for strange in ways if rule.arguments else ():
            values = good | dict.fromkeys(texts or rule.arguments, strange)
            path = re.sub(r"<(?:\w+:)?(\w+)>", lambda name: str(values[name[1]]), str(rule))  # noqa: B023
            yield f"{path[:80]} GET", person.browser.get(path).status_code


def _strange_queries(world: World, route: Route, call: Call, person: Person) -> Iterator[tuple[str, int]]:
    """Whatever the view looks for in its query, as it shows when it is asked once."""
    endpoint, method = route
    if method != "GET":
        return
    _Noting.asked.clear()
    answer = send(world, route, call, person, ids_of(world.globex))
    assert answer.status_code < 400, f"{endpoint} is not asked as it should be"
    for name in sorted({*_Noting.asked, *_WHOLE_QUERIES.get(endpoint, ())}):
        for value in (*_QUERIES, _far_cursor()):
            answer = send(world, route, replace(call, query={**call.query, name: value}), person, ids_of(world.globex))
            yield f"{endpoint} GET {name}={value[:40]!r}", answer.status_code


def _strange_bodies(world: World, route: Route, call: Call, person: Person) -> Iterator[tuple[str, int]]:
    endpoint, method = route
    if method == "GET":
        return
    is_json = endpoint.split(".")[0] in JSON_BLUEPRINTS
    for value in _VALUES if is_json else _TEXTS:
        for name in {*call.body, *_OPTIONAL.get(endpoint, ("anything",))}:
            strange = replace(call, body={**call.body, name: value if is_json else _as_form(value)})
            answer = send(world, route, strange, person, ids_of(world.globex))
            yield f"{endpoint} {method} {name}={value!r:.40}", answer.status_code


def _strange_visits(world: World) -> Iterator[tuple[str, int]]:
    client = world.app.test_client()
    good = {"key": world.globex.site_key}
    for value in _VALUES:
        for name in ("key", "token", "locale", "page", "user"):
            yield (
                f"widget.init {name}={value!r:.40}",
                client.post("/widget/init", json=good | {name: value}).status_code,
            )
        page = {"url": value, "title": value, "referrer": value}
        yield f"widget.init page.url={value!r:.40}", client.post("/widget/init", json=good | {"page": page}).status_code
        token = client.get("/api/v1/workspaces", headers={"Authorization": f"Bearer {value!r}"})
        yield f"api.workspaces token={value!r:.40}", token.status_code
        for path in ("token", "refresh", "revoke"):
            body = {"email": value, "password": value, "refresh_token": value}
            answer = client.post(f"/api/v1/auth/{path}", json=body)
            yield f"api.auth {path} {value!r:.40}", answer.status_code
    for path in ("/widget/init", "/api/v1/auth/token"):
        for content in (b"", b"[", b"[" * 100_000, b"\xff\xfe", b"null", b"1", b'"a"', b'{"key": NaN}'):
            answer = client.post(path, data=content, content_type="application/json")
            yield f"{path} {content[:20]!r}", answer.status_code


def _as_form(value: Any) -> str:
    return str(value).encode(errors="replace").decode()


def _far_cursor() -> str:
    """The first moment that Python knows, further back by nearly a day once it is UTC."""
    moment = datetime.min.replace(tzinfo=timezone(timedelta(hours=23, minutes=59)))
    return Cursor(moment, UUID(int=0)).encode()


def test_nonsense_is_refused_and_breaks_nothing(world: World, monkeypatch: pytest.MonkeyPatch) -> None:
    world.app.config["WTF_CSRF_ENABLED"] = False
    monkeypatch.setattr(world.app, "request_class", _NotingRequest)
    assert failures(world) == []
