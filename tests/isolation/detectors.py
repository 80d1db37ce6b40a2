"""What looks for leaks: plain functions that return findings. `test_detectors.py` proves that each can find one."""

from __future__ import annotations

import re
from collections.abc import Iterator, Mapping
from typing import Any

from werkzeug.routing import Rule
from werkzeug.test import TestResponse

from tests.isolation.calls import CALLS, ID, NOT_A_WORKSPACE, SOCKETS, VISITORS, Call, Calls, Route
from tests.isolation.world import UNKNOWN, Person, World, ids_of

_BOUND_TO_THE_REQUEST = (
    (re.compile(r"nonce[-=]['\"]?[\w-]+"), "nonce"),
    (re.compile(r'name="csrf-token" content="[^"]*"'), "csrf-token"),
)
UPGRADE = {"Upgrade": "websocket", "Connection": "Upgrade", "Origin": "http://localhost"}
_COUNTED = ("X-RateLimit-Remaining", "X-RateLimit-Reset", "Set-Cookie")


def routes(world: World) -> dict[Route, Rule]:
    """Every route of the application with each of its methods."""
    return {
        (rule.endpoint, method): rule
        for rule in world.app.url_map.iter_rules()
        for method in (rule.methods or set()) - {"HEAD", "OPTIONS"}
    }


def routes_without_a_call(world: World) -> list[str]:
    """Routes that nobody told how to call: they are not tested, so they must not exist."""
    return [
        f"{endpoint} {method} has no line in tests/isolation/calls.py"
        for endpoint, method in routes(world)
        if (endpoint, method) not in CALLS and endpoint not in SOCKETS | NOT_A_WORKSPACE.keys()
    ]


def calls_of_no_route(world: World) -> list[str]:
    """Lines that outlived their route."""
    known = routes(world)
    gone = [f"{endpoint} {method}" for endpoint, method in CALLS if (endpoint, method) not in known]
    return gone + [name for name in NOT_A_WORKSPACE | dict.fromkeys(SOCKETS) if name not in world.app.view_functions]


def calls_that_do_not_work(world: World) -> list[str]:
    """Calls that are refused even where they are right: nothing could be concluded from a refusal elsewhere."""
    return [
        f"{_name(route, call)} answers {answer.status_code} to {person.name}"
        for route, call, person in _calls_by_globex(world)
        if (answer := send(world, route, call, person, ids_of(world.globex))).status_code >= 400
    ]


def outsiders_who_get_in(world: World, calls: Calls = CALLS) -> list[str]:
    """Every id of every route swapped for a foreign one: answered like an unknown id, and nothing changes."""
    findings: list[str] = []
    for route, call, person in _calls_by_globex(world, calls):
        for swapped in _swaps(world, route, call):
            name = f"{_name(route, call)} with a foreign {' and '.join(swapped)}"
            with world.untouched(world.acme) as changed:
                foreign = send(world, route, call, person, ids_of(world.globex) | swapped)
            unknown_ids = {key: UNKNOWN[key] for key in swapped}
            unknown = send(world, route, call, person, ids_of(world.globex) | unknown_ids)
            findings += [f"{name} changes {table}" for table in changed]
            if foreign.status_code != 404:
                findings.append(f"{name} answers {foreign.status_code}")
            elif _told(foreign, swapped) != _told(unknown, unknown_ids):
                findings.append(f"{name} can be told from an unknown one")
    return findings


def doors_of_sockets(world: World) -> list[str]:
    """The agents' socket is refused to outsiders before it is opened, as if its workspace did not exist."""
    person = world.member(world.globex, "owner")
    slugs = (world.acme.slug, UNKNOWN["slug"])
    answers = [person.browser.get(f"/w/{slug}/socket", headers=UPGRADE) for slug in slugs]
    foreign, unknown = (_told(answer, {}) for answer in answers)
    return [] if foreign == unknown and foreign[0] == 404 else [f"live.socket answers {foreign[0]} to an outsider"]


def roles_that_differ(world: World, calls: Calls = CALLS) -> list[str]:
    """Members who may do what the table says they may not, or whose refusal left a trace; and the other way round."""
    findings: list[str] = []
    for role in ("owner", "admin", "agent", "viewer"):
        person = world.member(world.globex, role)
        for route, ways in calls.items():
            for call in ways:
                if call.roles != VISITORS:
                    findings += _differences(world, route, call, person, may=role in call.roles)
    return findings


def _differences(world: World, route: Route, call: Call, person: Person, *, may: bool) -> list[str]:
    call.prepare(world.app, world.globex)
    with world.untouched(world.globex) as changed:
        status = send(world, route, call, person, ids_of(world.globex)).status_code
    name = f"{_name(route, call)} as {person.name}"
    if may:
        return [f"{name} is refused with {status}"] if status >= 400 else []
    found = [] if status == 403 else [f"{name} answers {status}"]
    return found + [f"{name} changes {table}" for table in changed]


def send(world: World, route: Route, call: Call, person: Person, ids: Mapping[str, Any]) -> TestResponse:
    """Make the call with these ids in its path, body and query."""
    endpoint, method = route
    rule = routes(world)[route]
    path = world.app.url_map.bind("localhost").build(
        endpoint, {name: ids[name] for name in rule.arguments}, method=method
    )
    body = {name: str(ids[name]) if value is ID else value for name, value in call.fresh_body().items()}
    query = {name: str(ids[name]) if value is ID else value for name, value in call.query.items()}
    return person.send(method, path, blueprint=endpoint.split(".")[0], body=body, query=query)


def _swaps(world: World, route: Route, call: Call) -> Iterator[dict[str, Any]]:
    """All ids at once, then each id alone under one's own address."""
    foreign = ids_of(world.acme)
    named = {name for content in (call.body, call.query) for name, value in content.items() if value is ID}
    names = sorted(routes(world)[route].arguments | named)
    if "slug" in names:
        yield {name: foreign[name] for name in names}
    for name in names:
        yield {name: foreign[name]}


def _calls_by_globex(world: World, calls: Calls = CALLS) -> Iterator[tuple[Route, Call, Person]]:
    """Globex's owner and Globex's visitor make every call, each their own ones."""
    owner, visitor = world.member(world.globex, "owner"), world.visitor(world.globex)
    for route, ways in calls.items():
        for call in ways:
            call.prepare(world.app, world.globex)
            yield route, call, visitor if call.roles == VISITORS else owner


def _told(answer: TestResponse, ids: Mapping[str, Any]) -> tuple[int, tuple[tuple[str, str], ...], str]:
    """Everything that the caller could tell two answers apart by, without what the request itself decides."""
    headers = sorted((name, _neutral(value, ids)) for name, value in answer.headers if name not in _COUNTED)
    return answer.status_code, tuple(headers), _neutral(answer.text, ids)


def _neutral(text: str, ids: Mapping[str, Any]) -> str:
    for pattern, name in _BOUND_TO_THE_REQUEST:
        text = pattern.sub(name, text)
    for name, value in ids.items():
        text = text.replace(str(value), f"<{name}>")
    return text


def _name(route: Route, call: Call) -> str:
    content = ", ".join(sorted({*call.body, *call.query}))
    return f"{' '.join(route)}({content})"
