"""The visitor's token in the one place that a browser keeps for us inside somebody else's page: a partitioned cookie.

It is read by `init` alone, and only for a request from our own page: elsewhere a cookie must not speak for anybody.
"""

from __future__ import annotations

from datetime import timedelta

from flask import Response, current_app, request

from chatapp.common.security import is_own_origin
from chatapp.projects.models import Project
from chatapp.widget.tokens import LIFETIME
from chatapp.widget.visitors import Visitor

_LOOPBACK = ("localhost", "127.0.0.1")


def can_be_kept() -> bool:
    """Browsers take `Secure` cookies by https, and from this very machine."""
    is_https: bool = current_app.extensions["chatapp.config"].is_https
    return _is_from_our_page() and (is_https or request.host.partition(":")[0] in _LOOPBACK)


def token_for(project: Project) -> str | None:
    return request.cookies.get(_name(project)) if _is_from_our_page() else None


def keep(response: Response, visitor: Visitor) -> None:
    if can_be_kept():
        _set(response, visitor.project, visitor.token.text, LIFETIME)


def forget(response: Response, project: Project) -> None:
    if can_be_kept():
        _set(response, project, "", timedelta(0))


def _set(response: Response, project: Project, text: str, life: timedelta) -> None:
    response.set_cookie(
        _name(project), text, max_age=life, secure=True, httponly=True, samesite="None", partitioned=True
    )


def _name(project: Project) -> str:
    return f"__Host-chatapp-visitor-{project.id.hex}"


def _is_from_our_page() -> bool:
    return is_own_origin(request.headers.get("Origin", ""))
