"""The composer."""

from __future__ import annotations

from uuid import UUID

from flask_babel import gettext as _
from flask_wtf import FlaskForm
from wtforms import BooleanField, Field, HiddenField, StringField, ValidationError


class ReplyForm(FlaskForm):
    """What the composer posts. The text is checked by the service, whose rules hold for every way in."""

    text = StringField()
    private = BooleanField()
    client_id = HiddenField()

    def validate_client_id(self, field: Field) -> None:
        try:
            UUID(field.data or "")
        except ValueError:
            raise ValidationError(_("The composer lost its number. Reload the page; your text is kept.")) from None
