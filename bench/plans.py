"""How Postgres answers what the inbox asks: every statement of a page, with its plan."""

from __future__ import annotations

from collections.abc import Iterator, Mapping
from contextlib import contextmanager
from pathlib import Path
from typing import Any

from flask import Flask
from flask.testing import FlaskClient
from sqlalchemy import event
from sqlalchemy.engine import Connection

from chatapp.common.db import db

ROOT = Path(__file__).parents[1]
KEPT = ROOT / "docs" / "plans-of-the-inbox.md"
_HEAD = """# How Postgres answers the inbox

Every statement that reads conversations, messages, contacts or words for a page of the inbox, with its plan in a
workspace of {conversations:,} conversations; each stands at the first page that needs it. Written by
`bin/bench inbox`; what the pages cost is in `bench/results/inbox.json`.
"""
_SUBJECTS = ("conversation", "message", "end_user", "search_")


def keep(app: Flask, client: FlaskClient, addresses: Mapping[str, str], *, conversations: int) -> list[str]:
    """Write the plans of these pages; what was written."""
    parts = [_HEAD.format(conversations=conversations)]
    known: set[str] = set()
    for name, address in addresses.items():
        with app.app_context(), _explained() as found:
            client.get(address)
        parts.append(f"## {name[0].upper()}{name[1:]}\n")
        new = {statement: plan for statement, plan in found.items() if statement not in known}
        parts += [f"```sql\n{statement}\n```\n```\n{plan}\n```\n" for statement, plan in new.items()]
        parts += [] if new else ["What it asks stands above.\n"]
        known |= set(new)
    KEPT.write_text("\n".join(parts))
    return [str(KEPT.relative_to(ROOT))]


@contextmanager
def _explained() -> Iterator[dict[str, str]]:
    """What is asked while the block lasts, each statement once, explained in its own transaction."""
    found: dict[str, str] = {}

    def explain(connection: Connection, cursor: Any, statement: str, parameters: Any, *_rest: Any) -> None:
        asks = statement.lstrip().upper().startswith(("SELECT", "WITH"))
        if asks and any(subject in statement for subject in _SUBJECTS) and _shape(statement) not in found:
            raw = connection.connection.cursor()
            raw.execute(f"EXPLAIN (ANALYZE, BUFFERS, COSTS OFF, TIMING OFF, SUMMARY OFF) {statement}", parameters)
            found[_shape(statement)] = "\n".join(row[0] for row in raw.fetchall())
            raw.close()

    event.listen(db.engine, "before_cursor_execute", explain)
    yield found
    event.remove(db.engine, "before_cursor_execute", explain)


def _shape(statement: str) -> str:
    """The statement without the columns it selects, which say nothing about its cost."""
    before, found, after = statement.partition("\nFROM ")
    return f"SELECT …{found}{after}" if found and len(before) > 200 else statement
