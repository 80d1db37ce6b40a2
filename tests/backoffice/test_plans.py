"""Plans: what operators allow, and that nobody gets more, however many try at once."""

from __future__ import annotations

from concurrent.futures import ThreadPoolExecutor
from threading import Barrier
from typing import Any

import pytest
from flask import Flask
from flask.testing import FlaskClient
from sqlalchemy import func, select

from chatapp.auth.models import User
from chatapp.common import tenancy
from chatapp.common.db import db
from chatapp.common.errors import AppError
from chatapp.common.unit_of_work import unit_of_work
from chatapp.invitations import services as invitations
from chatapp.invitations.models import Invitation
from chatapp.plans.models import WorkspacePlan
from chatapp.projects import services as projects
from chatapp.projects.models import Project
from chatapp.workspaces import queries
from chatapp.workspaces.models import Membership, Workspace
from tests.factories import Company, inside, make_user
from tests.support.web_client import log_in, post

INVITE = "/w/acme/team/invitations"


def give(operator: FlaskClient, company: Company, **limits: object) -> Any:
    form = {"name": "free", "seats": "", "projects": ""} | limits
    return post(operator, f"/operator/workspaces/{company.workspace_id}/plan", form)


def _owner(company: Company) -> Membership:
    found = queries.membership_at(company.slug, company.members["owner"])
    assert found
    return found


def limit(app: Flask, company: Company, **limits: int) -> None:
    with inside(app, company):
        db.session.add(WorkspacePlan(name="free", **limits))


def test_a_plan_is_given_shown_and_told_in_both_logs(client: FlaskClient, operator: FlaskClient, acme: Company) -> None:
    assert give(operator, acme, name="pro", seats=10).status_code == 303
    page = operator.get(f"/operator/workspaces/{acme.workspace_id}").text
    assert 'value="10"' in page
    assert "Pro" in operator.get("/operator/workspaces?q=acme").text
    assert "seats: <ins>∞ → 10</ins>" in operator.get("/operator/log").text
    log_in(client, acme.email("owner"))
    assert "Changed the plan" in client.get("/w/acme/settings/audit").text
    assert give(operator, acme, name="pro", seats=10).status_code == 303
    assert operator.get("/operator/log").text.count("Changed the plan of") == 1


@pytest.mark.parametrize(
    "limits", [{"seats": 0}, {"seats": -1}, {"projects": "many"}, {"name": "gold"}, {"seats": 10**9}]
)
def test_what_is_no_limit_is_refused(operator: FlaskClient, acme: Company, limits: dict[str, object]) -> None:
    assert give(operator, acme, **limits).status_code == 422
    assert "Changed the plan" not in operator.get("/operator/log").text


def test_nobody_is_invited_beyond_the_seats(
    app: Flask, client: FlaskClient, operator: FlaskClient, acme: Company
) -> None:
    give(operator, acme, seats=6)  # four members, and one who is invited
    log_in(client, acme.email("owner"))
    refused = post(client, INVITE, {"emails": "ada@else.example, bob@else.example", "role": "agent"})
    assert refused.status_code == 402
    assert "Your plan allows 6 people, and 5 are here or invited." in refused.text
    assert "ada@else.example" in refused.text
    with inside(app, acme):
        assert db.session.scalar(select(func.count()).select_from(Invitation)) == 1
    assert post(client, INVITE, {"emails": "ada@else.example, viewer@acme.example", "role": "agent"}).status_code == 200
    assert post(client, INVITE, {"emails": "bob@else.example", "role": "agent"}).status_code == 402
    give(operator, acme, seats="")
    assert post(client, INVITE, {"emails": "bob@else.example", "role": "agent"}).status_code == 200


def test_who_was_invited_before_the_limit_joins_only_while_there_is_a_seat(
    app: Flask, client: FlaskClient, operator: FlaskClient, acme: Company
) -> None:
    with inside(app, acme):
        issued = invitations.invite("ada@else.example", role="agent", by=_owner(acme))
        assert issued
        token = issued.token
    with app.app_context(), unit_of_work():
        make_user("ada@else.example")
    give(operator, acme, seats=4)
    log_in(client, "ada@else.example")
    refused = post(client, f"/invitations/{token}", {})
    assert refused.status_code == 402
    assert "Your plan allows 4 people" in refused.text
    give(operator, acme, seats=5)
    assert post(client, f"/invitations/{token}", {}).status_code == 303


def test_no_project_is_made_beyond_the_limit(client: FlaskClient, operator: FlaskClient, acme: Company) -> None:
    give(operator, acme, projects=1)
    log_in(client, acme.email("owner"))
    refused = post(client, "/w/acme/projects", {"name": "Lamps", "domains": "lamps.example"})
    assert refused.status_code == 402
    assert "Your plan allows 1 project, and you have it." in refused.text
    assert "lamps.example" in refused.text
    give(operator, acme, projects=2)
    assert post(client, "/w/acme/projects", {"name": "Lamps", "domains": "lamps.example"}).status_code == 303


def _at_once(app: Flask, acme: Company, works: list[Any]) -> list[int]:
    together = Barrier(len(works))

    def run(work: Any) -> int:
        with app.app_context():
            try:
                with unit_of_work():
                    together.wait(10)
                    work()
            except AppError as error:
                return error.status
        return 200

    with ThreadPoolExecutor(len(works)) as pool:
        return sorted(pool.map(run, works))


def test_of_two_who_take_the_last_seat_at_once_one_gets_it(app: Flask, acme: Company) -> None:
    tokens = {}
    with inside(app, acme):
        for email in ("ada@else.example", "bob@else.example"):
            make_user(email)
            issued = invitations.invite(email, role="agent", by=_owner(acme))
            assert issued
            tokens[email] = issued.token
    limit(app, acme, seats=5)

    def join(email: str) -> Any:
        def work() -> None:
            user = db.session.scalars(select(User).where(User.email == email)).one()
            invitations.accept(tokens[email], user=user)

        return work

    assert _at_once(app, acme, [join(email) for email in tokens]) == [200, 402]
    with inside(app, acme):
        assert len(queries.members()) == 5


def test_of_two_who_make_the_last_project_at_once_one_does(app: Flask, acme: Company) -> None:
    limit(app, acme, projects=2)

    def make() -> None:
        tenancy.enter(acme.workspace_id)
        workspace = db.session.get_one(Workspace, acme.workspace_id)
        projects.create(workspace, name="Lamps", allowed_domains=[])

    assert _at_once(app, acme, [make, make]) == [200, 402]
    with inside(app, acme):
        assert db.session.scalar(select(func.count()).select_from(Project)) == 2
