"""Signing in with a provider, as a browser without scripts does it."""

from __future__ import annotations

import dataclasses
import json
import re
import urllib.error
import urllib.request
from urllib.parse import urlsplit

from flask import Flask
from flask.testing import FlaskClient
from sqlalchemy import func, select
from werkzeug.test import TestResponse

from chatapp.auth import oidc
from chatapp.auth.models import User, UserIdentity, UserSession
from chatapp.common.db import db
from chatapp.common.unit_of_work import unit_of_work
from tests.support.oidc_provider import CLIENT_ID, CLIENT_SECRET, ProviderServer
from tests.support.web_client import post

ENTRY = {"name": "acme-id", "label": "Acme ID", "client_id": CLIENT_ID, "client_secret": CLIENT_SECRET}
START, BACK = "/login/with/acme-id", "/login/with/acme-id/callback"


def setting(server: ProviderServer) -> str:
    """OIDC_PROVIDERS with this server alone."""
    return json.dumps([ENTRY | {"issuer": server.issuer}])


def configure(app: Flask, setting: str) -> None:
    """As if the application had been started with this setting."""
    oidc.init_app(app, dataclasses.replace(app.extensions["chatapp.config"], oidc_providers=setting))


class _Stay(urllib.request.HTTPRedirectHandler):
    def redirect_request(self, *_arguments: object) -> None:
        return None


def decide(url: str, answer: str = "yes") -> str:
    """Agree or cancel on the provider's page; the path and query that it leads back to."""
    with urllib.request.urlopen(url) as page:
        link = re.search(rf'href="(/decision[^"]*answer={answer})"', page.read().decode())
    assert link is not None
    try:
        urllib.request.build_opener(_Stay).open(url[: url.index("/", 8)] + link[1])
    except urllib.error.HTTPError as led:
        back = urlsplit(led.headers["Location"])
        led.close()
    return f"{back.path}?{back.query}"


def sign_in(client: FlaskClient, *, start: str = START, answer: str = "yes") -> TestResponse:
    begun = client.get(start)
    assert begun.status_code == 303
    return client.get(decide(begun.headers["Location"], answer))


def off(client: FlaskClient, path: str) -> str:
    """Where a POST of ours leads to at the provider, by htmx."""
    begun = post(client, path, {}, HX_Request="true")
    assert begun.status_code == 204
    return begun.headers["HX-Redirect"]


def connect(client: FlaskClient) -> TestResponse:
    return client.get(decide(off(client, "/account/providers/acme-id")))


def rows(app: Flask) -> tuple[int, int, int]:
    """How many users, identities and sessions there are."""
    with app.app_context(), unit_of_work():
        users, identities, sessions = map(_count, (User, UserIdentity, UserSession))
    return users, identities, sessions


def _count(model: type[User | UserIdentity | UserSession]) -> int:
    return db.session.scalar(select(func.count()).select_from(model)) or 0
