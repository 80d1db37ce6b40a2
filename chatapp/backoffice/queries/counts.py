"""Counts that cost the same however much there is: they stop at `MOST`."""

from __future__ import annotations

from typing import Any

from sqlalchemy import ScalarSelect, Select, func, select

MOST = 1_000


def bounded(rows: Select[Any], *, of: type[Any]) -> ScalarSelect[int]:
    """How many `rows` there are for each row of the outer table `of`; `MOST + 1` means more than `MOST`."""
    some = rows.correlate(of).limit(MOST + 1).subquery()
    return select(func.count()).select_from(some).scalar_subquery()
