"""Turn two-factor on and off, and pass it at the door."""

from __future__ import annotations

import time
from typing import TypedDict
from uuid import UUID

import segno
from flask import Response, current_app, flash, make_response, render_template, request, session, url_for
from flask_babel import gettext as _

from chatapp.auth import queries
from chatapp.auth.forms import CodeForm, SecondStepForm
from chatapp.auth.identity import signed_in_user
from chatapp.auth.models import Authenticator, User
from chatapp.auth.services import two_factor
from chatapp.auth.step_up import requires_fresh_proof
from chatapp.auth.views.blueprint import account_bp, bp, form_page
from chatapp.auth.views.entering import enter
from chatapp.common import limits
from chatapp.common.errors import AppError
from chatapp.common.htmx import move
from chatapp.common.permissions import requires_login

_STEP = "second_step"
_PATIENCE_SECONDS = 600


class _Step(TypedDict):
    """Whose password was right, until when we wait for the code, and whether to remember the browser."""

    user: str
    until: float
    remember: bool


def ask_for_second_step(user: User, *, is_remembered: bool, target: str | None = None) -> Response:
    """The password or the provider was right: remember whose it was, in the signed cookie, and ask for the code."""
    session[_STEP] = {"user": str(user.id), "remember": is_remembered, "until": time.time() + _PATIENCE_SECONDS}
    return move(url_for("auth.second_step", next=target or request.args.get("next")))


@bp.route("/login/code", methods=["GET", "POST"])
def second_step() -> Response:
    step: _Step | None = session.get(_STEP)
    user = queries.user(UUID(step["user"])) if step and step["until"] > time.time() else None
    if step is None or user is None:
        return move(url_for("auth.login", next=request.args.get("next")))
    form = SecondStepForm()
    if not form.validate_on_submit():
        return form_page("auth/second_step.html", form)
    limits.hit(limits.LOG_IN, "second-step", str(user.id))
    kind = two_factor.accepts(user, form.code.data or "")
    if kind is None:
        return form_page("auth/second_step.html", form, _wrong())
    del session[_STEP]
    return enter(user, way=kind, is_remembered=step["remember"])


@account_bp.get("/two-factor")
@requires_login
def two_factor_page() -> Response:
    return _page(CodeForm())


@account_bp.post("/two-factor/begin")
@requires_login
def begin_two_factor() -> Response:
    two_factor.begin(signed_in_user())
    return move(url_for("account.two_factor_page"))


@account_bp.post("/two-factor")
@requires_login
def confirm_two_factor() -> Response:
    form, user = CodeForm(), signed_in_user()
    if not form.validate_on_submit():
        return _page(form)
    limits.hit(limits.LOG_IN, "set-up", str(user.id))
    codes = two_factor.confirm(user, form.code.data or "")
    return _codes(codes) if codes else _page(form, _wrong())


@account_bp.post("/two-factor/codes")
@requires_login
@requires_fresh_proof
def renew_recovery_codes() -> Response:
    try:
        return _codes(two_factor.renew_recovery_codes(signed_in_user()))
    except AppError as error:
        return _page(CodeForm(formdata=None), error)


@account_bp.post("/two-factor/end")
@requires_login
@requires_fresh_proof
def end_two_factor() -> Response:
    two_factor.end(signed_in_user())
    flash(_("Two-factor is off."))
    return move(url_for("account.two_factor_page"))


def _page(form: CodeForm, error: AppError | None = None) -> Response:
    """Off, half way, or on."""
    user, status = signed_in_user(), error.status if error else 422 if form.errors else 200
    found = queries.authenticator(user.id)
    page = render_template(
        "account/two_factor.html",
        authenticator=found,
        picture=_picture(found, user) if found and not found.confirmed_at else "",
        secret=two_factor.secret_of(found) if found and not found.confirmed_at else "",
        codes_left=queries.recovery_codes_left(user.id),
        form=form,
        error=error,
    )
    return make_response(page, status)


def _picture(authenticator: Authenticator, user: User) -> str:
    """The QR code as a data: address, which our policy lets pictures have."""
    address = two_factor.address_of(authenticator, user, issuer=current_app.extensions["chatapp.config"].app_name)
    picture: str = segno.make(address, micro=False).svg_data_uri(scale=4, border=3, light="#fff")
    return picture


def _codes(codes: list[str]) -> Response:
    return make_response(render_template("account/recovery_codes.html", codes=codes))


def _wrong() -> AppError:
    wrong = _("This code is wrong, or was used before. Wait for the next one.")
    return AppError(422, wrong, fields={"code": wrong})
