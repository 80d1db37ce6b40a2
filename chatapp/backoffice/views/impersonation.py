"""Begin to stand in for a member, stop, and come back by oneself when the hour is over."""

from __future__ import annotations

from uuid import UUID

from flask import Blueprint, Response, flash, g, request, session, url_for
from flask_babel import gettext as _
from flask_login import current_user, login_user, logout_user

from chatapp.auth import queries as auth
from chatapp.auth.identity import Identity, identity_of, signed_in_user
from chatapp.auth.step_up import requires_fresh_proof
from chatapp.auth.views.blueprint import close_sockets_of
from chatapp.backoffice.queries import impersonations
from chatapp.backoffice.services import impersonation
from chatapp.backoffice.views.blueprint import Question, bp, once_said_why
from chatapp.common import limits
from chatapp.common.errors import not_found
from chatapp.common.htmx import move
from chatapp.common.permissions import for_stand_ins, requires_operator

stand_in_bp = Blueprint("stand_in", __name__)

_OWN = "operator_token"


@bp.route("/workspaces/<uuid:workspace_id>/members/<uuid:user_id>/impersonation", methods=["GET", "POST"])
@requires_operator
@requires_fresh_proof
def impersonate(workspace_id: UUID, user_id: UUID) -> Response:
    member = impersonations.candidate(workspace_id, user_id)
    question = Question(
        title=_("Stand in for %(name)s?", name=member.user.name),
        lead=_(
            "You see and do in this workspace what they may, for an hour at most. Their account stays shut to you, and "
            "the workspace's audit log names you beside them."
        ),
        label=_("Stand in for %(name)s", name=member.user.name),
        back=url_for("backoffice.workspace", workspace_id=workspace_id),
        section="workspaces",
    )

    def stand_in(reason: str) -> Response:
        agent = request.headers.get("User-Agent", "")
        token = impersonation.begin(member, reason=reason, by=signed_in_user(), ip=limits.caller(), user_agent=agent)
        session[_OWN] = current_user.token
        login_user(Identity(member.user, token=token))
        return move(url_for("dashboard.home", slug=member.workspace.slug))

    return once_said_why(question, stand_in)


@stand_in_bp.post("/impersonation/end")
@for_stand_ins
def stop() -> Response:
    """Back to oneself, if one's own session still lives. The session that stood in is over either way."""
    if current_user.impersonator is None:
        raise not_found()
    user_id = current_user.user.id
    impersonation.end(current_user.session_id)
    close_sockets_of([current_user.session_id])
    if not _return_to_self():
        logout_user()
        return move(url_for("auth.login"))
    flash(_("You are yourself again."))
    return move(url_for("backoffice.user", user_id=user_id))


@stand_in_bp.before_app_request
def come_back() -> Response | None:
    """When the hour is over, the way leads to the log-in; an operator's own session waits there."""
    if request.endpoint != "auth.login" or current_user.is_authenticated or not _return_to_self():
        return None
    flash(_("Your time as somebody else is over. You are yourself again."))
    return move(url_for("backoffice.home"))


def _return_to_self() -> bool:
    token = session.pop(_OWN, None)
    own = auth.live_session(token) if token else None
    if own is None or token is None:
        return False
    login_user(identity_of(own, token))
    g.impersonator = None
    return True
