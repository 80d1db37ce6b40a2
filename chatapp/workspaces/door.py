"""The door of a workspace: `/w/<slug>/…` is resolved through the memberships, then the view's mark is checked."""

from __future__ import annotations

from collections.abc import Sequence
from typing import Any

from flask import Flask, Response, current_app, g, make_response, redirect, request
from flask_babel import gettext as _
from flask_login import current_user

from chatapp.auth.identity import API_BLUEPRINT, login_manager
from chatapp.common import audit, tenancy
from chatapp.common.errors import AppError, not_found
from chatapp.common.permissions import LOGIN, OPERATOR, PUBLIC, access_of, is_in_person
from chatapp.workspaces import gates, permissions, queries
from chatapp.workspaces.models import Membership, Workspace
from chatapp.workspaces.settings_pages import PAGES, SettingsPage
from chatapp.workspaces.shortcuts import SHORTCUTS

_SLUG = "slug"
_SAFE_METHODS = frozenset({"GET", "HEAD", "OPTIONS"})


def init_app(app: Flask) -> None:
    app.url_value_preprocessor(_hide_back_office)
    app.url_value_preprocessor(_open_workspace)
    app.before_request(_follow_to_new_address)
    app.before_request(_check_access)
    app.url_defaults(_keep_workspace)
    app.jinja_env.globals.update(
        workspace=workspace_or_none,
        may=may,
        availability=availability,
        settings_pages=settings_pages,
        shortcuts=lambda: SHORTCUTS,
    )


def current_membership() -> Membership:
    """The membership through which this request came in. Raises 404 outside of a workspace."""
    membership: Membership | None = g.get("membership")
    if membership is None:
        raise not_found()
    return membership


def membership_or_none() -> Membership | None:
    """The membership through which this request came in, if it is inside of a workspace."""
    membership: Membership | None = g.get("membership")
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


def availability() -> str:
    """What the current member chose to be, for the rail."""
    return current_membership().availability


def settings_pages() -> Sequence[SettingsPage]:
    """Those that the current member may see, for templates."""
    return [page for page in PAGES if may(page.permission)]


def _hide_back_office(endpoint: str | None, _values: dict[str, Any] | None) -> None:
    """Before anything else is looked at, a CSRF token included: who does not run this installation cannot tell a page
    of the back office from one that does not exist."""
    if endpoint is None or access_of(current_app.view_functions[endpoint]) != OPERATOR:
        return
    if not current_user.is_authenticated or not current_user.user.is_operator:
        raise not_found()


def _open_workspace(_endpoint: str | None, values: dict[str, Any] | None) -> None:
    """Take the slug out of the view's arguments and enter the workspace, if this user belongs to it."""
    slug = values.pop(_SLUG, None) if values else None
    if slug is None:
        return
    g.slug = slug
    if not current_user.is_authenticated:
        return
    membership = queries.membership_at(slug, current_user.user.id) or queries.membership_at_old(
        slug, current_user.user.id
    )
    if membership is not None and current_user.may_enter(membership.workspace_id):
        refuse_suspended(membership.workspace)
        if membership.workspace.slug != slug:
            g.slug, g.old_slug = membership.workspace.slug, slug
        g.membership = membership
        tenancy.enter(membership.workspace_id, member_id=membership.user_id)


def refuse_suspended(workspace: Workspace) -> None:
    """Raises `AppError` 403, whose page stands in the place of every page of the workspace."""
    if workspace.is_suspended:
        sentence = _(
            "Those who run this installation have shut it. Nothing is lost. Reason: %(reason)s",
            reason=workspace.suspended_reason,
        )
        raise AppError(403, sentence, title=_("%(name)s is suspended", name=workspace.name))


def _follow_to_new_address() -> Response | None:
    """Lead pages and forms on to where the workspace is now. Not kept by browsers: it may move back.

    Sockets and programs are served where they knock: few of them follow.
    """
    if "old_slug" not in g or request.blueprint == API_BLUEPRINT or "Upgrade" in request.headers:
        return None
    rest = request.full_path.rstrip("?").removeprefix(f"/w/{g.old_slug}")
    response = make_response(redirect(f"/w/{g.slug}{rest}", code=308))
    response.headers["Cache-Control"] = "no-store"
    return response


def _check_access() -> Response | None:
    if request.endpoint is None or request.endpoint in PUBLIC:
        return None
    access = access_of(current_app.view_functions[request.endpoint])
    if access is None:
        raise AssertionError(f"{request.endpoint} declares no access")
    if not current_user.is_authenticated:
        return _ask_to_log_in()
    if access not in (LOGIN, OPERATOR):
        answer = gates.refusal(current_membership())
        if answer is not None:
            return answer
        demand(access)
    if current_user.impersonator is not None:
        _watch_stand_in(access)
    return None


def _watch_stand_in(access: str) -> None:
    """An operator who stands in for a member does nothing that is the member's own, and whatever they send is recorded.

    Raises `AppError` 403.
    """
    view = current_app.view_functions[str(request.endpoint)]
    if is_in_person(view) or access == permissions.OWN:
        raise AppError(
            403,
            _(
                "You stand in for %(name)s. This is for them alone: their account, and what only an owner decides.",
                name=current_user.user.name,
            ),
        )
    if request.method not in _SAFE_METHODS and "membership" in g:
        deed = f"{request.method} {request.path}"
        audit.record("impersonation.acted", by=current_user.user, target_name=deed)


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
