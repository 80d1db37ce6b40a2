"""search: people whose names hold what was typed come first, and only where there is nobody, those who resemble it

Revision ID: 0043
Revises: 0042
"""

import sqlalchemy as sa
from alembic import op

revision = "0043"
down_revision = "0042"

NEWEST = 1_000
WORDS = "search_person((name)::text, (email)::text)"
SIGNATURE = """
    CREATE OR REPLACE FUNCTION search_people(typed text, most int) RETURNS TABLE (end_user_id uuid)
    LANGUAGE plpgsql STABLE SECURITY DEFINER
    SET search_path = pg_catalog, public, pg_temp SET plan_cache_mode = force_custom_plan AS $$
"""
BEST = """
    ORDER BY public.word_similarity(plain, one.person) DESC, one.last_seen_at DESC NULLS LAST, one.id DESC LIMIT most
"""


def upgrade() -> None:
    """Whoever resembles a name must be measured one by one, and with years of contacts there are many: it is done when
    a typing error is likely, for then nobody's name holds the words. Of many who do, the latest are ranked. A word of
    two letters is looked for where words begin, for the index knows no shorter part. The words of a person are stored:
    to make them anew for each candidate cost more than everything else together."""
    op.drop_index("ix_end_user_person", table_name="end_user")
    op.add_column("end_user", sa.Column("person", sa.String(), sa.Computed(WORDS, persisted=True), nullable=False))
    op.create_index(
        "ix_end_user_person", "end_user", ["workspace_id", sa.text("person gin_trgm_ops")], postgresql_using="gin"
    )
    op.execute(
        f"""
        {SIGNATURE}
        DECLARE
            here uuid := nullif(current_setting('app.workspace_id', true), '')::uuid;
            plain text := btrim(regexp_replace(public.search_plain(typed), '\\s+', ' ', 'g'));
            parts text[] := (SELECT array_agg('%' || part || '%') FROM regexp_split_to_table(plain, ' ') part);
            longest text := (
                SELECT part FROM regexp_split_to_table(plain, ' ') part ORDER BY length(part) DESC LIMIT 1);
            begun text := longest || '%';
            within text := CASE WHEN length(longest) > 2 THEN '%' ELSE '% ' END || longest || '%';
        BEGIN
            IF length(plain) < 2 THEN
                RETURN;
            END IF;
            RETURN QUERY
            WITH named AS MATERIALIZED (
                SELECT * FROM public.end_user one
                WHERE one.workspace_id = here AND one.person LIKE ALL (parts)
                    AND (one.person LIKE begun OR one.person LIKE within)
                ORDER BY one.last_seen_at DESC NULLS LAST, one.id DESC LIMIT {NEWEST}
            )
            SELECT one.id FROM named one {BEST};
            IF FOUND THEN
                RETURN;
            END IF;
            RETURN QUERY
            SELECT one.id FROM public.end_user one
            WHERE one.workspace_id = here AND one.person OPERATOR(public.%>) plain {BEST};
        END
        $$
        """
    )


def downgrade() -> None:
    op.drop_index("ix_end_user_person", table_name="end_user")
    op.drop_column("end_user", "person")
    op.create_index(
        "ix_end_user_person",
        "end_user",
        ["workspace_id", sa.text("search_person(name, email) gin_trgm_ops")],
        postgresql_using="gin",
    )
    op.execute(
        f"""
        {SIGNATURE}
        DECLARE
            here uuid := nullif(current_setting('app.workspace_id', true), '')::uuid;
            plain text := btrim(regexp_replace(public.search_plain(typed), '\\s+', ' ', 'g'));
            parts text[] := (SELECT array_agg('%' || part || '%') FROM regexp_split_to_table(plain, ' ') part);
        BEGIN
            IF length(plain) < 2 THEN
                RETURN;
            END IF;
            RETURN QUERY
            SELECT one.id FROM public.end_user one
            WHERE one.workspace_id = here AND (
                (public.search_person(one.name, one.email) LIKE parts[1]
                    AND public.search_person(one.name, one.email) LIKE ALL (parts))
                OR public.search_person(one.name, one.email) OPERATOR(public.%>) plain)
            ORDER BY public.word_similarity(plain, public.search_person(one.name, one.email)) DESC,
                one.last_seen_at DESC NULLS LAST, one.id DESC LIMIT most;
        END
        $$
        """
    )
