"""Where the views of projects hang, and what their templates know."""

from __future__ import annotations

from typing import Any

from flask import Blueprint

from chatapp.projects.settings_pages import PAGES

bp = Blueprint("projects", __name__)


@bp.context_processor
def with_settings_pages() -> dict[str, Any]:
    return {"project_pages": PAGES}
