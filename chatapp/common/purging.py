"""Delete everything of one workspace, some rows at a time: a statement that takes minutes would hold locks as long.

The tables are those that carry `workspace_id`, whoever made them. Append-only ones are left to the cascade that follows
when the workspace itself goes: nobody may delete from them before, and they say so in `info`.
"""

from __future__ import annotations

from sqlalchemy import Table, text

from chatapp.common.db import Base, db
from chatapp.common.tenancy import current_workspace_id

APPEND_ONLY = {"append_only": True}


def delete_some(most: int) -> int:
    """Delete up to so many rows of the current workspace, dependent ones before those they depend on; how many."""
    left = most
    for table in _tables():
        left -= _delete_from(table, left)
        if left <= 0:
            break
    return most - left


def _tables() -> list[Table]:
    return [
        table
        for table in reversed(Base.metadata.sorted_tables)
        if "workspace_id" in table.columns and not table.info.get("append_only")
    ]


def _delete_from(table: Table, most: int) -> int:
    name = db.engine.dialect.identifier_preparer.format_table(table)
    some = text(
        f"DELETE FROM {name} WHERE ctid = ANY(ARRAY("  # noqa: S608 — the name is the model's, quoted
        f"SELECT ctid FROM {name} WHERE workspace_id = :workspace LIMIT :most))"
    )
    deleted = db.session.execute(some, {"workspace": current_workspace_id(), "most": most})
    return int(deleted.rowcount)  # type: ignore[attr-defined]
