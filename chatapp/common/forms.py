"""Small things that every form needs."""

from __future__ import annotations

from uuid import UUID

from flask import request
from flask_babel import gettext as _
from flask_wtf import FlaskForm

from chatapp.common.errors import AppError


def tidy(value: str | None) -> str | None:
    """Without blanks at the ends, and without the NUL that Postgres refuses."""
    return value.replace("\x00", "").strip() if value else value


def chosen_id(name: str) -> UUID | None:
    """What a form's list of choices names; None for its empty one. Raises `AppError` 422 for anything else."""
    raw = request.form.get(name, "")
    return _id(raw) if raw else None


def chosen_ids(name: str) -> list[UUID]:
    """The same for a field that may be there several times, each once. Raises `AppError` 422."""
    return [_id(raw) for raw in dict.fromkeys(request.form.getlist(name))]


def _id(raw: str) -> UUID:
    try:
        return UUID(raw)
    except ValueError:
        raise AppError(422, _("Choose one of the list.")) from None


def errors_of(form: FlaskForm) -> dict[str, str]:
    """The first sentence about each field, as `AppError.fields` takes it."""
    return {name: str(messages[0]) for name, messages in form.errors.items() if messages}
