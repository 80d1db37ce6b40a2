"""One's own picture: sent, shown wherever one is, replaced and removed."""

import pytest
from flask import Flask
from flask.testing import FlaskClient

from chatapp.auth import queries
from chatapp.common.ids import uuid7
from chatapp.common.unit_of_work import unit_of_work
from chatapp.messages import services as messages
from tests.factories import Company, inside, make_company
from tests.support.picture_files import picture_file, upload
from tests.support.web_client import ORIGIN, csrf_token, log_in_by_form, post


@pytest.fixture
def acme(app: Flask) -> Company:
    return make_company(app)


@pytest.fixture
def agent(client: FlaskClient, acme: Company) -> FlaskClient:
    log_in_by_form(client, acme.email("agent"))
    return client


def _send(client: FlaskClient, content: bytes, name: str = "me.png") -> tuple[int, str]:
    headers = {"Origin": ORIGIN, "X-CSRFToken": csrf_token(client)}
    answer = client.post("/account/avatar", **upload(content, name), headers=headers)
    return answer.status_code, answer.text


def _path(app: Flask, company: Company) -> str | None:
    with app.app_context(), unit_of_work():
        user = queries.user(company.members["agent"])
        assert user is not None
        return user.avatar_path


def test_everybody_gets_the_picture_and_may_keep_it_for_ever(app: Flask, agent: FlaskClient, acme: Company) -> None:
    assert _send(agent, picture_file("JPEG"))[0] == 303
    path = _path(app, acme)
    assert path is not None
    answer = app.test_client().get(path)
    assert answer.status_code == 200
    assert answer.data[8:12] == b"WEBP"
    assert answer.headers["Content-Type"] == "image/webp"
    assert "immutable" in answer.headers["Cache-Control"]
    assert "sandbox" in answer.headers["Content-Security-Policy"]
    assert answer.headers["X-Content-Type-Options"] == "nosniff"
    assert "Set-Cookie" not in answer.headers
    assert str(acme.members["agent"]) not in path


def test_it_is_shown_wherever_the_person_is(app: Flask, agent: FlaskClient, acme: Company) -> None:
    _send(agent, picture_file())
    with inside(app, acme) as it:
        me = it.member("agent")
        messages.assign(it.conversation, to=me, by=me)
        messages.send_reply(it.conversation, by=me, text="Hello to you", client_id=uuid7())
    path = _path(app, acme)
    assert path is not None
    for page, least in (("/account", 2), ("/w/acme/team", 3), (f"/w/acme/inbox/{acme.conversation_id}", 6)):
        assert agent.get(page).text.count(f'src="{path}"') >= least, page


def test_programs_are_told_the_complete_address(app: Flask, agent: FlaskClient, acme: Company) -> None:
    _send(agent, picture_file())
    with inside(app, acme) as it:
        me = it.member("agent")
        messages.assign(it.conversation, to=me, by=me)
    pair = agent.post("/api/v1/auth/token", json={"email": acme.email("agent"), "password": "a password for tests"})
    headers = {"Authorization": f"Bearer {pair.get_json()['access_token']}"}
    url = f"/api/v1/w/acme/conversations/{acme.conversation_id}"
    answer = app.test_client().get(url, headers=headers).get_json()
    public_url = app.extensions["chatapp.config"].public_url
    assert answer["assignee"]["avatar_url"] == f"{public_url}{_path(app, acme)}"


def test_another_picture_has_another_address_and_the_old_one_is_gone(
    app: Flask, agent: FlaskClient, acme: Company
) -> None:
    _send(agent, picture_file())
    first = _path(app, acme)
    _send(agent, picture_file(colour="blue"))
    second = _path(app, acme)
    assert first is not None
    assert second not in (None, first)
    assert agent.get(first).status_code == 404
    assert post(agent, "/account/avatar/removal", {}).status_code == 303
    assert _path(app, acme) is None
    assert agent.get(str(second)).status_code == 404


@pytest.mark.parametrize(
    ("content", "sentence"),
    [
        (b"", "Choose a picture first."),
        (b"<svg onload=alert(1)>", "no picture that we can read"),
        (b"\xff\xd8\xff" + b"\0" * (24 * 1024 * 1024), "larger than 5 MB"),
    ],
    ids=["nothing", "svg", "24 MB"],
)
def test_what_is_refused_is_said_beside_the_form(
    app: Flask, agent: FlaskClient, acme: Company, content: bytes, sentence: str
) -> None:
    status, page = _send(agent, content, "me.svg")
    assert status == 422
    assert sentence in page
    assert 'value="Agent"' in page
    assert _path(app, acme) is None


def test_what_is_larger_than_anybody_may_send_is_not_read(agent: FlaskClient) -> None:
    assert _send(agent, b"\0" * (26 * 1024 * 1024))[0] == 413


def test_strangers_may_send_no_more_than_elsewhere(app: Flask) -> None:
    stranger = app.test_client()
    headers = {"Origin": ORIGIN, "X-CSRFToken": csrf_token(stranger)}
    assert stranger.post("/account/avatar", **upload(b"\0" * 2_000_000), headers=headers).status_code == 413


def test_pictures_are_changed_twenty_times_an_hour_at_most(agent: FlaskClient) -> None:
    answers = [_send(agent, b"none")[0] for _number in range(21)]
    assert answers == [422] * 20 + [429]
