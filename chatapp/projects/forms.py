"""What an owner types about a project."""

from __future__ import annotations

from flask_babel import gettext as _
from flask_babel import lazy_gettext as _l
from flask_wtf import FlaskForm
from wtforms import Field, StringField, TextAreaField, ValidationError
from wtforms.validators import InputRequired, Length

from chatapp.common.forms import tidy
from chatapp.projects.domains import NotADomainError, normalised

_MAX_DOMAINS = 50


class ProjectForm(FlaskForm):
    name = StringField(
        _l("Name"),
        filters=[tidy],
        validators=[InputRequired(_l("Enter a name.")), Length(max=80, message=_l("Use at most 80 characters."))],
    )
    domains = TextAreaField(
        _l("Allowed domains"),
        filters=[tidy],
        validators=[InputRequired(_l("Enter at least one domain, such as shop.example."))],
    )

    allowed_domains: list[str]

    def validate_domains(self, field: Field) -> None:
        """Read the entries, normalised and without repeats, into `allowed_domains`."""
        self.allowed_domains = _entries(field.data or "")


def _entries(text: str) -> list[str]:
    entries: list[str] = []
    for word in text.replace(",", " ").split():
        try:
            entries.append(normalised(word))
        except NotADomainError:
            raise ValidationError(_("“%(entry)s” is not a domain.", entry=word[:60])) from None
    if len(entries) > _MAX_DOMAINS:
        raise ValidationError(_("Use at most %(count)s domains.", count=_MAX_DOMAINS))
    return list(dict.fromkeys(entries))
