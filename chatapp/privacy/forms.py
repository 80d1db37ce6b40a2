"""How long conversations are kept, as the settings page sends it."""

from __future__ import annotations

from flask_babel import lazy_gettext as _l
from flask_wtf import FlaskForm
from wtforms import HiddenField, IntegerField, SelectField
from wtforms.fields.choices import SelectChoice  # type: ignore[attr-defined] # its stubs are older
from wtforms.validators import AnyOf, InputRequired, NumberRange

from chatapp.privacy.models import CHANNELS, RetentionRule

KEEP = "keep"
_DAYS = 365


class RetentionForm(FlaskForm):
    channel_kind = HiddenField(validators=[AnyOf(CHANNELS)])
    action = SelectField(
        _l("What happens to them"),
        choices=[
            SelectChoice(KEEP, _l("They are kept")),
            SelectChoice("anonymise", _l("They are made anonymous")),
            SelectChoice("delete", _l("They are deleted")),
        ],
    )
    days = IntegerField(
        _l("Days after they were closed"),
        validators=[
            InputRequired(_l("Enter a number of days.")),
            NumberRange(1, 3650, message=_l("Choose 1 to 3650 days.")),
        ],
    )

    @classmethod
    def of(cls, kind: str, rule: RetentionRule | None) -> RetentionForm:
        """A channel's, filled with the rule that holds."""
        return cls(
            formdata=None,
            data={"channel_kind": kind, "action": rule.action if rule else KEEP, "days": rule.days if rule else _DAYS},
        )
