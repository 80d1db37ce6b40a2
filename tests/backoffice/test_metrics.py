"""`/metrics`: figures for Prometheus, for this machine itself or whoever shows the token."""

from __future__ import annotations

from dataclasses import replace

import pytest
from flask import Flask
from flask.testing import FlaskClient
from prometheus_client.parser import text_string_to_metric_families
from redis import RedisError

from chatapp.common import queue
from chatapp.common.db import db
from chatapp.common.outbox import OutboxDelivery
from chatapp.config import Config, ConfigError
from tests.factories import Company, inside
from tests.support.configuration import environment

TOKEN = "a token for prometheus"
ELSEWHERE = {"REMOTE_ADDR": "203.0.113.9"}


def figures(text: str) -> dict[tuple[str, ...], float]:
    return {
        (sample.name, *sample.labels.values()): sample.value
        for family in text_string_to_metric_families(text)
        for sample in family.samples
    }


def test_what_waits_and_what_died_is_counted(app: Flask, client: FlaskClient, acme: Company) -> None:
    with inside(app, acme):
        db.session.get_one(OutboxDelivery, acme.delivery_id).state = "dead"
    answer = client.get("/metrics")
    assert answer.mimetype == "text/plain"
    found = figures(answer.text)
    assert found["chatapp_deliveries", "endusers.handlers.note_message", "dead"] == 1
    assert found["chatapp_redis_up",] == 1
    assert found["chatapp_workers",] == found["chatapp_clock_in_charge",] == 0
    assert found["chatapp_postgres_connections",] >= 1
    assert acme.slug not in answer.text


def test_only_this_machine_or_the_token_reads_it(
    app: Flask, client: FlaskClient, monkeypatch: pytest.MonkeyPatch
) -> None:
    def ask(**headers: str) -> int:
        named = {name.replace("_", "-"): value for name, value in headers.items()}
        return client.get("/metrics", headers=named, environ_overrides=ELSEWHERE).status_code

    assert ask() == ask(Authorization=f"Bearer {TOKEN}") == ask(Authorization="Bearer ") == 404
    config = replace(app.extensions["chatapp.config"], metrics_token=TOKEN)
    monkeypatch.setitem(app.extensions, "chatapp.config", config)
    assert ask() == ask(Authorization="Bearer wrong") == ask(Authorization=f"Basic {TOKEN}") == 404
    assert ask(Authorization=f"Bearer {TOKEN}") == 200
    for header in ("X-Forwarded-For", "Forwarded", "X-Real-IP"):
        assert client.get("/metrics", headers={header: "203.0.113.9"}).status_code == 404


def test_it_answers_while_redis_is_away(app: Flask, client: FlaskClient, monkeypatch: pytest.MonkeyPatch) -> None:
    def refuse(*_arguments: object, **_options: object) -> object:
        raise RedisError("away")

    with app.app_context():
        monkeypatch.setattr(type(queue.redis()), "info", refuse)
    assert figures(client.get("/metrics").text)["chatapp_redis_up",] == 0


def test_a_token_that_can_be_guessed_stops_the_boot() -> None:
    where = environment(database_url="postgresql://db.example/x", redis_url="redis://cache.example", redis_prefix="x")
    with pytest.raises(ConfigError, match="METRICS_TOKEN"):
        Config.from_env(where | {"METRICS_TOKEN": "short"})
