"""The ways a contact is known, on their profile: another one, the first one, one less."""

from __future__ import annotations

from uuid import UUID

from flask import Blueprint, Response, flash, request, url_for
from flask_babel import gettext as _

from chatapp.common.errors import AppError
from chatapp.common.forms import tidy
from chatapp.common.htmx import move
from chatapp.common.permissions import requires
from chatapp.contacts import permissions, queries
from chatapp.contacts.views import profile
from chatapp.conversations import permissions as conversation_permissions
from chatapp.conversations import services as conversations
from chatapp.endusers import queries as endusers
from chatapp.endusers.forms import kind_of
from chatapp.endusers.models import EndUser
from chatapp.endusers.services import identities
from chatapp.workspaces.door import current_membership, demand

bp = Blueprint("contact_identities", __name__)


@bp.post("/contacts/<uuid:end_user_id>/identities")
@requires(permissions.VIEW)
def add(end_user_id: UUID) -> Response:
    """`value`: a mail address or a phone, told apart by how it looks."""
    demand(conversation_permissions.DESCRIBE)
    contact, value = queries.contact(end_user_id, lock=True), tidy(request.form.get("value", "")) or ""
    try:
        identities.add(contact, kind_of(value), value)
    except AppError as error:
        return profile(contact, added=(error, value), status=error.status)
    return _back_to(contact, _("Added."))


@bp.post("/contacts/<uuid:end_user_id>/identities/<uuid:way_id>/preference")
@requires(permissions.VIEW)
def prefer(end_user_id: UUID, way_id: UUID) -> Response:
    """The one that is written down, and written to."""
    demand(conversation_permissions.DESCRIBE)
    contact = queries.contact(end_user_id, lock=True)
    identities.prefer(contact, endusers.identity(way_id, contact.id))
    return _back_to(contact, _("Saved."))


@bp.post("/contacts/<uuid:end_user_id>/identities/<uuid:way_id>/removal")
@requires(permissions.VIEW)
def remove(end_user_id: UUID, way_id: UUID) -> Response:
    demand(conversation_permissions.DESCRIBE)
    contact = queries.contact(end_user_id, lock=True)
    identities.let_go(contact, endusers.identity(way_id, contact.id))
    return _back_to(contact, _("Removed."))


def _back_to(contact: EndUser, words: str) -> Response:
    conversations.show_contact(contact, by=current_membership())
    flash(words)
    return move(url_for("contacts.show", end_user_id=contact.id))
