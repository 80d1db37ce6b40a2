"""How a widget looks and speaks: what is typed, what is tried out, and what is saved."""

from __future__ import annotations

import re
from io import BytesIO
from typing import Any

import pytest
from flask import Flask
from flask.testing import FlaskClient

from chatapp.common import queue
from chatapp.projects.words import WORDS
from chatapp.widget import drafts
from chatapp.widget.theme import normalised
from tests.factories import Company, inside, make_company
from tests.support.picture_files import picture_file
from tests.support.web_client import log_in, post

LOOK: dict[str, object] = {
    "accent": "#145A45",
    "scheme": "dark",
    "launcher_shape": "words",
    "launcher_side": "left",
    "launcher_x": "0",
    "launcher_y": "200",
    "faces": "",
    "en_greeting": "Ahoy!\r\nWhat is it?",
    "es_replies": "Contestamos {when}",
}


@pytest.fixture
def acme(app: Flask) -> Company:
    return make_company(app)


@pytest.fixture
def owner(client: FlaskClient, acme: Company) -> FlaskClient:
    log_in(client, acme.email("owner"))
    return client


def address(company: Company, more: str = "") -> str:
    return f"/w/{company.slug}/projects/{company.project_id}/settings/appearance{more}"


def test_what_is_saved_is_read_back_and_recorded(app: Flask, owner: FlaskClient, acme: Company) -> None:
    assert post(owner, address(acme), LOOK).status_code == 303
    with inside(app, acme) as it:
        project = it.project
        assert (project.accent, project.scheme, project.launcher_x, project.launcher_y) == ("#145a45", "dark", 0, 200)
        assert project.words == {"en": {"greeting": "Ahoy!\nWhat is it?"}, "es": {"replies": "Contestamos {when}"}}
    page = owner.get(address(acme)).text
    assert "Ahoy!\nWhat is it?</textarea>" in page
    assert "White text reads well on it (8." in page
    log = owner.get("/w/acme/settings/audit").text
    assert "<ins>#145a45</ins>" in log


@pytest.mark.parametrize(
    ("field", "typed", "sentence"),
    [
        ("accent", "red;}*{display:none", "Enter a colour as six digits"),
        ("accent", "", "Enter a colour as six digits"),
        ("scheme", "sepia", "Choose one of the list."),
        ("launcher_shape", "hexagon", "Choose one of the list."),
        ("launcher_side", "top", "Choose one of the list."),
        ("launcher_x", "201", "Enter a whole number from 0 to 200."),
        ("launcher_y", "-1", "Enter a whole number from 0 to 200."),
        ("launcher_y", "９" * 5000, "Enter a whole number from 0 to 200."),
        ("faces", "everybody", "Choose one of the list."),
        ("en_greeting", "x" * 81, "Use at most 80 characters."),
        ("es_launcher", "two\nlines", "Use plain text in one line."),
        ("en_intro", "turned \u202e around", "Use plain text in one line."),
        ("en_replies", "Soon", "Keep “{when}”"),
        ("en_replies", "{when} or {never}", "Nothing is filled in for “{never}” here."),
        ("en_thanks", "%(name)s", "Nothing is filled in for “%(” here."),
    ],
)
def test_what_is_wrong_gets_a_sentence_and_stays_as_it_was_typed(
    app: Flask, owner: FlaskClient, acme: Company, field: str, typed: str, sentence: str
) -> None:
    for path in (address(acme), address(acme, "/preview")):
        answer = post(owner, path, LOOK | {field: typed})
        assert answer.status_code == 422
        assert sentence in answer.text
    if field not in ("scheme", "launcher_shape", "launcher_side", "faces") and typed:
        assert typed.splitlines()[-1] in post(owner, address(acme), LOOK | {field: typed}).text
    with inside(app, acme) as it:
        assert it.project.accent != "#145a45"


@pytest.mark.parametrize(
    ("typed", "colour"), [("#ABC", "#aabbcc"), ("00ff00", "#00ff00"), ("#12345", None), ("#ff0000 ", None), ("", None)]
)
def test_a_colour_may_be_typed_in_several_ways(typed: str, colour: str | None) -> None:
    assert normalised(typed) == colour


def test_our_own_words_keep_to_the_rules(app: Flask) -> None:
    with app.test_request_context():
        for locale in ("en", "es"):
            assert [word.problem_of(word.default_in(locale)) for word in WORDS if word.default] == [None] * 9


def draft_of(owner: FlaskClient, company: Company, look: dict[str, object]) -> str:
    answer = post(owner, address(company, "/preview"), look)
    assert answer.status_code == 200
    return re.findall(r'data-draft="([^"]+)"', answer.text)[0]


def test_a_draft_is_shown_and_nothing_of_it_is_saved(app: Flask, owner: FlaskClient, acme: Company) -> None:
    token = draft_of(owner, acme, LOOK)
    site = owner.get(address(acme, f"/site?draft={token}&screen=thread&locale=en"))
    key = drafts.key_of(token, screen="thread", scheme="light")
    assert f'data-key="{key}"' in site.text
    assert "frame-ancestors 'self'; frame-src 'self'" in site.headers["Content-Security-Policy"]
    panel = owner.get(f"/widget/{key}?locale=en").text
    assert "Ahoy!\nWhat is it?</h1>" in panel
    assert "preview/panel.js" in panel
    assert "main.js" not in panel
    assert "#145a45" in owner.get(f"/widget/{key}/theme.css").text
    assert "bottom:calc(200px" in owner.get(f"/widget/{key}/look.js").text
    assert owner.post("/widget/init", json={"key": key}).status_code == 404
    with inside(app, acme) as it:
        assert it.project.words == {}
    with app.app_context():
        queue.redis().delete(queue.key(f"look:{token}"))
    assert owner.get(f"/widget/{key}").status_code == 404


@pytest.mark.parametrize("key", ["draft.", "draft.x", "draft.x.y.z", "draft.x.home.light.more", "draft.💡.home.dark"])
def test_a_key_of_no_draft_is_unknown(client: FlaskClient, acme: Company, key: str) -> None:
    assert client.get(f"/widget/{key}").status_code == 404
    assert client.get(f"/widget/{key}/look.js").status_code == 404


def test_the_logo_is_a_picture_of_ours_at_an_address_of_its_own(app: Flask, owner: FlaskClient, acme: Company) -> None:
    form: dict[str, Any] = {"picture": (BytesIO(picture_file(size=(30, 20))), "logo.png")}
    assert post(owner, address(acme, "/logo"), form).status_code == 303
    with inside(app, acme) as it:
        path = it.project.logo_path
    assert path is not None
    assert owner.get(path).mimetype == "image/webp"
    assert path in owner.get(f"/widget/{acme.site_key}").text
    assert post(owner, address(acme, "/logo/removal"), {}).status_code == 303
    assert owner.get(path).status_code == 404
