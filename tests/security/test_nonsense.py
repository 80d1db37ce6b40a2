"""What no honest client sends: the answer is a refusal, never a failure of ours."""

from __future__ import annotations

from collections.abc import Iterator
from datetime import datetime, timedelta, timezone
from typing import Any
from uuid import UUID

from chatapp.common.pagination import Cursor
from tests.isolation.calls import CALLS, ID, VISITORS
from tests.isolation.world import JSON_BLUEPRINTS, Person, World, ids_of

_TEXTS = ("\x00", "a\x00b", "\ud800", "", " ", "x" * 20_000, "' OR 1=1 --", "%s%n", "{{7*7}}")
_VALUES: tuple[Any, ...] = (*_TEXTS, -1, 2**31, 2**63, 2**200, 1.5, True, None, [], {"$gt": ""})
_PATHS = ("%00", "a%00b", "%ed%a0%80", "x" * 3000)
_OPTIONAL = {
    "widget.rating": ("comment",),
    "widget.read": ("seq",),
    "api.create_message": ("private",),
    "api.change_conversation": ("assignee_id",),
}
_PARAMETERS = {
    "api": ("since", "before", "limit", "cursor", "status", "assignee"),
    "widget": ("since", "before", "wait", "conversation_id"),
    "messages": ("since", "before"),
    "inbox": ("view", "cursor"),
}


def failures(world: World) -> list[str]:
    return [f"{what}: {status}" for what, status in _attempts(world) if status >= 500]


def _attempts(world: World) -> Iterator[tuple[str, int]]:
    owner, visitor = world.member(world.globex, "owner"), world.visitor(world.globex)
    yield from _strange_paths(world, owner)
    for (endpoint, method), calls in CALLS.items():
        person = visitor if calls[0].roles == VISITORS else owner
        yield from _strange_content(world, endpoint, method, person)
    yield from _strange_visits(world)


def _strange_paths(world: World, person: Person) -> Iterator[tuple[str, int]]:
    for rule in world.app.url_map.iter_rules():
        for strange in _PATHS:
            path = str(rule)
            for name in rule.arguments:
                path = path.replace(f"<uuid:{name}>", strange).replace(f"<path:{name}>", strange)
                path = path.replace(f"<{name}>", strange)
            if rule.arguments:
                yield f"{path[:80]} GET", person.browser.get(path).status_code


def _strange_content(world: World, endpoint: str, method: str, person: Person) -> Iterator[tuple[str, int]]:
    ids = ids_of(world.globex)
    rule = next(rule for rule in world.app.url_map.iter_rules(endpoint) if method in (rule.methods or ()))
    path = world.app.url_map.bind("localhost").build(endpoint, {n: ids[n] for n in rule.arguments}, method=method)
    blueprint = endpoint.split(".")[0]
    call = CALLS[endpoint, method][0]
    names = set() if method == "GET" else {*call.body, *_OPTIONAL.get(endpoint, ("anything",))}
    for value in _VALUES if blueprint in JSON_BLUEPRINTS else _TEXTS:
        for name in names:
            good = {key: str(ids[key]) if part is ID else part for key, part in call.fresh_body().items()}
            body = good | {name: value} if blueprint in JSON_BLUEPRINTS else good | {name: _as_form(value)}
            answer = person.send(method, path, blueprint=blueprint, body=body, query={})
            yield f"{endpoint} {method} {name}={value!r:.40}", answer.status_code
    if method == "GET":
        for name in _PARAMETERS.get(blueprint, ()):
            for value in ("\x00", "-1", "9" * 400, "é", "W1tb" * 900, _far_cursor(), ""):
                base = {"conversation_id": str(ids["conversation_id"])} if blueprint == "widget" else {}
                answer = person.send(method, path, blueprint=blueprint, body={}, query=base | {name: value})
                yield f"{endpoint} GET {name}={value[:40]!r}", answer.status_code


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


def test_nonsense_is_refused_and_breaks_nothing(world: World) -> None:
    world.app.config["WTF_CSRF_ENABLED"] = False
    assert failures(world) == []
