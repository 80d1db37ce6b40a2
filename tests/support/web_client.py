"""What a browser without scripts does: fetch a page's token, post a form, log in."""

import re
from uuid import UUID

from flask.testing import FlaskClient
from sqlalchemy import select
from werkzeug.test import TestResponse

from chatapp.auth import services as auth
from chatapp.auth.models import User
from chatapp.common.db import db
from chatapp.common.unit_of_work import unit_of_work
from tests.factories import PASSWORD

ORIGIN = "http://localhost"
_TOKEN = re.compile(r'name="csrf-token" content="([^"]+)"')


def csrf_token(client: FlaskClient) -> str:
    """The token that the pages of this client's session carry."""
    found = _TOKEN.search(client.get("/styleguide").text)
    assert found is not None
    return found.group(1)


def post(client: FlaskClient, path: str, form: dict[str, object], **headers: str) -> TestResponse:
    """Submit a form as a page of ours would; headers by name with underscores (`HX_Request="true"`)."""
    named = {name.replace("_", "-"): value for name, value in headers.items()}
    return client.post(path, data=form, headers={"Origin": ORIGIN, "X-CSRFToken": csrf_token(client), **named})


def log_in(client: FlaskClient, email: str) -> None:
    """Past the door, for tests that are about something else: comparing a password takes 20 ms of a core."""
    with client.application.app_context():
        user_id = db.session.scalars(select(User.id).where(User.email == email)).one()
    let_in(client, user_id)


def let_in(client: FlaskClient, user_id: UUID) -> None:
    """A session of this user's, whatever their account asks for at the door: operators have a second step."""
    with client.application.app_context(), unit_of_work():
        user = db.session.get_one(User, user_id)
        token = auth.start_session(user, ip="127.0.0.1", user_agent="Mozilla/5.0 (X11; Linux) Firefox/140.0")
    with client.session_transaction() as session:
        session["_user_id"] = token


def log_in_by_form(client: FlaskClient, email: str, password: str = PASSWORD) -> None:
    answer = post(client, "/login", {"email": email, "password": password})
    assert answer.status_code == 303, answer.text
