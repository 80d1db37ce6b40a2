"""The list of contacts, and one contact's profile with notes and conversations."""

from __future__ import annotations

from uuid import UUID

from flask import Blueprint, Response, flash, make_response, render_template, request, url_for
from flask_babel import gettext as _

from chatapp.attributes import queries as attributes
from chatapp.attributes import values
from chatapp.attributes.models import Attribute
from chatapp.common.errors import AppError
from chatapp.common.htmx import move
from chatapp.common.permissions import requires
from chatapp.contacts import permissions, queries
from chatapp.contacts.files import chosen_segment
from chatapp.contacts.services import blocking
from chatapp.conversations import permissions as conversation_permissions
from chatapp.conversations import services as conversations
from chatapp.endusers import queries as endusers
from chatapp.endusers import services as enduser_services
from chatapp.endusers.forms import NoteForm, ProfileForm
from chatapp.endusers.models import EndUser
from chatapp.endusers.services.identities import COLUMNS
from chatapp.saved_views import queries as saved_views
from chatapp.saved_views import services as saved_view_services
from chatapp.workspaces.door import current_membership, demand

bp = Blueprint("contacts", __name__)
_MOST_WORDS = 200


@bp.get("/contacts")
@requires(permissions.VIEW)
def index() -> Response:
    """`?q=` finds by name and mail address; without it the list is paged, in one of the orders (`?sort=`). `?segment=`:
    only the contacts of that one."""
    words = request.args.get("q", "").replace("\x00", "").strip()[:_MOST_WORDS]
    segment, me = chosen_segment(), current_membership()
    order = request.args.get("sort") or (segment.sort if segment else "seen")
    if order not in queries.ORDERS:
        raise AppError(400, _("This list cannot be sorted like that."))
    only_blocked, cursor = request.args.get("show") == "blocked", request.args.get("cursor")
    listed = None if words else queries.page(order, only_blocked=only_blocked, segment=segment, cursor=cursor)
    page = render_template(
        "contacts/index.html",
        words=words,
        order=order,
        only_blocked=only_blocked,
        segment=segment,
        segments=saved_views.usable(me, "contacts"),
        size=queries.count_of(segment) if segment and not words else None,
        may_change=segment is not None and saved_view_services.may_write(segment, me),
        is_first=not cursor,
        contacts=queries.found(words, only_blocked=only_blocked, segment=segment) if listed is None else listed.rows,
        next_cursor=listed.next_cursor if listed else None,
        most=queries.MOST_FOUND,
        may_add=_may(permissions.MANAGE),
        may_export=_may(permissions.EXPORT),
        may_import=_may(permissions.IMPORT),
    )
    return make_response(page)


@bp.get("/contacts/new")
@requires(permissions.MANAGE)
def new() -> Response:
    _demand_whole_sight()
    return _new(ProfileForm())


@bp.post("/contacts")
@requires(permissions.MANAGE)
def create() -> Response:
    _demand_whole_sight()
    form = ProfileForm()
    if not form.validate_on_submit():
        return _new(form, status=422)
    try:
        made = enduser_services.create(**form.facts)
    except AppError as error:
        return _new(form, error=error, status=error.status)
    flash(_("The contact is added."))
    return move(url_for("contacts.show", end_user_id=made.id))


@bp.get("/contacts/<uuid:end_user_id>")
@requires(permissions.VIEW)
def show(end_user_id: UUID) -> Response:
    """Whoever was merged is shown at the address of the contact they were merged into."""
    contact = queries.contact(end_user_id)
    return profile(contact) if contact.id == end_user_id else _back_to(contact)


@bp.post("/contacts/<uuid:end_user_id>")
@requires(permissions.VIEW)
def update(end_user_id: UUID) -> Response:
    demand(conversation_permissions.DESCRIBE)
    contact, form = queries.contact(end_user_id, lock=True), ProfileForm()
    if not form.validate_on_submit():
        return profile(contact, form=form, status=422)
    conversations.describe_contact(contact, by=current_membership(), **form.facts)
    flash(_("Saved."))
    return _back_to(contact)


@bp.get("/contacts/<uuid:end_user_id>/attributes/<uuid:attribute_id>")
@requires(permissions.VIEW)
def attribute(end_user_id: UUID, attribute_id: UUID) -> Response:
    """The form of one value."""
    demand(conversation_permissions.DESCRIBE)
    contact, one = queries.contact(end_user_id), attributes.attribute(attribute_id, subject="contacts")
    return _value_form(contact, one, contact.attributes.get(one.place))


@bp.post("/contacts/<uuid:end_user_id>/attributes/<uuid:attribute_id>")
@requires(permissions.VIEW)
def fill_in(end_user_id: UUID, attribute_id: UUID) -> Response:
    """`value`, several times for several; none takes it away."""
    demand(conversation_permissions.DESCRIBE)
    contact, one = queries.contact(end_user_id, lock=True), attributes.attribute(attribute_id, subject="contacts")
    typed = request.form.getlist("value")
    try:
        value = values.read(one, typed)
    except AppError as error:
        return _value_form(contact, one, typed if one.kind == "multi" else "".join(typed[:1]), error)
    conversations.fill_in_contact(contact, one, value, by=current_membership())
    return make_response(
        render_template("contacts/_attributes_changed.html", contact=contact, attributes=_known(contact))
    )


@bp.post("/contacts/<uuid:end_user_id>/block")
@requires(permissions.MANAGE)
def block(end_user_id: UUID) -> Response:
    contact = queries.contact(end_user_id, lock=True)
    blocking.block(contact, by=current_membership())
    flash(_("The contact is blocked."))
    return _back_to(contact)


@bp.post("/contacts/<uuid:end_user_id>/unblock")
@requires(permissions.MANAGE)
def unblock(end_user_id: UUID) -> Response:
    contact = queries.contact(end_user_id, lock=True)
    blocking.unblock(contact, by=current_membership())
    flash(_("The contact can write again."))
    return _back_to(contact)


@bp.post("/contacts/<uuid:end_user_id>/notes")
@requires(permissions.MANAGE)
def create_note(end_user_id: UUID) -> Response:
    contact, form = queries.contact(end_user_id, lock=True), NoteForm()
    if not form.validate_on_submit():
        return profile(contact, note_form=form, status=422)
    enduser_services.write_note(contact, text=form.text.data or "", by=current_membership())
    return _back_to(contact)


@bp.post("/contacts/<uuid:end_user_id>/notes/<uuid:note_id>")
@requires(permissions.MANAGE)
def update_note(end_user_id: UUID, note_id: UUID) -> Response:
    contact, form = queries.contact(end_user_id, lock=True), NoteForm()
    note = endusers.note(note_id, contact.id)
    if not form.validate_on_submit():
        return profile(contact, edited=(note_id, form), status=422)
    enduser_services.change_note(note, text=form.text.data or "", by=current_membership())
    return _back_to(contact)


@bp.post("/contacts/<uuid:end_user_id>/notes/<uuid:note_id>/removal")
@requires(permissions.MANAGE)
def delete_note(end_user_id: UUID, note_id: UUID) -> Response:
    contact = queries.contact(end_user_id, lock=True)
    enduser_services.delete_note(endusers.note(note_id, contact.id), by=current_membership())
    flash(_("The note is deleted."))
    return _back_to(contact)


def _new(form: ProfileForm, *, error: AppError | None = None, status: int = 200) -> Response:
    return make_response(render_template("contacts/new.html", form=form, error=error), status)


def profile(
    contact: EndUser,
    *,
    form: ProfileForm | None = None,
    note_form: NoteForm | None = None,
    edited: tuple[UUID, NoteForm] | None = None,
    added: tuple[AppError, str] | None = None,
    status: int = 200,
) -> Response:
    """`edited`: a note that is being changed, and what was typed. `added`: why that is no way they are known, and what
    was typed."""
    cursor = request.args.get("cursor")
    page = render_template(
        "contacts/show.html",
        contact=contact,
        attributes=_known(contact),
        form=form or ProfileForm(formdata=None, obj=contact),
        note_form=note_form or NoteForm(formdata=None),
        edited=edited,
        added=added,
        identities=endusers.identities(contact.id),
        browsers=endusers.browsers(contact.id),
        keys={kind: endusers.key_of(kind, getattr(contact, column) or "") for kind, column in COLUMNS.items()},
        timeline=queries.timeline(contact.id, cursor=cursor),
        is_first=not cursor,
        me_id=current_membership().user_id,
    )
    return make_response(page, status)


def _known(contact: EndUser) -> list[attributes.Filled]:
    """What the company wants to know about a contact, and what is known of it."""
    return attributes.filled({"contacts": contact.attributes})["contacts"]


def _value_form(contact: EndUser, one: Attribute, value: object, error: AppError | None = None) -> Response:
    action = url_for("contacts.fill_in", end_user_id=contact.id, attribute_id=one.id)
    page = render_template("attributes/_form.html", attribute=one, value=value, action=action, error=error)
    response = make_response(page, error.status if error else 200)
    if error:
        response.headers["HX-Retarget"], response.headers["HX-Reswap"] = "#attribute-form", "innerHTML"
    return response


def _back_to(contact: EndUser) -> Response:
    return move(url_for("contacts.show", end_user_id=contact.id))


def _may(permission: str) -> bool:
    """For what only who meets everybody can do."""
    return current_membership().may(permission) and queries.meets_everybody()


def _demand_whole_sight() -> None:
    """Somebody new has no conversation, so who sees only some would never see them. Raises `AppError` 403."""
    if not queries.meets_everybody():
        raise AppError(403, _("Your role sees only some conversations, so it cannot add contacts."))
