"""What people type at the door."""

from __future__ import annotations

from flask_babel import lazy_gettext as _l
from flask_wtf import FlaskForm
from wtforms import BooleanField, EmailField, PasswordField, SelectField, StringField
from wtforms.fields.choices import SelectChoice  # type: ignore[attr-defined] # its stubs are older
from wtforms.validators import DataRequired, Email, InputRequired, Length

from chatapp.auth.passwords import MAX_LENGTH, MIN_LENGTH
from chatapp.common.forms import tidy
from chatapp.common.i18n import LOCALE_NAMES

_EMAIL = Email(_l("This does not look like a mail address."))
_NAME = [DataRequired(_l("Enter your name.")), Length(max=80, message=_l("Use at most 80 characters."))]
_NEW_PASSWORD = [
    InputRequired(_l("Choose a password.")),
    Length(min=MIN_LENGTH, max=MAX_LENGTH, message=_l("Use at least 12 characters.")),
]


class LogInForm(FlaskForm):
    email = EmailField(_l("Email"), filters=[tidy], validators=[InputRequired(_l("Enter your mail address."))])
    password = PasswordField(
        _l("Password"),
        validators=[InputRequired(_l("Enter your password.")), Length(max=MAX_LENGTH, message=_l("This is too long."))],
    )
    remember = BooleanField(_l("Remember me on this computer"))


class NewAccountForm(FlaskForm):
    """For an address that is known already."""

    name = StringField(
        _l("Your name"),
        filters=[tidy],
        validators=_NAME,
    )
    password = PasswordField(_l("Password"), validators=_NEW_PASSWORD)


class RegisterForm(NewAccountForm):
    email = EmailField(
        _l("Email"),
        filters=[tidy],
        validators=[InputRequired(_l("Enter your mail address.")), _EMAIL, Length(max=254)],
    )


class PasswordAgainForm(FlaskForm):
    password = PasswordField(
        _l("Password"),
        validators=[InputRequired(_l("Enter your password.")), Length(max=MAX_LENGTH, message=_l("This is too long."))],
    )


class ForgottenPasswordForm(FlaskForm):
    email = EmailField(
        _l("Email"),
        filters=[tidy],
        validators=[InputRequired(_l("Enter your mail address.")), _EMAIL, Length(max=254)],
    )


class NewPasswordForm(FlaskForm):
    password = PasswordField(_l("New password"), validators=_NEW_PASSWORD)


class ChangePasswordForm(FlaskForm):
    current = PasswordField(_l("Current password"), validators=[InputRequired(_l("Enter your password."))])
    password = PasswordField(_l("New password"), validators=_NEW_PASSWORD)
    revoke_tokens = BooleanField(_l("Also revoke my access tokens"))


class ChangeEmailForm(FlaskForm):
    email = EmailField(
        _l("New address"),
        filters=[tidy],
        validators=[InputRequired(_l("Enter your mail address.")), _EMAIL, Length(max=254)],
    )


class CodeForm(FlaskForm):
    code = StringField(
        _l("Code from the app"), filters=[tidy], validators=[DataRequired(_l("Enter the code.")), Length(max=40)]
    )


class SecondStepForm(FlaskForm):
    code = StringField(_l("Code"), filters=[tidy], validators=[DataRequired(_l("Enter the code.")), Length(max=40)])


class PasswordProofForm(FlaskForm):
    proof = PasswordField(
        _l("Password"),
        validators=[InputRequired(_l("Enter your password.")), Length(max=MAX_LENGTH, message=_l("This is too long."))],
    )


class CodeProofForm(FlaskForm):
    proof = StringField(_l("Code"), filters=[tidy], validators=[DataRequired(_l("Enter the code.")), Length(max=40)])


class ProfileForm(FlaskForm):
    name = StringField(_l("Your name"), filters=[tidy], validators=_NAME)
    locale = SelectField(_l("Language"), choices=[SelectChoice(code, name) for code, name in LOCALE_NAMES.items()])
    theme = SelectField(
        _l("Theme"),
        choices=[
            SelectChoice("system", _l("Automatic")),
            SelectChoice("light", _l("Light")),
            SelectChoice("dark", _l("Dark")),
        ],
    )
    sign_in_letters = BooleanField(_l("Write to me when my account is opened in a new browser"))
