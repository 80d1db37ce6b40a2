"""What the pages of the back office hang on, and the second lock on their door."""

from __future__ import annotations

from collections.abc import Callable
from dataclasses import dataclass

from flask import Blueprint, Response, make_response, render_template, request

from chatapp.auth.identity import signed_in_user
from chatapp.backoffice.forms import ReasonForm
from chatapp.backoffice.queries import users
from chatapp.backoffice.queries.counts import MOST
from chatapp.common.errors import AppError

bp = Blueprint("backoffice", __name__)


@bp.before_request
def ask_for_two_factor() -> Response | None:
    """A password alone does not open every workspace on the installation."""
    if users.has_two_factor(signed_in_user()):
        return None
    return make_response(render_template("backoffice/two_factor_needed.html"), 403)


@bp.app_template_filter("bounded")
def bounded(count: int) -> str:
    """A count that stopped at `MOST`, in words."""
    return f"{MOST:,}+" if count > MOST else str(count)


@dataclass(frozen=True, kw_only=True)
class Question:
    """What stands in front of a deed: what it does, what its button says, and where those go who would rather not."""

    title: str
    lead: str
    label: str
    back: str
    section: str


def once_said_why(question: Question, deed: Callable[[str], Response]) -> Response:
    """Ask for the reason; then do it. What refuses it is said on the same page, with what was typed."""
    form = ReasonForm()
    if not form.validate_on_submit():
        return _asking(question, form)
    try:
        return deed(form.reason.data or "")
    except AppError as error:
        return _asking(question, form, error)


def _asking(question: Question, form: ReasonForm, error: AppError | None = None) -> Response:
    status = error.status if error else 422 if form.errors else 200
    page = render_template("backoffice/confirm.html", form=form, error=error, **vars(question))
    return make_response(page, status)


def asked() -> tuple[str, str | None]:
    """What is searched for, and the place in the list."""
    return request.args.get("q", "").replace("\x00", "").strip()[:100], request.args.get("cursor")
