"""What is typed about a workspace."""

from __future__ import annotations

from typing import Any

from flask_babel import gettext as _
from flask_babel import lazy_gettext as _l
from flask_wtf import FlaskForm
from wtforms import HiddenField, SelectField, StringField, TextAreaField, ValidationError
from wtforms.fields.choices import SelectChoice  # type: ignore[attr-defined]  # the stubs lag behind
from wtforms.validators import DataRequired, InputRequired, Length, Regexp

from chatapp.common import time_zones
from chatapp.common.forms import tidy
from chatapp.common.i18n import LOCALE_NAMES
from chatapp.workspaces.models import LONGEST_IDLE, Workspace

_DAY = 24
_SLUG = r"^[a-z0-9](?:[a-z0-9-]{0,46}[a-z0-9])?$"
_NAME = [DataRequired(_l("Enter a name.")), Length(max=80, message=_l("Use at most 80 characters."))]
_ADDRESS = [
    InputRequired(_l("Enter an address.")),
    Regexp(_SLUG, message=_l("Use small letters, digits and hyphens, at most 48.")),
]


class WorkspaceForm(FlaskForm):
    """`time_zone` is what the browser says; nobody is asked for it here."""

    name = StringField(_l("Name"), filters=[tidy], validators=_NAME)
    slug = StringField(_l("Address"), filters=[tidy], validators=_ADDRESS)
    time_zone = HiddenField()


class GeneralForm(FlaskForm):
    name = StringField(_l("Name"), filters=[tidy], validators=_NAME)
    locale = SelectField(_l("Language"), choices=[SelectChoice(code, name) for code, name in LOCALE_NAMES.items()])
    time_zone = SelectField(_l("Time zone"))

    def __init__(self, *args: Any, **kwargs: Any) -> None:
        super().__init__(*args, **kwargs)
        self.time_zone.choices = time_zones.choices()  # type: ignore[assignment]  # grouped: a mapping is understood


class ClosingForm(FlaskForm):
    """Typed as a number of hours or days, and kept in hours; blank means that nothing is closed."""

    amount = StringField(_l("Close after"), filters=[tidy], validators=[Length(max=12)])
    unit = SelectField(_l("Unit"), choices=[SelectChoice("days", _l("days")), SelectChoice("hours", _l("hours"))])
    message = TextAreaField(
        _l("Last words to the visitor"),
        filters=[tidy],
        validators=[Length(max=1000, message=_l("Use at most 1000 characters."))],
    )

    @classmethod
    def of(cls, workspace: Workspace) -> ClosingForm:
        hours = workspace.idle_close_hours
        in_days = hours is None or hours % _DAY == 0
        amount = "" if hours is None else str(hours // _DAY if in_days else hours)
        said = {"amount": amount, "unit": "days" if in_days else "hours", "message": workspace.idle_close_message}
        return cls(formdata=None, data=said)

    @property
    def hours(self) -> int | None:
        if not self.amount.data:
            return None
        return int(self.amount.data) * (_DAY if self.unit.data == "days" else 1)

    def validate_amount(self, field: StringField) -> None:
        if not field.data:
            return
        if not (field.data.isascii() and field.data.isdecimal()):
            raise ValidationError(_("Enter a whole number, or nothing."))
        if not 1 <= (self.hours or 0) <= LONGEST_IDLE:
            raise ValidationError(_("Choose between an hour and a year."))


class AddressForm(FlaskForm):
    slug = StringField(_l("Address"), filters=[tidy], validators=_ADDRESS)
