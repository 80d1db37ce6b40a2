"""Tests do not see each other: whatever one leaves behind, the next begins with nothing."""

import pytest
from flask import Flask
from sqlalchemy import func, select

from chatapp.auth import services
from chatapp.auth.models import User
from chatapp.common import queue
from chatapp.common.db import db
from chatapp.common.unit_of_work import unit_of_work


@pytest.mark.parametrize("turn", ["first", "second"])
def test_every_test_begins_with_empty_tables_and_an_empty_redis(app: Flask, turn: str) -> None:
    with app.app_context(), unit_of_work():
        assert db.session.scalar(select(func.count()).select_from(User)) == 0
        assert queue.redis().dbsize() == 0
        services.register(email="owner@acme.example", password="demo-password", name=turn, locale=None)
        queue.redis().set(queue.key("left-behind"), turn)
    with app.app_context():
        assert db.session.scalar(select(func.count()).select_from(User)) == 1
