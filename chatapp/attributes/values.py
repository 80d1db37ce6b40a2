"""What is typed for an attribute: checked by its kind, kept as JSON, shown in words.

Numbers are kept as texts, so that no digit is lost; dates as in ISO 8601; a box is true, or not there at all.
"""

from __future__ import annotations

from collections.abc import Sequence
from datetime import date
from decimal import Decimal
from typing import Any
from urllib.parse import urlsplit

from flask_babel import format_currency, format_date, format_decimal, pgettext
from flask_babel import gettext as _

from chatapp.attributes.models import Attribute
from chatapp.common.conditions import number_text
from chatapp.common.errors import AppError

LONGEST_TEXT = 500
_YES = ("y", "yes", "true", "1", "x", "on", "sí", "si", "verdadero")
_NO = ("", "n", "no", "false", "0", "off", "falso")
_PARTS = ";"
"""What stands between several options in a cell of a table."""


def read(attribute: Attribute, typed: Sequence[str]) -> Any:
    """What a form sent, as it is kept; None for nothing. Raises `AppError` 422 with a sentence."""
    texts = [text.replace("\x00", "").strip() for text in typed]
    texts = [text for text in texts if text]
    if attribute.kind == "multi":
        return _options(attribute, texts)
    if not texts:
        return None
    return _READERS[attribute.kind](attribute, texts[0])


def of_cell(attribute: Attribute, cell: str) -> Any:
    """What a cell of a table says; see `read`."""
    return read(attribute, cell.split(_PARTS) if attribute.kind == "multi" else [cell])


def cell(value: Any) -> str:
    """A value as a table has it, so that `of_cell` reads it again."""
    if value is None:
        return ""
    if isinstance(value, bool):
        return "yes" if value else "no"
    return f"{_PARTS} ".join(value) if isinstance(value, list) else str(value)


def words(attribute: Attribute, value: Any) -> str:
    """A value for people, in the language that is spoken."""
    if attribute.kind == "checkbox":
        return pgettext("checkbox", "Yes") if value else pgettext("checkbox", "No")
    if attribute.kind == "date":
        return str(format_date(date.fromisoformat(value), "medium"))
    if attribute.kind == "number":
        return str(format_decimal(Decimal(value)))
    if attribute.kind == "money":
        return str(format_currency(Decimal(value), attribute.currency or "EUR"))
    return ", ".join(value) if isinstance(value, list) else str(value)


def _text(attribute: Attribute, text: str) -> str:
    line = " ".join(text.split())
    if len(line) > LONGEST_TEXT:
        raise _refused(_("Use at most %(count)s characters.", count=LONGEST_TEXT))
    return line


def _number(_attribute: Attribute, text: str) -> str:
    try:
        return number_text(text)
    except ValueError:
        raise _refused(_("Enter a number, such as 12 or 12.50.")) from None


def _money(attribute: Attribute, text: str) -> str:
    number = _number(attribute, text)
    if len(number.partition(".")[2]) > 2:
        raise _refused(_("Enter an amount with at most two decimals, such as 12.50."))
    return number


def _checkbox(_attribute: Attribute, text: str) -> bool | None:
    if text.lower() not in (*_YES, *_NO):
        raise _refused(_("Say yes or no."))
    return True if text.lower() in _YES else None


def _date(_attribute: Attribute, text: str) -> str:
    try:
        return date.fromisoformat(text).isoformat()
    except ValueError:
        raise _refused(_("Enter a date as year-month-day, such as 2026-12-31.")) from None


def _link(attribute: Attribute, text: str) -> str:
    try:
        parts = urlsplit(text)
        is_link = parts.scheme in ("http", "https") and bool(parts.hostname) and not any(map(str.isspace, text))
    except ValueError:
        is_link = False
    if not is_link:
        raise _refused(_("Enter a whole address, such as https://shop.example/orders/12."))
    return _text(attribute, text)


def _option(attribute: Attribute, text: str) -> str:
    found = next((option for option in attribute.options if option.casefold() == text.casefold()), None)
    if found is None:
        raise _refused(_("Choose one of the list."))
    return found


def _options(attribute: Attribute, texts: Sequence[str]) -> list[str] | None:
    chosen = {_option(attribute, text) for text in texts}
    return [option for option in attribute.options if option in chosen] or None


_READERS = {
    "text": _text,
    "number": _number,
    "money": _money,
    "checkbox": _checkbox,
    "date": _date,
    "link": _link,
    "list": _option,
}


def _refused(sentence: str) -> AppError:
    return AppError(422, sentence, fields={"value": sentence})
