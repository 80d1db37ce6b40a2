"""What looks for leaks: plain functions that return findings. `test_detectors.py` proves that each can find one."""

from __future__ import annotations

import re
from collections.abc import Callable, Iterable, Iterator, Mapping
from typing import Any

from werkzeug.routing import Rule
from werkzeug.test import TestResponse

from chatapp.common.permissions import access_of, grantable, permissions_of, with_needed
from tests.isolation.calls import CALLS, ID, VISITORS, Call, Calls, Route
from tests.isolation.elsewhere import NOT_A_WORKSPACE, SOCKETS
from tests.isolation.preparations import findable
from tests.isolation.world import UNKNOWN, Person, World, ids_of

_BOUND_TO_THE_REQUEST = (
    (re.compile(r"nonce[-=]['\"]?[\w-]+"), "nonce"),
    (re.compile(r'name="csrf-token" content="[^"]*"'), "csrf-token"),
)
Way = tuple[Route, Call]
"""One way of calling a route."""
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
    """Every id of every route swapped for a foreign one: answered like an unknown id, and nothing changes.

    Nothing here may touch Acme, so its rows are looked at once after each foreign id, and not before it as well.
    """
    findings: list[str] = []
    findable(world.app, world.acme)  # what an earlier test has let in is looked through by now
    before = world.fingerprint(world.acme)
    for route, call, person in _calls_by_globex(world, calls):
        for swapped in _swaps(world, route, call):
            name = f"{_name(route, call)} with a foreign {' and '.join(swapped)}"
            foreign = send(world, route, call, person, ids_of(world.globex) | swapped)
            before, changed = world.changes(world.acme, since=before)
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


def own_roles_that_differ(world: World, permissions: Iterable[str], calls: Calls = CALLS) -> list[str]:
    """The same for a role of the workspace's own with these permissions and what they need, and nothing more."""
    allowed = with_needed(permissions)
    _prepare(world, calls)
    right, wrong = _split(_ways(calls), lambda way: _needed(world, *way) <= allowed)
    return _refused(world, allowed, wrong) + _done(world, allowed, right)


def permission_that_differs(world: World, permission: str, calls: Calls = CALLS) -> list[str]:
    """A role with this permission does all that takes nothing else; a role with everything else, nothing that takes it.

    For all permissions together that is as much as every role with one of them on every route, in a tenth of the time.
    """
    _prepare(world, calls)
    alone = with_needed([permission])
    others = with_needed(other for other in grantable() if permission not in with_needed([other]))
    right, _rest = _split(_ways(calls), lambda way: _needed(world, *way) <= alone)
    wrong, _rest = _split(_ways(calls), lambda way: permission in _needed(world, *way))
    return _refused(world, others, wrong) + _done(world, alone, right)


def _prepare(world: World, calls: Calls) -> None:
    """What earlier calls have used up is there again."""
    for prepare in {call.prepare for _route, call in _ways(calls)}:
        prepare(world.app, world.globex)


def _ways(calls: Calls) -> list[Way]:
    return [(route, call) for route, its in calls.items() for call in its if call.roles != VISITORS]


def _split(ways: Iterable[Way], fits: Callable[[Way], bool]) -> tuple[list[Way], list[Way]]:
    found: tuple[list[Way], list[Way]] = ([], [])
    for way in ways:
        found[not fits(way)].append(way)
    return found


def _refused(world: World, permissions: frozenset[str], ways: list[Way]) -> list[str]:
    """What a role with these permissions does of what it may not. Tried in one go: a look at every row costs more."""
    person, ids = world.with_own_role(world.globex, permissions), ids_of(world.globex)
    findings: list[str] = []
    with world.untouched(world.globex) as changed:
        for route, call in ways:
            status = send(world, route, call, person, ids).status_code
            findings += [] if status in call.refusals else [f"{_name(route, call)} answers {status}"]
    return findings + [f"something refused changes {table}" for table in changed]


def _done(world: World, permissions: frozenset[str], ways: list[Way]) -> list[str]:
    """What a role with these permissions is refused of what it may do."""
    person, ids = world.with_own_role(world.globex, permissions), ids_of(world.globex)
    findings: list[str] = []
    for route, call in ways:
        call.prepare(world.app, world.globex)
        status = send(world, route, call, person, ids).status_code
        findings += [f"{_name(route, call)} is refused with {status}"] if status >= 400 else []
    return findings


def _needed(world: World, route: Route, call: Call) -> frozenset[str]:
    """Every permission that the call takes: the view's, its content's, and those that it hands on."""
    demanded = access_of(world.app.view_functions[route[0]])
    assert demanded is not None
    return call.also | {demanded} | (permissions_of(call.hands_out) if call.hands_out else set())


def _differences(world: World, route: Route, call: Call, person: Person, *, may: bool) -> list[str]:
    call.prepare(world.app, world.globex)
    name = f"{_name(route, call)} as {person.name}"
    if may:
        status = send(world, route, call, person, ids_of(world.globex)).status_code
        return [f"{name} is refused with {status}"] if status >= 400 else []
    with world.untouched(world.globex) as changed:
        status = send(world, route, call, person, ids_of(world.globex)).status_code
    found = [] if status in call.refusals else [f"{name} answers {status}"]
    return found + [f"{name} changes {table}" for table in changed]


def send(world: World, route: Route, call: Call, person: Person, ids: Mapping[str, Any]) -> TestResponse:
    """Make the call with these ids in its path, body and query."""
    endpoint, method = route
    rule = routes(world)[route]
    path = world.app.url_map.bind("localhost").build(
        endpoint, {name: ids[name] for name in rule.arguments}, method=method
    )
    body = {name: _written(ids[name]) if value is ID else value for name, value in call.fresh_body().items()}
    query = {name: str(ids[name]) if value is ID else value for name, value in call.query.items()}
    return person.send(method, path, blueprint=endpoint.split(".")[0], body=body, query=query)


def _written(value: object) -> object:
    """An id as a form or JSON writes it; lists of ids are only for JSON."""
    return value if isinstance(value, list) else str(value)


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
