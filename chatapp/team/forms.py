"""What is typed on the team page."""

from __future__ import annotations

import re
from uuid import UUID

from flask import request
from flask_babel import gettext as _
from flask_babel import lazy_gettext as _l
from flask_wtf import FlaskForm
from wtforms import Field, SelectField, TextAreaField, ValidationError
from wtforms.fields.choices import SelectChoice  # type: ignore[attr-defined]  # the stubs lag behind
from wtforms.validators import InputRequired

from chatapp.common.errors import AppError
from chatapp.common.forms import tidy
from chatapp.common.permissions import ROLES

MOST_ADDRESSES = 50
_ADDRESS = re.compile(r"[^\s@<>\"(),;:\\\[\]]{1,64}@(?:[a-z0-9](?:[a-z0-9-]{0,61}[a-z0-9])?\.)+[a-z][a-z0-9-]*[a-z0-9]")
_BETWEEN = re.compile(r"[\s,;]+")


class InvitationForm(FlaskForm):
    emails = TextAreaField(
        _l("Mail addresses"), filters=[tidy], validators=[InputRequired(_l("Enter at least one address."))]
    )
    role = SelectField(
        _l("Role"),
        default="agent",
        choices=[
            SelectChoice("agent", _l("Agent")),
            SelectChoice("admin", _l("Admin")),
            SelectChoice("viewer", _l("Viewer")),
        ],
    )

    addresses: list[str]

    def validate_emails(self, field: Field) -> None:
        """Read a pasted list, `Ada <ada@acme.example>; bob@acme.example`, without repeats, into `addresses`."""
        self.addresses = _addresses(field.data or "")


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


def chosen_role() -> str:
    """The role of a form. Raises `AppError` 422 for one that does not exist."""
    role = request.form.get("role", "")
    if role not in ROLES:
        raise AppError(422, _("Choose one of the roles."))
    return role


def chosen_member(name: str) -> UUID | None:
    """The member that a form names; None for “nobody”. Raises `AppError` 422 for anything else."""
    raw = request.form.get(name, "")
    try:
        return UUID(raw) if raw else None
    except ValueError:
        raise AppError(422, _("Choose a member of the list.")) from None
