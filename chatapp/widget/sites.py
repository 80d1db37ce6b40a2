"""Whether the page around the widget belongs to the project."""

from __future__ import annotations

from urllib.parse import urlsplit

from flask import request
from flask_babel import gettext as _

from chatapp.common.errors import AppError
from chatapp.common.security import is_own_origin
from chatapp.projects.domains import is_allowed
from chatapp.projects.models import Project
from chatapp.widget.payloads import Payload, text_of

_MAX_URL = 2_000


def check(project: Project, payload: Payload) -> None:
    """Browsers cannot lie about the Origin, and the panel vouches for its page. Programs send neither and are let in:
    what they could do, they can do with the site key anyway. Raises `AppError` 403."""
    for address in (request.headers.get("Origin"), page_url(payload)):
        if address is not None and not is_own_origin(address) and not is_allowed(address, project.allowed_domains):
            host = urlsplit(address).hostname if "://" in address else None
            raise AppError(
                403,
                _("This chat is not set up for %(site)s. Add the domain in the project's settings.", site=host or "?"),
            )


def page_url(payload: Payload) -> str | None:
    page = payload.get("page")
    return text_of(page, "url", limit=_MAX_URL) if isinstance(page, dict) else None
