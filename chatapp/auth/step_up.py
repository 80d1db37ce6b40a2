"""Step-up: before a dangerous deed people show once more who they are, unless they did within the last ten minutes.

    @bp.post("/settings/deletion")
    @requires(permissions.OWN)
    @requires_fresh_proof
    def delete() -> Response: ...

The mark stands below the one that says who may, and the view runs only with a fresh proof. Logging in is one, and so is
`/account/proof?next=…`, which asks for the password or, where two-factor is on, for a code.

- A GET is led there and comes back.
- A POST is answered with that page, which carries every field that was typed (files cannot be carried). Once the proof
  is right, the browser posts the same fields again to where they were going, by a 307: nothing is typed twice.
- A POST by htmx gets the question as a fragment, in the layout's notices. It is a plain form from there on, so the view
  must answer a plain form too, which `move` does.

Where to post again is signed, for the session it belongs to: a link to `/account/proof` cannot do a deed.
"""

from __future__ import annotations

from collections.abc import Callable
from datetime import timedelta
from functools import wraps
from typing import ParamSpec

from flask import Response, current_app, make_response, redirect, render_template, request, url_for
from flask_login import current_user
from itsdangerous import BadData, URLSafeTimedSerializer

from chatapp.auth.forms import CodeProofForm, PasswordProofForm
from chatapp.auth.identity import signed_in_user
from chatapp.auth.services import two_factor
from chatapp.common.clock import now
from chatapp.common.errors import AppError
from chatapp.common.htmx import is_htmx, move
from chatapp.common.security import is_own_path, own_referrer

LIFE = timedelta(minutes=10)
_AGAIN = "again"
_NOT_CARRIED = {"csrf_token", "proof", _AGAIN}
_PATIENCE_SECONDS = 3600

Arguments = ParamSpec("Arguments")
ProofForm = PasswordProofForm | CodeProofForm


def requires_fresh_proof(view: Callable[Arguments, Response]) -> Callable[Arguments, Response]:
    """Mark a view for signed-in people as dangerous."""

    @wraps(view)
    def guarded(*args: Arguments.args, **kwargs: Arguments.kwargs) -> Response:
        return view(*args, **kwargs) if has_fresh_proof() else ask()

    return guarded


def has_fresh_proof() -> bool:
    """For views whose input decides whether they are dangerous; they answer `ask()` where this is false."""
    proved_at = current_user.proved_at
    return proved_at is not None and now() - proved_at < LIFE


def ask() -> Response:
    """The question, instead of what was asked for."""
    if request.method == "GET":
        return move(url_for("account.proof", next=request.full_path.rstrip("?")))
    again = _signer().dumps([str(current_user.session_id), request.full_path.rstrip("?")])
    return _question(form_of_person(formdata=None), next=own_referrer(), again=again, status=403)


def form_of_person(**options: None) -> ProofForm:
    """What is asked of the person who is signed in: a code where two-factor is on, else the password."""
    return (CodeProofForm if two_factor.is_on(signed_in_user()) else PasswordProofForm)(**options)


def ask_again(form: ProofForm, error: AppError | None = None) -> Response:
    """`/account/proof` itself: the question with what it was about."""
    status = error.status if error else 422 if form.errors else 200
    response = _question(form, next=_next(), again=request.form.get(_AGAIN), error=error, status=status)
    if error and error.retry_after is not None:
        response.headers["Retry-After"] = str(error.retry_after)
    return response


def go_on() -> Response:
    """With the proof given: do what was begun, or go where one was going."""
    begun = _begun()
    return make_response(redirect(begun, code=307) if begun else redirect(_next(), code=303))


def _question(
    form: ProofForm, *, next: str | None, again: str | None, status: int, error: AppError | None = None
) -> Response:
    carried = [(name, value) for name, value in request.form.items(multi=True) if name not in _NOT_CARRIED]
    template = "account/_proof_asked.html" if is_htmx() else "account/proof.html"
    page = render_template(template, form=form, error=error, next=next, again=again, carried=carried)
    return make_response(page, status)


def _begun() -> str | None:
    """Where the fields that came along are to be posted: only what this session began within the hour."""
    try:
        session_id, path = _signer().loads(request.form.get(_AGAIN, ""), max_age=_PATIENCE_SECONDS)
    except BadData:
        return None
    return str(path) if session_id == str(current_user.session_id) else None


def _next() -> str:
    target = request.args.get("next", "")
    return target if is_own_path(target) else url_for("workspaces.index")


def _signer() -> URLSafeTimedSerializer:
    return URLSafeTimedSerializer(str(current_app.secret_key), salt="step-up")
