"""What is typed before a workspace is closed."""

from __future__ import annotations

from flask_babel import lazy_gettext as _l
from flask_wtf import FlaskForm
from wtforms import StringField
from wtforms.validators import InputRequired

from chatapp.common.forms import tidy


class ClosureForm(FlaskForm):
    name = StringField(
        _l("Name of the workspace"), filters=[tidy], validators=[InputRequired(_l("Type the name of the workspace."))]
    )
