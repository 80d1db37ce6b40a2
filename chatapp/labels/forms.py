"""What is typed about a label. The name is checked by the service, whose rules hold for every way in."""

from __future__ import annotations

from flask_babel import gettext as _
from flask_babel import lazy_gettext as _l
from flask_wtf import FlaskForm
from wtforms import Field, StringField, ValidationError

from chatapp.labels.models import COLOURS


class LabelForm(FlaskForm):
    """A name, and one of `COLOURS`."""

    name = StringField(_l("Name"))
    colour = StringField(_l("Colour"))

    def validate_colour(self, field: Field) -> None:
        if field.data not in COLOURS:
            raise ValidationError(_("Choose one of the colours."))
