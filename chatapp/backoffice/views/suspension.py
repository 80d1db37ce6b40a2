"""Shut workspaces and accounts, and open them again."""

from __future__ import annotations

from uuid import UUID

from flask import Response, flash, url_for
from flask_babel import gettext as _

from chatapp.auth.identity import signed_in_user
from chatapp.auth.step_up import requires_fresh_proof
from chatapp.auth.views.blueprint import close_sockets_of
from chatapp.backoffice.queries import users, workspaces
from chatapp.backoffice.services import users as accounts
from chatapp.backoffice.services import workspaces as companies
from chatapp.backoffice.views.blueprint import Question, bp, once_said_why
from chatapp.common.htmx import move
from chatapp.common.permissions import requires_operator


@bp.route("/workspaces/<uuid:workspace_id>/suspension", methods=["GET", "POST"])
@requires_operator
@requires_fresh_proof
def suspend_workspace(workspace_id: UUID) -> Response:
    found = workspaces.workspace(workspace_id)
    question = Question(
        title=_("Suspend %(name)s?", name=found.name),
        lead=_(
            "Its members see the reason instead of their workspace, and its visitors find the chat closed. "
            "Nothing is deleted."
        ),
        label=_("Suspend the workspace"),
        back=url_for("backoffice.workspace", workspace_id=found.id),
        section="workspaces",
    )

    def suspend(reason: str) -> Response:
        companies.suspend(found, reason=reason, by=signed_in_user())
        flash(_("The workspace is suspended."))
        return move(question.back)

    return once_said_why(question, suspend)


@bp.post("/workspaces/<uuid:workspace_id>/restoration")
@requires_operator
def restore_workspace(workspace_id: UUID) -> Response:
    companies.restore(workspaces.workspace(workspace_id), by=signed_in_user())
    flash(_("The workspace is open again."))
    return move(url_for("backoffice.workspace", workspace_id=workspace_id))


@bp.route("/users/<uuid:user_id>/suspension", methods=["GET", "POST"])
@requires_operator
@requires_fresh_proof
def suspend_user(user_id: UUID) -> Response:
    found = users.user(user_id)
    question = Question(
        title=_("Suspend the account of %(name)s?", name=found.name),
        lead=_("They are logged out everywhere and cannot log in. What they wrote stays."),
        label=_("Suspend the account"),
        back=url_for("backoffice.user", user_id=found.id),
        section="users",
    )

    def suspend(reason: str) -> Response:
        close_sockets_of(accounts.suspend(found, reason=reason, by=signed_in_user()))
        flash(_("The account is suspended."))
        return move(question.back)

    return once_said_why(question, suspend)


@bp.post("/users/<uuid:user_id>/restoration")
@requires_operator
def restore_user(user_id: UUID) -> Response:
    accounts.restore(users.user(user_id), by=signed_in_user())
    flash(_("The account is open again."))
    return move(url_for("backoffice.user", user_id=user_id))
