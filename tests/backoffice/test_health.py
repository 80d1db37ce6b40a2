"""Health: every part with a figure, and a sentence what to do where it is not well."""

from __future__ import annotations

from dataclasses import replace

import pytest
from flask import Flask
from flask.testing import FlaskClient
from redis import RedisError
from rq import Worker
from rq.serializers import JSONSerializer
from sqlalchemy import text

from chatapp.common import queue, vitals
from chatapp.common.db import db
from tests.support.configuration import ENCRYPTION_KEY, SECRET_KEY

PAGE = "/operator/health"
NO_CLOCK = "Nobody does the periodic work"
NO_WORKER = "start a worker"


def test_what_is_away_is_named_with_what_to_do(app: Flask, operator: FlaskClient) -> None:
    page = operator.get(PAGE).text
    for advice in (NO_CLOCK, NO_WORKER, "say so in PUBLIC_URL", "set SMTP_URL"):
        assert advice in page
    assert "run flask --app wsgi db upgrade" not in page
    assert "remove RATE_LIMITS=off" not in page


def test_a_clock_and_a_worker_that_live_are_seen(app: Flask, operator: FlaskClient) -> None:
    with app.app_context():
        worker = Worker([queue.jobs()], connection=queue.redis(), serializer=JSONSerializer)
        worker.register_birth()
        with db.engine.connect() as connection:
            connection.execute(text("SELECT pg_advisory_lock(:lock)"), {"lock": vitals.CLOCK_LOCK})
            page = operator.get(PAGE).text
            connection.execute(text("SELECT pg_advisory_unlock(:lock)"), {"lock": vitals.CLOCK_LOCK})
        worker.register_death()
    assert NO_CLOCK not in page
    assert NO_WORKER not in page
    assert NO_WORKER in operator.get(PAGE).text


def test_a_database_of_another_version_is_told(app: Flask, operator: FlaskClient) -> None:
    with app.app_context(), db.engine.connect() as connection:
        version = connection.execute(text("SELECT version_num FROM alembic_version")).scalar_one()
    monkey = pytest.MonkeyPatch()
    with monkey.context() as patch:
        patch.setattr("chatapp.common.schema.wanted", lambda: frozenset({"9999"}))
        assert "run flask --app wsgi db upgrade" in operator.get(PAGE).text
    assert str(version) in operator.get(PAGE).text


def test_the_page_opens_while_redis_is_away(app: Flask, operator: FlaskClient, monkeypatch: pytest.MonkeyPatch) -> None:
    def refuse(*_arguments: object, **_options: object) -> object:
        raise RedisError("away")

    with app.app_context():
        monkeypatch.setattr(type(queue.redis()), "info", refuse)
    page = operator.get(PAGE)
    assert page.status_code == 200
    assert "Redis does not answer" in page.text


def test_no_secret_is_shown(app: Flask, operator: FlaskClient, monkeypatch: pytest.MonkeyPatch) -> None:
    config = app.extensions["chatapp.config"]
    smtp = "smtp://ada:canary-password@mail.example:587"
    monkeypatch.setitem(app.extensions, "chatapp.config", replace(config, smtp_url=smtp, rate_limits=False))
    page = operator.get(PAGE).text
    assert "remove RATE_LIMITS=off" in page
    for secret in (SECRET_KEY, ENCRYPTION_KEY, "canary-password", config.database_url, config.redis_url):
        assert secret not in page
