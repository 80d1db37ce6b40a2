"""The pages on which two contacts become one: whom, what is kept, and taking it back."""

from __future__ import annotations

from uuid import UUID

from flask import Blueprint, Response, flash, make_response, render_template, request, url_for
from flask_babel import gettext as _

from chatapp.common.errors import AppError, not_found
from chatapp.common.htmx import is_htmx, move, toast_there
from chatapp.common.permissions import requires
from chatapp.contacts import duplicates, permissions, queries
from chatapp.contacts.services import merging
from chatapp.undo.offers import address_of
from chatapp.workspaces.door import current_membership

bp = Blueprint("contact_merging", __name__)
_MOST_WORDS = 200


@bp.get("/contacts/<uuid:end_user_id>/merging")
@requires(permissions.MERGE)
def choices(end_user_id: UUID) -> Response:
    """Who could be the same person; `?q=` finds others, and alone when htmx asks."""
    contact = queries.contact(end_user_id)
    words = request.args.get("q", "").replace("\x00", "").strip()[:_MOST_WORDS]
    found = duplicates.found(words, contact) if words else []
    template = "contacts/_doubles.html" if is_htmx() else "contacts/merging.html"
    suggested = [] if is_htmx() else duplicates.suggestions(contact)
    page = render_template(template, contact=contact, words=words, found=found, suggested=suggested)
    response = make_response(page)
    response.headers["Vary"] = "HX-Request"
    return response


@bp.get("/contacts/<uuid:end_user_id>/merging/<uuid:double_id>")
@requires(permissions.MERGE)
def preview(end_user_id: UUID, double_id: UUID) -> Response:
    """Both beside each other: what is kept, and what must be chosen. Who are one already have a profile."""
    target = queries.contact(end_user_id)
    if queries.contact(double_id).id == target.id:
        return move(url_for("contacts.show", end_user_id=target.id))
    return _preview(end_user_id, double_id)


@bp.post("/contacts/<uuid:end_user_id>/merging/<uuid:double_id>")
@requires(permissions.MERGE)
def merge(end_user_id: UUID, double_id: UUID) -> Response:
    """The double goes into the contact. By field `theirs` keeps the double's value, anything else the contact's."""
    target, source = queries.contact(end_user_id), queries.contact(double_id)
    if source.id == target.id:
        return move(url_for("contacts.show", end_user_id=target.id))  # pressed twice, or somebody was quicker
    try:
        _one, deed = merging.merge(source, into=target, chosen=request.form, by=current_membership())
    except AppError as error:
        if error.status not in (409, 422):
            raise
        return _preview(end_user_id, double_id, error)
    toast_there(_("Merged."), undo=address_of(deed))
    return move(url_for("contacts.show", end_user_id=target.id))


@bp.post("/contacts/<uuid:end_user_id>/merges/<uuid:merge_id>/undoing")
@requires(permissions.MERGE)
def take_back(end_user_id: UUID, merge_id: UUID) -> Response:
    """They are two again, however often it is pressed."""
    contact, one = queries.contact(end_user_id), duplicates.merge(merge_id)
    if one.target_id != contact.id:
        raise not_found()
    merging.part(one, by=current_membership())
    flash(_("They are two contacts again."))
    return move(url_for("contacts.show", end_user_id=contact.id))


def _preview(end_user_id: UUID, double_id: UUID, error: AppError | None = None) -> Response:
    target, source = queries.contact(end_user_id), queries.contact(double_id)
    page = render_template(
        "contacts/merging_preview.html",
        target=target,
        source=source,
        parts=duplicates.parts(target, source),
        held=duplicates.holdings([target.id, source.id]),
        chosen=request.form,
        error=error,
    )
    return make_response(page, error.status if error else 200)
