"""The pages of teams: who sees them, who changes them, and what is said about what cannot be."""

import pytest
from flask import Flask
from flask.testing import FlaskClient

from chatapp.teams import queries
from tests.factories import Company, inside, make_company, make_team
from tests.support.web_client import log_in, post

TEAMS = "/w/acme/team/teams"


@pytest.fixture
def acme(app: Flask) -> Company:
    return make_company(app)


def _names(app: Flask, company: Company) -> list[str]:
    with inside(app, company):
        return [team.name for team in queries.teams()]


def _members(app: Flask, company: Company) -> list[str]:
    with inside(app, company):
        return [row.membership.user.name for row in queries.rows_of(company.team_id)]


def test_a_manager_makes_a_team_and_puts_people_into_it(app: Flask, client: FlaskClient, acme: Company) -> None:
    log_in(client, acme.email("admin"))
    answer = post(client, TEAMS, {"name": "  Billing ", "description": "Invoices"})
    assert answer.status_code == 303
    chosen = [str(acme.members["owner"]), str(acme.members["admin"])]
    assert post(client, f"{answer.location}/members", {"member_ids": chosen}).status_code == 303
    page = client.get(TEAMS).text
    assert "Admin, Owner" in page
    assert "Invoices" in page


@pytest.mark.parametrize("role", ["agent", "viewer"])
def test_those_who_do_not_manage_may_only_look(app: Flask, client: FlaskClient, acme: Company, role: str) -> None:
    log_in(client, acme.email(role))
    page = client.get(f"{TEAMS}/{acme.team_id}")
    assert page.status_code == 200
    assert "Agent" in page.text
    assert "<form" not in page.text.split('id="main"')[1].split("</main>")[0]
    assert post(client, TEAMS, {"name": "Mine"}).status_code == 403
    assert post(client, f"{TEAMS}/{acme.team_id}/deletion", {}).status_code == 403
    assert _names(app, acme) == ["Support"]


@pytest.mark.parametrize(
    ("form", "sentence"),
    [
        ({"name": " "}, "Enter a name."),
        ({"name": "a" * 61}, "Use at most 60 characters."),
        ({"name": "support", "description": "kept"}, "There is a team of this name already."),
        ({"name": "Billing", "description": "a" * 161}, "Use at most 160 characters."),
    ],
)
def test_what_is_wrong_with_a_team_is_said_and_the_form_kept(
    app: Flask, client: FlaskClient, acme: Company, form: dict[str, object], sentence: str
) -> None:
    log_in(client, acme.email("owner"))
    answer = post(client, TEAMS, form)
    assert answer.status_code == 422
    assert sentence in answer.text
    assert str(form.get("description", "")) in answer.text
    assert _names(app, acme) == ["Support"]


def test_renaming_to_a_taken_name_changes_nothing(app: Flask, client: FlaskClient, acme: Company) -> None:
    with inside(app, acme):
        make_team("Billing")
    log_in(client, acme.email("owner"))
    answer = post(client, f"{TEAMS}/{acme.team_id}", {"name": "BILLING"})
    assert (answer.status_code, "There is a team of this name already." in answer.text) == (422, True)
    assert post(client, f"{TEAMS}/{acme.team_id}", {"name": "SUPPORT"}).status_code == 303
    assert _names(app, acme) == ["Billing", "SUPPORT"]


@pytest.mark.parametrize(("who", "status"), [("nonsense", 422), ("outsider", 404)])
def test_only_people_of_the_workspace_get_into_a_team(
    app: Flask, client: FlaskClient, acme: Company, who: str, status: int
) -> None:
    outsider = str(make_company(app, "globex").members["agent"]) if who == "outsider" else who
    log_in(client, acme.email("owner"))
    form: dict[str, object] = {"member_ids": [str(acme.members["owner"]), outsider]}
    assert post(client, f"{TEAMS}/{acme.team_id}/members", form).status_code == status
    assert _members(app, acme) == ["Agent"]


def test_nobody_may_be_in_a_team(app: Flask, client: FlaskClient, acme: Company) -> None:
    log_in(client, acme.email("owner"))
    assert post(client, f"{TEAMS}/{acme.team_id}/members", {}).status_code == 303
    assert _members(app, acme) == []
    assert "Nobody is in it yet" in client.get(TEAMS).text


def test_a_deleted_team_is_gone_and_deleting_it_again_finds_nothing(
    app: Flask, client: FlaskClient, acme: Company
) -> None:
    log_in(client, acme.email("owner"))
    assert post(client, f"{TEAMS}/{acme.team_id}/deletion", {}).status_code == 303
    assert "No team yet" in client.get(TEAMS).text
    assert post(client, f"{TEAMS}/{acme.team_id}/deletion", {}).status_code == 404


def test_a_project_sends_its_conversations_to_a_team(app: Flask, client: FlaskClient, acme: Company) -> None:
    log_in(client, acme.email("owner"))
    settings = f"/w/acme/projects/{acme.project_id}/settings"
    assert post(client, f"{settings}/team", {"team_id": str(acme.team_id)}).status_code == 303
    assert f'<option value="{acme.team_id}" selected>' in client.get(f"{settings}/general").text
    with inside(app, acme) as it:
        assert it.another_conversation().team_id == acme.team_id
    assert post(client, f"{settings}/team", {"team_id": "nonsense"}).status_code == 422
    assert post(client, f"{settings}/team", {"team_id": ""}).status_code == 303
    with inside(app, acme) as it:
        assert it.another_conversation().team_id is None


@pytest.mark.parametrize(
    ("form", "sentence"),
    [
        ({"assignment": "by_magic"}, "Not a valid choice"),
        ({"assignment": "round_robin", "capacity": "0"}, "Use a number from 1 to 999."),
        ({"assignment": "round_robin", "capacity": "1000"}, "Use a number from 1 to 999."),
        ({"assignment": "round_robin", "capacity": "three"}, "Use a whole number."),
    ],
)
def test_rules_that_cannot_be_are_refused_and_kept_in_the_form(
    app: Flask, client: FlaskClient, acme: Company, form: dict[str, object], sentence: str
) -> None:
    log_in(client, acme.email("owner"))
    answer = post(client, f"{TEAMS}/{acme.team_id}/assignment", form)
    assert (answer.status_code, sentence in answer.text) == (422, True)
    assert str(form.get("capacity", "")) in answer.text
    with inside(app, acme) as it:
        assert (it.team.assignment, it.team.capacity) == ("none", None)


def test_rules_are_saved_and_the_page_shows_who_has_how_many(app: Flask, client: FlaskClient, acme: Company) -> None:
    with inside(app, acme) as it:
        it.conversation.assignee_id = acme.members["agent"]
    log_in(client, acme.email("admin"))
    form: dict[str, object] = {"assignment": "least_busy", "capacity": " 5 ", "only_online": "y"}
    assert post(client, f"{TEAMS}/{acme.team_id}/assignment", form).status_code == 303
    assert "1 of 5 open" in client.get(f"{TEAMS}/{acme.team_id}").text
    assert post(client, f"{TEAMS}/{acme.team_id}/assignment", {"assignment": "least_busy"}).status_code == 303
    with inside(app, acme) as it:
        assert (it.team.assignment, it.team.capacity, it.team.only_online) == ("least_busy", None, False)
