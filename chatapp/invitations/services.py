"""Invite, send again, withdraw, accept."""

from __future__ import annotations

from dataclasses import dataclass
from datetime import timedelta

from flask import current_app
from flask_babel import gettext as _
from itsdangerous import Signer
from sqlalchemy.exc import IntegrityError

from chatapp.auth import services as auth
from chatapp.auth.models import User
from chatapp.auth.tokens import hash_token, new_token
from chatapp.common import audit, postbox, tenancy
from chatapp.common.clock import now
from chatapp.common.db import db
from chatapp.common.errors import AppError
from chatapp.invitations import queries
from chatapp.invitations.models import Invitation
from chatapp.plans import queries as plans
from chatapp.plans.models import WorkspacePlan
from chatapp.workspaces import queries as workspace_queries
from chatapp.workspaces import services as workspaces
from chatapp.workspaces.models import AnyRole, Membership, Workspace, name_of, rights_of

LIFE = timedelta(days=7)


@dataclass(frozen=True)
class Issued:
    """An invitation with its token, which exists only now: to be put into a link, never to be kept."""

    invitation: Invitation
    token: str

    @property
    def link(self) -> str:
        """For the inviter, to be handed over by other ways than mail."""
        return postbox.link("invitations.show", token=self.token)

    @property
    def letter_link(self) -> str:
        """What the letter holds, and nobody else sees: it proves the mailbox too."""
        return postbox.link("invitations.show", token=_letters().sign(self.token).decode())


def came_by_letter(token: str) -> bool:
    """Whether whoever has this token has read the letter, and was not merely given the link by the inviter."""
    return _letters().validate(token)


def _letters() -> Signer:
    return Signer(str(current_app.secret_key), salt="invitation-letter")


def invite(email: str, *, role: AnyRole, by: Membership) -> Issued | None:
    """Invite an address; None if an invitation of it is still good. An expired one is sent again.

    Raises `AppError` 403 when the role may do or see more than `by`.
    """
    workspaces.refuse_beyond(by, rights_of(role))
    email = email.strip().lower()
    found = queries.pending_for(email)
    if found is not None and not found.is_expired:
        return None
    if found is not None:
        found.offer(role)
        return send_again(found, by=by)
    token, moment = new_token(), now()
    made = Invitation(
        workspace_id=by.workspace_id,
        email=email,
        token_hash=hash_token(token),
        invited_by=by.user.name,
        sent_at=moment,
        expires_at=moment + LIFE,
    )
    made.offer(role)
    try:
        with db.session.begin_nested():
            db.session.add(made)
    except IntegrityError:
        return None  # somebody else invited them in this moment
    _record("invitation.sent", made, by.user)
    return _mail(Issued(made, token), by)


def send_again(invitation: Invitation, *, by: Membership) -> Issued:
    """A new link, good for seven days; the old one is over.

    Raises `AppError` 403 when the role may do or see more than `by`, 409 when nobody waits for it.
    """
    workspaces.refuse_beyond(by, rights_of(invitation.any_role))
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
    token = _bare(token)
    workspace_id = queries.workspace_of(token)
    if workspace_id is None:
        raise AppError(404, _("There is no such invitation. Check that the link is complete, or ask for a new one."))
    tenancy.enter(workspace_id)
    invitation = queries.invitation_of(token)
    if invitation.workspace.is_suspended:
        raise AppError(403, _("This workspace is suspended at the moment. Ask the person who invited you."))
    if invitation.revoked_at is not None:
        raise AppError(410, _("This invitation was withdrawn. Ask the person who invited you for a new one."))
    if invitation.accepted_at is not None:
        raise AppError(410, _("This invitation has been used. If it was you, log in to find the workspace."))
    if invitation.is_expired:
        raise AppError(410, _("This invitation has expired: they are good for seven days. Ask for a new one."))
    return invitation


def _bare(token: str) -> str:
    """Without what the letter's link adds."""
    return token.partition(".")[0]


def register(token: str, *, name: str, password: str, locale: str) -> tuple[User, Workspace]:
    """An account for the invited address, and join. Only with a token that `came_by_letter`.

    Raises `AppError` 422 when the address has an account, which the owner of the mailbox may know, and what
    `open_invitation` raises.
    """
    _hold_plan(token)
    email = open_invitation(token).email
    user = auth.register(email=email, password=password, name=name, locale=locale, is_verified=True)
    return user, accept(token, user=user)


def accept(token: str, *, user: User) -> Workspace:
    """Join. Raises `AppError` 402 when the plan has no seat left, 403 for somebody else's invitation, and what
    `open_invitation` raises."""
    plan = _hold_plan(token)
    invitation = open_invitation(token)
    refuse_somebody_else(invitation, user)
    if not workspace_queries.existing_memberships([(invitation.workspace_id, user.id)]):
        if plan is not None:
            plan.demand_seats(1, taken=len(workspace_queries.members()))
        workspaces.add_member(invitation.workspace, user=user, role=invitation.any_role)
    invitation.accepted_at = now()
    _record("invitation.accepted", invitation, user)
    return invitation.workspace


def _hold_plan(token: str) -> WorkspacePlan | None:
    """Before the invitation itself is locked, as whoever invites does it: so nobody waits for each other."""
    workspace_id = queries.workspace_of(_bare(token))
    if workspace_id is None:
        return None
    tenancy.enter(workspace_id)
    return plans.held_plan(workspace_id)


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
        link=issued.letter_link,
    )
    return issued


def _record(action: str, invitation: Invitation, by: User) -> None:
    db.session.flush()
    audit.record(
        action,
        by=by,
        target_id=invitation.id,
        target_name=invitation.email,
        changes={"role": (None, name_of(invitation.any_role))} if action == "invitation.sent" else None,
    )
