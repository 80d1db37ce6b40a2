"""What operators type."""

from __future__ import annotations

from flask_babel import lazy_gettext as _l
from flask_wtf import FlaskForm
from wtforms import IntegerField, SelectField, StringField
from wtforms.fields.choices import SelectChoice  # type: ignore[attr-defined]  # the stubs lag behind
from wtforms.validators import DataRequired, Length, NumberRange, Optional

from chatapp.common.forms import tidy


class ReasonForm(FlaskForm):
    """Before a deed that others feel: why."""

    reason = StringField(
        _l("Reason"),
        filters=[tidy],
        validators=[
            DataRequired(_l("Say why, so that others understand it later.")),
            Length(max=200, message=_l("Use at most 200 characters.")),
        ],
    )


_COUNT = [Optional(), NumberRange(min=1, max=1_000_000, message=_l("Enter a whole number from 1, or nothing."))]


class PlanForm(FlaskForm):
    """An empty limit limits nothing."""

    name = SelectField(
        _l("Plan"),
        choices=[
            SelectChoice("local", _l("Local")),
            SelectChoice("free", _l("Free")),
            SelectChoice("pro", _l("Pro")),
            SelectChoice("enterprise", _l("Enterprise")),
        ],
    )
    seats = IntegerField(_l("People, at most"), validators=_COUNT)
    projects = IntegerField(_l("Projects, at most"), validators=_COUNT)
