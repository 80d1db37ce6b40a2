"""Probes. `healthz` says that the process lives; `readyz` says whether it should get traffic."""

from __future__ import annotations

from flask import Blueprint, Response, jsonify, make_response
from redis import RedisError
from sqlalchemy.exc import SQLAlchemyError

from chatapp.common import drain, queue, schema
from chatapp.common.db import db

bp = Blueprint("operations", __name__)


@bp.get("/healthz")
def healthz() -> Response:
    return make_response("ok", 200, {"Content-Type": "text/plain"})


@bp.get("/readyz")
def readyz() -> Response:
    missing = [name for name, is_missing in _CHECKS.items() if is_missing()]
    body = {"status": "unavailable" if missing else "ready", "missing": missing}
    return make_response(jsonify(body), 503 if missing else 200)


def _database_is_missing() -> bool:
    try:
        with db.engine.connect():
            return False
    except SQLAlchemyError:
        return True


def _redis_is_missing() -> bool:
    try:
        return not queue.redis().ping()
    except RedisError:
        return True


def _migrations_are_missing() -> bool:
    try:
        with db.engine.connect() as connection:
            return schema.applied(connection) != schema.wanted()
    except SQLAlchemyError:
        return True


_CHECKS = {
    "database": _database_is_missing,
    "redis": _redis_is_missing,
    "migrations": _migrations_are_missing,
    "draining": lambda: drain.is_draining(),
}
