"""The loader, the panel's page and its colours, as a browser on somebody else's site meets them."""

import json
import re

import pytest
from flask import Flask
from flask.testing import FlaskClient

from chatapp.common.clock import now
from tests.factories import Company, inside, make_company
from tests.support.visitor import Visitor


@pytest.fixture
def acme(app: Flask) -> Company:
    return make_company(app)


def test_the_loader_is_the_same_for_everybody_and_may_be_kept(client: FlaskClient) -> None:
    first = client.get("/widget.js")
    assert first.headers["Cache-Control"] == "public, max-age=3600"
    assert first.headers["Cross-Origin-Resource-Policy"] == "cross-origin"
    assert "Set-Cookie" not in first.headers
    assert first.headers["Vary"] == "Accept-Encoding"
    assert client.get("/widget.js", headers={"If-None-Match": first.headers["ETag"]}).status_code == 304


def test_only_the_projects_sites_may_frame_the_panel(client: FlaskClient, acme: Company) -> None:
    answer = client.get(f"/widget/{acme.site_key}")
    policy = answer.headers["Content-Security-Policy"]
    ancestors = re.findall(r"frame-ancestors ([^;]+)", policy)[0].split()
    assert {"'self'", "acme.example:*", "www.acme.example:*"} <= set(ancestors)
    assert "*" not in ancestors
    assert "unsafe" not in policy
    assert "default-src 'none'" in policy
    assert "X-Frame-Options" not in answer.headers


def test_a_project_without_sites_is_framed_by_us_alone(app: Flask, client: FlaskClient, acme: Company) -> None:
    with inside(app, acme) as here:
        here.project.allowed_domains = []
    policy = client.get(f"/widget/{acme.site_key}").headers["Content-Security-Policy"]
    assert re.findall(r"frame-ancestors ([^;]+)", policy) == ["'self'"]


def test_an_unknown_key_is_a_page_that_says_so(client: FlaskClient, acme: Company) -> None:
    answer = client.get("/widget/no-such-key")
    assert answer.status_code == 404
    assert "There is no chat with this key." in answer.text
    assert client.get("/widget/no-such-key/theme.css").status_code == 404


@pytest.mark.parametrize(
    ("query", "header", "language"),
    [("", "es-ES,es", "es"), ("", "fr", "en"), ("?locale=es", "en", "es"), ("?locale=xx", "es", "es")],
)
def test_the_panel_speaks_the_visitors_language(
    client: FlaskClient, acme: Company, query: str, header: str, language: str
) -> None:
    answer = client.get(f"/widget/{acme.site_key}{query}", headers={"Accept-Language": header})
    assert f'<html lang="{language}">' in answer.text


def test_the_panel_has_no_inline_style_or_handler(client: FlaskClient, acme: Company) -> None:
    html = client.get(f"/widget/{acme.site_key}").text
    assert " style=" not in html
    assert not re.search(r"\son\w+=", html)
    assert all("nonce=" in tag for tag in re.findall(r"<script[^>]*src=[^>]*>", html))


def test_the_names_that_scripts_rely_on_are_there(client: FlaskClient, acme: Company) -> None:
    html = client.get(f"/widget/{acme.site_key}", headers={"Accept-Language": "en"}).text
    assert 'aria-label="Message"' in html
    assert 'aria-label="Send"' in html


def test_the_theme_follows_the_projects_accent(app: Flask, client: FlaskClient, acme: Company) -> None:
    with inside(app, acme) as here:
        here.project.accent, here.project.scheme = "#115c45", "dark"
    answer = client.get(f"/widget/{acme.site_key}/theme.css")
    assert answer.mimetype == "text/css"
    assert "--brand:#115c45" in answer.text
    assert "color-scheme:dark" in answer.text


def test_the_launcher_is_told_its_look_in_a_script_that_may_be_kept(
    app: Flask, client: FlaskClient, acme: Company
) -> None:
    said = 'Ask "us"</script>}'
    with inside(app, acme) as here:
        project = here.project
        project.launcher_shape, project.launcher_side, project.launcher_x, project.launcher_y = "words", "left", 7, 90
        project.words = {"es": {"launcher": said}}
    answer = client.get(f"/widget/{acme.site_key}/look.js?locale=es-MX")
    assert answer.headers["Cache-Control"] == "public, max-age=300"
    css, closed, opened = json.loads(answer.text.removeprefix("export default "))
    assert (closed, opened) == (said, "Cerrar el chat")
    assert "left:calc(7px" in css
    assert "bottom:calc(90px" in css
    assert r'content:"Ask\20 \22 us\22 \3c \2f script\3e \7d "' in css
    english = client.get(f"/widget/{acme.site_key}/look.js", headers={"Accept-Language": "en"}).text
    assert '"Chat with us","Close the chat"' in english


def test_the_owners_words_take_the_place_of_ours(app: Flask, client: FlaskClient, acme: Company) -> None:
    with inside(app, acme) as here:
        here.project.words = {"en": {"greeting": "Ahoy!", "replies": "An answer {when}, 100 %"}}
    english, spanish = (client.get(f"/widget/{acme.site_key}?locale={locale}").text for locale in ("en", "es"))
    assert ">Ahoy!</h1>" in english
    assert "An answer %(when)s, 100 %" in english
    assert "Hi there" not in english
    assert "¿en qué podemos ayudarte?" in spanish


def test_a_project_out_of_use_says_so_and_shows_no_launcher(app: Flask, client: FlaskClient, acme: Company) -> None:
    visitor = Visitor(client, acme.site_key)
    assert visitor.send("Hello?").status_code == 201
    with inside(app, acme) as here:
        here.project.archived_at = now()
    panel = client.get(f"/widget/{acme.site_key}")
    assert panel.status_code == 403
    assert "This chat is not in use any more." in panel.text
    assert client.get(f"/widget/{acme.site_key}/look.js").text == 'export default ["button{display:none}"]'
    for answer in (client.post("/widget/init", json={"key": acme.site_key}), visitor.send("Hello?")):
        assert answer.status_code == 403
        assert answer.json["detail"] == "This chat is not in use any more."


def test_only_the_chosen_teams_faces_are_shown(app: Flask, client: FlaskClient, acme: Company) -> None:
    def faces() -> int:
        return client.get(f"/widget/{acme.site_key}").text.count('class="avatar" data-tint')

    assert faces() == 3
    with inside(app, acme) as here:
        here.project.faces_team_id = here.team.id
    assert faces() == 1
    with inside(app, acme) as here:
        here.project.shows_faces = False
    assert faces() == 0


def test_a_project_name_cannot_leave_its_place(app: Flask, client: FlaskClient, acme: Company) -> None:
    with inside(app, acme) as here:
        here.project.name = '</script><script>alert("x")</script>'
        here.project.words = {"en": {"greeting": "<img src=x onerror=alert(1)>"}}
    html = client.get(f"/widget/{acme.site_key}").text
    assert "<script>alert" not in html
    assert "<img src=x" not in html
