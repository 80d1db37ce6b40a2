"""A personal token does what its scopes say and no more; a program that logged in does what its person may."""

from __future__ import annotations

from flask import Flask, request
from flask_babel import gettext as _
from flask_login import current_user

from chatapp.auth.identity import API_BLUEPRINT
from chatapp.auth.scopes import scope_of
from chatapp.common.errors import AppError


def init_app(app: Flask) -> None:
    app.before_request(_check)


def _check() -> None:
    if request.blueprint != API_BLUEPRINT or not current_user.is_authenticated or current_user.scopes is None:
        return
    needed = scope_of(request.method)
    if needed not in current_user.scopes:
        raise AppError(403, _("This token lacks the scope “%(scope)s”. Make one that has it.", scope=needed))
