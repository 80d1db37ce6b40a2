"""What is typed about a transcript."""

from __future__ import annotations

from flask_babel import lazy_gettext as _l
from flask_wtf import FlaskForm
from wtforms import BooleanField, EmailField
from wtforms.validators import DataRequired, Email, Length

from chatapp.common.forms import tidy


class MailForm(FlaskForm):
    to = EmailField(
        _l("To"),
        filters=[tidy],
        validators=[
            DataRequired(_l("Enter a mail address.")),
            Email(_l("Enter a complete mail address, such as ana@example.org.")),
            Length(max=254),
        ],
    )
    notes = BooleanField(_l("With private notes"))
