"""The byte budget: a shop must not become slower for having a chat."""

import re
from pathlib import Path

import brotli
import pytest
from flask import Flask
from flask.testing import FlaskClient
from werkzeug.test import TestResponse

from tests.factories import Company, make_company

BROTLI = {"Accept-Encoding": "br"}
GZIP = {"Accept-Encoding": "gzip"}


@pytest.fixture
def acme(app: Flask) -> Company:
    return make_company(app)


def get(client: FlaskClient, path: str, headers: dict[str, str]) -> TestResponse:
    answer = client.get(path, headers=headers)
    assert answer.status_code == 200, path
    return answer


def test_the_loader_weighs_at_most_two_kilobytes(client: FlaskClient) -> None:
    answer = get(client, "/widget.js", BROTLI)
    assert answer.headers["Content-Encoding"] == "br"
    assert len(answer.data) <= 2048
    script = brotli.decompress(answer.data)
    assert b"chatapp-widget" in script
    assert b"//" not in script.replace(b"://", b""), "comments are for people"


@pytest.mark.parametrize("encoding", [BROTLI, GZIP], ids=["brotli", "gzip"])
def test_the_opened_widget_weighs_at_most_thirty_kilobytes(
    client: FlaskClient, acme: Company, encoding: dict[str, str]
) -> None:
    panel = get(client, f"/widget/{acme.site_key}", encoding)
    html = get(client, f"/widget/{acme.site_key}", {}).text
    addresses = set(re.findall(r'(?:href|src)="(/[^"]+)"', html)) | {"/widget.js"}
    assert any(address.endswith("panel.css") for address in addresses)
    scripts = {address.rpartition("/")[2] for address in addresses}
    imported = {name for address in addresses if address.endswith(".js") for name in imports(client, address)}
    assert imported <= scripts, "a module is loaded that the page does not name, and so is not weighed"
    total = len(panel.data) + sum(len(get(client, address, encoding).data) for address in addresses)
    assert total <= 30 * 1024


def test_what_comes_later_is_small_and_nothing_of_it_comes_before(client: FlaskClient, acme: Company) -> None:
    html = get(client, f"/widget/{acme.site_key}", {}).text
    assert "widget/later/" not in html
    rest = get(client, f"/widget/{acme.site_key}/later", {}).text
    style = re.findall(r'href="(/static/[^"]+/later/)later\.css"', rest)[0]
    names = sorted(path.name for path in (Path(__file__).parents[2] / "chatapp/static/widget/later").iterdir())
    assert {"later.css", "tray.js"} <= set(names)
    total = sum(len(get(client, style + name, BROTLI).data) for name in names) + len(rest)
    assert total <= 20 * 1024


def imports(client: FlaskClient, address: str) -> list[str]:
    return re.findall(r"from '\./([\w.]+)'", get(client, address, {}).text)
