"""the ways a contact is known, by which they are found, and room for contacts that were merged

Revision ID: 0069
Revises: 0061
"""

import sqlalchemy as sa
from alembic import op

revision = "0069"
down_revision = "0061"

NEWEST = 1_000
SIGNATURE = """
    CREATE OR REPLACE FUNCTION search_people(typed text, most int) RETURNS TABLE (end_user_id uuid)
    LANGUAGE plpgsql STABLE SECURITY DEFINER
    SET search_path = pg_catalog, public, pg_temp SET plan_cache_mode = force_custom_plan AS $$
    DECLARE
        here uuid := nullif(current_setting('app.workspace_id', true), '')::uuid;
        plain text := btrim(regexp_replace(public.search_plain(typed), '\\s+', ' ', 'g'));
        parts text[] := (SELECT array_agg('%' || part || '%') FROM regexp_split_to_table(plain, ' ') part);
        longest text := (SELECT part FROM regexp_split_to_table(plain, ' ') part ORDER BY length(part) DESC LIMIT 1);
        begun text := longest || '%';
        within text := CASE WHEN length(longest) > 2 THEN '%' ELSE '% ' END || longest || '%';
"""
NAMED = """
    one.workspace_id = here AND one.person LIKE ALL (parts) AND (one.person LIKE begun OR one.person LIKE within)
"""
KNOWN = "way.workspace_id = here AND way.words LIKE ALL (parts) AND (way.words LIKE begun OR way.words LIKE within)"
RESEMBLING = "one.workspace_id = here AND one.person OPERATOR(public.%>) plain"
BEST = """
    ORDER BY public.word_similarity(plain, one.person) DESC, one.last_seen_at DESC NULLS LAST, one.id DESC LIMIT most
"""


def upgrade() -> None:
    op.add_column("end_user", sa.Column("merged_into_id", sa.Uuid(), nullable=True))
    op.execute(
        "ALTER TABLE end_user ADD CONSTRAINT fk_end_user_workspace_id_merged_into_id "
        "FOREIGN KEY (workspace_id, merged_into_id) REFERENCES end_user (workspace_id, id) "
        "ON DELETE CASCADE NOT VALID"
    )
    make_identities()
    keep_addresses()
    find_by_identities()
    with op.get_context().autocommit_block():
        op.execute("ALTER TABLE end_user VALIDATE CONSTRAINT fk_end_user_workspace_id_merged_into_id")
        op.create_index(
            "ix_end_user_merged_into",
            "end_user",
            ["workspace_id", "merged_into_id"],
            postgresql_where=sa.text("merged_into_id IS NOT NULL"),
            postgresql_concurrently=True,
        )


def make_identities() -> None:
    op.create_table(
        "end_user_identity",
        sa.Column("end_user_id", sa.Uuid(), nullable=False),
        sa.Column("kind", sa.String(), nullable=False),
        sa.Column("value", sa.String(), nullable=False),
        sa.Column("project_id", sa.Uuid(), nullable=True),
        sa.Column("words", sa.String(), sa.Computed("search_person(value, NULL)", persisted=True), nullable=False),
        sa.Column("id", sa.Uuid(), nullable=False),
        sa.Column("created_at", sa.DateTime(timezone=True), nullable=False),
        sa.Column("workspace_id", sa.Uuid(), nullable=False),
        sa.CheckConstraint("kind IN ('email', 'phone', 'external')", name=op.f("ck_end_user_identity_kind")),
        sa.CheckConstraint("(kind = 'external') = (project_id IS NOT NULL)", name=op.f("ck_end_user_identity_project")),
        sa.ForeignKeyConstraint(
            ["workspace_id", "end_user_id"],
            ["end_user.workspace_id", "end_user.id"],
            name=op.f("fk_end_user_identity_workspace_id_end_user_id"),
            ondelete="CASCADE",
        ),
        sa.ForeignKeyConstraint(
            ["workspace_id", "project_id"],
            ["project.workspace_id", "project.id"],
            name=op.f("fk_end_user_identity_workspace_id_project_id"),
            ondelete="CASCADE",
        ),
        sa.ForeignKeyConstraint(
            ["workspace_id"], ["workspace.id"], name=op.f("fk_end_user_identity_workspace_id"), ondelete="CASCADE"
        ),
        sa.PrimaryKeyConstraint("id", name=op.f("pk_end_user_identity")),
    )
    op.create_index(
        "uq_end_user_identity_value",
        "end_user_identity",
        ["workspace_id", "kind", "value", "project_id"],
        unique=True,
        postgresql_nulls_not_distinct=True,
    )
    op.create_index("ix_end_user_identity_end_user", "end_user_identity", ["workspace_id", "end_user_id"])
    op.create_index(
        "ix_end_user_identity_project",
        "end_user_identity",
        ["workspace_id", "project_id"],
        postgresql_where=sa.text("project_id IS NOT NULL"),
    )
    op.create_index(
        "ix_end_user_identity_words",
        "end_user_identity",
        ["workspace_id", sa.text("words gin_trgm_ops")],
        postgresql_using="gin",
    )
    op.execute("ALTER TABLE end_user_identity ENABLE ROW LEVEL SECURITY")
    op.execute("ALTER TABLE end_user_identity FORCE ROW LEVEL SECURITY")
    for policy, condition in (
        ("tenant", "workspace_id = nullif(current_setting('app.workspace_id', true), '')::uuid"),
        ("system", "current_setting('app.scope', true) = 'system'"),
    ):
        op.execute(f"CREATE POLICY {policy} ON end_user_identity USING ({condition}) WITH CHECK ({condition})")


def keep_addresses() -> None:
    """Whoever writes a contact down: the address leads to them, unless it leads to somebody already. Of several who
    have one address now it is the newest, who was found by it until now, too."""
    op.execute(
        """
        CREATE FUNCTION address_keys(email text, phone text) RETURNS TABLE (kind text, value text)
        LANGUAGE sql IMMUTABLE AS $$
            SELECT kind, value FROM (
                VALUES ('email', lower(btrim(email))), ('phone', regexp_replace(phone, '[^0-9+]', '', 'g'))
            ) AS given (kind, value)
            WHERE value <> ''
        $$
        """
    )
    op.execute(
        """
        CREATE FUNCTION keep_addresses() RETURNS trigger LANGUAGE plpgsql AS $$
        BEGIN
            INSERT INTO end_user_identity (id, created_at, workspace_id, end_user_id, kind, value)
            SELECT gen_random_uuid(), now(), NEW.workspace_id, NEW.id, kind, value
            FROM address_keys(NEW.email, NEW.phone)
            ON CONFLICT DO NOTHING;
            RETURN NULL;
        END
        $$
        """
    )
    op.execute(
        "CREATE TRIGGER keep_addresses AFTER INSERT OR UPDATE OF email, phone ON end_user FOR EACH ROW "
        "WHEN (NEW.email IS NOT NULL OR NEW.phone IS NOT NULL) EXECUTE FUNCTION keep_addresses()"
    )
    op.execute(
        """
        INSERT INTO end_user_identity (id, created_at, workspace_id, end_user_id, kind, value)
        SELECT gen_random_uuid(), now(), one.workspace_id, one.id, known.kind, known.value
        FROM end_user one, address_keys(one.email, one.phone) known
        ORDER BY one.id DESC
        ON CONFLICT DO NOTHING
        """
    )


def find_by_identities() -> None:
    """By what is stored with a contact as before, and by every way they are known; who was merged leads to whom they
    were merged into. A number is looked for by its digits, however it is written."""
    op.execute(
        f"""
        {SIGNATURE}
            digits text := regexp_replace(typed, '[^0-9]', '', 'g');
            dialled text := CASE
                WHEN length(digits) > 3 AND typed ~ '^[0-9 +()./-]+$' THEN '%' || digits || '%' END;
        BEGIN
            IF length(plain) < 2 THEN
                RETURN;
            END IF;
            RETURN QUERY
            WITH named AS MATERIALIZED (
                SELECT one.id, one.merged_into_id, one.person, one.last_seen_at FROM public.end_user one
                WHERE {NAMED} ORDER BY one.last_seen_at DESC NULLS LAST, one.id DESC LIMIT {NEWEST}
            ), further AS MATERIALIZED (
                SELECT named.merged_into_id AS id FROM named WHERE named.merged_into_id IS NOT NULL
                UNION
                (SELECT way.end_user_id FROM public.end_user_identity way WHERE {KNOWN} LIMIT {NEWEST})
                UNION
                (SELECT way.end_user_id FROM public.end_user_identity way
                WHERE way.workspace_id = here AND way.kind = 'phone' AND way.words LIKE dialled LIMIT {NEWEST})
            )
            SELECT one.id FROM (
                SELECT named.id, named.person, named.last_seen_at FROM named WHERE named.merged_into_id IS NULL
                UNION ALL
                SELECT other.id, other.person, other.last_seen_at FROM public.end_user other
                WHERE other.workspace_id = here AND other.id IN (SELECT further.id FROM further)
                    AND other.id NOT IN (SELECT named.id FROM named)
            ) one
            {BEST};
            IF FOUND THEN
                RETURN;
            END IF;
            RETURN QUERY
            SELECT one.id FROM public.end_user one WHERE {RESEMBLING} AND one.merged_into_id IS NULL {BEST};
        END
        $$
        """
    )


def downgrade() -> None:
    op.execute("DROP TRIGGER keep_addresses ON end_user")
    op.execute("DROP FUNCTION keep_addresses()")
    op.execute("DROP FUNCTION address_keys(text, text)")
    op.execute(
        f"""
        {SIGNATURE}
        BEGIN
            IF length(plain) < 2 THEN
                RETURN;
            END IF;
            RETURN QUERY
            WITH named AS MATERIALIZED (
                SELECT * FROM public.end_user one WHERE {NAMED}
                ORDER BY one.last_seen_at DESC NULLS LAST, one.id DESC LIMIT {NEWEST}
            )
            SELECT one.id FROM named one {BEST};
            IF FOUND THEN
                RETURN;
            END IF;
            RETURN QUERY
            SELECT one.id FROM public.end_user one WHERE {RESEMBLING} {BEST};
        END
        $$
        """
    )
    op.drop_table("end_user_identity")
    op.drop_column("end_user", "merged_into_id")
