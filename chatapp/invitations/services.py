"""Invite, send again, withdraw, accept."""

from __future__ import annotations

from dataclasses import dataclass
from datetime import timedelta

from flask_babel import gettext as _
from sqlalchemy.exc import IntegrityError

from chatapp.auth.models import User
from chatapp.auth.tokens import hash_token, new_token
from chatapp.common import audit, postbox, tenancy
from chatapp.common.clock import now
from chatapp.common.db import db
from chatapp.common.errors import AppError
from chatapp.invitations import queries
from chatapp.invitations.models import Invitation
from chatapp.workspaces import queries as workspace_queries
from chatapp.workspaces import services as workspaces
from chatapp.workspaces.models import Membership, Workspace

ROLES = ("admin", "agent", "viewer")
LIFE = timedelta(days=7)


@dataclass(frozen=True)
class Issued:
    """An invitation with its token, which exists only now: to be put into a link, never to be kept."""

    invitation: Invitation
    token: str

    @property
    def link(self) -> str:
        """What the letter holds."""
        return postbox.link("invitations.show", token=self.token)


def invite(email: str, *, role: str, by: Membership) -> Issued | None:
    """Invite an address; None if an invitation of it is still good. An expired one is sent again."""
    email = email.strip().lower()
    found = queries.pending_for(email)
    if found is not None and not found.is_expired:
        return None
    if found is not None:
        found.role = role
        return send_again(found, by=by)
    token, moment = new_token(), now()
    made = Invitation(
        workspace_id=by.workspace_id,
        email=email,
        role=role,
        token_hash=hash_token(token),
        invited_by=by.user.name,
        sent_at=moment,
        expires_at=moment + LIFE,
    )
    try:
        with db.session.begin_nested():
            db.session.add(made)
    except IntegrityError:
        return None  # somebody else invited them in this moment
    _record("invitation.sent", made, by.user)
    return _mail(Issued(made, token), by)


def send_again(invitation: Invitation, *, by: Membership) -> Issued:
    """A new link, good for seven days; the old one is over. Raises `AppError` 409 when nobody waits for it."""
    if not invitation.is_pending:
        raise AppError(409, _("This invitation was accepted or withdrawn in the meantime."))
    token, moment = new_token(), now()
    invitation.token_hash, invitation.sent_at, invitation.expires_at = hash_token(token), moment, moment + LIFE
    _record("invitation.resent", invitation, by.user)
    return _mail(Issued(invitation, token), by)


def revoke(invitation: Invitation, *, by: Membership) -> None:
    """Withdraw it; doing so twice changes nothing. Raises `AppError` 409 when it was accepted."""
    if invitation.accepted_at is not None:
        raise AppError(409, _("This invitation was accepted or withdrawn in the meantime."))
    if invitation.revoked_at is None:
        invitation.revoked_at = now()
        _record("invitation.revoked", invitation, by.user)


def open_invitation(token: str) -> Invitation:
    """Enter its workspace and return it. Raises `AppError` 404 or 410 with the reason why it does not count."""
    workspace_id = queries.workspace_of(token)
    if workspace_id is None:
        raise AppError(404, _("There is no such invitation. Check that the link is complete, or ask for a new one."))
    tenancy.enter(workspace_id)
    invitation = queries.invitation_of(token)
    if invitation.revoked_at is not None:
        raise AppError(410, _("This invitation was withdrawn. Ask the person who invited you for a new one."))
    if invitation.accepted_at is not None:
        raise AppError(410, _("This invitation has been used. If it was you, log in to find the workspace."))
    if invitation.is_expired:
        raise AppError(410, _("This invitation has expired: they are good for seven days. Ask for a new one."))
    return invitation


def accept(token: str, *, user: User) -> Workspace:
    """Join. Raises `AppError` 403 for somebody else's invitation, and what `open_invitation` raises."""
    invitation = open_invitation(token)
    refuse_somebody_else(invitation, user)
    if not workspace_queries.existing_memberships([(invitation.workspace_id, user.id)]):
        workspaces.add_member(invitation.workspace, user=user, role=invitation.role)
    invitation.accepted_at = now()
    _record("invitation.accepted", invitation, user)
    return invitation.workspace


def refuse_somebody_else(invitation: Invitation, user: User) -> None:
    """Raises `AppError` 403 when the account's address is not the invited one."""
    if user.email.lower() != invitation.email:
        raise AppError(
            403,
            _(
                "This invitation is for %(email)s, but you are signed in as %(other)s.",
                email=invitation.email,
                other=user.email,
            ),
        )


def _mail(issued: Issued, by: Membership) -> Issued:
    postbox.post(
        "invitation",
        to=issued.invitation.email,
        person=by.user.name,
        workspace=by.workspace.name,
        link=issued.link,
    )
    return issued


def _record(action: str, invitation: Invitation, by: User) -> None:
    db.session.flush()
    audit.record(
        action,
        by=by,
        target_id=invitation.id,
        target_name=invitation.email,
        changes={"role": (None, invitation.role)} if action == "invitation.sent" else None,
    )
