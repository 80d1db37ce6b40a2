"""The logo of a workspace: who changes it, and where it is seen."""

import pytest
from flask import Flask
from flask.testing import FlaskClient

from chatapp.audit import queries as audit
from chatapp.audit.queries import Filter
from chatapp.common.db import db
from chatapp.workspaces.models import Workspace
from tests.factories import Company, inside, make_company
from tests.support.picture_files import picture_file, upload
from tests.support.web_client import ORIGIN, csrf_token, log_in, post


@pytest.fixture
def acme(app: Flask) -> Company:
    return make_company(app)


def _send(client: FlaskClient, content: bytes) -> int:
    headers = {"Origin": ORIGIN, "X-CSRFToken": csrf_token(client)}
    return client.post("/w/acme/settings/logo", **upload(content), headers=headers).status_code


def _path(app: Flask, company: Company) -> str | None:
    with inside(app, company):
        return db.session.get_one(Workspace, company.workspace_id).logo_path


def test_an_admin_changes_it_and_everybody_sees_it(app: Flask, client: FlaskClient, acme: Company) -> None:
    log_in(client, acme.email("admin"))
    assert _send(client, picture_file()) == 303
    path = _path(app, acme)
    assert path is not None
    assert app.test_client().get(path).data[8:12] == b"WEBP"
    for page in ("/w/acme/", "/workspaces", "/w/acme/settings"):
        assert f'src="{path}"' in client.get(page).text, page
    with inside(app, acme):
        assert audit.page(Filter(action="workspace.logo_changed")).rows[0].actor_name == "Admin"
    assert post(client, "/w/acme/settings/logo/removal", {}).status_code == 303
    assert client.get(path).status_code == 404
    assert path not in client.get("/w/acme/").text


def test_an_agent_does_not(app: Flask, client: FlaskClient, acme: Company) -> None:
    log_in(client, acme.email("agent"))
    assert _send(client, picture_file()) == 403
    assert _path(app, acme) is None


def test_what_is_no_picture_is_refused_on_the_page(app: Flask, client: FlaskClient, acme: Company) -> None:
    log_in(client, acme.email("owner"))
    assert _send(client, b"%PDF-1.7") == 422
    assert _path(app, acme) is None
