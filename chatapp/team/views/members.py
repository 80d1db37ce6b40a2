"""The team page: look, invite, change roles, remove, leave, hand the ownership over."""

from __future__ import annotations

from collections.abc import Callable
from uuid import UUID

from flask import Response, flash, make_response, render_template, url_for
from flask_babel import gettext as _

from chatapp.auth import step_up
from chatapp.auth.step_up import requires_fresh_proof
from chatapp.common import limits
from chatapp.common.clock import now
from chatapp.common.errors import AppError, tell_wait
from chatapp.common.htmx import move
from chatapp.common.permissions import in_person, requires
from chatapp.conversations import queries as conversation_queries
from chatapp.invitations import queries as invitation_queries
from chatapp.invitations import services as invitations
from chatapp.team import services
from chatapp.team.forms import InvitationForm, chosen_member, chosen_role
from chatapp.team.invite import Outcome, invite_all, roles_to_give
from chatapp.team.views.blueprint import bp
from chatapp.workspaces import permissions, queries
from chatapp.workspaces import services as workspaces
from chatapp.workspaces.door import current_membership, current_workspace, may


@bp.get("/team")
@requires(permissions.TEAM_VIEW)
def index() -> Response:
    return _page()


@bp.post("/team/invitations")
@requires(permissions.TEAM_MANAGE)
def invite() -> Response:
    form = InvitationForm()
    if not form.validate_on_submit():
        return _page(form=form, status=422)
    try:
        outcome = invite_all(form.addresses, role=form.offered, by=current_membership())
    except AppError as error:
        form.emails.errors = [error.sentence]
        return tell_wait(_page(form=form, status=error.status), error)
    return _page(outcome=outcome)


@bp.post("/team/invitations/<uuid:invitation_id>/letter")
@requires(permissions.TEAM_MANAGE)
def send_again(invitation_id: UUID) -> Response:
    invitation = invitation_queries.invitation(invitation_id)
    limits.hit(limits.INVITATIONS, "invitations", str(invitation.workspace_id))
    try:
        issued = invitations.send_again(invitation, by=current_membership())
    except AppError as error:
        return _page(error=error, status=error.status)
    return _page(outcome=Outcome([issued]))


@bp.post("/team/invitations/<uuid:invitation_id>/revocation")
@requires(permissions.TEAM_MANAGE)
def revoke(invitation_id: UUID) -> Response:
    invitation = invitation_queries.invitation(invitation_id)
    return _do(lambda: invitations.revoke(invitation, by=current_membership()), _("The invitation is withdrawn."))


@bp.post("/team/<uuid:user_id>/role")
@requires(permissions.TEAM_MANAGE)
def change_role(user_id: UUID) -> Response:
    """Who becomes an owner may take everything from everybody: that wants a proof."""
    role = chosen_role()
    if role == "owner" and not step_up.has_fresh_proof():
        return step_up.ask()
    return _do(
        lambda: workspaces.change_role(user_id, role=role, by=current_membership()),
        _("The role is changed. It counts from now on."),
    )


@bp.post("/team/<uuid:user_id>/removal")
@requires(permissions.TEAM_MANAGE)
def remove(user_id: UUID) -> Response:
    return _do(
        lambda: services.remove(user_id, heir_id=chosen_member("heir_id"), by=current_membership()),
        _("They are no longer in this workspace."),
    )


@bp.post("/team/departure")
@requires(permissions.TEAM_VIEW)
@in_person
def leave() -> Response:
    """Leave oneself: the one thing here that every member may do."""
    me = current_membership()
    try:
        services.remove(me.user_id, heir_id=chosen_member("heir_id"), by=me)
    except AppError as error:
        return _page(error=error, status=error.status)
    flash(_("You have left %(name)s.", name=current_workspace().name))
    return move(url_for("workspaces.index"))


@bp.post("/team/ownership")
@requires(permissions.OWN)
@requires_fresh_proof
def transfer() -> Response:
    owner_id = chosen_member("owner_id")
    if owner_id is None:
        return _page(error=AppError(422, _("Choose a member of the list.")), status=422)
    return _do(
        lambda: workspaces.transfer_ownership(to=owner_id, by=current_membership()),
        _("The ownership is handed over. You are an admin now."),
    )


def _do(work: Callable[[], None], done: str) -> Response:
    """Do it and come back to the page; a refusal is said on the page itself."""
    try:
        work()
    except AppError as error:
        if error.status == 404:
            raise
        return _page(error=error, status=error.status)
    flash(done)
    return move(url_for("team.index"))


def _page(
    *,
    form: InvitationForm | None = None,
    outcome: Outcome | None = None,
    error: AppError | None = None,
    status: int = 200,
) -> Response:
    return make_response(
        render_template(
            "team/index.html",
            members=queries.team(),
            last_seen=queries.last_seen(),
            moment=now(),
            open_counts=conversation_queries.open_counts(),
            invitations=invitation_queries.pending() if may(permissions.TEAM_MANAGE) else [],
            mine=current_membership(),
            form=form or InvitationForm(formdata=None),
            roles=roles_to_give(current_membership()),
            outcome=outcome,
            error=error,
        ),
        status,
    )
