"""What a browser without scripts does: fetch a page's token, post a form, log in."""

import re

from flask.testing import FlaskClient
from werkzeug.test import TestResponse

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


def log_in(client: FlaskClient, email: str, password: str = PASSWORD) -> None:
    answer = post(client, "/login", {"email": email, "password": password})
    assert answer.status_code == 303, answer.text
