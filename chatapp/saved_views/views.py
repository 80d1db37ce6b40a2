"""Saved views: the list of those that somebody sees, and the page where one is put together."""

from __future__ import annotations

from collections.abc import Callable
from uuid import UUID

from flask import Blueprint, Response, flash, make_response, render_template, request, url_for
from flask_babel import gettext as _

from chatapp.common import conditions
from chatapp.common.errors import AppError, not_found
from chatapp.common.htmx import move as go_to
from chatapp.common.permissions import requires
from chatapp.saved_views import drafts, finding, permissions, queries, services
from chatapp.saved_views.forms import SavedViewForm
from chatapp.saved_views.models import SavedView
from chatapp.saved_views.subjects import SUBJECTS, Subject
from chatapp.saved_views.words import operator_words
from chatapp.workspaces.door import current_membership, demand

bp = Blueprint("saved_views", __name__)


@bp.get("/saved-views")
@requires(permissions.VIEW)
def index() -> Response:
    """`?subject=`: those of conversations, or of contacts."""
    subject, me = _subject(), current_membership()
    page = render_template(
        "saved_views/index.html",
        subject=subject.name,
        views=queries.kept(me, subject.name),
        may_write=lambda view: services.may_write(view, me),
        address_of=address_of,
    )
    return make_response(page)


@bp.get("/saved-views/new")
@requires(permissions.VIEW)
def new() -> Response:
    """Empty, or with what the inbox shows: `?view=` is one of its views; or with filters of a search."""
    form = SavedViewForm(_subject(), current_membership())
    if request.args.get("view"):
        form.draft = drafts.of_view(request.args["view"])
    elif form.subject.name == "conversations":
        form.draft = drafts.of_search(request.args)
    else:
        form.draft = drafts.of_contacts(request.args)
    form.sort.data = request.args.get("sort", "")
    return _form(form)


@bp.post("/saved-views")
@requires(permissions.VIEW)
def create() -> Response:
    subject, me = _subject(), current_membership()
    form = SavedViewForm(subject, me)
    return _save(form, lambda: services.create(form.terms(), subject=subject.name, by=me))


@bp.get("/saved-views/rule")
@requires(permissions.VIEW)
def rule() -> Response:
    """One more condition (`?group=` names the group that it is in), or with `?token=` that one, about another field."""
    subject, token = _subject(), request.args.get("token", "")
    draft = drafts.rule_sent(request.args, token) if token else {}
    draft["value"] = None
    page = render_template("saved_views/_rule.html", rule=draft, token=token, group=_group_token(), **_parts(subject))
    return make_response(page)


@bp.get("/saved-views/group")
@requires(permissions.VIEW)
def group() -> Response:
    """One more group, with a first condition in it."""
    fresh = {"match": "any", "parts": [{}]}
    return make_response(render_template("saved_views/_group.html", group=fresh, **_parts(_subject())))


@bp.post("/saved-views/count")
@requires(permissions.VIEW)
def count() -> Response:
    """How many rows fulfil what has been put together so far; nothing is kept."""
    subject, me = _subject(), current_membership()
    try:
        asked = conditions.checked(drafts.sent(request.form), subject.fields(me.user_id))
    except AppError as error:
        return make_response(render_template("saved_views/_count.html", count="", sentence=error.sentence))
    found = finding.counts([asked], me=me.user_id)[0]
    return make_response(render_template("saved_views/_count.html", count=found, sentence=""))


@bp.get("/saved-views/<uuid:saved_view_id>")
@requires(permissions.VIEW)
def edit(saved_view_id: UUID) -> Response:
    view = _view(saved_view_id)
    return _form(SavedViewForm(SUBJECTS[view.subject], current_membership(), view), view)


@bp.post("/saved-views/<uuid:saved_view_id>")
@requires(permissions.VIEW)
def update(saved_view_id: UUID) -> Response:
    view, me = _view(saved_view_id), current_membership()
    form = SavedViewForm(SUBJECTS[view.subject], me, view)

    def change() -> SavedView:
        services.change(view, form.terms(), by=me)
        return view

    return _save(form, change, view)


@bp.post("/saved-views/<uuid:saved_view_id>/removal")
@requires(permissions.VIEW)
def delete(saved_view_id: UUID) -> Response:
    view = _view(saved_view_id)
    services.delete(view, by=current_membership())
    flash(_("“%(name)s” is deleted.", name=view.name))
    return go_to(url_for("saved_views.index", subject=view.subject))


@bp.post("/saved-views/<uuid:saved_view_id>/copies")
@requires(permissions.VIEW)
def duplicate(saved_view_id: UUID) -> Response:
    copy = services.duplicate(_view(saved_view_id), by=current_membership())
    flash(_("This is the copy. Only you see it."))
    return go_to(url_for("saved_views.edit", saved_view_id=copy.id))


@bp.post("/saved-views/<uuid:saved_view_id>/place")
@requires(permissions.VIEW)
def move(saved_view_id: UUID) -> Response:
    """`direction` is up or down."""
    view = _view(saved_view_id)
    services.move(view, is_up=request.form.get("direction") == "up", by=current_membership())
    return go_to(url_for("saved_views.index", subject=view.subject))


@bp.post("/saved-views/<uuid:saved_view_id>/order")
@requires(permissions.VIEW)
def choose_order(saved_view_id: UUID) -> Response:
    """`order` is how whoever opens it sees it, from now on."""
    view, order = _view(saved_view_id), request.form.get("order", "")
    if order not in SUBJECTS[view.subject].orders_of(view.group):
        raise AppError(422, _("Choose one of the list."))
    services.sort_by(view, order, by=current_membership())
    return go_to(address_of(view))


def address_of(view: SavedView) -> str:
    """Where its rows are."""
    if view.subject == "contacts":
        return url_for("contacts.index", segment=view.id)
    return url_for("inbox.show", view=queries.view_name(view.id))


def _subject() -> Subject:
    found = SUBJECTS.get(request.values.get("subject", "conversations"))
    if found is None:
        raise not_found()
    demand(found.permission)
    return found


def _view(saved_view_id: UUID) -> SavedView:
    view = queries.saved_view(saved_view_id, seen_by=current_membership())
    demand(SUBJECTS[view.subject].permission)
    return view


def _save(form: SavedViewForm, work: Callable[[], SavedView], view: SavedView | None = None) -> Response:
    if not form.validate_on_submit():
        return _form(form, view, status=422)
    try:
        saved = work()
    except AppError as error:
        if error.status not in (409, 422):
            raise
        return _form(form, view, error=error, status=error.status)
    flash(_("Saved."))
    return go_to(address_of(saved))


def _form(
    form: SavedViewForm, view: SavedView | None = None, *, error: AppError | None = None, status: int = 200
) -> Response:
    page = render_template(
        "saved_views/edit.html",
        form=form,
        view=view,
        fixed=view is not None and not services.may_write(view, current_membership()),
        error=error,
        back=address_of(view) if view else url_for("saved_views.index", subject=form.subject.name),
        **_parts(form.subject),
    )
    return make_response(page, status)


def _parts(subject: Subject) -> dict[str, object]:
    """What every part of the form needs."""
    return {
        "subject": subject.name,
        "fields": subject.fields(current_membership().user_id),
        "operator_words": operator_words,
        "new_token": drafts.new_token,
        "bare": conditions.BARE,
    }


def _group_token() -> str:
    return request.args.get("group", "")
