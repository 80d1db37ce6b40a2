"""A person's access tokens: list, make (shown once), revoke."""

from __future__ import annotations

from uuid import UUID

from flask import Blueprint, Response, flash, make_response, render_template, url_for
from flask_babel import gettext as _

from chatapp.auth import queries
from chatapp.auth.identity import signed_in_user
from chatapp.auth.scopes import SCOPES
from chatapp.auth.services import personal_tokens
from chatapp.auth.step_up import requires_fresh_proof
from chatapp.common.errors import AppError
from chatapp.common.htmx import move
from chatapp.common.permissions import requires_login
from chatapp.programs import services
from chatapp.programs.forms import TokenForm
from chatapp.workspaces import queries as workspace_queries

bp = Blueprint("programs", __name__)


@bp.get("/tokens")
@requires_login
def index() -> Response:
    return _page(TokenForm(formdata=None))


@bp.post("/tokens")
@requires_login
@requires_fresh_proof
def create() -> Response:
    form, user = TokenForm(), signed_in_user()
    form.offer(workspace_queries.memberships_of(user.id))
    if not form.validate():
        return _page(form)
    try:
        token, text = services.issue(
            user,
            name=form.name.data or "",
            scopes=form.scopes.data or [],
            restricted_to=form.restricted_to,
            expires_at=form.expires_at,
        )
    except AppError as error:
        return _page(form, error)
    example = f'curl -H "Authorization: Bearer {text}" {url_for("api.workspaces", _external=True)}'
    return make_response(render_template("programs/created.html", token=token, text=text, example=example))


@bp.post("/tokens/<uuid:token_id>/revocation")
@requires_login
def revoke(token_id: UUID) -> Response:
    personal_tokens.revoke(signed_in_user(), token_id)
    flash(_("The token is revoked: nothing opens with it any more."))
    return move(url_for("programs.index"))


def _page(form: TokenForm, error: AppError | None = None) -> Response:
    user = signed_in_user()
    memberships = workspace_queries.memberships_of(user.id)
    form.offer(memberships)
    page = render_template(
        "programs/index.html",
        tokens=queries.personal_tokens_of(user.id),
        scopes=SCOPES,
        workspaces={membership.workspace_id: membership.workspace.name for membership in memberships},
        form=form,
        error=error,
    )
    return make_response(page, error.status if error else 422 if form.errors else 200)
