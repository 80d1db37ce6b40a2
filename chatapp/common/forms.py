"""Small things that every form needs."""

from __future__ import annotations

from flask_wtf import FlaskForm


def tidy(value: str | None) -> str | None:
    """Without blanks at the ends, and without the NUL that Postgres refuses."""
    return value.replace("\x00", "").strip() if value else value


def errors_of(form: FlaskForm) -> dict[str, str]:
    """The first sentence about each field, as `AppError.fields` takes it."""
    return {name: str(messages[0]) for name, messages in form.errors.items() if messages}
