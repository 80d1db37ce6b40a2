"""What looks for gaps in the database's own fences: plain functions over Postgres' catalogue that return findings."""

from __future__ import annotations

from typing import Any

import psycopg

GLOBALLY_UNIQUE = {
    "uq_project_site_key": "a visitor's browser knows nothing but the site key",
    "uq_invitation_token_hash": "the hash of a random token, looked up by whoever holds it",
    "uq_visitor_session_token_hash": "the hash of a random token, looked up by whoever holds it",
    "uq_project_logo_token": "a random token that names a picture, which whoever opens the chat sees",
}
"""Unique constraints of tenants' tables that leave `workspace_id` out, each with its reason."""

OWNERS_FUNCTIONS = {
    "search_messages": "the operators of full text are not leakproof; it goes by the transaction's workspace",
    "search_people": "nor are those of trigrams; it goes by the transaction's workspace",
}
"""Functions that run as their owner, each with its reason. What they keep to, tests/search/test_fences.py tells."""

_TENANT_TABLES = """
    SELECT c.oid, c.relname, c.relrowsecurity, c.relforcerowsecurity FROM pg_class c
    JOIN pg_attribute a ON a.attrelid = c.oid AND a.attname = 'workspace_id' AND NOT a.attisdropped
    WHERE c.relkind IN ('r', 'p') AND c.relnamespace = 'public'::regnamespace ORDER BY c.relname
"""

Connection = psycopg.Connection[tuple[Any, ...]]


def tenant_tables(connection: Connection) -> list[str]:
    return [row[1] for row in connection.execute(_TENANT_TABLES)]


def tables_without_row_security(connection: Connection) -> list[str]:
    """Row-level security must be on, and hold for the owner of the table too."""
    return [
        f"{name}: row security {'is not forced' if enabled else 'is off'}"
        for _oid, name, enabled, forced in connection.execute(_TENANT_TABLES)
        if not (enabled and forced)
    ]


def policies_that_let_through(connection: Connection) -> list[str]:
    """Each table has a policy for every command that compares the workspace, for what is read and for what is written.

    Policies are permissive, so any other one must be the system scope's.
    """
    findings: list[str] = []
    for table in tenant_tables(connection):
        policies = connection.execute(
            "SELECT policyname, cmd, qual, with_check FROM pg_policies WHERE schemaname = 'public' AND tablename = %s",
            (table,),
        ).fetchall()
        if not any(_compares_workspace(*policy[1:]) for policy in policies):
            findings.append(f"{table}: no policy compares the workspace in both directions")
        findings += [
            f"{table}: policy {policy[0]} opens another way"
            for policy in policies
            if not _compares_workspace(*policy[1:]) and not _is_system_scope(*policy[1:])
        ]
    return findings


def _compares_workspace(command: str, using: str | None, check: str | None) -> bool:
    wanted = "(workspace_id = (NULLIF(current_setting('app.workspace_id'::text, true), ''::text))::uuid)"
    return command == "ALL" and using == check == wanted


def _is_system_scope(command: str, using: str | None, check: str | None) -> bool:
    wanted = "(current_setting('app.scope'::text, true) = 'system'::text)"
    return command == "ALL" and using == check == wanted


def foreign_keys_across(connection: Connection) -> list[str]:
    """A key between two tenants' tables must compare the workspace: checks of foreign keys see every row."""
    return _constraints_without_workspace(
        connection,
        "con.contype = 'f' AND EXISTS (SELECT FROM pg_attribute b WHERE b.attrelid = con.confrelid "
        "AND b.attname = 'workspace_id')",
    )


def unique_across(connection: Connection) -> list[str]:
    """Uniqueness across workspaces tells one tenant what another has. Keys made of random ids alone are exempt."""
    found = connection.execute(
        """
        SELECT i.relname, c.relname FROM pg_index x
        JOIN pg_class i ON i.oid = x.indexrelid JOIN pg_class c ON c.oid = x.indrelid
        JOIN pg_attribute a ON a.attrelid = c.oid AND a.attname = 'workspace_id'
        WHERE x.indisunique AND NOT x.indisprimary AND c.relnamespace = 'public'::regnamespace
        AND NOT a.attnum = ANY(x.indkey)
        """
    )
    return [f"{table}: {name}" for name, table in found if name not in GLOBALLY_UNIQUE]


def _constraints_without_workspace(connection: Connection, condition: str) -> list[str]:
    found = connection.execute(
        f"""
        SELECT c.relname, con.conname FROM pg_constraint con JOIN pg_class c ON c.oid = con.conrelid
        JOIN pg_attribute a ON a.attrelid = c.oid AND a.attname = 'workspace_id'
        WHERE c.relnamespace = 'public'::regnamespace AND {condition} AND NOT a.attnum = ANY(con.conkey)
        """.encode()
    )
    return [f"{table}: {name}" for table, name in found]


def nullable_workspaces(connection: Connection) -> list[str]:
    """A row without a workspace would be nobody's, and escape foreign keys that compare it."""
    found = connection.execute(
        "SELECT table_name FROM information_schema.columns "
        "WHERE table_schema = 'public' AND column_name = 'workspace_id' AND is_nullable = 'YES'"
    )
    return [f"{table}: workspace_id may be empty" for (table,) in found]


def ways_around(connection: Connection) -> list[str]:
    """Views and functions that run as their owner see what their owner sees."""
    views = connection.execute(
        "SELECT relname FROM pg_class WHERE relkind IN ('v', 'm') AND relnamespace = 'public'::regnamespace"
    )
    functions = connection.execute(
        "SELECT proname FROM pg_proc WHERE prosecdef AND pronamespace = 'public'::regnamespace"
    )
    unknown = [name for (name,) in functions if name not in OWNERS_FUNCTIONS]
    return [f"view {name}" for (name,) in views] + [f"security definer function {name}" for name in unknown]
