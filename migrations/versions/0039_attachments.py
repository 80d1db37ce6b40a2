"""attachments, and files that are to go

Revision ID: 0039
Revises: 0038
"""

import sqlalchemy as sa
from alembic import op

revision = "0039"
down_revision = "0038"


def upgrade() -> None:
    op.create_table(
        "discarded_file",
        sa.Column("key", sa.String(), nullable=False),
        sa.Column("due_at", sa.DateTime(timezone=True), nullable=False),
        sa.PrimaryKeyConstraint("key", name=op.f("pk_discarded_file")),
    )
    op.create_index("ix_discarded_file_due_at", "discarded_file", ["due_at"])
    op.create_table(
        "attachment",
        sa.Column("uploader", sa.String(), nullable=False),
        sa.Column("agent_id", sa.Uuid(), nullable=True),
        sa.Column("visitor_id", sa.Uuid(), nullable=True),
        sa.Column("conversation_id", sa.Uuid(), nullable=True),
        sa.Column("message_seq", sa.Integer(), nullable=True),
        sa.Column("name", sa.String(), nullable=False),
        sa.Column("type", sa.String(), nullable=False),
        sa.Column("kind", sa.String(), nullable=False),
        sa.Column("size", sa.Integer(), nullable=False),
        sa.Column("width", sa.Integer(), nullable=True),
        sa.Column("height", sa.Integer(), nullable=True),
        sa.Column("storage_key", sa.String(), nullable=False),
        sa.Column("thumbnail_key", sa.String(), nullable=True),
        sa.Column("thumbnail_size", sa.Integer(), nullable=True),
        sa.Column("id", sa.Uuid(), nullable=False),
        sa.Column("created_at", sa.DateTime(timezone=True), nullable=False),
        sa.Column("workspace_id", sa.Uuid(), nullable=False),
        sa.CheckConstraint("uploader IN ('agent', 'visitor')", name=op.f("ck_attachment_uploader")),
        sa.CheckConstraint("(uploader = 'visitor') = (visitor_id IS NOT NULL)", name=op.f("ck_attachment_visitor")),
        sa.CheckConstraint("message_seq IS NULL OR conversation_id IS NOT NULL", name=op.f("ck_attachment_place")),
        sa.CheckConstraint("kind IN ('image', 'audio', 'video', 'file')", name=op.f("ck_attachment_kind")),
        sa.CheckConstraint("(kind = 'image') = (thumbnail_key IS NOT NULL)", name=op.f("ck_attachment_thumbnail")),
        sa.ForeignKeyConstraint(
            ["workspace_id", "conversation_id"],
            ["conversation.workspace_id", "conversation.id"],
            name=op.f("fk_attachment_workspace_id_conversation_id"),
            ondelete="CASCADE",
        ),
        sa.ForeignKeyConstraint(
            ["workspace_id", "conversation_id", "message_seq"],
            ["message.workspace_id", "message.conversation_id", "message.seq"],
            name=op.f("fk_attachment_workspace_id_conversation_id_message_seq"),
            ondelete="CASCADE",
        ),
        sa.ForeignKeyConstraint(["agent_id"], ["user.id"], name=op.f("fk_attachment_agent_id"), ondelete="SET NULL"),
        sa.ForeignKeyConstraint(
            ["workspace_id"], ["workspace.id"], name=op.f("fk_attachment_workspace_id"), ondelete="CASCADE"
        ),
        sa.PrimaryKeyConstraint("id", name=op.f("pk_attachment")),
    )
    op.create_index("ix_attachment_message", "attachment", ["workspace_id", "conversation_id", "message_seq"])
    op.create_index("ix_attachment_agent", "attachment", ["agent_id"])
    unused = {"postgresql_where": sa.text("message_seq IS NULL")}
    op.create_index("ix_attachment_unused", "attachment", ["created_at"], **unused)
    op.create_index("ix_attachment_visitor", "attachment", ["workspace_id", "visitor_id"], **unused)
    fence("attachment")
    discard_files("attachment")


def discard_files(table: str) -> None:
    """Whichever way a row goes, its files go after it."""
    op.execute(
        """
        CREATE FUNCTION discard_files() RETURNS trigger LANGUAGE plpgsql AS $$
        BEGIN
            INSERT INTO discarded_file (key, due_at)
            SELECT key, now() FROM unnest(ARRAY[OLD.storage_key, OLD.thumbnail_key]) key WHERE key IS NOT NULL
            ON CONFLICT (key) DO UPDATE SET due_at = excluded.due_at;
            RETURN NULL;
        END $$
        """
    )
    op.execute(f"CREATE TRIGGER discard_files AFTER DELETE ON {table} FOR EACH ROW EXECUTE FUNCTION discard_files()")


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
    op.drop_table("attachment")
    op.execute("DROP FUNCTION discard_files()")
    op.drop_table("discarded_file")
