"""Create workspaces and let people in."""

from __future__ import annotations

from flask_babel import gettext as _
from sqlalchemy.exc import IntegrityError

from chatapp.auth.models import User
from chatapp.common import audit, tenancy
from chatapp.common.db import db
from chatapp.common.errors import AppError
from chatapp.workspaces.models import Membership, Workspace


def create(*, name: str, slug: str, locale: str, owner: User) -> Workspace:
    """Make a workspace whose first member owns it, and enter it. Raises `AppError` 422 when the address is taken."""
    workspace = Workspace(name=name, slug=slug, locale=locale)
    try:
        with db.session.begin_nested():
            db.session.add(workspace)
    except IntegrityError:
        taken = _("This address is taken. Choose another.")
        raise AppError(422, taken, fields={"slug": taken}) from None
    tenancy.enter(workspace.id)
    add_member(workspace, user=owner, role="owner")
    audit.record("workspace.created", by=owner, target_id=workspace.id, target_name=name)
    return workspace


def add_member(workspace: Workspace, *, user: User, role: str) -> Membership:
    membership = Membership(workspace_id=workspace.id, user_id=user.id, role=role)
    db.session.add(membership)
    db.session.flush()
    return membership
