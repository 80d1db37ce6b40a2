"""contacts that were merged: whose browser a conversation is, what each merge did, and the other names of the erased

Revision ID: 0070
Revises: 0073
"""

import sqlalchemy as sa
from alembic import op
from sqlalchemy.dialects import postgresql

revision = "0070"
down_revision = "0073"


def upgrade() -> None:
    op.add_column("conversation", sa.Column("visitor_id", sa.Uuid(), nullable=True))
    op.add_column("erasure", sa.Column("is_part", sa.Boolean(), server_default="false", nullable=False))
    op.execute(
        "ALTER TABLE conversation ADD CONSTRAINT fk_conversation_workspace_id_visitor_id "
        "FOREIGN KEY (workspace_id, visitor_id) REFERENCES end_user (workspace_id, id) "
        "ON DELETE SET NULL (visitor_id) NOT VALID"
    )
    make_merges()
    with op.get_context().autocommit_block():
        op.execute("ALTER TABLE conversation VALIDATE CONSTRAINT fk_conversation_workspace_id_visitor_id")
        op.create_index(
            "ix_conversation_visitor",
            "conversation",
            ["workspace_id", "visitor_id", "last_message_at"],
            postgresql_where=sa.text("visitor_id IS NOT NULL"),
            postgresql_concurrently=True,
        )
        op.create_index(
            "ix_end_user_phone",
            "end_user",
            ["workspace_id", "phone"],
            postgresql_where=sa.text("phone IS NOT NULL"),
            postgresql_concurrently=True,
        )


def make_merges() -> None:
    op.create_table(
        "end_user_merge",
        sa.Column("source_id", sa.Uuid(), nullable=False),
        sa.Column("target_id", sa.Uuid(), nullable=False),
        sa.Column("by_id", sa.Uuid(), nullable=True),
        sa.Column("by_name", sa.String(), nullable=False),
        sa.Column("facts", postgresql.JSONB(), nullable=False),
        sa.Column("undone_at", sa.DateTime(timezone=True), nullable=True),
        sa.Column("id", sa.Uuid(), nullable=False),
        sa.Column("created_at", sa.DateTime(timezone=True), nullable=False),
        sa.Column("workspace_id", sa.Uuid(), nullable=False),
        *(
            sa.ForeignKeyConstraint(
                ["workspace_id", column],
                ["end_user.workspace_id", "end_user.id"],
                name=op.f(f"fk_end_user_merge_workspace_id_{column}"),
                ondelete="CASCADE",
            )
            for column in ("source_id", "target_id")
        ),
        sa.ForeignKeyConstraint(
            ["workspace_id", "by_id"],
            ["membership.workspace_id", "membership.user_id"],
            name=op.f("fk_end_user_merge_workspace_id_by_id"),
            ondelete="SET NULL (by_id)",
        ),
        sa.ForeignKeyConstraint(
            ["workspace_id"], ["workspace.id"], name=op.f("fk_end_user_merge_workspace_id"), ondelete="CASCADE"
        ),
        sa.PrimaryKeyConstraint("id", name=op.f("pk_end_user_merge")),
    )
    op.create_index("ix_end_user_merge_source", "end_user_merge", ["workspace_id", "source_id"])
    op.create_index("ix_end_user_merge_target", "end_user_merge", ["workspace_id", "target_id", "created_at", "id"])
    op.execute("ALTER TABLE end_user_merge ENABLE ROW LEVEL SECURITY")
    op.execute("ALTER TABLE end_user_merge FORCE ROW LEVEL SECURITY")
    for policy, condition in (
        ("tenant", "workspace_id = nullif(current_setting('app.workspace_id', true), '')::uuid"),
        ("system", "current_setting('app.scope', true) = 'system'"),
    ):
        op.execute(f"CREATE POLICY {policy} ON end_user_merge USING ({condition}) WITH CHECK ({condition})")


def downgrade() -> None:
    op.drop_table("end_user_merge")
    op.drop_index("ix_end_user_phone", table_name="end_user")
    op.drop_column("erasure", "is_part")
    op.drop_column("conversation", "visitor_id")
