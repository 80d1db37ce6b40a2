"""The pages of business hours: what is written is read back, and each mistake is told at its own line."""

from datetime import date
from uuid import UUID

import pytest
from flask import Flask
from flask.testing import FlaskClient
from werkzeug.test import TestResponse

from chatapp.common.audit import AuditEntry
from chatapp.common.db import db
from chatapp.hours import queries
from chatapp.hours.calendar import Holiday, Period
from chatapp.hours.models import Hours
from tests.factories import Company, inside, make_company
from tests.support.web_client import log_in, post

PATH = "/w/acme/settings/hours"
SHOP: dict[str, object] = {
    "name": "Shop",
    "timezone": "Europe/Madrid",
    "start-0": ["16:00", "09:00"],
    "end-0": ["19:00", "14:00"],
    "start-5": ["22:00"],
    "end-5": ["06:00"],
    "start-6": ["", "12:00"],
    "end-6": ["", "00:00"],
    "holiday-name": ["Christmas", "", "Inventory"],
    "holiday-first": ["2026-12-25", "", "2027-01-11"],
    "holiday-last": ["", "", "2027-01-12"],
    "holiday-repeat": ["yearly", "once", "once"],
    "holiday-hours": ["", "", "10:00–12:00, 13:00 - 14:30"],
}


@pytest.fixture
def acme(app: Flask, client: FlaskClient) -> Company:
    company = make_company(app)
    log_in(client, company.email("admin"))
    return company


def _only(app: Flask, company: Company) -> Hours:
    with inside(app, company):
        (hours,) = [found for found in queries.schedules() if found.id != company.hours_id]
        return hours


def _save(client: FlaskClient, **changes: object) -> TestResponse:
    return post(client, PATH, {**SHOP, **changes})


def test_a_schedule_is_read_back_as_it_was_written(app: Flask, client: FlaskClient, acme: Company) -> None:
    answer = _save(client)
    assert (answer.status_code, answer.location) == (303, PATH)
    hours = _only(app, acme)
    calendar = hours.calendar
    assert calendar.week[0] == (Period(540, 840), Period(960, 1140))
    assert calendar.week[5:] == ((Period(1320, 1800),), (Period(720, 1440),))
    assert calendar.holidays == (
        Holiday("Christmas", date(2026, 12, 25), date(2026, 12, 25), is_yearly=True),
        Holiday("Inventory", date(2027, 1, 11), date(2027, 1, 12), periods=(Period(600, 720), Period(780, 870))),
    )
    page = client.get(f"{PATH}/{hours.id}").text
    for written in ('value="16:00"', 'value="22:00"', 'value="2027-01-12"', "10:00–12:00, 13:00–14:30"):
        assert written in page
    listed = client.get(PATH).text
    for words in ("09:00–14:00, 16:00–19:00", "22:00–06:00 the next day", "25 Dec", "11 Jan 2027 – 12 Jan 2027"):
        assert words in listed


def test_there_is_one_default(app: Flask, client: FlaskClient, acme: Company) -> None:
    _save(client, is_default="y")
    hours = _only(app, acme)
    assert hours.is_default
    with inside(app, acme):
        assert queries.default_schedule().id == hours.id  # type: ignore[union-attr]
        assert not queries.schedule(acme.hours_id).is_default
    assert post(client, f"{PATH}/{hours.id}", SHOP).status_code == 303
    with inside(app, acme):
        assert queries.default_schedule() is None


def test_the_first_schedule_is_the_default(app: Flask, client: FlaskClient, acme: Company) -> None:
    post(client, f"{PATH}/{acme.hours_id}/removal", {})
    assert "Nobody has said when you are there" in client.get(PATH).text
    _save(client)
    assert _only(app, acme).is_default


def test_a_change_is_saved_and_goes_to_the_log(app: Flask, client: FlaskClient, acme: Company) -> None:
    answer = post(client, f"{PATH}/{acme.hours_id}", {**SHOP, "name": "Store", "is_default": "y"})
    assert answer.status_code == 303
    with inside(app, acme):
        hours = queries.schedule(acme.hours_id)
        assert (hours.name, hours.timezone) == ("Store", "Europe/Madrid")
        entry = db.session.query(AuditEntry).filter_by(action="hours.changed").one()
        assert entry.changes["name"] == ["Office", "Store"]


def test_deleting_leaves_projects_to_the_default(app: Flask, client: FlaskClient, acme: Company) -> None:
    with inside(app, acme) as it:
        it.project.hours_id = acme.hours_id
    assert post(client, f"{PATH}/{acme.hours_id}/removal", {}).status_code == 303
    with inside(app, acme) as it:
        assert it.project.hours_id is None
    assert post(client, f"{PATH}/{acme.hours_id}/removal", {}).status_code == 404


@pytest.mark.parametrize(
    ("changes", "sentence"),
    [
        ({"name": ""}, "Enter a name."),
        ({"name": "x" * 81}, "Use at most 80 characters."),
        ({"name": "Office"}, "Another schedule has this name."),
        ({"timezone": ""}, "Choose a time zone."),
        ({"timezone": "Mars/Olympus"}, "“Mars/Olympus” is no time zone."),
        ({"timezone": "../../etc/passwd"}, "is no time zone."),
        ({"start-0": ["09:00", "13:00"], "end-0": ["14:00", "18:00"]}, "09:00–14:00 and 13:00–18:00 overlap."),
        ({"start-6": ["05:00"], "end-6": ["12:00"]}, "The night before lasts until 06:00, which overlaps."),
        ({"start-0": ["09:00"], "end-0": [""]}, "Give both times, or neither."),
        ({"start-0": ["25:00"], "end-0": ["26:00"]}, "“25:00” is not a time."),
        ({"start-0": ["-1:00"], "end-0": ["02:00"]}, "is not a time."),
        ({"start-0": ["09:00"], "end-0": ["09:00"]}, "It opens and closes at the same time."),
        (
            {"start-0": [f"{hour:02}:00" for hour in range(11)], "end-0": [f"{hour:02}:30" for hour in range(11)]},
            "Use at most 10 periods a day.",
        ),
        ({"holiday-name": ["", "", ""]}, "Give the holiday a name"),
        ({"holiday-first": ["soon", "", "2027-01-11"]}, "“soon” is not a date."),
        ({"holiday-first": ["1999-12-25", "", "2027-01-11"]}, "Choose a year from 2000 to 2100."),
        ({"holiday-last": ["", "", "2027-01-10"]}, "“Inventory” ends before it begins."),
        ({"holiday-last": ["", "", "2028-01-12"]}, "“Inventory” lasts for more than a year."),
        ({"holiday-hours": ["", "", "all day"]}, "Write opening hours like 10:00–14:00"),
        ({"holiday-hours": ["", "", "10:00-12:00, 11:00-13:00"]}, "10:00–12:00 and 11:00–13:00 overlap."),
        (
            {"holiday-repeat": ["once", "once", "once"], "holiday-first": ["2027-01-12", "", "2027-01-11"]},
            "“Inventory” has a day in common with “Christmas”.",
        ),
    ],
)
def test_what_cannot_be_is_told_and_what_was_typed_is_kept(
    app: Flask, client: FlaskClient, acme: Company, changes: dict[str, object], sentence: str
) -> None:
    answer = _save(client, **changes)
    assert answer.status_code == 422
    assert sentence in answer.text
    assert 'value="16:00"' in answer.text or "start-0" in changes
    assert "13:00 - 14:30" in answer.text or "holiday-hours" in changes
    with inside(app, acme):
        assert [hours.id for hours in queries.schedules()] == [acme.hours_id]


def test_a_mistake_in_a_change_leaves_the_schedule_alone(app: Flask, client: FlaskClient, acme: Company) -> None:
    answer = post(client, f"{PATH}/{acme.hours_id}", {**SHOP, "holiday-last": ["2026-12-01", "", ""]})
    assert answer.status_code == 422
    with inside(app, acme):
        assert queries.schedule(acme.hours_id).name == "Office"


def test_fields_that_a_program_leaves_out_are_no_fault_of_ours(client: FlaskClient, acme: Company) -> None:
    assert post(client, PATH, {"name": "A", "timezone": "UTC", "start-0": ["09:00"]}).status_code == 303
    assert post(client, PATH, {"name": "B", "timezone": "UTC", "holiday-name": ["X"]}).status_code == 303


def test_a_viewer_reads_and_does_not_write(app: Flask, acme: Company) -> None:
    viewer = app.test_client()
    log_in(viewer, acme.email("viewer"))
    assert viewer.get(PATH).status_code == 200
    page = viewer.get(f"{PATH}/{acme.hours_id}").text
    assert "Save hours" not in page
    assert "data-add" not in page
    assert viewer.get(f"{PATH}/new").status_code == 403
    for path in (PATH, f"{PATH}/{acme.hours_id}", f"{PATH}/{acme.hours_id}/removal"):
        assert post(viewer, path, SHOP).status_code == 403


def test_another_companys_hours_do_not_exist(app: Flask, client: FlaskClient, acme: Company) -> None:
    globex = make_company(app, "globex")
    for path in (f"{PATH}/{globex.hours_id}", f"{PATH}/{UUID(int=0)}"):
        assert client.get(path).status_code == 404
        assert post(client, path, SHOP).status_code == 404
    settings = f"/w/acme/projects/{acme.project_id}/settings/general"
    answer = post(client, settings, {"name": "Shop", "hours_id": str(globex.hours_id)})
    assert answer.status_code == 404
    with inside(app, acme) as it:
        assert it.project.hours_id is None


def test_a_project_keeps_hours_of_its_own(app: Flask, client: FlaskClient, acme: Company) -> None:
    settings = f"/w/acme/projects/{acme.project_id}/settings/general"
    assert "The workspace’s hours" in client.get(settings).text
    for chosen in (str(acme.hours_id), ""):
        form: dict[str, object] = {"name": "Shop", "hours_id": chosen}
        assert post(client, settings, form).status_code == 303
        with inside(app, acme) as it:
            assert str(it.project.hours_id or "") == chosen
