"""Links of letters: a forgotten password, and the proof of an address."""

from __future__ import annotations

from flask import Response, flash, make_response, render_template, request, url_for
from flask_babel import gettext as _
from flask_login import current_user

from chatapp.auth import queries
from chatapp.auth.forms import ForgottenPasswordForm, NewPasswordForm
from chatapp.auth.services import recovery, verification
from chatapp.auth.views.blueprint import bp, close_sockets_of, form_page
from chatapp.common import limits, postbox
from chatapp.common.errors import not_found
from chatapp.common.htmx import move


@bp.route("/forgotten-password", methods=["GET", "POST"])
def forgotten_password() -> Response:
    """The same answer for every address."""
    if not postbox.is_open():
        raise not_found()
    form = ForgottenPasswordForm()
    if not form.validate_on_submit():
        return form_page("auth/forgotten_password.html", form)
    email = (form.email.data or "").lower()
    limits.hit(limits.LETTERS, "forgotten-password", email)
    limits.hit(limits.REGISTER, "forgotten-password", limits.caller())
    recovery.ask(email)
    return make_response(render_template("auth/letter_sent.html", email=form.email.data))


@bp.route("/reset-password/<token>", methods=["GET", "POST"])
def reset_password(token: str) -> Response:
    """A look changes nothing, so that programs that open every link in a letter do not use it up."""
    limits.hit(limits.LINKS, "reset-password", limits.caller())
    if queries.letter_token(token, purpose="reset") is None:
        return _over()
    form = NewPasswordForm()
    if not form.validate_on_submit():
        return form_page("auth/reset_password.html", form)
    done = recovery.reset(token, password=form.password.data or "")
    if done is None:
        return _over()
    close_sockets_of(done[1])
    flash(_("Your password was changed. Log in with the new one."))
    return move(url_for("auth.login"))


@bp.route("/confirm-address/<token>", methods=["GET", "POST"])
def confirm_address(token: str) -> Response:
    """In whichever browser the letter is read: whoever reads it owns the mailbox."""
    limits.hit(limits.LINKS, "confirm-address", limits.caller())
    if request.method == "GET" and queries.letter_token(token, purpose="confirm") is not None:
        return make_response(render_template("auth/confirm_address.html"))
    if request.method == "GET" or verification.confirm(token) is None:
        return _over()
    flash(_("Thank you, your address is confirmed."))
    return move(url_for("workspaces.index" if current_user.is_authenticated else "auth.login"))


def _over() -> Response:
    return make_response(render_template("auth/link_over.html"), 410)
