"""Make access tokens, and tell the workspaces that they open of each one that is made or revoked."""

from __future__ import annotations

from datetime import datetime
from uuid import UUID

from chatapp.auth.models import PersonalToken, User
from chatapp.auth.services import personal_tokens
from chatapp.common import audit
from chatapp.common.tenancy import across_tenants
from chatapp.workspaces import queries


def issue(
    user: User, *, name: str, scopes: list[str], restricted_to: UUID | None, expires_at: datetime | None
) -> tuple[PersonalToken, str]:
    """A token and its text. Raises `AppError` 409 when the person has too many."""
    token, text = personal_tokens.issue(
        user, name=name, scopes=scopes, restricted_to=restricted_to, expires_at=expires_at
    )
    _record("token.created", token, user)
    return token, text


@personal_tokens.revoked.connect
def _tell_of_revoked(user: User, *, token: PersonalToken) -> None:
    """Also where the password takes its tokens along, on a page that knows no workspaces."""
    _record("token.revoked", token, user)


def _record(action: str, token: PersonalToken, user: User) -> None:
    changes = {"scopes": (None, ", ".join(token.scopes))} if action == "token.created" else None
    memberships = queries.memberships_of(user.id)
    with across_tenants(reason="an account's token opens each of its workspaces"):
        for workspace_id in (membership.workspace_id for membership in memberships):
            if token.restricted_to in (None, workspace_id):
                audit.record(
                    action,
                    by=user,
                    target_id=token.id,
                    target_name=token.name,
                    changes=changes,
                    workspace_id=workspace_id,
                )
