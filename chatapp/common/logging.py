"""Logs: named events with ids, one JSON object a line in production, readable lines elsewhere. No bodies, no tokens."""

from __future__ import annotations

import logging
import time

import structlog
from flask import Flask, Response, g, request, request_started

from chatapp.common.ids import uuid7

log = structlog.get_logger()


def init_app(app: Flask, *, as_json: bool, quiet: bool = False) -> None:
    renderer: structlog.types.Processor = (
        structlog.processors.JSONRenderer() if as_json else structlog.dev.ConsoleRenderer(colors=False)
    )
    structlog.configure(
        processors=[
            structlog.contextvars.merge_contextvars,
            structlog.processors.add_log_level,
            structlog.processors.TimeStamper(fmt="iso", utc=True),
            structlog.processors.format_exc_info,
            renderer,
        ],
        wrapper_class=structlog.make_filtering_bound_logger(logging.WARNING if quiet else logging.INFO),
        cache_logger_on_first_use=True,
    )
    request_started.connect(_begin, app)
    app.after_request(_end)


def _begin(_app: Flask, **_signal: object) -> None:
    """Before anything looks at the address: what the door logs already carries the request's id."""
    g.began = time.perf_counter()
    structlog.contextvars.clear_contextvars()
    structlog.contextvars.bind_contextvars(request_id=str(uuid7()))


def _end(response: Response) -> Response:
    if request.endpoint not in ("static", "operations.healthz", "operations.readyz"):
        milliseconds = round((time.perf_counter() - g.get("began", time.perf_counter())) * 1000, 1)
        log.info(
            "request", method=request.method, endpoint=request.endpoint, status=response.status_code, ms=milliseconds
        )
    return response
