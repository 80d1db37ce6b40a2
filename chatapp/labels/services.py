"""Make labels, change and delete them."""

from __future__ import annotations

from flask_babel import gettext as _

from chatapp.common import audit
from chatapp.common.db import db
from chatapp.common.errors import AppError
from chatapp.common.events import emit
from chatapp.labels import queries
from chatapp.labels.events import LabelsChanged
from chatapp.labels.models import Label
from chatapp.workspaces import queries as workspaces
from chatapp.workspaces.models import Membership

MOST = 200
LONGEST_NAME = 40


def create(*, name: str, colour: str | None = None, by: Membership) -> Label:
    """Without a colour it gets one that few labels have. Raises `AppError` 409 when there are many, 422."""
    workspaces.lock_workspace(by.workspace_id)
    if len(queries.labels()) >= MOST:
        raise AppError(409, _("There are %(count)s labels already. Delete one first.", count=MOST))
    label = Label(workspace_id=by.workspace_id, name=_checked(name), colour=colour or queries.rarest_colour())
    db.session.add(label)
    db.session.flush()
    _tell(label, by)
    audit.record("label.created", by=by.user, target_id=label.id, target_name=label.name)
    return label


def ensure(*, name: str, by: Membership) -> Label:
    """The label of this name, made if there is none: two who make the same one in one moment have one. As `create`."""
    workspaces.lock_workspace(by.workspace_id)
    return queries.label_named(name) or create(name=name, by=by)


def change(label: Label, *, name: str, colour: str, by: Membership) -> None:
    """Wherever it is, it is called and coloured so from now on. Raises `AppError` 422."""
    workspaces.lock_workspace(by.workspace_id)
    before = {"name": label.name, "colour": label.colour}
    label.name, label.colour = _checked(name, label), colour
    db.session.flush()
    _tell(label, by)
    after = {"name": label.name, "colour": label.colour}
    changes = {field: (before[field], after[field]) for field in before}
    audit.record("label.changed", by=by.user, target_id=label.id, target_name=label.name, changes=changes)


def delete(label: Label, *, by: Membership) -> None:
    """It goes from every conversation, too."""
    audit.record("label.deleted", by=by.user, target_id=label.id, target_name=label.name)
    _tell(label, by)
    db.session.delete(label)
    db.session.flush()


def _checked(name: str, own: Label | None = None) -> str:
    name = queries.tidy_name(name)
    if not name:
        raise _refused(_("Enter a name."))
    if len(name) > LONGEST_NAME:
        raise _refused(_("Use at most %(most)s characters.", most=LONGEST_NAME))
    if queries.label_named(name) not in (None, own):
        raise _refused(_("There is a label of this name already."))
    return name


def _refused(sentence: str) -> AppError:
    return AppError(422, sentence, fields={"name": sentence})


def _tell(label: Label, by: Membership) -> None:
    emit(LabelsChanged(workspace_id=label.workspace_id, label_id=label.id, actor=f"agent:{by.user_id}"))
