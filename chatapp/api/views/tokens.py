"""Tokens: get a pair for an address and a password, exchange a refresh token for the next pair, give it back."""

from __future__ import annotations

from flask import Response, jsonify, make_response
from flask_babel import gettext as _

from chatapp.api.payloads import read_body, text
from chatapp.api.views.blueprint import bp
from chatapp.api.wire import tokens_json
from chatapp.auth import services
from chatapp.auth.models import User
from chatapp.auth.passwords import MAX_LENGTH
from chatapp.auth.services import history, two_factor
from chatapp.common import limits
from chatapp.common.errors import AppError
from chatapp.common.unit_of_work import unit_of_work

_MAX_EMAIL = 254
_MAX_TOKEN = 200
_MAX_OTP = 40
_CREDENTIALS = {
    "email": text(most=_MAX_EMAIL),
    "password": text(most=MAX_LENGTH),
    "otp": text(most=_MAX_OTP).optional,
}
_REFRESH_TOKEN = {"refresh_token": text(most=_MAX_TOKEN)}


@bp.post("/auth/token")
def create_token() -> Response:
    """Whoever has two-factor on sends a code of the app, or a recovery code, as `otp`."""
    body = read_body(_CREDENTIALS)
    limits.hit_log_in(body["email"])
    try:
        user = services.authenticate(email=body["email"], password=body["password"])
    except AppError as error:
        raise error if error.retry_after else AppError(401, error.sentence) from error
    if two_factor.is_on(user):
        _check_otp(user, body.get("otp"))
    history.note(user, "token")
    return jsonify(tokens_json(services.issue_tokens(user)))


def _check_otp(user: User, otp: str | None) -> None:
    if otp is None:
        raise AppError(401, _("This account has two-factor on: send the code of the app as otp."))
    limits.hit(limits.LOG_IN, "second-step", str(user.id))
    if not two_factor.accepts(user, otp):
        raise AppError(401, _("This code is wrong, or was used before. Wait for the next one."))


@bp.post("/auth/refresh")
def refresh_token() -> Response:
    """Each refresh token is good for one use; a second use ends everything that came of the same log-in."""
    body = read_body(_REFRESH_TOKEN)
    try:
        tokens = services.refresh_tokens(body["refresh_token"])
    except services.TokenReusedError as error:
        # A refused request is rolled back, but this ending must stay.
        with unit_of_work():
            services.revoke_family(error.family_id)
        raise AppError(401, _("This refresh token was used before. Log in again.")) from error
    return jsonify(tokens_json(tokens))


@bp.post("/auth/revoke")
def revoke_token() -> Response:
    """204 whether or not the token was good for anything (RFC 7009)."""
    services.revoke_tokens(read_body(_REFRESH_TOKEN)["refresh_token"])
    return make_response("", 204)
