"""How the widget looks and speaks, as an owner types it."""

from __future__ import annotations

from collections.abc import Iterable, Iterator
from typing import Any
from uuid import UUID

from flask_babel import gettext as _
from flask_babel import lazy_gettext as _l
from flask_wtf import FlaskForm
from wtforms import Field, SelectField, StringField, TextAreaField, ValidationError
from wtforms.fields.choices import SelectChoice  # type: ignore[attr-defined]  # the stubs lag behind

from chatapp.common.forms import tidy
from chatapp.common.i18n import LOCALES
from chatapp.projects.appearance import FARTHEST, SCHEMES, SHAPES, SIDES, Appearance
from chatapp.projects.words import WORDS, Word
from chatapp.teams.models import Team
from chatapp.widget.theme import normalised

NOBODY = "nobody"


class LookForm(FlaskForm):
    accent = StringField(_l("Colour"), filters=[tidy])
    scheme = StringField(_l("Light or dark"), filters=[tidy])
    launcher_shape = StringField(_l("Shape"), filters=[tidy])
    launcher_side = StringField(_l("Side"), filters=[tidy])
    launcher_x = StringField(_l("From the side"), filters=[tidy])
    launcher_y = StringField(_l("From the bottom"), filters=[tidy])
    faces = SelectField(_l("Whose faces are shown"), validate_choice=False)

    def validate_accent(self, field: Field) -> None:
        if normalised(field.data or "") is None:
            raise ValidationError(_("Enter a colour as six digits, such as #145a45."))

    def validate_scheme(self, field: Field) -> None:
        _demand_one_of(SCHEMES, field)

    def validate_launcher_shape(self, field: Field) -> None:
        _demand_one_of(SHAPES, field)

    def validate_launcher_side(self, field: Field) -> None:
        _demand_one_of(SIDES, field)

    def validate_launcher_x(self, field: Field) -> None:
        _demand_pixels(field)

    def validate_launcher_y(self, field: Field) -> None:
        _demand_pixels(field)

    def validate_faces(self, field: Field) -> None:
        try:
            _team_in(field.data)
        except ValueError:
            raise ValidationError(_("Choose one of the list.")) from None

    def offer_teams(self, teams: Iterable[Team]) -> None:
        named = [SelectChoice(str(team.id), _("Of the team %(name)s", name=team.name)) for team in teams]
        everybody, nobody = SelectChoice("", _("Everybody who answers")), SelectChoice(NOBODY, _("Nobody"))
        self.faces.choices = [everybody, *named, nobody]


def _team_in(faces: str | None) -> UUID | None:
    """Raises `ValueError`."""
    return UUID(faces) if faces and faces != NOBODY else None


def _demand_one_of(values: tuple[str, ...], field: Field) -> None:
    if field.data not in values:
        raise ValidationError(_("Choose one of the list."))


def _demand_pixels(field: Field) -> None:
    text = field.data or ""
    if not (text.isascii() and text.isdigit() and int(text[:9]) <= FARTHEST):
        raise ValidationError(_("Enter a whole number from 0 to %(most)s.", most=FARTHEST))


class _Said:
    """Refuses what a word must not be."""

    def __init__(self, word: Word) -> None:
        self.word = word

    def __call__(self, _form: object, field: Field) -> None:
        problem = self.word.problem_of(field.data) if field.data else None
        if problem:
            raise ValidationError(problem)


def _one_kind_of_line(value: str | None) -> str | None:
    return value.replace("\r\n", "\n") if value else value


def _field_of(word: Word) -> Any:
    kind = TextAreaField if word.is_long else StringField
    return kind(word.title, filters=[_one_kind_of_line, tidy], validators=[_Said(word)])


class AppearanceForm(LookForm):
    """With a field for each word in each language: `en_greeting`. What is empty is said in our words."""

    @classmethod
    def of(cls, appearance: Appearance) -> AppearanceForm:
        faces = str(appearance.faces_team_id or "") if appearance.shows_faces else NOBODY
        words = {f"{locale}_{name}": text for locale, said in appearance.words.items() for name, text in said.items()}
        offsets = {"launcher_x": str(appearance.launcher_x), "launcher_y": str(appearance.launcher_y)}
        return cls(formdata=None, data={**appearance.plain, **offsets, "faces": faces, **words})

    def words_in(self, locale: str) -> Iterator[tuple[Word, Field]]:
        return ((word, self[f"{locale}_{word.name}"]) for word in WORDS)

    def has_trouble_among_rare(self, locale: str) -> bool:
        return any(field.errors for word, field in self.words_in(locale) if word.is_rare)

    @property
    def troubled_language(self) -> str | None:
        """The first language with a word that was refused."""
        return next((locale for locale in LOCALES if any(field.errors for _word, field in self.words_in(locale))), None)

    @property
    def appearance(self) -> Appearance:
        """What was typed, once it is valid."""
        faces = self.faces.data
        return Appearance(
            accent=normalised(self.accent.data or "") or "",
            scheme=self.scheme.data or "",
            launcher_shape=self.launcher_shape.data or "",
            launcher_side=self.launcher_side.data or "",
            launcher_x=int(self.launcher_x.data or 0),
            launcher_y=int(self.launcher_y.data or 0),
            shows_faces=faces != NOBODY,
            faces_team_id=_team_in(faces),
            words={locale: said for locale in LOCALES if (said := self._said_in(locale))},
        )

    def _said_in(self, locale: str) -> dict[str, str]:
        return {word.name: field.data for word, field in self.words_in(locale) if field.data}


for _locale in LOCALES:
    for _word in WORDS:
        setattr(AppearanceForm, f"{_locale}_{_word.name}", _field_of(_word))
