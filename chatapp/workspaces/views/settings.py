"""General settings: name, logo, language, time zone, and the address, which is for owners to change."""

from __future__ import annotations

from flask import Blueprint, Response, flash, make_response, render_template, request, url_for
from flask_babel import gettext as _

from chatapp.auth.identity import signed_in_user
from chatapp.common import limits, pictures
from chatapp.common.errors import AppError
from chatapp.common.htmx import move
from chatapp.common.permissions import requires
from chatapp.workspaces import permissions, queries, services
from chatapp.workspaces.door import current_workspace
from chatapp.workspaces.forms import AddressForm, GeneralForm

bp = Blueprint("workspace_settings", __name__)


@bp.get("/settings")
@requires(permissions.MANAGE)
def general() -> Response:
    return _page()


@bp.post("/settings")
@requires(permissions.MANAGE)
def change() -> Response:
    form = GeneralForm()
    if not form.validate_on_submit():
        return _page(general=form)
    services.change(
        current_workspace(),
        name=form.name.data or "",
        locale=form.locale.data,
        time_zone=form.time_zone.data,
        by=signed_in_user(),
    )
    flash(_("Saved."))
    return move(url_for("workspace_settings.general"))


@bp.post("/settings/link-cards")
@requires(permissions.MANAGE)
def show_link_cards() -> Response:
    services.show_link_cards(current_workspace(), on="shown" in request.form, by=signed_in_user())
    flash(_("Saved."))
    return move(url_for("workspace_settings.general"))


@bp.post("/settings/address")
@requires(permissions.OWN)
def change_address() -> Response:
    """Move to another address; links to the present one go on working."""
    form, workspace = AddressForm(), current_workspace()
    if not form.validate_on_submit():
        return _page(address=form)
    limits.hit(limits.ADDRESSES, "addresses", str(workspace.id))
    try:
        services.move(workspace, to=form.slug.data or "", by=signed_in_user())
    except AppError as error:
        return _page(address=form, error=error)
    flash(_("The address is changed. The old one leads here."))
    return move(url_for("workspace_settings.general", slug=workspace.slug))


@bp.post("/settings/logo")
@requires(permissions.MANAGE)
@pictures.takes_picture
def change_logo() -> Response:
    workspace = current_workspace()
    limits.hit(limits.PICTURES, "pictures", str(workspace.id))
    try:
        services.change_logo(workspace, pictures.sent(), by=signed_in_user())
    except AppError as error:
        return _page(picture_error=error)
    flash(_("The logo is changed."))
    return move(url_for("workspace_settings.general"))


@bp.post("/settings/logo/removal")
@requires(permissions.MANAGE)
def remove_logo() -> Response:
    services.change_logo(current_workspace(), None, by=signed_in_user())
    flash(_("The logo is removed."))
    return move(url_for("workspace_settings.general"))


def _page(
    *,
    general: GeneralForm | None = None,
    address: AddressForm | None = None,
    error: AppError | None = None,
    picture_error: AppError | None = None,
) -> Response:
    workspace = current_workspace()
    refusal = error or picture_error
    return make_response(
        render_template(
            "workspaces/settings/general.html",
            general=general or GeneralForm(formdata=None, obj=workspace),
            address=address or AddressForm(formdata=None, obj=workspace),
            old_addresses=queries.old_addresses(),
            error=error,
            picture_error=picture_error,
        ),
        refusal.status if refusal else 422 if general or address else 200,
    )
