"""What programs send: JSON objects whose every member is known and of the right type, and query parameters alike.

A body is described by its fields, `{"status": one_of("open", "closed")}`. Nothing is coerced: `"1"` is no number and
`1` is no boolean. What is missing, unknown or wrong is named all at once, and nothing has been written yet.
"""

from __future__ import annotations

import json
from collections.abc import Callable, Collection, Mapping
from dataclasses import dataclass
from datetime import datetime
from typing import Any
from uuid import UUID

from flask import request
from flask_babel import gettext as _

from chatapp.common.errors import AppError

MAX_NUMBER = 999_999_999
_LONGEST_TIME = 40
_MALFORMED = (ValueError, RecursionError)


@dataclass(frozen=True)
class Field:
    """One member of a body. `read` turns what JSON holds into what the service takes, or raises `ValueError`."""

    read: Callable[[Any], Any]
    is_required: bool = True

    @property
    def optional(self) -> Field:
        return Field(self.read, is_required=False)


def read_body(fields: Mapping[str, Field]) -> dict[str, Any]:
    """The members of the request's JSON object. Raises `AppError` 400, 413, 415, 422."""
    body = _json()
    if not isinstance(body, dict):
        raise AppError(422, _("The body must be a JSON object."))
    errors = {name: _("This field is unknown.") for name in body.keys() - fields.keys()}
    values: dict[str, Any] = {}
    for name, field in fields.items():
        if name not in body:
            if field.is_required:
                errors[name] = _("This field is missing.")
            continue
        try:
            values[name] = field.read(body[name])
        except ValueError as error:
            errors[name] = str(error)
    if errors:
        raise AppError(422, _("Some fields are not right."), fields=errors)
    return values


def read_query(known: Collection[str]) -> Mapping[str, str]:
    """The query's parameters. An unknown one is refused: a filter that is not applied would answer too much."""
    errors = {name: _("This parameter is unknown.") for name in request.args if name not in known}
    errors |= {name: _("Say this once.") for name in known if len(request.args.getlist(name)) > 1}
    if errors:
        raise AppError(400, _("Some parameters are not right."), fields=errors)
    return request.args.to_dict()


def number_in(query: Mapping[str, str], name: str, *, least: int = 0, most: int = MAX_NUMBER) -> int | None:
    """A whole number in these bounds; None if it is left out. Raises `AppError` 400."""
    if name not in query:
        return None
    raw = query[name]
    if raw.isascii() and raw.isdigit() and len(raw) <= len(str(MAX_NUMBER)) and least <= int(raw) <= most:
        return int(raw)
    raise wrong_parameter(name, _("This must be a whole number from %(least)s to %(most)s.", least=least, most=most))


def wrong_parameter(name: str, sentence: str) -> AppError:
    return AppError(400, _("Some parameters are not right."), fields={name: sentence})


def text(*, most: int) -> Field:
    """A string that Postgres can hold, of at most so many characters."""

    def read(value: Any) -> str:
        if not isinstance(value, str):
            raise ValueError(_("This must be a string."))
        if "\x00" in value or any("\ud800" <= character <= "\udfff" for character in value):
            raise ValueError(_("This holds characters that are not text."))
        if len(value) > most:
            raise ValueError(_("This is too long: use at most %(limit)s characters.", limit=most))
        return value

    return Field(read)


def one_of(*allowed: str) -> Field:
    def read(value: Any) -> str:
        if not isinstance(value, str) or value not in allowed:
            raise ValueError(_("This must be one of: %(allowed)s.", allowed=", ".join(allowed)))
        return value

    return Field(read)


def boolean() -> Field:
    def read(value: Any) -> bool:
        if not isinstance(value, bool):
            raise ValueError(_("This must be true or false."))
        return value

    return Field(read)


def uuid() -> Field:
    return Field(_uuid)


def uuids(*, most: int) -> Field:
    """A list of so many ids at most; one that is said twice counts once."""

    def read(value: Any) -> list[UUID]:
        if not isinstance(value, list) or len(value) > most:
            raise ValueError(_("This must be a list of at most %(most)s ids.", most=most))
        return list(dict.fromkeys(_uuid(each) for each in value))

    return Field(read)


def uuid_or_null() -> Field:
    return Field(lambda value: None if value is None else _uuid(value))


def time() -> Field:
    return Field(_time)


def time_or_null() -> Field:
    return Field(lambda value: None if value is None else _time(value))


def _time(value: Any) -> datetime:
    """RFC 3339: with its zone, or nobody knows which moment is meant."""
    try:
        found = datetime.fromisoformat(value) if isinstance(value, str) and len(value) <= _LONGEST_TIME else None
    except ValueError:
        found = None
    if found is None or found.tzinfo is None or "T" not in value.upper():
        raise ValueError(_("This must be a time such as 2026-11-22T10:15:30Z."))
    return found


def _uuid(value: Any) -> UUID:
    try:
        found = UUID(value) if isinstance(value, str) else None
    except ValueError:
        found = None
    if found is None or str(found) != value.lower():
        raise ValueError(_("This must be a UUID."))
    return found


def _json() -> Any:
    if request.mimetype != "application/json":
        raise AppError(415, _("Send JSON, and say so: Content-Type: application/json."))
    try:
        return json.loads(request.get_data())
    except _MALFORMED:
        raise AppError(400, _("This is not JSON.")) from None
