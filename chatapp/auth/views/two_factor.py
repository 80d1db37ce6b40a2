"""Turn two-factor on and off, and pass it at the door."""

from __future__ import annotations

import time
from typing import TypedDict
from uuid import UUID

import segno
from flask import Response, current_app, flash, make_response, render_template, request, session, url_for
from flask_babel import gettext as _

from chatapp.auth import queries
from chatapp.auth.forms import CodeForm, PasswordForm, SecondStepForm
from chatapp.auth.identity import signed_in_user
from chatapp.auth.models import Authenticator, User
from chatapp.auth.services import two_factor
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


def ask_for_second_step(user: User, *, is_remembered: bool) -> Response:
    """The password was right: remember whose it was, in the signed cookie, and ask for the code."""
    session[_STEP] = {"user": str(user.id), "remember": is_remembered, "until": time.time() + _PATIENCE_SECONDS}
    return move(url_for("auth.second_step", next=request.args.get("next")))


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
    if not two_factor.accepts(user, form.code.data or ""):
        return form_page("auth/second_step.html", form, _wrong())
    del session[_STEP]
    return enter(user, is_remembered=step["remember"])


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
def renew_recovery_codes() -> Response:
    form, user = PasswordForm(), signed_in_user()
    if not form.validate_on_submit():
        return _page(CodeForm(), proof=form)
    limits.hit_log_in(user.email)
    try:
        return _codes(two_factor.renew_recovery_codes(user, password=form.current.data or ""))
    except AppError as error:
        return _page(CodeForm(), error, proof=form)


@account_bp.post("/two-factor/end")
@requires_login
def end_two_factor() -> Response:
    form, user = PasswordForm(), signed_in_user()
    if not form.validate_on_submit():
        return _page(CodeForm(), proof=form)
    limits.hit_log_in(user.email)
    try:
        two_factor.end(user, password=form.current.data or "")
    except AppError as error:
        return _page(CodeForm(), error, proof=form)
    flash(_("Two-factor is off."))
    return move(url_for("account.two_factor_page"))


def _page(form: CodeForm, error: AppError | None = None, *, proof: PasswordForm | None = None) -> Response:
    """Off, half way, or on."""
    user, status = signed_in_user(), 422 if error or form.errors or (proof and proof.errors) else 200
    found = queries.authenticator(user.id)
    page = render_template(
        "account/two_factor.html",
        authenticator=found,
        picture=_picture(found, user) if found and not found.confirmed_at else "",
        secret=two_factor.secret_of(found) if found and not found.confirmed_at else "",
        codes_left=queries.recovery_codes_left(user.id),
        form=form,
        proof=proof or PasswordForm(formdata=None),
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
