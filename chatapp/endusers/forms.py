"""What is typed about a contact."""

from __future__ import annotations

import re

from email_validator import EmailNotValidError, validate_email
from flask_babel import gettext as _
from flask_babel import lazy_gettext as _l
from flask_wtf import FlaskForm
from wtforms import EmailField, StringField, TelField, TextAreaField, ValidationError
from wtforms.fields import Field
from wtforms.validators import DataRequired, Email, Length, Optional

from chatapp.common.errors import AppError
from chatapp.common.forms import tidy
from chatapp.endusers.models import EMAIL, PHONE

_PHONE = re.compile(r"\+?[0-9 ()./-]{3,40}")
_FEWEST_DIGITS = 3


class ContactForm(FlaskForm):
    """Both may stay empty: nobody has to say who they are."""

    name = StringField(
        _l("Name"), filters=[tidy], validators=[Length(max=120, message=_l("Use at most 120 characters."))]
    )
    email = EmailField(
        _l("Email"),
        filters=[tidy],
        validators=[Optional(), Email(_l("This does not look like a mail address.")), Length(max=254)],
    )


class ProfileForm(ContactForm):
    """Everything that is written down about a contact."""

    phone = TelField(_l("Phone"), filters=[tidy])
    company = StringField(
        _l("Company"), filters=[tidy], validators=[Length(max=120, message=_l("Use at most 120 characters."))]
    )

    def validate_phone(self, field: Field) -> None:
        if field.data and not is_phone(field.data):
            raise ValidationError(_l("This does not look like a phone number."))

    @property
    def facts(self) -> dict[str, str | None]:
        """By the names in `services.FACTS`."""
        return {name: self[name].data for name in ("name", "email", "phone", "company")}


class NoteForm(FlaskForm):
    text = TextAreaField(
        _l("Note"),
        filters=[tidy],
        validators=[
            DataRequired(_l("Write something first.")),
            Length(max=4_000, message=_l("Use at most %(count)s characters.", count=4_000)),
        ],
    )


def kind_of(text: str) -> str:
    """What somebody is known by who is known by this. Raises `AppError` 422 for what is neither address nor phone."""
    if is_phone(text):
        return PHONE
    try:
        validate_email(text, check_deliverability=False)
    except EmailNotValidError:
        wrong = _("This is neither a mail address nor a phone number.")
        raise AppError(422, wrong, fields={"value": wrong}) from None
    return EMAIL


def is_phone(text: str) -> bool:
    """Whether somebody could dial this: digits, and what people write between them."""
    return bool(_PHONE.fullmatch(text)) and sum(letter.isdigit() for letter in text) >= _FEWEST_DIGITS
