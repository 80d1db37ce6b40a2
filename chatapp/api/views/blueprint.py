"""The blueprint of the API. No CSRF token is asked for because it never looks at the cookie."""

from __future__ import annotations

from flask import Blueprint, Response

from chatapp.auth.identity import API_BLUEPRINT
from chatapp.common.security import csrf

bp = Blueprint(API_BLUEPRINT, __name__)
csrf.exempt(bp)

WORKSPACE = "/w/<slug>"


@bp.after_request
def keep_private(response: Response) -> Response:
    """Answers hold people's words and tokens: no cache keeps them. A 401 says which proof is missing."""
    response.headers["Cache-Control"] = "no-store"
    response.vary.add("Authorization")
    if response.status_code == 401:
        response.headers["WWW-Authenticate"] = "Bearer"
    return response
