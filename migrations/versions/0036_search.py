"""search: the words of every message, people by parts of their names, and functions that look them up

Revision ID: 0036
Revises: 0035
"""

import sqlalchemy as sa
from alembic import op
from sqlalchemy.dialects.postgresql import TSVECTOR

revision = "0036"
down_revision = "0035"


def upgrade() -> None:
    for extension in ("unaccent", "btree_gin"):
        op.execute(f"CREATE EXTENSION IF NOT EXISTS {extension}")
    make_word_functions()
    op.create_table(
        "message_words",
        sa.Column("message_id", sa.Uuid(), nullable=False),
        sa.Column("conversation_id", sa.Uuid(), nullable=False),
        sa.Column("seq", sa.Integer(), nullable=False),
        sa.Column("written_at", sa.DateTime(timezone=True), nullable=False),
        sa.Column("author", sa.String(), nullable=False),
        sa.Column("agent_id", sa.Uuid(), nullable=True),
        sa.Column("words", TSVECTOR(), nullable=False),
        sa.Column("workspace_id", sa.Uuid(), nullable=False),
        sa.ForeignKeyConstraint(
            ["workspace_id", "conversation_id", "seq"],
            ["message.workspace_id", "message.conversation_id", "message.seq"],
            name=op.f("fk_message_words_workspace_id_conversation_id_seq"),
            ondelete="CASCADE",
        ),
        sa.ForeignKeyConstraint(
            ["workspace_id"], ["workspace.id"], name=op.f("fk_message_words_workspace_id"), ondelete="CASCADE"
        ),
        sa.PrimaryKeyConstraint("message_id", name=op.f("pk_message_words")),
        sa.UniqueConstraint(
            "workspace_id", "conversation_id", "seq", name=op.f("uq_message_words_workspace_id_conversation_id_seq")
        ),
    )
    op.create_index("ix_message_words_newest", "message_words", ["workspace_id", "message_id"])
    op.create_index("ix_message_words_words", "message_words", ["workspace_id", "words"], postgresql_using="gin")
    fence("message_words")
    make_trigger()
    make_lookups()
    with op.get_context().autocommit_block():  # visitors go on writing meanwhile
        op.create_index(
            "ix_end_user_person",
            "end_user",
            ["workspace_id", sa.text("search_person(name, email) gin_trgm_ops")],
            postgresql_using="gin",
            postgresql_concurrently=True,
        )


def make_word_functions() -> None:
    """How a text becomes words. What is stored and what is asked for go the same way.

    Immutable in what they do, though `unaccent` says only "stable": its rules come with Postgres and do not change.
    """
    op.execute(
        r"""
        CREATE FUNCTION search_plain(typed text) RETURNS text LANGUAGE sql IMMUTABLE PARALLEL SAFE AS $$
            SELECT translate(
                lower(public.unaccent('public.unaccent'::regdictionary, typed)),
                '!"#$%&''()*+,-./:;<=>?@[\]^_`{|}~', repeat(' ', 32))
        $$
        """
    )
    op.execute(
        """
        CREATE FUNCTION search_person(name text, email text) RETURNS text LANGUAGE sql IMMUTABLE PARALLEL SAFE AS $$
            SELECT public.search_plain(coalesce(name, '') || ' ' || coalesce(email, ''))
        $$
        """
    )
    op.execute(
        """
        CREATE FUNCTION search_language(locale text) RETURNS regconfig LANGUAGE sql IMMUTABLE PARALLEL SAFE AS $$
            SELECT CASE split_part(replace(lower(locale), '_', '-'), '-', 1)
                WHEN 'ca' THEN 'pg_catalog.catalan' WHEN 'da' THEN 'pg_catalog.danish'
                WHEN 'de' THEN 'pg_catalog.german' WHEN 'en' THEN 'pg_catalog.english'
                WHEN 'es' THEN 'pg_catalog.spanish' WHEN 'fi' THEN 'pg_catalog.finnish'
                WHEN 'fr' THEN 'pg_catalog.french' WHEN 'it' THEN 'pg_catalog.italian'
                WHEN 'nb' THEN 'pg_catalog.norwegian' WHEN 'nl' THEN 'pg_catalog.dutch'
                WHEN 'no' THEN 'pg_catalog.norwegian' WHEN 'pt' THEN 'pg_catalog.portuguese'
                WHEN 'ro' THEN 'pg_catalog.romanian' WHEN 'ru' THEN 'pg_catalog.russian'
                WHEN 'sv' THEN 'pg_catalog.swedish' WHEN 'tr' THEN 'pg_catalog.turkish'
                ELSE 'pg_catalog.simple'
            END::regconfig
        $$
        """
    )
    op.execute(
        """
        CREATE FUNCTION search_stems(word text, locale text) RETURNS tsvector LANGUAGE sql IMMUTABLE PARALLEL SAFE AS $$
            SELECT strip(to_tsvector(public.search_language(locale), word)
                || to_tsvector(public.search_language(locale), public.search_plain(word)))
        $$
        """
    )
    op.execute(
        """
        CREATE FUNCTION search_words(body text, locale text) RETURNS tsvector LANGUAGE sql IMMUTABLE PARALLEL SAFE AS $$
            SELECT to_tsvector('pg_catalog.simple', public.search_plain(body)) || public.search_stems(body, locale)
        $$
        """
    )
    op.execute(
        r"""
        CREATE FUNCTION search_query(typed text, locales text[]) RETURNS tsquery LANGUAGE plpgsql STABLE AS $$
        DECLARE
            word text;
            asked tsquery;
            wanted tsquery;
        BEGIN
            FOR word IN
                SELECT part FROM regexp_split_to_table(
                    translate(lower(typed), '!"#$%&''()*+,-./:;<=>?@[\]^_`{|}~', repeat(' ', 32)), '\s+') part
                WHERE part <> '' LIMIT 12
            LOOP
                SELECT string_agg(quote_literal(lexeme) || CASE WHEN length(lexeme) > 1 THEN ':*' ELSE '' END, ' & ')
                    ::tsquery INTO asked
                FROM unnest(tsvector_to_array(to_tsvector('pg_catalog.simple', public.search_plain(word)))) lexeme;
                IF asked IS NOT NULL THEN
                    SELECT coalesce(asked || string_agg(DISTINCT quote_literal(stem), ' | ')::tsquery, asked) INTO asked
                    FROM unnest(locales) locale, unnest(tsvector_to_array(public.search_stems(word, locale))) stem;
                    wanted := coalesce(wanted && asked, asked);
                END IF;
            END LOOP;
            RETURN wanted;
        END
        $$
        """
    )


def make_trigger() -> None:
    """New messages are looked through later, by the clock; a text that changes takes its words along at once."""
    op.execute(
        """
        CREATE FUNCTION message_words_follow() RETURNS trigger LANGUAGE plpgsql AS $$
        BEGIN
            UPDATE message_words kept SET words = search_words(
                NEW.text, coalesce(CASE WHEN NEW.kind <> 'note' THEN end_user.locale END, workspace.locale))
            FROM conversation
            JOIN end_user ON (end_user.workspace_id, end_user.id)
                = (conversation.workspace_id, conversation.end_user_id)
            JOIN workspace ON workspace.id = conversation.workspace_id
            WHERE kept.workspace_id = NEW.workspace_id AND kept.message_id = NEW.id
                AND (conversation.workspace_id, conversation.id) = (NEW.workspace_id, NEW.conversation_id);
            RETURN NULL;
        END
        $$
        """
    )
    op.execute(
        "CREATE TRIGGER message_words_follow AFTER UPDATE OF text ON message FOR EACH ROW "
        "WHEN (OLD.text IS DISTINCT FROM NEW.text) EXECUTE FUNCTION message_words_follow()"
    )


def make_lookups() -> None:
    """They run as the owner of the tables: the operators are not leakproof, so behind row-level security their indexes
    would lie idle. The workspace is that of the transaction, whatever the caller says; outside of one nothing is found.
    """
    op.execute(
        """
        CREATE FUNCTION search_messages(
            wanted tsquery, before uuid, by_author text, by_agent uuid, since timestamptz, until timestamptz, most int
        ) RETURNS TABLE (message_id uuid, conversation_id uuid, is_newest boolean)
        LANGUAGE plpgsql STABLE SECURITY DEFINER
        SET search_path = pg_catalog, public, pg_temp SET plan_cache_mode = force_custom_plan AS $$
        DECLARE
            here uuid := nullif(current_setting('app.workspace_id', true), '')::uuid;
        BEGIN
            RETURN QUERY
            WITH hit AS MATERIALIZED (
                SELECT one.message_id, one.conversation_id, one.seq FROM public.message_words one
                WHERE one.workspace_id = here AND one.words @@ wanted
                    AND (before IS NULL OR one.message_id < before)
                    AND (by_author IS NULL OR one.author = by_author)
                    AND (by_agent IS NULL OR one.agent_id = by_agent)
                    AND (since IS NULL OR one.written_at >= since)
                    AND (until IS NULL OR one.written_at < until)
                ORDER BY one.message_id DESC LIMIT most
            )
            SELECT hit.message_id, hit.conversation_id, NOT EXISTS (
                SELECT FROM public.message_words newer
                WHERE newer.workspace_id = here AND newer.conversation_id = hit.conversation_id AND newer.seq > hit.seq
                    AND newer.words @@ wanted
                    AND (by_author IS NULL OR newer.author = by_author)
                    AND (by_agent IS NULL OR newer.agent_id = by_agent)
                    AND (since IS NULL OR newer.written_at >= since)
                    AND (until IS NULL OR newer.written_at < until)
            )
            FROM hit ORDER BY hit.message_id DESC;
        END
        $$
        """
    )
    op.execute(
        """
        CREATE FUNCTION search_people(typed text, most int) RETURNS TABLE (end_user_id uuid)
        LANGUAGE plpgsql STABLE SECURITY DEFINER
        SET search_path = pg_catalog, public, pg_temp SET plan_cache_mode = force_custom_plan AS $$
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
                one.last_seen_at DESC NULLS LAST, one.id DESC
            LIMIT most;
        END
        $$
        """
    )


def fence(table: str) -> None:
    """Rows of one workspace only, for everybody including the owner; the system scope is entered explicitly."""
    op.execute(f"ALTER TABLE {table} ENABLE ROW LEVEL SECURITY")
    op.execute(f"ALTER TABLE {table} FORCE ROW LEVEL SECURITY")
    op.execute(
        f"CREATE POLICY tenant ON {table} "
        "USING (workspace_id = nullif(current_setting('app.workspace_id', true), '')::uuid) "
        "WITH CHECK (workspace_id = nullif(current_setting('app.workspace_id', true), '')::uuid)"
    )
    op.execute(
        f"CREATE POLICY system ON {table} "
        "USING (current_setting('app.scope', true) = 'system') "
        "WITH CHECK (current_setting('app.scope', true) = 'system')"
    )


def downgrade() -> None:
    op.execute("DROP FUNCTION search_people, search_messages")
    op.execute("DROP TRIGGER message_words_follow ON message")
    op.execute("DROP FUNCTION message_words_follow")
    op.drop_index("ix_end_user_person", table_name="end_user")
    op.drop_table("message_words")
    op.execute("DROP FUNCTION search_query, search_words, search_stems, search_language, search_person, search_plain")
    for extension in ("btree_gin", "unaccent"):
        op.execute(f"DROP EXTENSION {extension}")
