"""The landing page and a workspace's home."""

from __future__ import annotations

from flask import Blueprint, Response, make_response, redirect, render_template, url_for
from flask_login import current_user

from chatapp.common.permissions import requires
from chatapp.conversations import queries as conversation_queries
from chatapp.projects import queries as project_queries
from chatapp.workspaces import permissions
from chatapp.workspaces.door import current_membership

bp = Blueprint("dashboard", __name__)


@bp.get("/")
def landing() -> Response:
    if current_user.is_authenticated:
        return make_response(redirect(url_for("workspaces.index")))
    return make_response(render_template("dashboard/landing.html"))


@bp.get("/w/<slug>/")
@requires(permissions.VIEW)
def home() -> Response:
    """Today at a glance, and what is still to be set up."""
    return make_response(
        render_template(
            "dashboard/home.html",
            projects=project_queries.projects(),
            counts=conversation_queries.counts(current_membership().user_id),
        )
    )
