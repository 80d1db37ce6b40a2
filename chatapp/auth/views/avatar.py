"""The picture of a person: its public address, and changing one's own."""

from __future__ import annotations

from flask import Response, flash, url_for
from flask_babel import gettext as _

from chatapp.auth import queries, services
from chatapp.auth.forms import ProfileForm
from chatapp.auth.identity import signed_in_user
from chatapp.auth.views.blueprint import account_bp, bp, form_page
from chatapp.common import limits, pictures
from chatapp.common.errors import AppError
from chatapp.common.htmx import move
from chatapp.common.permissions import requires_login


@bp.get("/avatars/<token>")
def avatar(token: str) -> Response:
    """Visitors and letters see it too, so whoever has the address may."""
    return pictures.answer(queries.avatar(token))


@account_bp.post("/avatar")
@requires_login
@pictures.takes_picture
def change_avatar() -> Response:
    user = signed_in_user()
    limits.hit(limits.PICTURES, "pictures", str(user.id))
    try:
        services.change_avatar(user, pictures.sent())
    except AppError as error:
        form = ProfileForm(formdata=None, obj=user)
        return form_page("account/profile.html", form, picture_error=error, status=error.status)
    flash(_("Your picture is changed."))
    return move(url_for("account.profile"))


@account_bp.post("/avatar/removal")
@requires_login
def remove_avatar() -> Response:
    services.change_avatar(signed_in_user(), None)
    flash(_("Your picture is removed."))
    return move(url_for("account.profile"))
