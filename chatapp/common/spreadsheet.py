"""Rows for spreadsheets: CSV that opens right and starts nothing."""

from __future__ import annotations

import csv
import io
from collections.abc import Iterable, Sequence

_STARTS_A_FORMULA = ("=", "+", "-", "@", "\t", "\r", "\n", "＝", "＋", "－", "＠")
BYTE_ORDER_MARK = "\ufeff"  # without it Excel reads UTF-8 as something else


def as_csv(head: Sequence[str], rows: Iterable[Sequence[str]]) -> str:
    """The rows as CSV (RFC 4180). A cell that a spreadsheet would calculate begins with an apostrophe instead."""
    return BYTE_ORDER_MARK + as_lines([head]) + as_lines(rows)


def as_lines(rows: Iterable[Sequence[str]]) -> str:
    """The same without the mark at the beginning, for files that are made part by part."""
    text = io.StringIO()
    csv.writer(text).writerows([harmless(cell) for cell in row] for row in rows)
    return text.getvalue()


def harmless(cell: str) -> str:
    """The cell as text, whatever stands in it: visitors' names end up in spreadsheets, too."""
    return f"'{cell}" if cell.lstrip(" ").startswith(_STARTS_A_FORMULA) else cell


def without_guard(cell: str) -> str:
    """The cell as it was before `harmless`, for what comes back from a spreadsheet."""
    return cell[1:] if cell.startswith("'") and cell[1:].lstrip(" ").startswith(_STARTS_A_FORMULA) else cell
