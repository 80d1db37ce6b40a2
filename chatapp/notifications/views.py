"""A member's notifications: the list, the bell, and what was read."""

from __future__ import annotations

from dataclasses import dataclass
from functools import cache
from pathlib import Path
from uuid import UUID

from flask import Blueprint, Response, flash, make_response, render_template, request, url_for
from flask_babel import gettext as _
from flask_login import current_user

from chatapp.common import limits, tenancy
from chatapp.common.clock import rfc3339
from chatapp.common.errors import not_found
from chatapp.common.htmx import move
from chatapp.common.permissions import in_person, requires
from chatapp.common.security import csrf
from chatapp.common.static import Asset
from chatapp.conversations import permissions as conversation_permissions
from chatapp.conversations import queries as conversations
from chatapp.notifications import queries, services, words
from chatapp.notifications.forms import SettingsForm
from chatapp.notifications.models import SWITCHES, Notification
from chatapp.notifications.push import Receiver
from chatapp.notifications.services import letters, pushing
from chatapp.workspaces import permissions
from chatapp.workspaces.door import current_membership

bp = Blueprint("notifications", __name__)
outside_bp = Blueprint("notification_ways", __name__)
_SERVICE_WORKER = Path(__file__).parents[1] / "static/js/service-worker.js"


@dataclass(frozen=True)
class Bell:
    """How many subjects are unread, which they are, and when the latest was told; and of what this member wants to be
    told aloud."""

    unread: int
    subjects: str
    latest: str
    rings: str

    @property
    def shown(self) -> str:
        return f"{queries.MOST_COUNTED}+" if self.unread > queries.MOST_COUNTED else str(self.unread)


@bp.get("/notifications")
@requires(permissions.VIEW)
def index() -> Response:
    """`?show=unread` leaves out what was read."""
    only_unread, cursor = request.args.get("show") == "unread", request.args.get("cursor")
    page = queries.lines_of(current_membership().user_id, only_unread=only_unread, cursor=cursor)
    return make_response(
        render_template(
            "notifications/index.html",
            page=page,
            only_unread=only_unread,
            is_first=not cursor,
            place_of=place_of,
            words=words,
        )
    )


@bp.get("/notifications/bell")
@requires(permissions.VIEW)
def show_bell() -> Response:
    """The bell as it is now, for the frame that heard of a change."""
    latest = queries.newest(current_membership().user_id)
    context = {"news": bell(), "current": False, "newest": latest, "place_of": place_of, "words": words}
    return make_response(render_template("notifications/_bell.html", **context))


@bp.post("/notifications/reading")
@requires(permissions.VIEW)
@in_person
def read_all() -> Response:
    services.read_all(current_membership().user_id)
    return move(url_for("notifications.index"))


@bp.post("/notifications/<uuid:notification_id>/reading")
@requires(permissions.VIEW)
@in_person
def read(notification_id: UUID) -> Response:
    user_id = current_membership().user_id
    services.read(user_id, queries.line(user_id, notification_id).id)
    line = queries.line(user_id, notification_id)
    return make_response(render_template("notifications/_line.html", line=line, place_of=place_of, words=words))


@bp.post("/conversations/<uuid:conversation_id>/notifications/reading")
@requires(conversation_permissions.VIEW)
@in_person
def read_conversation(conversation_id: UUID) -> Response:
    """The member has it before their eyes."""
    if not conversations.in_sight(conversation_id):
        raise not_found()
    services.read_conversation(current_membership().user_id, conversation_id)
    return make_response("", 204)


@bp.get("/notifications/settings")
@requires(permissions.VIEW)
@in_person
def settings() -> Response:
    me = current_membership()
    return _settings(SettingsForm.of(queries.settings_of(me.user_id), zone=me.workspace.time_zone))


@bp.post("/notifications/settings")
@requires(permissions.VIEW)
@in_person
def choose() -> Response:
    form = SettingsForm()
    if not form.validate_on_submit():
        return _settings(form, status=422)
    services.choose(current_membership(), form.choices)
    flash(_("Saved."))
    return move(url_for("notifications.settings"))


def _settings(form: SettingsForm, *, status: int = 200) -> Response:
    key = pushing.public_key()
    return make_response(render_template("notifications/settings.html", form=form, words=words, push_key=key), status)


@bp.post("/notifications/push")
@requires(permissions.VIEW)
@in_person
def subscribe() -> Response:
    """This browser takes pushes from now on."""
    user_id = current_membership().user_id
    limits.hit(limits.PUSHES, "push subscriptions", str(user_id))
    told = [request.form.get(name, "") for name in ("endpoint", "p256dh", "auth")]
    pushing.subscribe(Receiver(*told), user_id=user_id, session_id=current_user.session_id)
    return make_response("", 204)


@bp.post("/notifications/push/removal")
@requires(permissions.VIEW)
@in_person
def unsubscribe() -> Response:
    pushing.unsubscribe(request.form.get("endpoint", ""))
    return make_response("", 204)


@outside_bp.get("/service-worker.js")
def service_worker() -> Response:
    """What shows pushes in a browser. It stands at the root, for it may open any page of ours."""
    response = _service_worker().response()
    response.headers["Cache-Control"] = "no-cache"
    return response.make_conditional(request)  # type: ignore[return-value]


@cache
def _service_worker() -> Asset:
    return Asset(_SERVICE_WORKER.read_bytes(), "text/javascript")


@outside_bp.route("/notifications/stop/<token>", methods=["GET", "POST"])
@csrf.exempt
def stop(token: str) -> Response:
    """A button, because programs that open every link in a letter press none. Mail programs have one of their own
    (RFC 8058): it sends no token of a form, and the link is proof enough."""
    owner = letters.owner_of(token)
    if owner is None:
        raise not_found()
    if request.method == "GET":
        return make_response(render_template("notifications/stop.html", is_done=False))
    workspace_id, user_id = owner
    tenancy.enter(workspace_id)
    services.stop_letters(queries.member(user_id))
    return make_response(render_template("notifications/stop.html", is_done=True))


def place_of(line: Notification) -> str:
    """Where what it tells of is to be seen."""
    if line.conversation_id:
        return url_for("inbox.conversation", conversation_id=line.conversation_id)
    kind = line.kinds[0]
    if kind == "import":
        return url_for("contact_imports.show", contact_import_id=line.subject_id)
    if kind == "export":
        return url_for("contact_files.export_page")
    return url_for("privacy.download", export_id=line.subject_id)


@bp.app_template_global("bell")
def bell() -> Bell:
    """What the bell of the current member shows, for the frame of every page."""
    me = current_membership().user_id
    found, chosen = queries.unread(me), queries.settings_of(me)
    return Bell(
        unread=len(found),
        subjects=" ".join(str(subject_id) for subject_id, _at in found),
        latest=rfc3339(found[0][1]) if found else "",
        rings=" ".join(what for what in SWITCHES if chosen.is_on(f"{what}.desktop")),
    )
