"""Create schedules, change and delete them."""

from __future__ import annotations

from flask_babel import gettext as _
from sqlalchemy.exc import IntegrityError

from chatapp.auth.models import User
from chatapp.common import audit
from chatapp.common.db import db
from chatapp.common.errors import AppError
from chatapp.common.tenancy import current_workspace_id
from chatapp.hours import queries
from chatapp.hours.calendar import Calendar
from chatapp.hours.models import Hours
from chatapp.workspaces import queries as workspaces

MOST = 50


def create(*, name: str, calendar: Calendar, is_default: bool, by: User) -> Hours:
    """The first schedule becomes the default. Raises `AppError` 422 when the name is taken, 409 when there are many."""
    workspaces.lock_workspace(current_workspace_id())
    existing = queries.schedules()
    if len(existing) >= MOST:
        raise AppError(409, _("There are %(count)s schedules already. Delete one first.", count=MOST))
    hours = Hours(workspace_id=current_workspace_id(), is_default=False)
    _write(hours, name, calendar)
    _set_default(hours, is_default=is_default or not existing)
    audit.record("hours.created", by=by, target_id=hours.id, target_name=name)
    return hours


def update(hours: Hours, *, name: str, calendar: Calendar, is_default: bool, by: User) -> None:
    """Raises `AppError` 422 when the name is taken."""
    workspaces.lock_workspace(hours.workspace_id)
    before = _told(hours)
    _write(hours, name, calendar)
    _set_default(hours, is_default=is_default)
    after = _told(hours)
    changes = {field: (before[field], after[field]) for field in before}
    audit.record("hours.changed", by=by, target_id=hours.id, target_name=name, changes=changes)


def delete(hours: Hours, *, by: User) -> None:
    """Projects that used it go by the default. Raises `AppError` 409 while something cannot be without it."""
    audit.record("hours.deleted", by=by, target_id=hours.id, target_name=hours.name)
    try:
        with db.session.begin_nested():
            db.session.delete(hours)
    except IntegrityError:
        raise AppError(
            409, _("A target for answers is measured in these hours. Choose other hours there first.")
        ) from None


def _write(hours: Hours, name: str, calendar: Calendar) -> None:
    try:
        with db.session.begin_nested():
            hours.name = name
            hours.set_calendar(calendar)
            db.session.add(hours)
    except IntegrityError:
        taken = _("Another schedule has this name.")
        raise AppError(422, taken, fields={"name": taken}) from None


def _set_default(hours: Hours, *, is_default: bool) -> None:
    """At most one is: the one before steps down first, for Postgres compares row by row."""
    before = queries.default_schedule()
    if is_default and before is not None and before is not hours:
        before.is_default = False
        db.session.flush()
    hours.is_default = is_default
    db.session.flush()


def _told(hours: Hours) -> dict[str, object]:
    return {
        "name": hours.name,
        "timezone": hours.timezone,
        "is_default": hours.is_default,
        "week": str(hours.week),
        "holidays": ", ".join(holiday["name"] for holiday in hours.holidays),
    }
