"""Sign in with a provider: there and back, connect one, prove with it who one is, disconnect it."""

from __future__ import annotations

from uuid import UUID

from flask import Response, flash, make_response, redirect, render_template, request, url_for
from flask_babel import gettext as _
from flask_login import current_user

from chatapp.auth import oidc
from chatapp.auth.identity import signed_in_user
from chatapp.auth.services import identities, proofs, two_factor
from chatapp.auth.step_up import requires_fresh_proof
from chatapp.auth.views.blueprint import account_bp, bp
from chatapp.auth.views.entering import enter
from chatapp.auth.views.two_factor import ask_for_second_step
from chatapp.common import limits
from chatapp.common.errors import AppError
from chatapp.common.htmx import is_htmx, move
from chatapp.common.permissions import requires_login
from chatapp.common.security import is_own_path


@bp.get("/login/with/<provider_name>")
def sign_in(provider_name: str) -> Response:
    """Off to the provider. A link, not a form: our policy lets forms lead nowhere else."""
    provider = oidc.provider(provider_name)
    if current_user.is_authenticated:
        return move(url_for("workspaces.index"))
    limits.hit(limits.LINKS, "sign-in", limits.caller())
    try:
        return make_response(redirect(oidc.begin(provider, target=request.args.get("next", "")), code=303))
    except AppError as error:
        return _failed(error, provider)


@bp.get("/login/with/<provider_name>/callback")
def sign_in_callback(provider_name: str) -> Response:
    """Back from the provider, for a log-in or for a connection: an operator registers one address."""
    provider = oidc.provider(provider_name)
    limits.hit(limits.LINKS, "sign-in", limits.caller())
    try:
        attempt, person = oidc.finish(provider, request.args)
        if attempt["purpose"] != "enter":
            return _for_user(attempt, person, provider)
        user = identities.user_of(person, label=provider.label)
    except AppError as error:
        return _failed(error, provider)
    if two_factor.is_on(user):
        return ask_for_second_step(user, is_remembered=False, target=attempt["target"])
    return enter(user, way="provider", to=_where_to(attempt))


def _where_to(attempt: oidc.Attempt) -> str:
    """Where the person was going, if that is a path of ours."""
    return attempt["target"] if is_own_path(attempt["target"]) else url_for("workspaces.index")


def _for_user(attempt: oidc.Attempt, person: oidc.Person, provider: oidc.Provider) -> Response:
    """Only for the user who asked for it: meanwhile somebody else may have logged in on this computer."""
    if not current_user.is_authenticated or str(signed_in_user().id) != attempt["user"]:
        raise AppError(403, _("You are not logged in as the one who began this. Start again."))
    if attempt["purpose"] == "connect":
        identities.connect(signed_in_user(), person, label=provider.label)
        flash(_("You can now log in with %(provider)s.", provider=provider.label))
        return move(url_for("account.security"))
    proofs.prove_by_identity(signed_in_user(), person, session_id=current_user.session_id)
    flash(_("Thank you. Do it once more: for ten minutes we do not ask again."))
    return move(_where_to(attempt))


@account_bp.post("/providers/<provider_name>")
@requires_login
@requires_fresh_proof
def connect_provider(provider_name: str) -> Response:
    """Off to the provider. Not a link, so that no other site can begin it."""
    return _off(provider_name, "connect", target="")


@account_bp.post("/proof/<provider_name>")
@requires_login
def prove_with_provider(provider_name: str) -> Response:
    """Off to the provider, for who has no password to show once more that it is them."""
    return _off(provider_name, "prove", target=request.args.get("next", ""))


def _off(provider_name: str, purpose: oidc.Purpose, *, target: str) -> Response:
    """By htmx, for our policy lets forms lead nowhere else; a plain form gets a page with a link."""
    provider = oidc.provider(provider_name)
    limits.hit(limits.LINKS, "sign-in", limits.caller())
    url = oidc.begin(provider, purpose=purpose, target=target, user_id=signed_in_user().id)
    if is_htmx():
        return move(url)
    return make_response(render_template("auth/to_provider.html", provider=provider, url=url))


@account_bp.post("/identities/<uuid:identity_id>/end")
@requires_login
@requires_fresh_proof
def disconnect_provider(identity_id: UUID) -> Response:
    identities.disconnect(signed_in_user(), identity_id)
    flash(_("It was disconnected."))
    return move(url_for("account.security"))


def _failed(error: AppError, provider: oidc.Provider) -> Response:
    page = render_template("auth/sign_in_failed.html", error=error, provider=provider)
    response = make_response(page, error.status)
    if error.retry_after is not None:
        response.headers["Retry-After"] = str(error.retry_after)
    return response
