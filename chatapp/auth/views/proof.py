"""The page that asks once more who is there, before a dangerous deed."""

from __future__ import annotations

from flask import Response
from flask_login import current_user

from chatapp.auth import step_up
from chatapp.auth.identity import signed_in_user
from chatapp.auth.services import proofs
from chatapp.auth.views.blueprint import account_bp
from chatapp.common import limits
from chatapp.common.errors import AppError
from chatapp.common.permissions import requires_login


@account_bp.route("/proof", methods=["GET", "POST"])
@requires_login
def proof() -> Response:
    form, user = step_up.form_of_person(), signed_in_user()
    if not form.validate_on_submit():
        return step_up.ask_again(form)
    try:
        limits.hit_log_in(user.email)
        proofs.prove(user, form.proof.data or "", session_id=current_user.session_id)
    except AppError as error:
        return step_up.ask_again(form, error)
    return step_up.go_on()
