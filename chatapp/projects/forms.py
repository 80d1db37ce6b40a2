"""What an owner types about a project."""

from __future__ import annotations

from collections.abc import Iterable
from uuid import UUID

from flask_babel import gettext as _
from flask_babel import lazy_gettext as _l
from flask_wtf import FlaskForm
from wtforms import Field, SelectField, StringField, TextAreaField, ValidationError
from wtforms.validators import DataRequired, InputRequired, Length

from chatapp.common.errors import not_found
from chatapp.common.forms import tidy
from chatapp.hours.models import Hours
from chatapp.projects.domains import NotADomainError, normalised

_MAX_DOMAINS = 50


class NamedForm(FlaskForm):
    name = StringField(
        _l("Name"),
        filters=[tidy],
        validators=[DataRequired(_l("Enter a name.")), Length(max=80, message=_l("Use at most 80 characters."))],
    )


class DomainsForm(FlaskForm):
    domains = TextAreaField(
        _l("Allowed domains"),
        filters=[tidy],
        validators=[InputRequired(_l("Enter at least one domain, such as shop.example."))],
    )

    allowed_domains: list[str]

    def validate_domains(self, field: Field) -> None:
        """Read the entries, normalised and without repeats, into `allowed_domains`."""
        self.allowed_domains = _entries(field.data or "")


class ProjectForm(DomainsForm, NamedForm):
    """What it takes to make a project."""


class GeneralForm(NamedForm):
    hours_id = SelectField(_l("Business hours"), default="", validate_choice=False)

    def offer_hours(self, schedules: Iterable[Hours]) -> None:
        """The choices: the workspace's default, and each schedule."""
        named = [(str(hours.id), hours.name) for hours in schedules]
        self.hours_id.choices = [("", _("The workspace’s hours")), *named]

    @property
    def chosen_hours(self) -> UUID | None:
        """None for the workspace's default. Raises `AppError` 404 for what is no id."""
        try:
            return UUID(self.hours_id.data) if self.hours_id.data else None
        except ValueError:
            raise not_found() from None


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
