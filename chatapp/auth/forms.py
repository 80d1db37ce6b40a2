"""What people type at the door."""

from __future__ import annotations

from flask_babel import lazy_gettext as _l
from flask_wtf import FlaskForm
from wtforms import EmailField, PasswordField, StringField
from wtforms.validators import Email, InputRequired, Length

from chatapp.auth.passwords import MAX_LENGTH, MIN_LENGTH
from chatapp.common.forms import tidy

_EMAIL = Email(_l("This does not look like a mail address."))


class LogInForm(FlaskForm):
    email = EmailField(_l("Email"), filters=[tidy], validators=[InputRequired(_l("Enter your mail address."))])
    password = PasswordField(
        _l("Password"),
        validators=[InputRequired(_l("Enter your password.")), Length(max=MAX_LENGTH, message=_l("This is too long."))],
    )


class RegisterForm(FlaskForm):
    name = StringField(
        _l("Your name"),
        filters=[tidy],
        validators=[InputRequired(_l("Enter your name.")), Length(max=80, message=_l("Use at most 80 characters."))],
    )
    email = EmailField(
        _l("Email"),
        filters=[tidy],
        validators=[InputRequired(_l("Enter your mail address.")), _EMAIL, Length(max=254)],
    )
    password = PasswordField(
        _l("Password"),
        validators=[
            InputRequired(_l("Choose a password.")),
            Length(min=MIN_LENGTH, max=MAX_LENGTH, message=_l("Use at least 12 characters.")),
        ],
    )
