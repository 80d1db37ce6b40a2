"""A workspace always has an owner, however many owners go in the same moment."""

from collections.abc import Callable
from concurrent.futures import ThreadPoolExecutor
from threading import Barrier

import pytest
from flask import Flask

from chatapp.common.errors import AppError
from chatapp.common.unit_of_work import unit_of_work
from chatapp.team import services as team
from chatapp.workspaces import queries
from chatapp.workspaces import services as workspaces
from chatapp.workspaces.models import Membership
from tests.factories import Company, inside, make_company


def _leave(me: Membership) -> None:
    team.remove(me.user_id, heir_id=None, by=me)


def _step_down(me: Membership) -> None:
    workspaces.change_role(me.user_id, role="agent", by=me)


@pytest.mark.parametrize("go", [_leave, _step_down])
def test_of_two_owners_who_go_at_once_one_stays(app: Flask, go: Callable[[Membership], None]) -> None:
    acme = make_company(app)
    with inside(app, acme) as it:
        it.member("admin").role = "owner"
    together = Barrier(2)

    def try_to_go(role: str) -> int:
        with app.app_context():
            try:
                with unit_of_work(acme.workspace_id):
                    me = queries.member(acme.members[role])
                    together.wait(5)
                    go(me)
            except AppError as error:
                return error.status
        return 303

    with ThreadPoolExecutor(2) as pool:
        answers = sorted(pool.map(try_to_go, ["owner", "admin"]))
    assert answers == [303, 409]
    with inside(app, acme):
        assert queries.owner_count() == 1


def test_two_owners_who_remove_each_other_do_not_both_go(app: Flask) -> None:
    acme: Company = make_company(app)
    with inside(app, acme) as it:
        it.member("admin").role = "owner"
    together = Barrier(2)

    def remove(pair: tuple[str, str]) -> int:
        with app.app_context():
            try:
                with unit_of_work(acme.workspace_id):
                    me = queries.member(acme.members[pair[0]])
                    together.wait(5)
                    team.remove(acme.members[pair[1]], heir_id=None, by=me)
            except AppError as error:
                return error.status
        return 303

    with ThreadPoolExecutor(2) as pool:
        answers = sorted(pool.map(remove, [("owner", "admin"), ("admin", "owner")]))
    assert answers == [303, 404]
