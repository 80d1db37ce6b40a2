"""Reading tables that people upload: their letters, their separator, and what their columns probably are."""

from __future__ import annotations

import csv
import io
from collections.abc import Sequence
from itertools import islice

from flask_babel import gettext as _

from chatapp.common.errors import AppError

MOST_BYTES = 5 * 1024 * 1024
MOST_ROWS = 20_000
SEPARATORS = (",", ";", "\t", "|")
_MOST_COLUMNS = 100
_NAMES = {
    "name": ("name", "full name", "contact", "nombre", "nombre completo", "contacto"),
    "email": ("email", "e-mail", "mail", "email address", "correo", "correo electrónico"),
    "phone": ("phone", "phone number", "telephone", "mobile", "tel", "teléfono", "móvil"),
    "company": ("company", "company name", "organization", "organisation", "empresa", "compañía"),
}


def decoded(content: bytes) -> str:
    """The text of a file in UTF-8, UTF-16 or Latin-1. Raises `AppError` 422 for what is no text."""
    if len(content) > MOST_BYTES:
        raise refused(_("This file is larger than 5 MB. Split it."))
    if content.startswith((b"\xff\xfe", b"\xfe\xff")):
        encodings = ["utf-16"]
    elif content[1:2] == b"\x00":
        encodings = ["utf-16-le"]
    else:
        encodings = ["utf-8-sig", "latin-1"]
    for encoding in encodings:
        try:
            text = content.decode(encoding)
        except UnicodeDecodeError:
            continue
        if "\x00" in text:
            break
        return text.lstrip("\ufeff")
    raise refused(_("This is not a table in plain text. Save it as CSV and try again."))


def separator_of(text: str) -> str:
    """What parts the cells: that by which the first line has the most."""
    first = next((line for line in io.StringIO(text.lstrip("\r\n"))), "")
    return max(SEPARATORS, key=lambda separator: _count(first, separator))


def _count(line: str, separator: str) -> int:
    try:
        return len(next(csv.reader([line], delimiter=separator), []))
    except csv.Error:  # `lines_of` says so
        return 0


def lines_of(text: str, separator: str) -> list[tuple[int, list[str]]]:
    """Every row that says something, with the number of its last line; the first is the head.

    Raises `AppError` 422 for a table that is empty, too long or broken.
    """
    reader = csv.reader(io.StringIO(text, newline=""), delimiter=separator)
    try:
        said = ((reader.line_num, cells) for row in reader if any(cells := [cell.strip() for cell in row]))
        rows = list(islice(said, MOST_ROWS + 2))
    except csv.Error:
        raise refused(_("This table could not be read. Save it as CSV and try again.")) from None
    if len(rows) < 2:
        raise refused(_("There is no row below the head in this file."))
    if len(rows) - 1 > MOST_ROWS:
        raise refused(_("This file has more than %(count)s rows. Split it.", count=MOST_ROWS))
    if len(rows[0][1]) > _MOST_COLUMNS:
        raise refused(_("This file has more than %(count)s columns.", count=_MOST_COLUMNS))
    return rows


def guessed(head: Sequence[str]) -> dict[str, int]:
    """Which column is probably what, by its name in the head: field → place."""
    names = [name.lower().replace("_", " ").strip() for name in head]
    return {
        field: next(place for place, name in enumerate(names) if name in known)
        for field, known in _NAMES.items()
        if any(name in known for name in names)
    }


def refused(sentence: str) -> AppError:
    return AppError(422, sentence, fields={"file": sentence})
