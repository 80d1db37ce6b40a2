"""300 requests a minute for each program, counted before anything else is looked at, and told in every answer."""

from __future__ import annotations

from flask import Flask, Response, g, request
from flask_login import current_user

from chatapp.auth.identity import API_BLUEPRINT
from chatapp.common import limits


def init_app(app: Flask) -> None:
    """Must come before the door of workspaces, so that refused requests count too."""
    app.before_request(_count)
    app.after_request(_tell)


def _count() -> None:
    if request.blueprint != API_BLUEPRINT:
        return
    g.api_use = limits.use(limits.API, "api", *_caller())
    if not g.api_use.is_allowed:
        raise limits.too_many(g.api_use)


def _caller() -> tuple[str, str]:
    """A program is its family of tokens, however often it refreshes them, or its personal one; without, its address."""
    if current_user.is_authenticated:
        return "token", str(current_user.program_id)
    return "address", limits.caller()


def _tell(response: Response) -> Response:
    counted: limits.Use | None = g.get("api_use")
    if counted is not None:
        response.headers["X-RateLimit-Limit"] = str(limits.API.amount)
        response.headers["X-RateLimit-Remaining"] = str(counted.remaining)
        response.headers["X-RateLimit-Reset"] = str(counted.reset)
    return response
