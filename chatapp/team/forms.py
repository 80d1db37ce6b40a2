"""What is typed on the team page."""

from __future__ import annotations

import re
from collections.abc import Sequence
from typing import Any
from uuid import UUID

from flask import request
from flask_babel import gettext as _
from flask_babel import lazy_gettext as _l
from flask_wtf import FlaskForm
from wtforms import (
    BooleanField,
    Field,
    IntegerField,
    SelectField,
    SelectMultipleField,
    StringField,
    TextAreaField,
    ValidationError,
)
from wtforms.fields.choices import SelectChoice  # type: ignore[attr-defined]  # the stubs lag behind
from wtforms.validators import AnyOf, DataRequired, InputRequired, Length, NumberRange, Optional

from chatapp.common.errors import AppError
from chatapp.common.forms import tidy
from chatapp.common.permissions import grantable
from chatapp.teams.models import MOST_CAPACITY
from chatapp.workspaces import queries
from chatapp.workspaces.models import AnyRole, Membership, Role, rights_of
from chatapp.workspaces.rights import VISIBILITIES, Rights

MOST_ADDRESSES = 50
_MOST_LETTERS = 40
_ADDRESS = re.compile(r"[^\s@<>\"(),;:\\\[\]]{1,64}@(?:[a-z0-9](?:[a-z0-9-]{0,61}[a-z0-9])?\.)+[a-z][a-z0-9-]*[a-z0-9]")
_BETWEEN = re.compile(r"[\s,;]+")


class InvitationForm(FlaskForm):
    emails = TextAreaField(
        _l("Mail addresses"), filters=[tidy], validators=[InputRequired(_l("Enter at least one address."))]
    )
    role = StringField(_l("Role"), default="agent")

    addresses: list[str]
    offered: AnyRole

    def validate_emails(self, field: Field) -> None:
        """Read a pasted list, `Ada <ada@acme.example>; bob@acme.example`, without repeats, into `addresses`."""
        self.addresses = _addresses(field.data or "")

    def validate_role(self, field: Field) -> None:
        """Read a role that can be offered, an own one or a built-in one, into `offered`."""
        role = queries.any_role(field.data or "")
        if role is None or role == "owner":
            raise ValidationError(_("Choose one of the roles."))
        self.offered = role


class TeamForm(FlaskForm):
    name = StringField(
        _l("Name"),
        filters=[tidy],
        validators=[DataRequired(_l("Enter a name.")), Length(max=60, message=_l("Use at most 60 characters."))],
    )
    description = StringField(
        _l("What it is for"),
        filters=[tidy],
        validators=[Length(max=160, message=_l("Use at most 160 characters."))],
    )


class _WholeNumberField(IntegerField):
    def process_formdata(self, valuelist: Sequence[str]) -> None:
        """Nothing typed is no number. Raises `ValueError` in our own words."""
        try:
            self.data = int(valuelist[0]) if valuelist and valuelist[0].strip() else None
        except ValueError:
            raise ValueError(_("Use a whole number.")) from None


class AssignmentForm(FlaskForm):
    assignment = SelectField(
        _l("They go to"),
        choices=[
            SelectChoice("none", _l("Nobody by itself: people take them")),
            SelectChoice("round_robin", _l("Everybody in turn (round robin)")),
            SelectChoice("least_busy", _l("Whoever has the fewest open")),
        ],
    )
    capacity = _WholeNumberField(
        _l("At most so many open ones each"),
        validators=[
            Optional(),
            NumberRange(1, MOST_CAPACITY, message=_l("Use a number from 1 to %(most)s.", most=MOST_CAPACITY)),
        ],
    )
    only_online = BooleanField(_l("Only to those who are online"))


def _addresses(text: str) -> list[str]:
    """What a mail program writes around an address (a name, angle brackets) is left out."""
    without_names = re.sub(r"[^,;\n<>]*<([^<>]*)>", r" \1 ", text)
    found = list(dict.fromkeys(word.strip("<>").lower() for word in _BETWEEN.split(without_names) if word.strip("<>")))
    for address in found:
        if not _ADDRESS.fullmatch(address) or len(address) > 254:
            raise ValidationError(_("“%(address)s” is not a mail address.", address=address[:60]))
    if len(found) > MOST_ADDRESSES:
        raise ValidationError(_("Invite at most %(count)s people at a time.", count=MOST_ADDRESSES))
    return found


class RoleForm(FlaskForm):
    """A role of the workspace's own. What it can be made of is checked by whoever makes it."""

    name = StringField(
        _l("Name"),
        filters=[tidy],
        validators=[
            DataRequired(_l("Enter a name.")),
            Length(max=_MOST_LETTERS, message=_l("Use at most 40 characters.")),
        ],
    )
    permissions = SelectMultipleField(default=(), validate_choice=False)
    visibility = StringField(
        default="all", validators=[AnyOf(VISIBILITIES, _l("Choose which conversations they see."))]
    )

    @classmethod
    def of(cls, role: Role) -> RoleForm:
        seen = {"name": role.name, "permissions": role.permissions, "visibility": role.visibility}
        return cls(formdata=None, data=seen)

    @classmethod
    def copy_of(cls, template: AnyRole | None, *, by: Membership) -> RoleForm:
        """What the template has and `by` may give away, under a name that is still to be found."""
        mine, its = by.rights, rights_of(template) if template else Rights(frozenset())
        visibility = its.visibility if mine.sees_as_much(its) else mine.visibility
        given = its.permissions & mine.permissions & grantable()
        return cls(formdata=None, data={"permissions": given, "visibility": visibility})

    @property
    def values(self) -> dict[str, Any]:
        """As `workspaces.roles` takes them."""
        return {"name": self.name.data, "permissions": self.permissions.data, "visibility": self.visibility.data}


def chosen_role(name: str = "role") -> AnyRole:
    """The role of a form. Raises `AppError` 422 for one that does not exist."""
    role = queries.any_role(request.form.get(name, ""))
    if role is None:
        raise AppError(422, _("Choose one of the roles."))
    return role


def chosen_member(name: str) -> UUID | None:
    """The member that a form names; None for “nobody”. Raises `AppError` 422 for anything else."""
    raw = request.form.get(name, "")
    return _member_id(raw) if raw else None


def chosen_members(name: str) -> set[UUID]:
    """The members that a form names, perhaps none. Raises `AppError` 422 for anything else."""
    return {_member_id(raw) for raw in request.form.getlist(name)}


def _member_id(raw: str) -> UUID:
    try:
        return UUID(raw)
    except ValueError:
        raise AppError(422, _("Choose a member of the list.")) from None
