"""search: find rare words by the index of words however many messages there are

Revision ID: 0038
Revises: 0037
"""

from alembic import op

revision = "0038"
down_revision = "0037"

NEAR = 5_000
SIGNATURE = """
    CREATE OR REPLACE FUNCTION search_messages(
        wanted tsquery, before uuid, by_author text, by_agent uuid, since timestamptz, until timestamptz, most int
    ) RETURNS TABLE (message_id uuid, conversation_id uuid, is_newest boolean)
    LANGUAGE plpgsql STABLE SECURITY DEFINER
    SET search_path = pg_catalog, public, pg_temp SET plan_cache_mode = force_custom_plan AS $$
"""
ONE = """
    (by_author IS NULL OR one.author = by_author) AND (by_agent IS NULL OR one.agent_id = by_agent)
    AND (since IS NULL OR one.written_at >= since) AND (until IS NULL OR one.written_at < until)
"""
NEWEST = f"""
    NOT EXISTS (
        SELECT FROM public.message_words one
        WHERE one.workspace_id = here AND one.conversation_id = hit.conversation_id AND one.seq > hit.seq
            AND one.words @@ wanted AND {ONE}
    )
"""


def upgrade() -> None:
    """Whether a word is common is seen in the newest few thousand messages: if they fill the answer, it comes from them
    alone. If not, every match is found by the index of words, and sorted; the planner left to itself would walk through
    all messages by time, for it cannot know how rare the beginning of a word is."""
    op.execute(
        f"""
        {SIGNATURE}
        DECLARE
            here uuid := nullif(current_setting('app.workspace_id', true), '')::uuid;
        BEGIN
            RETURN QUERY
            WITH near AS MATERIALIZED (
                SELECT * FROM public.message_words recent
                WHERE recent.workspace_id = here AND (before IS NULL OR recent.message_id < before)
                ORDER BY recent.message_id DESC LIMIT {NEAR}
            ), hit AS MATERIALIZED (
                SELECT one.message_id, one.conversation_id, one.seq FROM near one
                WHERE one.words @@ wanted AND {ONE} ORDER BY one.message_id DESC LIMIT most
            )
            SELECT hit.message_id, hit.conversation_id, {NEWEST} FROM hit
            WHERE (SELECT count(*) FROM hit full_answer) = most ORDER BY hit.message_id DESC;
            IF FOUND THEN
                RETURN;
            END IF;
            RETURN QUERY
            WITH matching AS MATERIALIZED (
                SELECT one.message_id, one.conversation_id, one.seq FROM public.message_words one
                WHERE one.workspace_id = here AND one.words @@ wanted AND (before IS NULL OR one.message_id < before)
                    AND {ONE}
            ), hit AS MATERIALIZED (
                SELECT * FROM matching ORDER BY matching.message_id DESC LIMIT most
            )
            SELECT hit.message_id, hit.conversation_id, {NEWEST} FROM hit ORDER BY hit.message_id DESC;
        END
        $$
        """
    )


def downgrade() -> None:
    op.execute(
        f"""
        {SIGNATURE}
        DECLARE
            here uuid := nullif(current_setting('app.workspace_id', true), '')::uuid;
        BEGIN
            RETURN QUERY
            WITH hit AS MATERIALIZED (
                SELECT one.message_id, one.conversation_id, one.seq FROM public.message_words one
                WHERE one.workspace_id = here AND one.words @@ wanted AND (before IS NULL OR one.message_id < before)
                    AND {ONE}
                ORDER BY one.message_id DESC LIMIT most
            )
            SELECT hit.message_id, hit.conversation_id, {NEWEST} FROM hit ORDER BY hit.message_id DESC;
        END
        $$
        """
    )
