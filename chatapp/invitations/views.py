"""The page that an invitation's link leads to. The token in it is the proof; who accepts must be signed in."""

from __future__ import annotations

from flask import Blueprint, Response, make_response, render_template, url_for
from flask_login import current_user

from chatapp.auth.forms import NewAccountForm
from chatapp.auth.identity import signed_in_user
from chatapp.auth.views.blueprint import form_page
from chatapp.auth.views.entering import enter
from chatapp.common import limits
from chatapp.common.errors import AppError
from chatapp.common.htmx import move
from chatapp.common.i18n import choose_locale
from chatapp.common.permissions import requires_login
from chatapp.invitations import services
from chatapp.invitations.models import Invitation

bp = Blueprint("invitations", __name__)


@bp.before_request
def limit_guesses() -> None:
    limits.hit(limits.LINKS, "invitation-links", limits.caller())


@bp.get("/invitations/<token>")
def show(token: str) -> Response:
    """Who invites, to what; and the next step: log in, make an account, or join."""
    try:
        invitation = services.open_invitation(token)
        if current_user.is_authenticated:
            services.refuse_somebody_else(invitation, current_user.user)
    except AppError as error:
        return _page(token, error=error)
    return _page(token, invitation=invitation)


@bp.post("/invitations/<token>")
@requires_login
def accept(token: str) -> Response:
    try:
        workspace = services.accept(token, user=signed_in_user())
    except AppError as error:
        return _page(token, error=error)
    return move(url_for("dashboard.home", slug=workspace.slug))


@bp.route("/invitations/<token>/account", methods=["GET", "POST"])
def register(token: str) -> Response:
    """For the invited address. The letter has proved the mailbox, so whoever comes from there is in at once; whoever
    has the link from somebody else registers as everybody does."""
    here = url_for("invitations.show", token=token)
    if current_user.is_authenticated:
        return move(here)
    if not services.came_by_letter(token):
        return move(url_for("auth.register", next=here))
    try:
        invitation = services.open_invitation(token)
    except AppError as error:
        return _page(token, error=error)
    form = NewAccountForm()
    if not form.validate_on_submit():
        return _registration(token, invitation, form)
    name, password = form.name.data or "", form.password.data or ""
    try:
        user, workspace = services.register(token, name=name, password=password, locale=choose_locale())
    except AppError as error:
        return _registration(token, invitation, form, error)
    return enter(user, way="letter", to=url_for("dashboard.home", slug=workspace.slug))


def _registration(token: str, invitation: Invitation, form: NewAccountForm, error: AppError | None = None) -> Response:
    response = form_page("invitations/register.html", form, error, token=token, invitation=invitation)
    response.headers["Referrer-Policy"] = "same-origin"
    return response


def _page(token: str, *, invitation: object = None, error: AppError | None = None) -> Response:
    html = render_template("invitations/show.html", token=token, invitation=invitation, error=error)
    response = make_response(html, error.status if error else 200)
    response.headers["Referrer-Policy"] = "same-origin"  # the address holds the token
    return response
