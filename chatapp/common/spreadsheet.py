"""Rows for spreadsheets: CSV that opens right and starts nothing."""

from __future__ import annotations

import csv
import io
from collections.abc import Iterable, Sequence

_STARTS_A_FORMULA = ("=", "+", "-", "@", "\t", "\r", "\n", "＝", "＋", "－", "＠")
_BYTE_ORDER_MARK = "\ufeff"  # without it Excel reads UTF-8 as something else


def as_csv(head: Sequence[str], rows: Iterable[Sequence[str]]) -> str:
    """The rows as CSV (RFC 4180). A cell that a spreadsheet would calculate begins with an apostrophe instead."""
    text = io.StringIO()
    writer = csv.writer(text)
    writer.writerow(head)
    writer.writerows([harmless(cell) for cell in row] for row in rows)
    return _BYTE_ORDER_MARK + text.getvalue()


def harmless(cell: str) -> str:
    """The cell as text, whatever stands in it: visitors' names end up in spreadsheets, too."""
    return f"'{cell}" if cell.lstrip(" ").startswith(_STARTS_A_FORMULA) else cell
