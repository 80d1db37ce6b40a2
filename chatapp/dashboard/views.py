"""The landing page, a workspace's home, and the conversations behind its figures."""

from __future__ import annotations

from datetime import datetime
from hashlib import sha256
from typing import Any

from flask import Blueprint, Response, make_response, redirect, render_template, request, url_for
from flask_login import current_user

from chatapp.common.clock import now
from chatapp.common.errors import not_found
from chatapp.common.htmx import is_htmx, move
from chatapp.common.permissions import requires
from chatapp.common.time_zones import day_start
from chatapp.conversations import permissions as conversation_permissions
from chatapp.conversations import queries as conversation_queries
from chatapp.dashboard import queries
from chatapp.dashboard.setup import steps_of
from chatapp.workspaces import permissions, services
from chatapp.workspaces import queries as workspaces
from chatapp.workspaces.door import current_membership, current_workspace

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
    member = current_membership()
    return make_response(
        render_template(
            "dashboard/home.html",
            steps=steps_of(member),
            counts=conversation_queries.counts(member.user_id),
            **_glance(),
        )
    )


@bp.get("/w/<slug>/glance")
@requires(permissions.VIEW)
def glance() -> Response:
    """The figures and who is there alone, which ask for themselves while they are looked at; nothing while `?seen=` is
    still so."""
    found = _glance()
    if request.args.get("seen") == found["seen"]:
        return make_response("", 204)
    return make_response(render_template("dashboard/_glance.html", **found))


def _glance() -> dict[str, Any]:
    moment = now()
    here = [other for other in workspaces.team() if other.presence(moment) != "offline"]
    today = queries.today(_today())
    state = [today.key, *(f"{other.user_id} {other.presence(moment)}" for other in here)]
    return {"today": today, "here": here, "moment": moment, "seen": sha256("".join(state).encode()).hexdigest()[:16]}


@bp.get("/w/<slug>/setup")
@requires(permissions.VIEW)
def setup() -> Response:
    """The check-list alone, which asks for itself while it is looked at; nothing while no more is done."""
    steps = steps_of(current_membership())
    if steps and request.args.get("done") == str(sum(step.is_done for step in steps)):
        return make_response("", 204)
    return make_response(render_template("dashboard/_steps.html", steps=steps))


@bp.post("/w/<slug>/setup/dismissal")
@requires(permissions.VIEW)
def dismiss_setup() -> Response:
    """Put one's own list away."""
    services.put_setup_away(current_membership())
    return make_response("") if is_htmx() else move(url_for("dashboard.home"))


@bp.get("/w/<slug>/today")
@requires(conversation_permissions.VIEW)
def figure() -> Response:
    """What one of the figures counts: `?of=new`, `answered` or `waiting`."""
    figure = request.args.get("of", "new")
    if figure not in queries.FIGURES:
        raise not_found()
    cursor = request.args.get("cursor")
    page = queries.behind(figure, _today(), cursor=cursor)
    return make_response(render_template("dashboard/figure.html", figure=figure, page=page, is_first=cursor is None))


def _today() -> datetime:
    return day_start(current_workspace().time_zone)
