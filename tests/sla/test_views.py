"""The pages of targets: written, ordered, deleted, reported; and each mistake told."""

import re
from uuid import UUID

import pytest
from flask import Flask
from flask.testing import FlaskClient

from chatapp.common.audit import AuditEntry
from chatapp.common.db import db
from chatapp.conversations.permissions import REPLY
from chatapp.conversations.queries import conversation
from chatapp.messages.services import assign
from chatapp.sla import permissions, queries
from tests.auth.conftest import logged_in
from tests.factories import Company, inside, make_company, make_role
from tests.sla.stage import Stage, promise
from tests.support.web_client import log_in, post

PATH = "/w/acme/settings/sla"
_CONVERSATION = re.compile("/w/acme/inbox/[0-9a-f-]{36}")
FORM: dict[str, object] = {
    "name": "Everybody",
    "first_response": "15",
    "first_response_unit": "minutes",
    "next_response": "2",
    "next_response_unit": "hours",
    "resolution": "",
    "resolution_unit": "hours",
    "warn_amount": "20",
    "warn_unit": "percent",
    "hours_id": "",
    "project_id": "",
    "team_id": "",
    "channel_kind": "",
    "is_default": "y",
}


@pytest.fixture
def acme(app: Flask, client: FlaskClient) -> Company:
    company = make_company(app)
    log_in(client, company.email("admin"))
    return company


def _names(app: Flask, company: Company) -> list[str]:
    with inside(app, company):
        return [policy.name for policy in queries.policies() if policy.id != company.policy_id]


def test_a_policy_is_read_back_as_it_was_written(app: Flask, client: FlaskClient, acme: Company) -> None:
    post(client, f"{PATH}/{acme.policy_id}/removal", {})
    assert "No targets yet" in client.get(PATH).text
    answer = post(client, PATH, FORM | {"hours_id": str(acme.hours_id)})
    assert (answer.status_code, answer.location) == (303, PATH)
    with inside(app, acme):
        (policy,) = queries.policies()
        assert (policy.first_response, policy.next_response, policy.resolution) == (15, 120, None)
        assert (policy.warn_amount, policy.warn_unit, policy.hours_id) == (20, "percent", acme.hours_id)
        assert {entry.action for entry in db.session.query(AuditEntry)} >= {"sla.created"}
    page = client.get(f"{PATH}/{policy.id}").text
    assert 'value="15"' in page
    assert 'value="2"' in page
    listed = client.get(PATH).text
    for words in ("15 minutes", "2 hours", "Office", "Every conversation that no other policy is for"):
        assert words in listed


def test_policies_are_ordered_changed_and_deleted(app: Flask, client: FlaskClient, acme: Company) -> None:
    post(client, PATH, FORM)
    for name in ("One", "Two", "Three"):
        post(client, PATH, FORM | {"name": name, "is_default": "", "channel_kind": "web"})
    assert _names(app, acme) == ["One", "Two", "Three", "Everybody"]
    with inside(app, acme):
        ids = {policy.name: policy.id for policy in queries.policies()}
    post(client, f"{PATH}/{ids['Three']}/place", {"direction": "up"})
    for _again in range(3):
        post(client, f"{PATH}/{ids['One']}/place", {"direction": "up"})
    post(client, f"{PATH}/{ids['Everybody']}/place", {"direction": "up"})
    assert _names(app, acme) == ["One", "Three", "Two", "Everybody"]
    for _again in range(2):  # past the one that the company came with, too
        post(client, f"{PATH}/{ids['One']}/place", {"direction": "down"})
    changed = FORM | {"name": "Uno", "is_default": "", "team_id": str(acme.team_id)}
    assert post(client, f"{PATH}/{ids['One']}", changed).status_code == 303
    assert post(client, f"{PATH}/{ids['Two']}/removal", {}).status_code == 303
    assert _names(app, acme) == ["Three", "Uno", "Everybody"]


@pytest.mark.parametrize(
    ("changes", "sentence"),
    [
        ({"name": ""}, "Enter a name."),
        ({"name": "Taken"}, "Another policy has this name."),
        ({"first_response": "", "next_response": ""}, "Set at least one target."),
        ({"first_response": "-5"}, "Write a whole number, such as 30."),
        ({"first_response": "1.5"}, "Write a whole number, such as 30."),
        ({"first_response": "٣"}, "Write a whole number, such as 30."),
        ({"first_response": "0"}, "Use 1 or more, or leave it out."),
        ({"next_response": "1000000000"}, "Use at most a year."),
        ({"resolution": "9000"}, "Use at most a year."),
        ({"resolution": "9" * 400}, "Use at most a year."),
        ({"warn_amount": "100"}, "Use 1 to 99 percent."),
        ({"warn_amount": "-1"}, "Write a whole number, such as 30."),
        ({"channel_kind": "pigeon", "is_default": ""}, "Choose a channel of the list."),
        ({"channel_kind": "web"}, "The default is for every project, team and channel."),
        ({"is_default": ""}, "Choose a project, a team or a channel, or make it the default."),
        ({"name": "Other"}, "“Taken” is the default. There can be one."),
    ],
)
def test_what_cannot_be_is_told_and_nothing_is_written(
    app: Flask, client: FlaskClient, acme: Company, changes: dict[str, object], sentence: str
) -> None:
    with inside(app, acme):
        promise(name="Taken", is_default="Taken" in sentence and "name" in changes)
    answer = post(client, PATH, FORM | changes)
    assert answer.status_code == 422
    assert sentence in answer.text
    assert "Everybody" in answer.text or "name" in changes
    assert _names(app, acme) == ["Taken"]


@pytest.mark.parametrize("field", ["hours_id", "project_id", "team_id"])
def test_parts_of_another_company_do_not_exist(app: Flask, client: FlaskClient, acme: Company, field: str) -> None:
    globex = make_company(app, "globex")
    for value in (getattr(globex, field), UUID(int=0), "nonsense"):
        form = FORM | {field: str(value), "is_default": "y" if field == "hours_id" else ""}
        assert post(client, PATH, form).status_code == 404
    assert _names(app, acme) == []


def test_a_viewer_reads_and_does_not_write(app: Flask, acme: Company) -> None:
    with inside(app, acme):
        policy = promise()
    viewer = app.test_client()
    log_in(viewer, acme.email("viewer"))
    for path in (PATH, f"{PATH}/{policy.id}", f"{PATH}/{policy.id}/clocks"):
        page = viewer.get(path)
        assert page.status_code == 200
        assert "Save policy" not in page.text
    assert viewer.get(f"{PATH}/new").status_code == 403
    for path in (PATH, f"{PATH}/{policy.id}", f"{PATH}/{policy.id}/removal", f"{PATH}/{policy.id}/place"):
        assert post(viewer, path, FORM).status_code == 403


def test_hours_that_a_policy_counts_in_cannot_be_deleted(app: Flask, client: FlaskClient, acme: Company) -> None:
    with inside(app, acme):
        promise(hours_id=acme.hours_id)
    answer = post(client, f"/w/acme/settings/hours/{acme.hours_id}/removal", {})
    assert answer.status_code == 409
    assert "A target for answers is measured in these hours." in answer.text


def test_each_number_of_the_report_opens_the_conversations_behind_it(
    client: FlaskClient, stage: Stage, monkeypatch: pytest.MonkeyPatch
) -> None:
    log_in(client, stage.company.email("viewer"))
    stage.visitor(0)
    stage.agent(5)
    kept = stage.conversation_id
    late = Stage(stage.app, stage.company, monkeypatch)
    late.visitor(0)
    late.agent(30)
    monkeypatch.setattr("chatapp.sla.report.now", lambda: late.at(40))
    with inside(stage.app, stage.company):
        policy = queries.default_policy()
        assert policy is not None
    page = client.get(PATH).text
    assert "1 kept" in page
    assert "1 missed" in page
    assert "50 %" in page
    for outcome, shown in (("met", {kept}), ("breached", {late.conversation_id}), ("running", set())):
        listed = client.get(f"{PATH}/{policy.id}/clocks?kind=first_response&outcome={outcome}")
        assert {key for key in (kept, late.conversation_id) if str(key) in listed.text} == shown
    for query in ("kind=nonsense", "outcome=nonsense"):
        assert client.get(f"{PATH}/{policy.id}/clocks?{query}").status_code == 404
    assert client.get(f"{PATH}/{policy.id}/clocks?cursor=nonsense").status_code == 400


def test_figures_and_lists_agree_with_what_a_role_shows(stage: Stage, monkeypatch: pytest.MonkeyPatch) -> None:
    stage.visitor(0)
    stage.agent(5)
    other = Stage(stage.app, stage.company, monkeypatch)
    other.visitor(0)
    other.agent(5)
    monkeypatch.setattr("chatapp.sla.report.now", lambda: other.at(40))
    with inside(stage.app, stage.company) as it:
        policy = queries.default_policy()
        assert policy is not None
        clerk = it.member("agent")
        clerk.take(make_role("Clerk", permissions.VIEW, REPLY, visibility="own"))
        assign(conversation(stage.conversation_id), to=clerk, by=it.member("owner"))
    clocks = f"{PATH}/{policy.id}/clocks?kind=first_response&outcome=met"
    for role, count in (("viewer", 2), ("agent", 1)):
        client = logged_in(stage.app, stage.company.email(role))
        page, listed = client.get(PATH).text, client.get(clocks).text
        assert f"{count} kept" in page
        assert len(_CONVERSATION.findall(listed)) == count
        for text in (page, listed):
            assert ("only the conversations that your role shows you" in text) == (role == "agent")
