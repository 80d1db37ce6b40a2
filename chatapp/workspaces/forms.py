"""What an owner types about a workspace."""

from __future__ import annotations

from flask_babel import lazy_gettext as _l
from flask_wtf import FlaskForm
from wtforms import StringField
from wtforms.validators import InputRequired, Length, Regexp

from chatapp.common.forms import tidy

_SLUG = r"^[a-z0-9](?:[a-z0-9-]{0,46}[a-z0-9])?$"


class WorkspaceForm(FlaskForm):
    name = StringField(
        _l("Name"),
        filters=[tidy],
        validators=[InputRequired(_l("Enter a name.")), Length(max=80, message=_l("Use at most 80 characters."))],
    )
    slug = StringField(
        _l("Address"),
        filters=[tidy],
        validators=[
            InputRequired(_l("Enter an address.")),
            Regexp(_SLUG, message=_l("Use small letters, digits and hyphens, at most 48.")),
        ],
    )
