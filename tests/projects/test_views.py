"""Projects: create, change, and the snippet's page."""

import pytest
from flask import Flask
from flask.testing import FlaskClient

from chatapp.common.db import db
from chatapp.plans import queries as plans
from chatapp.projects import queries, services
from chatapp.projects.settings_pages import PAGES
from tests.factories import Company, Inside, inside, make_company
from tests.support.web_client import log_in, post


@pytest.fixture
def acme(app: Flask) -> Company:
    return make_company(app)


def test_an_owner_makes_a_project_and_gets_its_snippet(app: Flask, client: FlaskClient, acme: Company) -> None:
    log_in(client, acme.email("owner"))
    answer = post(client, "/w/acme/projects", {"name": "Blog", "domains": "https://blog.example/x, *.b.example"})
    assert answer.status_code == 303
    page = client.get(answer.location or "").text
    with inside(app, acme):
        project = next(project for project in queries.projects() if project.name == "Blog")
        assert project.allowed_domains == ["blog.example", "*.b.example"]
        assert project.site_key in page
    assert "/widget.js" in page


def test_a_bad_domain_is_named_and_the_form_kept(client: FlaskClient, acme: Company) -> None:
    log_in(client, acme.email("owner"))
    answer = post(client, "/w/acme/projects", {"name": "Blog", "domains": "good.example ba;d"})
    assert answer.status_code == 422
    assert "“ba;d” is not a domain" in answer.text
    assert "good.example ba;d" in answer.text


def test_an_agent_sees_projects_but_changes_none(client: FlaskClient, acme: Company) -> None:
    log_in(client, acme.email("agent"))
    assert post(client, "/w/acme/projects", {"name": "Blog", "domains": "b.example"}).status_code == 403
    for page in PAGES:
        settings = f"/w/acme/projects/{acme.project_id}/settings/{page.name}"
        assert client.get(settings).status_code == 200
        assert post(client, settings, {"name": "Mine now", "domains": "b.example"}).status_code == 403


def test_the_page_turns_green_once_the_site_was_seen(app: Flask, client: FlaskClient, acme: Company) -> None:
    log_in(client, acme.email("owner"))
    check = f"/w/acme/projects/{acme.project_id}/installation"
    assert "hx-get" in client.get(check).text
    with inside(app, acme) as here:
        services.note_seen(here.project, url="https://acme.example/lamps")
    seen = client.get(check).text
    assert "hx-get" not in seen
    assert "acme.example/lamps" in seen


def test_a_project_is_archived_and_taken_back(app: Flask, client: FlaskClient, acme: Company) -> None:
    log_in(client, acme.email("owner"))
    root = f"/w/acme/projects/{acme.project_id}"
    for _twice in range(2):
        assert post(client, f"{root}/archival", {}).status_code == 303
    page = client.get("/w/acme/projects").text
    assert "No project in use" in page
    assert "Acme Shop" in page
    assert "This project is archived." in client.get(f"{root}/settings/general").text
    assert client.get(f"/w/acme/inbox/{acme.conversation_id}").status_code == 200
    assert client.get(f"/widget/{acme.site_key}").status_code == 403
    with inside(app, acme) as it:
        give_plan(it, projects=1)
    answer = post(client, "/w/acme/projects", {"name": "Blog", "domains": "b.example"})
    assert answer.status_code == 303
    refused = post(client, f"{root}/restoration", {})
    assert refused.status_code == 402
    assert "Your plan allows 1 project" in refused.text
    with inside(app, acme) as it:
        give_plan(it, projects=2)
    for _twice in range(2):
        assert post(client, f"{root}/restoration", {}).status_code == 303
    assert client.get(f"/widget/{acme.site_key}").status_code == 200
    log = client.get("/w/acme/settings/audit").text
    assert log.count("Archived a project") == log.count("Took a project out of the archive") == 2  # and in the filter


def give_plan(it: Inside, *, projects: int) -> None:
    plan = plans.plan(it.company.workspace_id)
    plan.projects = projects
    db.session.add(plan)
