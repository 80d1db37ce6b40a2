"""Register: with a letter where letters arrive, at once where none do."""

from __future__ import annotations

from uuid import UUID

from flask import Response, make_response, render_template, request, session, url_for
from flask_login import current_user

from chatapp.auth import queries, services
from chatapp.auth.forms import PasswordAgainForm, RegisterForm
from chatapp.auth.models import Registration
from chatapp.auth.services import registration
from chatapp.auth.views.blueprint import bp, form_page
from chatapp.auth.views.entering import enter
from chatapp.common import limits, postbox
from chatapp.common.errors import AppError
from chatapp.common.htmx import move
from chatapp.common.i18n import choose_locale
from chatapp.common.security import is_own_path

_BEGUN = "registration"


@bp.route("/register", methods=["GET", "POST"])
def register() -> Response:
    """Where letters arrive, the same answer, cookie and work for every address."""
    if current_user.is_authenticated:
        return move(url_for("workspaces.index"))
    form = RegisterForm()
    if not form.validate_on_submit():
        return form_page("auth/register.html", form)
    limits.hit(limits.REGISTER, "register", limits.caller())
    return _send_letter(form) if postbox.is_open() else _register_at_once(form)


def _send_letter(form: RegisterForm) -> Response:
    target = request.args.get("next", "")
    limits.hit(limits.LETTERS, "register", (form.email.data or "").lower())
    wanted = registration.ask(**_typed(form), next=target if is_own_path(target) else None)
    session[_BEGUN] = str(wanted.id)
    return make_response(render_template("auth/registration_sent.html", email=form.email.data))


def _register_at_once(form: RegisterForm) -> Response:
    try:
        user = services.register(**_typed(form))
    except AppError as error:
        return form_page("auth/register.html", form, error=error)
    return enter(user)


def _typed(form: RegisterForm) -> services.NewAccount:
    return {
        "email": form.email.data or "",
        "password": form.password.data or "",
        "name": form.name.data or "",
        "locale": choose_locale(),
    }


@bp.route("/register/<token>", methods=["GET", "POST"])
def complete_registration(token: str) -> Response:
    """The link of the letter. In the browser that registered it leads in; in another one the password is asked for. A
    look changes nothing, so that programs that open every link in a letter make no account."""
    limits.hit(limits.LINKS, "complete-registration", limits.caller())
    wanted = queries.registration(token)
    if wanted is None:
        return _over()
    begun = UUID(session[_BEGUN]) if _BEGUN in session else None
    form = PasswordAgainForm()
    if request.method == "GET" or not (begun == wanted.id or form.validate()):
        return _completion(wanted, begun, form)
    try:
        user = registration.complete(token, begun=begun, password=form.password.data)
    except AppError as error:
        return _completion(wanted, begun, form, error)
    session.pop(_BEGUN, None)
    return enter(user, way="letter") if user else _over()


def _completion(
    wanted: Registration, begun: UUID | None, form: PasswordAgainForm, error: AppError | None = None
) -> Response:
    page, is_begun_here = "auth/complete_registration.html", begun == wanted.id
    return form_page(page, form, error, email=wanted.email, is_begun_here=is_begun_here)


def _over() -> Response:
    return make_response(render_template("auth/link_over.html"), 410)
