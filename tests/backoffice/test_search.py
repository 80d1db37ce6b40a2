"""The search of the back office looks into indexes, however many accounts and workspaces there are."""

from __future__ import annotations

from typing import Any

import psycopg
from flask import Flask
from sqlalchemy import event

from chatapp.backoffice.queries import users, workspaces
from chatapp.common.db import APP_ROLE, db
from chatapp.common.unit_of_work import unit_of_work

_MANY = """
    INSERT INTO "user" (id, created_at, email, name, theme)
        SELECT gen_random_uuid(), now(), 'person' || n || '@people.example', 'Person ' || n, 'system'
        FROM generate_series(1, 5000) n;
    INSERT INTO workspace (id, created_at, name, slug, locale, has_narrow_roles)
        SELECT gen_random_uuid(), now(), 'Company ' || n, 'company-' || n, 'en', false FROM generate_series(1, 5000) n;
    INSERT INTO membership (workspace_id, user_id, role)
        SELECT w.id, u.id, 'owner' FROM workspace w JOIN "user" u ON u.name = replace(w.name, 'Company', 'Person');
    SELECT gin_clean_pending_list(indexrelid) FROM pg_index
        WHERE indexrelid::regclass::text ~ '^ix_(user|workspace)_.*_words$';
    ANALYZE "user", workspace, membership
"""  # what autovacuum does in time


_LOOKED_INTO = (
    (users, {"ix_user_name_words", "ix_user_email_words"}),
    (workspaces, {"ix_workspace_name_words", "ix_workspace_slug_words", "ix_user_email_words"}),
)


def test_a_search_reads_no_whole_table(app: Flask) -> None:
    questions = [_question(app, pages) for pages, _indexes in _LOOKED_INTO]
    url = app.extensions["chatapp.config"].database_url.replace("+psycopg", "")
    with psycopg.connect(url) as connection:
        connection.execute(_MANY)
        connection.execute(f"SET LOCAL ROLE {APP_ROLE}")
        connection.execute("SELECT set_config('app.scope', 'system', true)")
        for (statement, parameters), (_pages, indexes) in zip(questions, _LOOKED_INTO, strict=True):
            plan = "\n".join(line for (line,) in connection.execute(f"EXPLAIN {statement}", parameters))
            assert {index for index in indexes if index in plan} == indexes, plan
            assert "Seq Scan" not in plan, plan
        connection.rollback()


def _question(app: Flask, pages: Any) -> tuple[str, dict[str, Any]]:
    """What the first look of a page asks Postgres."""
    asked: list[tuple[str, dict[str, Any]]] = []

    def note(_connection: object, _cursor: object, statement: str, parameters: dict[str, Any], *_more: object) -> None:
        if "ILIKE" in statement:
            asked.append((statement, parameters))

    with app.app_context(), unit_of_work():
        event.listen(db.engine, "before_cursor_execute", note)
        pages.page("4711")
        event.remove(db.engine, "before_cursor_execute", note)
    (first,) = asked
    return first
