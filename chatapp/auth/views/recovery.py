"""A forgotten password: ask for a letter, choose a new one."""

from __future__ import annotations

from flask import Response, flash, make_response, render_template, url_for
from flask_babel import gettext as _

from chatapp.auth.forms import ForgottenPasswordForm, NewPasswordForm
from chatapp.auth.services import recovery
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
    form = NewPasswordForm()
    if not form.validate_on_submit():
        return form_page("auth/reset_password.html", form)
    done = recovery.reset(token, password=form.password.data or "")
    if done is None:
        return make_response(render_template("auth/link_over.html"), 410)
    close_sockets_of(done[1])
    flash(_("Your password was changed. Log in with the new one."))
    return move(url_for("auth.login"))
