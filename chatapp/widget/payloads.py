"""Reading what programs we did not write send us: JSON objects with the types that the contract names."""

from __future__ import annotations

import json
from collections.abc import Mapping
from typing import Any
from uuid import UUID

from email_validator import EmailNotValidError, validate_email
from flask import request
from flask_babel import gettext as _

from chatapp.common.errors import AppError, not_found

Payload = Mapping[str, Any]


def json_object(text: str | bytes) -> Payload:
    """Raises `AppError` 400 for anything but a JSON object."""
    try:
        found = json.loads(text)
    except (ValueError, RecursionError):
        found = None
    if not isinstance(found, dict):
        raise AppError(400, _("Send a JSON object."))
    return found


def body() -> Payload:
    """The request's body. Only JSON: before a browser posts that across origins it asks, and is told no."""
    if not request.is_json:
        raise AppError(400, _("Send a JSON object."))
    return json_object(request.get_data())


def text_of(payload: Payload, name: str, *, limit: int) -> str | None:
    """A short optional text; cut, never refused."""
    value = payload.get(name)
    return _storable(value)[:limit] or None if isinstance(value, str) else None


def message_text(payload: Payload) -> str:
    """Raises `AppError` 422; emptiness and length are the messages' own rules."""
    text = payload.get("text")
    if not isinstance(text, str):
        raise _unprocessable("text", _("Write something first."))
    return _storable(text)


def client_id(payload: Payload) -> UUID:
    """Raises `AppError` 422."""
    found = _uuid(payload.get("client_id"))
    if found is None:
        raise _unprocessable("client_id", _("client_id must be a UUID, made once for each message."))
    return found


def attachment_ids(payload: Payload) -> list[UUID]:
    """Each once; none if the payload names none. Raises `AppError` 422."""
    value = payload.get("attachment_ids") or []
    found = [_uuid(one) for one in value] if isinstance(value, list) else [None]
    ids = [one for one in found if one is not None]
    if len(ids) != len(found):
        raise _unprocessable("attachment_ids", _("attachment_ids must be a list of the ids that uploads answered."))
    return list(dict.fromkeys(ids))


def mail_address(payload: Payload) -> str | None:
    """None if the payload names none. Raises `AppError` 422 for what cannot be one."""
    text = text_of(payload, "email", limit=255)
    if text is None:
        return None
    try:
        return validate_email(text.strip(), check_deliverability=False).normalized
    except EmailNotValidError:
        sentence = _("Enter a complete mail address, such as ana@example.org.")
        raise _unprocessable("email", sentence) from None


def conversation_id(payload: Payload) -> UUID | None:
    """None if the payload names none. Raises `AppError` 404 for what cannot be one."""
    value = payload.get("conversation_id")
    if value is None:
        return None
    found = _uuid(value)
    if found is None:
        raise not_found()
    return found


def whole_number(payload: Payload, name: str) -> int | None:
    """None if it is not there. Raises `AppError` 400 for anything but a number from 0 to 2³¹ − 1."""
    value = payload.get(name)
    if value is None:
        return None
    number = int(value) if isinstance(value, str) and value.isascii() and value.isdigit() and len(value) < 11 else value
    if type(number) is not int or not 0 <= number < 2**31:
        raise AppError(400, _("%(name)s must be a whole number.", name=name))
    return number


def _storable(text: str) -> str:
    """Without the halves of characters and the NULs that JSON lets through and Postgres does not."""
    return text.encode(errors="replace").decode().replace("\x00", "")


def _uuid(value: object) -> UUID | None:
    try:
        return UUID(value) if isinstance(value, str) else None
    except ValueError:
        return None


def _unprocessable(field: str, sentence: str) -> AppError:
    return AppError(422, sentence, fields={field: sentence})
