"""Every route × every id: a stranger's answer is that of somebody who asks for what does not exist."""

import pytest

from chatapp.common.permissions import BASIC, grantable, permissions_of
from tests.isolation import detectors
from tests.isolation.calls import CALLS
from tests.isolation.world import World

PEOPLE = {route: calls for route, calls in CALLS.items() if route[0].startswith(("team.", "roles."))}


def test_every_route_is_tested(world: World) -> None:
    assert detectors.routes_without_a_call(world) == []


def test_every_call_has_its_route(world: World) -> None:
    assert detectors.calls_of_no_route(world) == []


def test_the_calls_work_where_they_are_right(world: World) -> None:
    assert detectors.calls_that_do_not_work(world) == []


def test_foreign_ids_are_answered_like_unknown_ones_and_change_nothing(world: World) -> None:
    assert detectors.outsiders_who_get_in(world) == []


def test_the_agents_socket_is_shut_to_outsiders(world: World) -> None:
    assert detectors.doors_of_sockets(world) == []


def test_each_role_does_what_it_may_and_no_more(world: World) -> None:
    assert detectors.roles_that_differ(world) == []


@pytest.mark.parametrize("permission", sorted(grantable() - {BASIC}))
def test_a_permission_allows_what_takes_it_and_nothing_else_does(world: World, permission: str) -> None:
    assert detectors.permission_that_differs(world, permission) == []


def test_a_role_without_permissions_does_nothing_that_takes_one(world: World) -> None:
    assert detectors.own_roles_that_differ(world, []) == []


def test_who_may_manage_people_hands_out_what_they_have_and_no_more(world: World) -> None:
    """A viewer who may manage people makes others viewers, and nobody an agent."""
    managing = permissions_of("viewer") | {"team.manage", "team.roles"}
    assert detectors.own_roles_that_differ(world, managing, PEOPLE) == []
