"""What is typed about an attribute. Names and options are checked by the service, whose rules hold for every way in."""

from __future__ import annotations

from flask_babel import gettext as _
from flask_babel import lazy_gettext as _l
from flask_wtf import FlaskForm
from wtforms import BooleanField, Field, SelectField, StringField, TextAreaField, ValidationError

from chatapp.attributes.models import CURRENCIES, KINDS, SUBJECTS, Attribute
from chatapp.attributes.services import Terms
from chatapp.attributes.words import kind_words, subject_words


class AttributeForm(FlaskForm):
    """About a new one, or one that is there: whose subject, kind and key stay. `options`: one on each line."""

    name = StringField(_l("Name"))
    key = StringField(_l("Key"))
    subject = SelectField(_l("About"), validate_choice=False)
    kind = SelectField(_l("Kind"), validate_choice=False)
    options = TextAreaField(_l("Options"))
    currency = SelectField(_l("Currency"), validate_choice=False)
    is_required = BooleanField(_l("Must be filled in before a conversation is closed"))

    def __init__(self, attribute: Attribute | None = None) -> None:
        super().__init__(obj=attribute)
        self.attribute = attribute
        self.subject.choices = [(subject, subject_words(subject)) for subject in SUBJECTS]
        self.currency.choices = [(code, code) for code in CURRENCIES]
        self.kind.choices = [(kind, kind_words(kind)) for kind in KINDS]
        if attribute is not None:
            self.subject.data, self.kind.data, self.key.data = attribute.subject, attribute.kind, attribute.key
            if not self.is_submitted():
                self.options.data = "\n".join(attribute.options)

    def terms(self) -> Terms:
        return Terms(
            name=self.name.data or "",
            options=(self.options.data or "").splitlines(),
            currency=self.currency.data if self.kind.data == "money" else None,
            is_required=self.is_required.data,
        )

    def validate_subject(self, field: Field) -> None:
        _demand_one_of(field, SUBJECTS)

    def validate_kind(self, field: Field) -> None:
        _demand_one_of(field, KINDS)

    def validate_currency(self, field: Field) -> None:
        if self.kind.data == "money":
            _demand_one_of(field, CURRENCIES)


def _demand_one_of(field: Field, known: tuple[str, ...]) -> None:
    if field.data not in known:
        raise ValidationError(_("Choose one of the list."))
