"""The pages of roles: what the built-in ones are, and the workspace's own, made as a copy, changed and deleted."""

from __future__ import annotations

from uuid import UUID

from flask import Blueprint, Response, flash, make_response, render_template, request, url_for
from flask_babel import gettext as _

from chatapp.common.errors import AppError, not_found
from chatapp.common.htmx import move
from chatapp.common.permissions import BASIC, GROUPS, ROLES, in_groups, requires
from chatapp.team import services
from chatapp.team.forms import RoleForm, chosen_role
from chatapp.team.invite import roles_to_give
from chatapp.workspaces import permissions, queries, roles
from chatapp.workspaces.door import current_membership
from chatapp.workspaces.models import Role, rights_of
from chatapp.workspaces.rights import VISIBILITIES

bp = Blueprint("roles", __name__)


@bp.get("/team/roles")
@requires(permissions.TEAM_ROLES)
def index() -> Response:
    return make_response(
        render_template(
            "team/roles/index.html",
            built_in=ROLES,
            own=queries.roles(),
            counts=queries.role_counts(),
            rights_of=rights_of,
        )
    )


@bp.get("/team/roles/new")
@requires(permissions.TEAM_ROLES)
def new() -> Response:
    """`?copy=<role>`: begin with what that one has, as far as it can be given; without it with nothing."""
    template = queries.any_role(request.args.get("copy", ""))
    if template is None and "copy" in request.args:
        raise not_found()
    return _editor(RoleForm.copy_of(template, by=current_membership()))


@bp.post("/team/roles")
@requires(permissions.TEAM_ROLES)
def create() -> Response:
    form = RoleForm()
    if not form.validate_on_submit():
        return _editor(form, status=422)
    try:
        roles.create(**form.values, by=current_membership())
    except AppError as error:
        return _editor(form, error=error, status=error.status)
    flash(_("The role is made. Give it to people on the page of members."))
    return move(url_for("roles.index"))


@bp.get("/team/roles/<uuid:role_id>")
@requires(permissions.TEAM_ROLES)
def edit(role_id: UUID) -> Response:
    role = queries.role(role_id)
    return _editor(RoleForm.of(role), role)


@bp.post("/team/roles/<uuid:role_id>")
@requires(permissions.TEAM_ROLES)
def update(role_id: UUID) -> Response:
    role, form = queries.role(role_id), RoleForm()
    if not form.validate_on_submit():
        return _editor(form, role, status=422)
    try:
        roles.change(role, **form.values, by=current_membership())
    except AppError as error:
        return _refused(form, role, error)
    flash(_("The role is changed. It counts from now on, for everybody who has it."))
    return move(url_for("roles.index"))


@bp.post("/team/roles/<uuid:role_id>/removal")
@requires(permissions.TEAM_ROLES)
def remove(role_id: UUID) -> Response:
    role = queries.role(role_id)
    try:
        replacement = chosen_role("replacement") if request.form.get("replacement") else None
        services.delete_role(role, replacement=replacement, by=current_membership())
    except AppError as error:
        return _refused(RoleForm.of(role), role, error)
    flash(_("The role is deleted."))
    return move(url_for("roles.index"))


def _refused(form: RoleForm, role: Role, error: AppError) -> Response:
    """Said on the page itself, with what was typed; what does not exist is answered as everywhere."""
    if error.status == 404:
        raise error
    return _editor(form, role, error=error, status=error.status)


def _editor(form: RoleForm, role: Role | None = None, *, error: AppError | None = None, status: int = 200) -> Response:
    mine = current_membership()
    return make_response(
        render_template(
            "team/roles/edit.html",
            role=role,
            form=form,
            groups=in_groups(),
            titles=GROUPS,
            visibilities=VISIBILITIES,
            basic=BASIC,
            mine=mine,
            is_in_use=role is not None and services.is_in_use(role),
            replacements=[other for other in roles_to_give(mine) if other != role],
            error=error,
        ),
        status,
    )
