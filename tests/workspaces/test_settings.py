"""General settings: who changes what, and an address that leads on after the workspace has moved."""

from concurrent.futures import ThreadPoolExecutor
from threading import Barrier

import pytest
from flask import Flask
from flask.testing import FlaskClient

from chatapp.audit import queries as audit
from chatapp.audit.queries import Filter
from chatapp.common.db import db
from chatapp.common.errors import AppError
from chatapp.common.permissions import access_of
from chatapp.common.unit_of_work import unit_of_work
from chatapp.workspaces import queries, services
from chatapp.workspaces.models import Workspace
from chatapp.workspaces.settings_pages import PAGES
from tests.factories import Company, inside, make_company
from tests.isolation.detectors import UPGRADE
from tests.support.web_client import log_in, post

GENERAL = {"name": "Acme Lamps", "locale": "es", "time_zone": "Europe/Madrid"}


@pytest.fixture
def acme(app: Flask) -> Company:
    return make_company(app)


def _move(client: FlaskClient, company: Company, slug: str) -> None:
    log_in(client, company.email("owner"))
    answer = post(client, f"/w/{company.slug}/settings/address", {"slug": slug})
    assert (answer.status_code, answer.location) == (303, f"/w/{slug}/settings")


def _workspace(app: Flask, company: Company) -> Workspace:
    with inside(app, company):
        return db.session.get_one(Workspace, company.workspace_id)


def test_an_admin_changes_name_language_and_time_zone(app: Flask, client: FlaskClient, acme: Company) -> None:
    log_in(client, acme.email("admin"))
    assert post(client, "/w/acme/settings", dict(GENERAL)).status_code == 303
    workspace = _workspace(app, acme)
    assert (workspace.name, workspace.locale, workspace.time_zone) == ("Acme Lamps", "es", "Europe/Madrid")
    with inside(app, acme):
        entry = audit.page(Filter(action="workspace.changed")).rows[0]
    assert entry.actor_name == "Admin"
    assert entry.changes["time zone"] == ["UTC", "Europe/Madrid"]
    assert 'selected value="Europe/Madrid"' in client.get("/w/acme/settings").text


@pytest.mark.parametrize(
    "wrong",
    [{"name": ""}, {"name": "x" * 81}, {"locale": "fr"}, {"time_zone": "Mars/Olympus"}, {"time_zone": "../etc/passwd"}],
)
def test_what_cannot_be_is_refused_and_nothing_changes(
    app: Flask, client: FlaskClient, acme: Company, wrong: dict[str, object]
) -> None:
    log_in(client, acme.email("owner"))
    answer = post(client, "/w/acme/settings", GENERAL | wrong)
    assert answer.status_code == 422
    assert "field__error" in answer.text
    assert _workspace(app, acme).name == "Acme"


def test_the_rail_leads_to_the_first_page_that_one_may_see(client: FlaskClient, acme: Company) -> None:
    log_in(client, acme.email("admin"))
    assert 'href="/w/acme/settings"' in client.get("/w/acme/").text


def test_whoever_may_not_see_the_first_page_is_led_to_another(client: FlaskClient, acme: Company) -> None:
    log_in(client, acme.email("agent"))
    home = client.get("/w/acme/").text
    assert 'href="/w/acme/settings"' not in home
    assert 'href="/w/acme/settings/hours"' in home
    assert client.get("/w/acme/settings").status_code == 403


def test_each_line_of_the_list_says_what_its_page_demands(app: Flask) -> None:
    assert len(PAGES) >= 2
    for page in PAGES:
        assert access_of(app.view_functions[page.endpoint]) == page.permission


def test_an_admin_reads_the_address_and_only_an_owner_changes_it(client: FlaskClient, acme: Company) -> None:
    log_in(client, acme.email("admin"))
    assert "Only an owner can change it." in client.get("/w/acme/settings").text
    assert post(client, "/w/acme/settings/address", {"slug": "lamps"}).status_code == 403


def test_the_old_address_leads_to_the_new_one(client: FlaskClient, acme: Company) -> None:
    _move(client, acme, "lamps")
    old = client.get("/w/acme/inbox?view=mine")
    assert (old.status_code, old.location) == (308, "/w/lamps/inbox?view=mine")
    assert old.headers["Cache-Control"] == "no-store"
    assert "acme" in client.get("/w/lamps/settings").text
    form = post(client, "/w/acme/projects", {"name": "Blog", "domains": "b.example"})
    assert (form.status_code, form.location) == (308, "/w/lamps/projects")
    assert client.get("/w/acme/no-such-page").status_code == 404


def test_programs_and_sockets_are_served_at_the_old_address(app: Flask, client: FlaskClient, acme: Company) -> None:
    tokens = client.post("/api/v1/auth/token", json={"email": acme.email("agent"), "password": "a password for tests"})
    _move(client, acme, "lamps")
    headers = {"Authorization": f"Bearer {tokens.get_json()['access_token']}"}
    answer = app.test_client().get("/api/v1/w/acme/conversations", headers=headers)
    assert answer.status_code == 200, answer.text
    with pytest.raises(RuntimeError, match="Sockets need gunicorn"):  # through the door; no socket in this process
        client.get("/w/acme/socket", headers=UPGRADE)


def test_an_outsider_cannot_tell_an_old_address_from_an_unknown_one(
    app: Flask, client: FlaskClient, acme: Company
) -> None:
    _move(client, acme, "lamps")
    stranger = app.test_client()
    log_in(stranger, make_company(app, "globex").email("owner"))
    answers = [stranger.get(f"/w/{slug}/inbox") for slug in ("acme", "amce")]
    assert [answer.status_code for answer in answers] == [404, 404]
    left, right = (_without_nonces(answer.text) for answer in answers)
    assert left == right
    assert app.test_client().get("/w/acme/inbox").status_code == app.test_client().get("/w/amce/inbox").status_code


def _without_nonces(text: str) -> list[str]:
    return [line for line in text.splitlines() if "nonce=" not in line and "csrf-token" not in line]


def test_nobody_else_gets_an_address_that_was_left(app: Flask, client: FlaskClient, acme: Company) -> None:
    _move(client, acme, "lamps")
    globex = make_company(app, "globex")
    stranger = app.test_client()
    log_in(stranger, globex.email("owner"))
    refused = post(stranger, "/w/globex/settings/address", {"slug": "acme"})
    assert refused.status_code == 422
    assert "This address is taken" in refused.text
    assert 'value="acme"' in refused.text
    assert post(stranger, "/workspaces", {"name": "Copy", "slug": "acme"}).status_code == 422


def test_a_workspace_may_move_back(app: Flask, client: FlaskClient, acme: Company) -> None:
    _move(client, acme, "lamps")
    assert post(client, "/w/lamps/settings/address", {"slug": "acme"}).location == "/w/acme/settings"
    assert client.get("/w/lamps/").location == "/w/acme/"
    assert client.get("/w/acme/").status_code == 200
    with inside(app, acme):
        assert [old.slug for old in queries.old_addresses()] == ["lamps"]


@pytest.mark.parametrize("slug", ["admin", "operator", "globex", "-x", "Ünï", ""])
def test_reserved_taken_and_impossible_addresses_are_refused(
    app: Flask, client: FlaskClient, acme: Company, slug: str
) -> None:
    make_company(app, "globex")
    log_in(client, acme.email("owner"))
    answer = post(client, "/w/acme/settings/address", {"slug": slug})
    assert answer.status_code == 422
    assert "field__error" in answer.text
    assert _workspace(app, acme).slug == "acme"


def test_addresses_change_ten_times_a_day_at_most(client: FlaskClient, acme: Company) -> None:
    log_in(client, acme.email("owner"))
    for _number in range(10):
        assert post(client, "/w/acme/settings/address", {"slug": "acme"}).status_code == 303
    assert post(client, "/w/acme/settings/address", {"slug": "acme"}).status_code == 429


@pytest.mark.parametrize("wishes", [("lamps", "lamps"), ("globex", "acme")])
def test_of_two_who_want_one_address_at_once_one_is_told_so(app: Flask, acme: Company, wishes: tuple[str, str]) -> None:
    companies = (acme, make_company(app, "globex"))
    together = Barrier(2)

    def try_to_move(pair: tuple[Company, str]) -> int:
        company, slug = pair
        with app.app_context():
            try:
                with unit_of_work(company.workspace_id):
                    owner = queries.member(company.members["owner"])
                    together.wait(5)
                    services.move(db.session.get_one(Workspace, company.workspace_id), to=slug, by=owner.user)
            except AppError as error:
                return error.status
        return 303

    with ThreadPoolExecutor(2) as pool:
        answers = sorted(pool.map(try_to_move, zip(companies, wishes, strict=True)))
    assert answers == ([303, 422] if wishes[0] == wishes[1] else [422, 422])


def test_a_new_workspace_takes_the_browsers_time_zone(app: Flask, client: FlaskClient, acme: Company) -> None:
    log_in(client, acme.email("viewer"))
    post(client, "/workspaces", {"name": "One", "slug": "one", "time_zone": "America/New_York"})
    post(client, "/workspaces", {"name": "Two", "slug": "two", "time_zone": "<script>"})
    with app.app_context(), unit_of_work():
        found = {
            membership.workspace.slug: membership.workspace.time_zone
            for membership in queries.memberships_of(acme.members["viewer"])
        }
    assert found == {"acme": "UTC", "one": "America/New_York", "two": "UTC"}
