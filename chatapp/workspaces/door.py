"""The door of a workspace: `/w/<slug>/…` is resolved through the memberships, then the view's mark is checked."""

from __future__ import annotations

from typing import Any

from flask import Flask, Response, current_app, g, request
from flask_babel import gettext as _
from flask_login import current_user

from chatapp.auth.identity import login_manager
from chatapp.common import tenancy
from chatapp.common.errors import AppError, not_found
from chatapp.common.permissions import LOGIN, PUBLIC, access_of
from chatapp.workspaces import queries
from chatapp.workspaces.models import Membership, Workspace

_SLUG = "slug"


def init_app(app: Flask) -> None:
    app.url_value_preprocessor(_open_workspace)
    app.before_request(_check_access)
    app.url_defaults(_keep_workspace)
    app.jinja_env.globals.update(workspace=workspace_or_none, may=may)


def current_membership() -> Membership:
    """The membership through which this request came in. Raises 404 outside of a workspace."""
    membership: Membership | None = g.get("membership")
    if membership is None:
        raise not_found()
    return membership


def current_workspace() -> Workspace:
    return current_membership().workspace


def may(permission: str) -> bool:
    """Whether the current member's role grants a permission; for templates, which hide what would be refused."""
    membership: Membership | None = g.get("membership")
    return membership is not None and membership.may(permission)


def demand(permission: str) -> None:
    """For views whose input decides which permissions they need. Raises 403, and 404 outside of a workspace."""
    if not current_membership().may(permission):
        raise AppError(403, _("Your role in this workspace does not allow this. Ask an owner or an admin."))


def workspace_or_none() -> Workspace | None:
    """The workspace of this request, for templates."""
    membership: Membership | None = g.get("membership")
    return membership.workspace if membership else None


def _open_workspace(_endpoint: str | None, values: dict[str, Any] | None) -> None:
    """Take the slug out of the view's arguments and enter the workspace, if this user belongs to it."""
    slug = values.pop(_SLUG, None) if values else None
    if slug is None:
        return
    g.slug = slug
    if not current_user.is_authenticated:
        return
    membership = queries.membership_at(slug, current_user.user.id)
    if membership is not None:
        g.membership = membership
        tenancy.enter(membership.workspace_id)


def _check_access() -> Response | None:
    if request.endpoint is None or request.endpoint in PUBLIC:
        return None
    access = access_of(current_app.view_functions[request.endpoint])
    if access is None:
        raise AssertionError(f"{request.endpoint} declares no access")
    if not current_user.is_authenticated:
        return _ask_to_log_in()
    if access != LOGIN:
        demand(access)
    return None


def _ask_to_log_in() -> Response:
    """Pages lead to the log-in form; programs and sockets get 401."""
    is_page = request.method == "GET" and request.blueprint != "api" and "Upgrade" not in request.headers
    if not is_page:
        raise AppError(401, _("Log in to continue."))
    response: Response = login_manager.unauthorized()
    return response


def _keep_workspace(endpoint: str, values: dict[str, Any]) -> None:
    """Links inside a workspace stay in it without saying so."""
    if _SLUG not in values and "slug" in g and current_app.url_map.is_endpoint_expecting(endpoint, _SLUG):
        values[_SLUG] = g.slug
