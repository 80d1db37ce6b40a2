"""A company with so much history, in a database of its own on engines that the benchmark started itself."""

from __future__ import annotations

import re
import secrets
from collections.abc import Iterator
from contextlib import contextmanager
from pathlib import Path
from tempfile import TemporaryDirectory
from typing import Any

import psycopg
from cryptography.fernet import Fernet
from flask import Flask
from flask.testing import FlaskClient
from flask_migrate import upgrade
from psycopg import sql
from sqlalchemy.engine import make_url

from chatapp import demo
from chatapp.app import create_app
from chatapp.common import schema
from chatapp.common.embedded import resolve
from chatapp.common.embedded.resolve import Engines
from chatapp.common.embedded.supervisor import Supervisor
from chatapp.config import Config

AGENT = "agent@acme.example"
_TOKEN = re.compile(r'name="csrf_token"[^>]*value="([^"]+)"')


@contextmanager
def engines() -> Iterator[Engines]:
    """Postgres and Redis for this run alone, whatever else the environment names."""
    with TemporaryDirectory(prefix="chatapp-bench-") as folder, Supervisor(Path(folder)) as supervisor:
        yield resolve.start(supervisor, {}, database="bench", durable=False)


def application(where: Engines, database: str) -> Flask:
    """The product on a new database with the demo companies. Nothing is limited, and no clock runs beside it."""
    with psycopg.connect(where.database_url, autocommit=True) as connection:
        connection.execute(sql.SQL("CREATE DATABASE {}").format(sql.Identifier(database)))
    url = make_url(where.database_url).set(database=database).render_as_string(hide_password=False)
    app = create_app(Config.from_env(_environment(url, where.redis_url)))
    with app.app_context():
        schema.init_app(app)
        upgrade()
        demo.create()
    return app


def settle(app: Flask) -> None:
    """What Postgres does by itself within minutes: look at the tables, so that plans fit them."""
    url = app.extensions["chatapp.config"].database_url.replace("postgresql+psycopg", "postgresql")
    with psycopg.connect(url, autocommit=True) as connection:
        connection.execute("VACUUM ANALYZE")


def agent(app: Flask) -> FlaskClient:
    """The browser of somebody who answers, logged in."""
    client = app.test_client()
    page: Any = client.get("/login")
    found = _TOKEN.search(page.text)
    form = {"email": AGENT, "password": demo.PASSWORD, "csrf_token": found[1] if found else ""}
    answer = client.post("/login", data=form, headers={"Origin": app.extensions["chatapp.config"].public_url})
    if answer.status_code not in (200, 302, 303):
        raise RuntimeError(f"The agent could not log in: {answer.status}")
    return client


def _environment(database_url: str, redis_url: str) -> dict[str, str]:
    return {
        "CHATAPP_ENV": "test",
        "SECRET_KEY": secrets.token_urlsafe(),
        "ENCRYPTION_KEYS": Fernet.generate_key().decode(),
        "DATABASE_URL": database_url,
        "REDIS_URL": redis_url,
        "PUBLIC_URL": "http://localhost",
        "RATE_LIMITS": "off",
    }
