"""Create policies, change, order and delete them. Clocks that run keep what they were started with."""

from __future__ import annotations

from collections.abc import Callable, Mapping
from dataclasses import asdict, dataclass
from typing import Any
from uuid import UUID

from flask_babel import gettext as _
from sqlalchemy.exc import IntegrityError

from chatapp.auth.models import User
from chatapp.common import audit
from chatapp.common.db import db
from chatapp.common.errors import AppError
from chatapp.common.tenancy import current_workspace_id
from chatapp.hours import queries as hours_queries
from chatapp.projects import queries as project_queries
from chatapp.sla import queries
from chatapp.sla.models import SlaPolicy
from chatapp.teams import queries as team_queries
from chatapp.workspaces import queries as workspaces

MOST = 50
_PARTS: Mapping[str, Callable[[UUID], Any]] = {
    "hours_id": hours_queries.schedule,
    "project_id": project_queries.project,
    "team_id": team_queries.team,
}


@dataclass(frozen=True)
class Terms:
    """Everything that a policy says."""

    name: str
    is_default: bool = False
    first_response: int | None = None
    next_response: int | None = None
    resolution: int | None = None
    warn_amount: int | None = None
    warn_unit: str = "percent"
    hours_id: UUID | None = None
    project_id: UUID | None = None
    team_id: UUID | None = None
    channel_kind: str | None = None


def create(terms: Terms, *, by: User) -> SlaPolicy:
    """The new one is tried after the others. Raises `AppError` 404, 409, 422."""
    workspaces.lock_workspace(current_workspace_id())
    if len(queries.policies()) >= MOST:
        raise AppError(409, _("There are %(count)s policies already. Delete one first.", count=MOST))
    policy = SlaPolicy(workspace_id=current_workspace_id(), position=queries.last_position() + 1)
    _write(policy, terms)
    audit.record("sla.created", by=by, target_id=policy.id, target_name=policy.name)
    return policy


def update(policy: SlaPolicy, terms: Terms, *, by: User) -> None:
    """Raises `AppError` 404, 422."""
    workspaces.lock_workspace(policy.workspace_id)
    fields = asdict(terms)
    before = {name: _told(name, getattr(policy, name)) for name in fields}
    _write(policy, terms)
    changes = {name: (before[name], _told(name, value)) for name, value in fields.items()}
    audit.record("sla.changed", by=by, target_id=policy.id, target_name=policy.name, changes=changes)


def move(policy: SlaPolicy, *, is_up: bool, by: User) -> None:
    """Change places with the neighbour; the default one stays last."""
    workspaces.lock_workspace(policy.workspace_id)
    order = [other for other in queries.policies() if not other.is_default]
    place = order.index(policy) if policy in order else 0
    other = place - 1 if is_up else place + 1
    if policy.is_default or not 0 <= other < len(order):
        return
    order[place], order[other] = order[other], order[place]
    for position, each in enumerate(order, start=1):
        each.position = position
    audit.record("sla.moved", by=by, target_id=policy.id, target_name=policy.name)


def delete(policy: SlaPolicy, *, by: User) -> None:
    """Its clocks run on."""
    audit.record("sla.deleted", by=by, target_id=policy.id, target_name=policy.name)
    db.session.delete(policy)
    db.session.flush()


def _write(policy: SlaPolicy, terms: Terms) -> None:
    _demand_its_parts(terms)
    default = queries.default_policy()
    if terms.is_default and default is not None and default is not policy:
        sentence = _("“%(name)s” is the default. There can be one.", name=default.name)
        raise AppError(422, sentence, fields={"is_default": sentence})
    for name, value in asdict(terms).items():
        setattr(policy, name, value)
    try:
        with db.session.begin_nested():
            db.session.add(policy)
    except IntegrityError:
        taken = _("Another policy has this name.")
        raise AppError(422, taken, fields={"name": taken}) from None


def _demand_its_parts(terms: Terms) -> None:
    """Hours, project and team must be this workspace's own. Raises `AppError` 404."""
    for field, find in _PARTS.items():
        key = getattr(terms, field)
        if key is not None:
            find(key)


def _told(field: str, value: Any) -> object:
    """As people know it: what has a name by its name."""
    return _PARTS[field](value).name if value is not None and field in _PARTS else value
