"""Teams: who is in them, what conversations lose when they go, and that names stay apart."""

import pytest
from flask import Flask
from sqlalchemy import select

from chatapp.common.audit import AuditEntry
from chatapp.common.db import db
from chatapp.common.errors import AppError
from chatapp.conversations import visibility
from chatapp.team import services as team_door
from chatapp.teams import queries, services
from chatapp.teams.models import Team
from tests.factories import inside, make_company, make_role


def _names_in(team: Team) -> list[str]:
    return [row.membership.user.name for row in queries.rows_of(team.id)]


def test_a_team_is_made_and_filled(app: Flask) -> None:
    acme = make_company(app)
    with inside(app, acme) as it:
        made = services.create(name="Billing", by=it.member("admin"))
        services.choose_members(made, user_ids=[acme.members["owner"], acme.members["agent"]], by=it.member("admin"))
    with inside(app, acme) as it:
        assert [team.name for team in queries.teams()] == ["Billing", "Support"]
        assert _names_in(made) == ["Agent", "Owner"]
        assert queries.team_ids_of(acme.members["agent"]) == {made.id, acme.team_id}
        assert queries.team_ids_of(acme.members["viewer"]) == frozenset()
        assert [len(queries.rows_by_team()[team_id]) for team_id in (made.id, acme.team_id)] == [2, 1]


def test_those_who_stay_keep_their_turn(app: Flask) -> None:
    acme = make_company(app)
    with inside(app, acme) as it:
        queries.rows_of(acme.team_id)[0].last_turn = 7
        both = [acme.members["agent"], acme.members["owner"]]
        services.choose_members(it.team, user_ids=both, by=it.member("owner"))
    with inside(app, acme):
        assert {row.user_id: row.last_turn for row in queries.rows_of(acme.team_id)} == dict(
            zip(both, (7, 0), strict=True)
        )


def test_two_teams_cannot_have_one_name(app: Flask) -> None:
    acme = make_company(app)
    with inside(app, acme) as it:
        with pytest.raises(AppError) as refusal:
            services.create(name="SUPPORT", by=it.member("owner"))
        assert (refusal.value.status, list(refusal.value.fields)) == (422, ["name"])
        assert len(queries.teams()) == 1


def test_another_companys_team_may_have_the_same_name(app: Flask) -> None:
    acme, globex = make_company(app), make_company(app, "globex")
    with inside(app, globex):
        assert [team.name for team in queries.teams()] == ["Support"]
        with pytest.raises(AppError) as refusal:
            queries.team(acme.team_id)
        assert refusal.value.status == 404


def test_nobody_from_outside_gets_into_a_team(app: Flask) -> None:
    acme, globex = make_company(app), make_company(app, "globex")
    with inside(app, acme) as it:
        with pytest.raises(AppError) as refusal:
            services.choose_members(it.team, user_ids=[globex.members["agent"]], by=it.member("owner"))
        assert refusal.value.status == 404
        assert _names_in(it.team) == ["Agent"]


def test_new_conversations_belong_to_the_projects_team(app: Flask) -> None:
    acme = make_company(app)
    with inside(app, acme) as it:
        assert it.conversation.team_id is None
        it.project.team_id = acme.team_id
        assert it.another_conversation().team_id == acme.team_id


def test_a_deleted_team_leaves_conversations_with_their_assignee(app: Flask) -> None:
    acme = make_company(app)
    with inside(app, acme) as it:
        it.project.team_id = it.conversation.team_id = acme.team_id
        it.conversation.assignee_id = acme.members["agent"]
    with inside(app, acme) as it:
        before = it.conversation.changed_at
        team_door.delete_team(it.team, by=it.member("owner"))
    with inside(app, acme) as it:
        assert it.conversation.changed_at > before
        assert (it.conversation.team_id, it.conversation.assignee_id) == (None, acme.members["agent"])
        assert it.project.team_id is None
        assert queries.teams() == []


def test_whoever_sees_less_than_everything_deletes_a_team_with_all_it_had(app: Flask) -> None:
    acme = make_company(app)
    with inside(app, acme) as it:
        it.member("viewer").take(make_role("Lead", "teams.manage", visibility="own"))
        it.conversation.team_id = acme.team_id
    with inside(app, acme) as it:
        visibility.enter(visibility.sight_of(it.member("viewer")))
        team_door.delete_team(it.team, by=it.member("viewer"))
    with inside(app, acme) as it:
        assert it.conversation.team_id is None


def test_whoever_leaves_the_workspace_leaves_its_teams(app: Flask) -> None:
    acme = make_company(app)
    with inside(app, acme) as it:
        team_door.remove(acme.members["agent"], heir_id=None, by=it.member("owner"))
    with inside(app, acme) as it:
        assert _names_in(it.team) == []


def test_what_becomes_of_a_team_is_in_the_audit_log(app: Flask) -> None:
    acme = make_company(app)
    with inside(app, acme) as it:
        me = it.member("owner")
        services.choose_members(it.team, user_ids=[], by=me)
        services.rename(it.team, name="Help", description="First aid", by=me)
        team_door.delete_team(it.team, by=me)
    with inside(app, acme):
        log = db.session.scalars(
            select(AuditEntry).where(AuditEntry.action.startswith("team.")).order_by(AuditEntry.id)
        ).all()
        assert [(entry.action, entry.target_name) for entry in log] == [
            ("team.changed", "Support"),
            ("team.changed", "Help"),
            ("team.deleted", "Help"),
        ]
        assert log[0].changes == {"members": ["Agent", ""]}
        assert log[1].changes == {"name": ["Support", "Help"], "description": ["", "First aid"]}
