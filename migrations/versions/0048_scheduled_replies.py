"""replies that wait for their moment

Revision ID: 0048
Revises: 0047
"""

import sqlalchemy as sa
from alembic import op
from sqlalchemy.dialects.postgresql import JSONB

revision = "0048"
down_revision = "0047"


def upgrade() -> None:
    make_table()
    op.add_column("attachment", sa.Column("scheduled_id", sa.Uuid(), nullable=True))
    op.execute(
        "ALTER TABLE attachment ADD CONSTRAINT fk_attachment_workspace_id_scheduled_id "
        "FOREIGN KEY (workspace_id, scheduled_id) REFERENCES scheduled_reply (workspace_id, id) "
        "ON DELETE SET NULL (scheduled_id) NOT VALID"
    )
    with op.get_context().autocommit_block():
        op.execute("ALTER TABLE attachment VALIDATE CONSTRAINT fk_attachment_workspace_id_scheduled_id")
        op.create_index(
            "ix_attachment_scheduled",
            "attachment",
            ["workspace_id", "scheduled_id"],
            postgresql_where=sa.text("scheduled_id IS NOT NULL"),
            postgresql_concurrently=True,
        )


def make_table() -> None:
    op.create_table(
        "scheduled_reply",
        sa.Column("conversation_id", sa.Uuid(), nullable=False),
        sa.Column("author_id", sa.Uuid(), nullable=True),
        sa.Column("author_name", sa.String(), nullable=False),
        sa.Column("client_id", sa.Uuid(), nullable=False),
        sa.Column("text", sa.String(), nullable=False),
        sa.Column("attachments", JSONB(), nullable=False),
        sa.Column("send_at", sa.DateTime(timezone=True), nullable=False),
        sa.Column("seen_seq", sa.Integer(), nullable=False),
        sa.Column("only_if_silent", sa.Boolean(), nullable=False),
        sa.Column("held", sa.String(), nullable=True),
        sa.Column("id", sa.Uuid(), nullable=False),
        sa.Column("created_at", sa.DateTime(timezone=True), nullable=False),
        sa.Column("workspace_id", sa.Uuid(), nullable=False),
        sa.CheckConstraint("held IN ('answered', 'left', 'role', 'refused')", name=op.f("ck_scheduled_reply_held")),
        sa.ForeignKeyConstraint(
            ["workspace_id", "conversation_id"],
            ["conversation.workspace_id", "conversation.id"],
            name=op.f("fk_scheduled_reply_workspace_id_conversation_id"),
            ondelete="CASCADE",
        ),
        sa.ForeignKeyConstraint(
            ["workspace_id", "author_id"],
            ["membership.workspace_id", "membership.user_id"],
            name=op.f("fk_scheduled_reply_workspace_id_author_id"),
            ondelete="SET NULL (author_id)",
        ),
        sa.ForeignKeyConstraint(
            ["workspace_id"], ["workspace.id"], name=op.f("fk_scheduled_reply_workspace_id"), ondelete="CASCADE"
        ),
        sa.PrimaryKeyConstraint("id", name=op.f("pk_scheduled_reply")),
        sa.UniqueConstraint(
            "workspace_id",
            "conversation_id",
            "client_id",
            name=op.f("uq_scheduled_reply_workspace_id_conversation_id_client_id"),
        ),
        sa.UniqueConstraint("workspace_id", "id", name=op.f("uq_scheduled_reply_workspace_id_id")),
    )
    op.create_index("ix_scheduled_reply_due", "scheduled_reply", ["send_at"], postgresql_where=sa.text("held IS NULL"))
    op.create_index(
        "ix_scheduled_reply_silent",
        "scheduled_reply",
        ["workspace_id", "conversation_id", "seen_seq"],
        postgresql_where=sa.text("held IS NULL AND only_if_silent"),
    )
    op.execute("ALTER TABLE scheduled_reply ENABLE ROW LEVEL SECURITY")
    op.execute("ALTER TABLE scheduled_reply FORCE ROW LEVEL SECURITY")
    for policy, condition in (
        ("tenant", "workspace_id = nullif(current_setting('app.workspace_id', true), '')::uuid"),
        ("system", "current_setting('app.scope', true) = 'system'"),
    ):
        op.execute(f"CREATE POLICY {policy} ON scheduled_reply USING ({condition}) WITH CHECK ({condition})")


def downgrade() -> None:
    op.drop_column("attachment", "scheduled_id")
    op.drop_table("scheduled_reply")
