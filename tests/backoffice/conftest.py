"""Somebody who runs the installation, in front of the back office."""

from __future__ import annotations

from uuid import UUID

import pyotp
import pytest
from flask import Flask
from flask.testing import FlaskClient

from chatapp.auth.models import Authenticator
from chatapp.common.clock import now
from chatapp.common.crypto import seal
from chatapp.common.db import db
from chatapp.common.unit_of_work import unit_of_work
from tests.factories import Company, make_company, make_user
from tests.support.web_client import let_in

OPERATOR = "ops@chatapp.example"


@pytest.fixture
def acme(app: Flask) -> Company:
    return make_company(app)


def make_operator(app: Flask, email: str = OPERATOR, *, two_factor: bool = True) -> UUID:
    """An account that runs the installation."""
    with app.app_context(), unit_of_work():
        user = make_user(email, name="Olga Operator")
        user.operator_since = now()
        if two_factor:
            db.session.add(Authenticator(user_id=user.id, secret=seal(pyotp.random_base32()), confirmed_at=now()))
        return user.id


def signed_in(app: Flask, user_id: UUID) -> FlaskClient:
    """A browser of this user, past the door."""
    client = app.test_client()
    let_in(client, user_id)
    return client


@pytest.fixture
def operator(app: Flask) -> FlaskClient:
    """The browser of an operator who has two-factor on."""
    return signed_in(app, make_operator(app))
