"""cards: what links lead to

Revision ID: 0072
Revises: 0067
"""

import sqlalchemy as sa
from alembic import op
from sqlalchemy.dialects.postgresql import JSONB

revision = "0072"
down_revision = "0067"


def upgrade() -> None:
    op.create_table(
        "link_card",
        sa.Column("fingerprint", sa.String(), nullable=False),
        sa.Column("expires_at", sa.DateTime(timezone=True), nullable=False),
        sa.Column("title", sa.String(), nullable=True),
        sa.Column("description", sa.String(), nullable=False),
        sa.Column("site", sa.String(), nullable=False),
        sa.Column("picture", sa.LargeBinary(), nullable=True),
        sa.Column("picture_token", sa.String(), nullable=True),
        sa.Column("id", sa.Uuid(), nullable=False),
        sa.Column("created_at", sa.DateTime(timezone=True), nullable=False),
        sa.Column("workspace_id", sa.Uuid(), nullable=False),
        sa.ForeignKeyConstraint(
            ["workspace_id"], ["workspace.id"], name=op.f("fk_link_card_workspace_id"), ondelete="CASCADE"
        ),
        sa.PrimaryKeyConstraint("id", name=op.f("pk_link_card")),
    )
    op.create_index("ix_link_card_fingerprint", "link_card", ["workspace_id", "fingerprint", "expires_at"])
    op.create_index("ix_link_card_expires_at", "link_card", ["expires_at"])
    op.create_index(
        "ix_link_card_picture",
        "link_card",
        ["workspace_id", "picture_token"],
        postgresql_where=sa.text("picture_token IS NOT NULL"),
    )
    fence("link_card")
    op.add_column(
        "workspace", sa.Column("shows_link_cards", sa.Boolean(), server_default=sa.text("true"), nullable=False)
    )
    op.add_column("message", sa.Column("card", JSONB(), nullable=True))
    with op.get_context().autocommit_block():
        op.execute(
            "CREATE INDEX CONCURRENTLY ix_message_card ON message (workspace_id, (card ->> 'id')) "
            "WHERE card IS NOT NULL"
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
    op.drop_index("ix_message_card", table_name="message")
    op.drop_column("message", "card")
    op.drop_column("workspace", "shows_link_cards")
    op.drop_table("link_card")
