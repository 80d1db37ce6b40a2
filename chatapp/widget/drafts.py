"""Looks that somebody tries out in the settings and has not saved. They lie in Redis for a while, never in a row.

A draft's key stands where a site key does in the addresses of the widget's pages, so that what is shown is the real
widget; it cannot be guessed, and opens no session: only `pages.py` knows it. It also says what to show: `key_of`.
"""

from __future__ import annotations

import json
import secrets
from dataclasses import dataclass
from typing import Any

from flask_babel import gettext as _
from redis import RedisError

from chatapp.common import queue
from chatapp.common.errors import AppError
from chatapp.projects import queries as projects
from chatapp.projects.appearance import Appearance
from chatapp.projects.models import Project

SCREENS = ("home", "thread", "closed")
SCHEMES = ("light", "dark")
_PREFIX = "draft."
_KEPT_SECONDS = 3600
_TOKEN_BYTES = 12


@dataclass(frozen=True)
class Shown:
    """A project's widget as a page shows it. `screen` is what a draft shows; None for what visitors see."""

    project: Project
    appearance: Appearance
    screen: str | None = None

    @property
    def is_shut(self) -> bool:
        """Whether nobody is let in."""
        return self.project.workspace.is_suspended or self.project.is_archived


def keep(project: Project, appearance: Appearance) -> str:
    """The token of a new draft. Raises `AppError` 503."""
    token = secrets.token_urlsafe(_TOKEN_BYTES)
    record = json.dumps({"site_key": project.site_key, "appearance": appearance.plain})
    try:
        queue.redis().set(_place(token), record, ex=_KEPT_SECONDS)
    except RedisError:
        raise AppError(503, _("The preview cannot be drawn right now. You can save nevertheless.")) from None
    return token


def key_of(token: str, *, screen: str, scheme: str) -> str:
    """What the draft is asked for by, on this screen, on a visitor's device that is light or dark."""
    return f"{_PREFIX}{token}.{screen}.{scheme}"


def shown(key: str) -> Shown | None:
    """What this key stands for: a draft, or a project as it is saved. Of a closed workspace there is nothing."""
    if key.startswith(_PREFIX):
        return _draft(*key.removeprefix(_PREFIX).split(".", 2))
    project = projects.project_by_site_key(key)
    return Shown(project, Appearance.of(project)) if project else None


def _draft(token: str, screen: str = "", scheme: str = "") -> Shown | None:
    record = _record(token)
    project = projects.project_by_site_key(record["site_key"]) if record else None
    if record is None or project is None or screen not in SCREENS or scheme not in SCHEMES:
        return None
    plain = record["appearance"]
    on_this_device = {**plain, "scheme": scheme if plain["scheme"] == "auto" else plain["scheme"]}
    return Shown(project, Appearance.from_plain(on_this_device), screen)


def _record(token: str) -> dict[str, Any] | None:
    try:
        record = queue.redis().get(_place(token))
    except RedisError:
        return None
    return json.loads(record) if isinstance(record, bytes) else None


def _place(token: str) -> str:
    return queue.key(f"look:{token}")
