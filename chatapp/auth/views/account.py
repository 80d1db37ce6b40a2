"""A person's own account: profile, security, sessions."""

from __future__ import annotations

from uuid import UUID

from flask import Response, flash, make_response, render_template, request, url_for
from flask_babel import gettext as _
from flask_login import current_user

from chatapp.auth import devices, oidc, queries, services
from chatapp.auth.forms import ChangeEmailForm, ChangePasswordForm, ProfileForm
from chatapp.auth.identity import signed_in_user
from chatapp.auth.services import history, recovery, verification
from chatapp.auth.step_up import requires_fresh_proof
from chatapp.auth.views.blueprint import account_bp, close_sockets_of, form_page
from chatapp.common import limits, postbox
from chatapp.common.errors import AppError, not_found
from chatapp.common.htmx import move
from chatapp.common.permissions import requires_login


@account_bp.route("", methods=["GET", "POST"])
@requires_login
def profile() -> Response:
    user = signed_in_user()
    form = ProfileForm(obj=user)
    if not form.validate_on_submit():
        return form_page("account/profile.html", form)
    form.populate_obj(user)
    flash(_("Saved."))
    return move(url_for("account.profile"))


@account_bp.route("/security", methods=["GET", "POST"])
@requires_login
def security() -> Response:
    """The password; changing it ends every other session, every program's log-in and, if wanted, the access tokens."""
    form, user = ChangePasswordForm(), signed_in_user()
    if not form.validate_on_submit():
        return _security_page(form)
    limits.hit_log_in(user.email)
    try:
        services.change_password(
            user,
            current=form.current.data or "",
            new=form.password.data or "",
            revoke_tokens=form.revoke_tokens.data,
        )
    except AppError as error:
        return _security_page(form, error)
    close_sockets_of(services.end_sessions(user, keep=current_user.session_id))
    recovery.tell_of_change(user)
    flash(_("Your password was changed, and every other browser was logged out."))
    return move(url_for("account.security"))


def _security_page(form: ChangePasswordForm, error: AppError | None = None) -> Response:
    """The form, the ways to log in without it, and who logged in or tried to."""
    user_id, cursor = signed_in_user().id, request.args.get("cursor")
    return form_page(
        "account/security.html",
        form,
        error,
        has_tokens=bool(queries.personal_tokens_of(user_id)),
        identities=queries.identities_of(user_id),
        provider_of=oidc.provider_of,
        log_ins=queries.log_ins_of(user_id, cursor=cursor),
        is_first=not cursor,
        ways=history.WAYS,
    )


@account_bp.post("/password-link")
@requires_login
def send_password_link() -> Response:
    """For who has no password: whoever sits in front of an open session shall not choose one without the mailbox."""
    user = signed_in_user()
    if not postbox.is_open():
        raise not_found()
    limits.hit(limits.LETTERS, "forgotten-password", user.email.lower())
    recovery.ask(user.email)
    flash(_("The link is on its way."))
    return move(url_for("account.security"))


@account_bp.get("/email")
@requires_login
def email() -> Response:
    return form_page("account/email.html", ChangeEmailForm())


@account_bp.post("/email")
@requires_login
@requires_fresh_proof
def change_email() -> Response:
    """The address changes once the link that is sent there has been followed."""
    form, user = ChangeEmailForm(), signed_in_user()
    if not form.validate_on_submit():
        return form_page("account/email.html", form)
    limits.hit(limits.LETTERS, "confirm-address", str(user.id))
    verification.ask_for_change(user, email=form.email.data or "")
    flash(_("We have sent a link to the new address. Until you follow it, nothing changes."))
    return move(url_for("account.email"))


@account_bp.post("/confirmation")
@requires_login
def send_confirmation() -> Response:
    """The link to the present address, once more."""
    user = signed_in_user()
    if user.email_verified_at is None:
        limits.hit(limits.LETTERS, "confirm-address", str(user.id))
        verification.ask(user)
    flash(_("The link is on its way."))
    return move(url_for("account.profile"))


@account_bp.get("/sessions")
@requires_login
def sessions() -> Response:
    found = queries.sessions_of(signed_in_user().id)
    return make_response(
        render_template("account/sessions.html", sessions=found, own=current_user.session_id, devices=devices)
    )


@account_bp.post("/sessions/<uuid:session_id>/end")
@requires_login
def end_session(session_id: UUID) -> Response:
    ended = services.end_sessions(signed_in_user(), only=session_id)
    if not ended:
        raise not_found()
    close_sockets_of(ended)
    flash(_("That browser was logged out."))
    return move(url_for("account.sessions"))


@account_bp.post("/sessions/end-others")
@requires_login
def end_other_sessions() -> Response:
    close_sockets_of(services.end_sessions(signed_in_user(), keep=current_user.session_id))
    flash(_("Every other browser was logged out."))
    return move(url_for("account.sessions"))
