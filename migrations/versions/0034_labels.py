"""priority and labels of conversations

Revision ID: 0034
Revises: 0033
"""

import sqlalchemy as sa
from alembic import op

revision = "0034"
down_revision = "0033"

_COLOURS = "'red', 'orange', 'amber', 'lime', 'green', 'teal', 'sky', 'iris', 'purple', 'pink', 'grey'"


def upgrade() -> None:
    op.create_table(
        "label",
        sa.Column("name", sa.String(), nullable=False),
        sa.Column("colour", sa.String(), nullable=False),
        sa.Column("id", sa.Uuid(), nullable=False),
        sa.Column("created_at", sa.DateTime(timezone=True), nullable=False),
        sa.Column("workspace_id", sa.Uuid(), nullable=False),
        sa.CheckConstraint(f"colour IN ({_COLOURS})", name=op.f("ck_label_colour")),
        of_workspace("label"),
        sa.PrimaryKeyConstraint("id", name=op.f("pk_label")),
        sa.UniqueConstraint("workspace_id", "id", name=op.f("uq_label_workspace_id_id")),
        sa.UniqueConstraint("workspace_id", "name", name=op.f("uq_label_workspace_id_name")),
    )
    op.create_table(
        "conversation_label",
        sa.Column("conversation_id", sa.Uuid(), nullable=False),
        sa.Column("label_id", sa.Uuid(), nullable=False),
        sa.Column("workspace_id", sa.Uuid(), nullable=False),
        sa.ForeignKeyConstraint(
            ["workspace_id", "conversation_id"],
            ["conversation.workspace_id", "conversation.id"],
            name=op.f("fk_conversation_label_workspace_id_conversation_id"),
            ondelete="CASCADE",
        ),
        sa.ForeignKeyConstraint(
            ["workspace_id", "label_id"],
            ["label.workspace_id", "label.id"],
            name=op.f("fk_conversation_label_workspace_id_label_id"),
            ondelete="CASCADE",
        ),
        of_workspace("conversation_label"),
        sa.PrimaryKeyConstraint("workspace_id", "conversation_id", "label_id", name=op.f("pk_conversation_label")),
    )
    op.create_index(
        "ix_conversation_label_label", "conversation_label", ["workspace_id", "label_id", "conversation_id"]
    )
    for table in ("label", "conversation_label"):
        fence(table)
    rank_conversations()


def rank_conversations() -> None:
    """What has a priority is in the index, and only while it is open."""
    op.add_column("conversation", sa.Column("priority", sa.SmallInteger(), server_default="0", nullable=False))
    op.execute(
        "ALTER TABLE conversation ADD CONSTRAINT ck_conversation_priority CHECK (priority BETWEEN 0 AND 4) NOT VALID"
    )
    with op.get_context().autocommit_block():  # messages go on arriving meanwhile
        op.execute("ALTER TABLE conversation VALIDATE CONSTRAINT ck_conversation_priority")
        op.create_index(
            "ix_conversation_priority",
            "conversation",
            ["workspace_id", "priority", "last_message_at", "id"],
            postgresql_where="status = 'open' AND priority > 0",
            postgresql_concurrently=True,
        )


def of_workspace(table: str) -> sa.ForeignKeyConstraint:
    return sa.ForeignKeyConstraint(
        ["workspace_id"], ["workspace.id"], name=op.f(f"fk_{table}_workspace_id"), ondelete="CASCADE"
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
    with op.get_context().autocommit_block():
        op.drop_index("ix_conversation_priority", "conversation", postgresql_concurrently=True)
    op.drop_constraint("ck_conversation_priority", "conversation")
    op.drop_column("conversation", "priority")
    op.drop_table("conversation_label")
    op.drop_table("label")
