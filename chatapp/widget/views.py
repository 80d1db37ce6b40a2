"""The visitor's JSON, and where the socket is opened. The token in its header says who a call speaks for."""

from __future__ import annotations

from collections.abc import Callable
from uuid import UUID

from flask import Blueprint, Response, g, jsonify, request
from flask_babel import gettext as _

from chatapp.common import limits
from chatapp.common.errors import AppError
from chatapp.common.i18n import LOCALES, choose_locale
from chatapp.common.realtime.connection import Connection
from chatapp.common.realtime.socket import Sock
from chatapp.common.security import csrf, is_own_origin
from chatapp.projects import queries as projects
from chatapp.projects.models import Project
from chatapp.widget import actions, cookies, history, payloads, sites, visits
from chatapp.widget.live import VisitorSocket
from chatapp.widget.payloads import Payload
from chatapp.widget.visitors import Visitor, authenticate, entered, recognise

bp = Blueprint("widget", __name__)
csrf.exempt(bp)  # no cookie of ours gives any right here but to be recognised, and `init` looks at the Origin for that
sock = Sock()


@bp.before_request
def speak_the_visitors_language() -> None:
    """The panel's, which it names in each call; never that of whoever is logged in to the dashboard."""
    g.locale = request.accept_languages.best_match(LOCALES) or LOCALES[0]


@bp.before_request
def check_handshake() -> None:
    """Before the upgrade: browsers open sockets across origins and ask nobody. Programs send no Origin."""
    if request.endpoint != "widget.socket":
        return
    origin = request.headers.get("Origin")
    if origin is not None and not is_own_origin(origin):
        raise AppError(403, _("This request came from another site."))
    limits.hit(limits.SOCKETS, "sockets", limits.caller())


@bp.post("/widget/init")
def init() -> Response:
    """Open or renew a session. Writes no visitor: that waits for the first message."""
    limits.hit(limits.WIDGET_INIT, "widget-init", limits.caller())
    payload = payloads.body()
    if payload.get("locale") in LOCALES:
        g.locale = payload["locale"]
    project = _project_of(payload)
    sites.check(project, payload)
    token = _token_of(payload, project)
    visit = visits.open_visit(recognise(project, token), page_url=sites.page_url(payload))
    response = jsonify(visit.answer)
    cookies.keep(response, visit.visitor)
    return response


@bp.post("/widget/logout")
def log_out() -> Response:
    """Forget who was here: their token is nobody's from then on. What they wrote is still there when they come back."""
    limits.hit(limits.WIDGET_INIT, "widget-init", limits.caller())
    payload = payloads.body()
    project = _project_of(payload)
    visits.end_visit(recognise(project, _token_of(payload, project)))
    response = Response(status=204)
    cookies.forget(response, project)
    return response


@bp.post("/widget/messages")
def create_message() -> tuple[Response, int]:
    visitor = current_visitor()
    answer, is_new = actions.write(visitor, payloads.body())
    return jsonify(answer), 201 if is_new else 200


@bp.post("/widget/attachments")
def create_attachment() -> tuple[Response, int]:
    """The body is the file, `?name=` what it is called (or a form with `file`): 25 MB at most. A message then names it
    in `attachment_ids`; one that no message names is forgotten after a day."""
    return jsonify(actions.take_file(current_visitor())), 201


@bp.get("/widget/messages")
def messages() -> Response:
    """`?conversation_id=` and `since=<revision>` (with `wait=<seconds>`), `before=<seq>`, or neither for the latest."""
    query = request.args.to_dict()
    conversation = actions.own_conversation(current_visitor(), query)
    return jsonify(history.page_or_news(conversation, history.Range.of(query)))


@bp.post("/widget/conversations/<uuid:conversation_id>/read")
def read(conversation_id: UUID) -> tuple[str, int]:
    return _do(actions.mark_read, conversation_id)


@bp.post("/widget/conversations/<uuid:conversation_id>/typing")
def typing(conversation_id: UUID) -> tuple[str, int]:
    return _do(actions.show_typing, conversation_id)


@bp.post("/widget/conversations/<uuid:conversation_id>/rating")
def rating(conversation_id: UUID) -> tuple[str, int]:
    return _do(actions.rate, conversation_id)


@bp.post("/widget/conversations/<uuid:conversation_id>/close")
def close(conversation_id: UUID) -> tuple[str, int]:
    return _do(actions.close, conversation_id)


@bp.post("/widget/conversations/<uuid:conversation_id>/transcript")
def transcript(conversation_id: UUID) -> tuple[str, int]:
    return _do(actions.mail_transcript, conversation_id)


@sock.route("/widget/socket", bp)
def socket(connection: Connection) -> None:
    """The token comes in the first frame, never in the address."""
    VisitorSocket(connection, locale=choose_locale()).open()


def current_visitor() -> Visitor:
    """Raises `AppError` 401."""
    scheme, _space, token = request.headers.get("Authorization", "").partition(" ")
    return authenticate(token.strip() if scheme.lower() == "bearer" else "")


def _project_of(payload: Payload) -> Project:
    """The project that the key names; its workspace is entered. Raises `AppError` 404, or 403 while that is shut."""
    project = projects.project_by_site_key(payloads.text_of(payload, "key", limit=100) or "")
    if project is None:
        raise AppError(404, _("There is no chat with this key."))
    return entered(project)


def _token_of(payload: Payload, project: Project) -> str | None:
    return payloads.text_of(payload, "token", limit=1_000) or cookies.token_for(project)


def _do(action: Callable[[Visitor, Payload], None], conversation_id: UUID) -> tuple[str, int]:
    visitor = current_visitor()
    payload = payloads.body() if request.content_length else {}
    limits.hit(limits.VISITOR_SIGNALS, "visitor-signals", str(visitor.id))
    action(visitor, {**payload, "conversation_id": str(conversation_id)})
    return "", 204
