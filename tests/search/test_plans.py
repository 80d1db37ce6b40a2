"""The indexes of search are used: from inside its functions, by the role that the application has."""

from __future__ import annotations

from collections.abc import Iterator
from uuid import UUID

import pytest
from psycopg.errors import Diagnostic

from chatapp.common.db import APP_ROLE
from tests.factories import make_company
from tests.isolation.world import World, make_world
from tests.support.engines import TestEngines

_PEOPLE = 12_000


@pytest.fixture(scope="module")
def busy(engines: TestEngines) -> Iterator[World]:
    """A workspace with so many messages and people that no other way is as short."""
    with make_world(engines, csrf=False) as world:
        company = make_company(world.app, "busy")
        world.connection.execute(
            """
            WITH talk AS (
                INSERT INTO conversation SELECT (jsonb_populate_record(null::conversation,
                    to_jsonb(one) || jsonb_build_object('id', gen_random_uuid()))).*
                FROM conversation one, generate_series(1, 200) WHERE one.id = %s RETURNING id
            )
            INSERT INTO message (id, created_at, workspace_id, conversation_id, seq, revision, client_id, kind,
                author_type, text, attachments, state)
            SELECT gen_random_uuid(), now(), %s, talk.id, n, n, gen_random_uuid(), 'reply', 'visitor',
                'common words and w' || md5(talk.id::text || n), '[]', 'sent' FROM talk, generate_series(1, 20) n
            """,
            (company.conversation_id, company.workspace_id),
        )
        world.connection.execute(
            """
            INSERT INTO message_words (message_id, workspace_id, conversation_id, seq, written_at, author, words)
            SELECT id, workspace_id, conversation_id, seq, created_at, author_type, search_words(text, 'en')
            FROM message WHERE workspace_id = %s
            """,
            (company.workspace_id,),
        )
        world.connection.execute(
            "UPDATE message_words SET words = search_words('the one needle', 'en') WHERE message_id IN "
            "(SELECT message_id FROM message_words WHERE workspace_id = %s LIMIT 1)",
            (company.workspace_id,),
        )
        world.connection.execute(
            "INSERT INTO end_user (id, created_at, workspace_id, message_count, name) "
            "SELECT gen_random_uuid(), now(), %s, 0, md5(n::text) FROM generate_series(1, %s) n",
            (company.workspace_id, _PEOPLE),
        )
        world.connection.execute("VACUUM ANALYZE message_words")
        world.connection.execute("VACUUM ANALYZE end_user")
        world.globex = company
        yield world


def plans(world: World, statement: str, *arguments: object, workspace_id: UUID | None = None) -> str:
    """What Postgres did inside the functions that a statement calls, as the application's role."""
    said: list[str] = []

    def hear(notice: Diagnostic) -> None:
        said.append(notice.message_primary or "")

    connection = world.connection
    connection.add_notice_handler(hear)
    try:
        with connection.transaction(force_rollback=True):
            connection.execute("LOAD 'auto_explain'")
            for name, value in (("log_min_duration", "0"), ("log_nested_statements", "on"), ("log_analyze", "on")):
                connection.execute(f"SET LOCAL auto_explain.{name} = {value}".encode())
            connection.execute("SET LOCAL client_min_messages = log")
            connection.execute(f"SET LOCAL ROLE {APP_ROLE}".encode())
            connection.execute("SELECT set_config('app.scope', '', true)")
            here = str(workspace_id or world.globex.workspace_id)
            connection.execute("SELECT set_config('app.workspace_id', %s, true)", (here,))
            connection.execute(statement.encode(), arguments)
    finally:
        connection.remove_notice_handler(hear)
    return "\n".join(said)


_LOOK = "SELECT * FROM search_messages(search_query(%s, '{en}'), null, null, null, null, null, 500)"


def test_a_rare_word_is_found_by_the_index_of_words(busy: World) -> None:
    plan = plans(busy, _LOOK, "needles")
    assert "ix_message_words_words" in plan
    assert "rows=1" in plan
    assert "Seq Scan on message_words one" not in plan


def test_people_are_found_by_the_index_of_names(busy: World) -> None:
    plan = plans(busy, "SELECT * FROM search_people(%s, 20)", "c81e728d9d")
    assert "ix_end_user_person" in plan
    assert "Seq Scan on end_user" not in plan


def test_without_the_functions_row_level_security_leaves_the_index_idle(busy: World) -> None:
    """Why they are there; and that this test sees the difference."""
    direct = "SELECT 1 FROM message_words WHERE workspace_id = %s AND words @@ search_query(%s, '{en}')"
    plan = plans(busy, direct, busy.globex.workspace_id, "needles")
    assert "(words @@" in plan
    assert "ix_message_words_words" not in plan
