"""drafts: what members have typed and not sent

Revision ID: 0055
Revises: 0054
"""

import sqlalchemy as sa
from alembic import op

revision = "0055"
down_revision = "0054"


def upgrade() -> None:
    op.create_table(
        "draft",
        sa.Column("conversation_id", sa.Uuid(), nullable=False),
        sa.Column("user_id", sa.Uuid(), nullable=False),
        sa.Column("kind", sa.String(), nullable=False),
        sa.Column("text", sa.String(), nullable=False),
        sa.Column("seen", sa.Integer(), nullable=True),
        sa.Column("saved_at", sa.DateTime(timezone=True), nullable=False),
        sa.Column("workspace_id", sa.Uuid(), nullable=False),
        sa.CheckConstraint("kind IN ('reply', 'note')", name=op.f("ck_draft_kind")),
        sa.ForeignKeyConstraint(
            ["workspace_id", "conversation_id"],
            ["conversation.workspace_id", "conversation.id"],
            name=op.f("fk_draft_workspace_id_conversation_id"),
            ondelete="CASCADE",
        ),
        sa.ForeignKeyConstraint(
            ["workspace_id", "user_id"],
            ["membership.workspace_id", "membership.user_id"],
            name=op.f("fk_draft_workspace_id_user_id"),
            ondelete="CASCADE",
        ),
        sa.ForeignKeyConstraint(
            ["workspace_id"], ["workspace.id"], name=op.f("fk_draft_workspace_id"), ondelete="CASCADE"
        ),
        sa.PrimaryKeyConstraint("workspace_id", "conversation_id", "user_id", "kind", name=op.f("pk_draft")),
    )
    op.create_index("ix_draft_user", "draft", ["workspace_id", "user_id", "saved_at"])
    op.execute("ALTER TABLE draft ENABLE ROW LEVEL SECURITY")
    op.execute("ALTER TABLE draft FORCE ROW LEVEL SECURITY")
    for policy, condition in (
        ("tenant", "workspace_id = nullif(current_setting('app.workspace_id', true), '')::uuid"),
        ("system", "current_setting('app.scope', true) = 'system'"),
    ):
        op.execute(f"CREATE POLICY {policy} ON draft USING ({condition}) WITH CHECK ({condition})")


def downgrade() -> None:
    op.drop_table("draft")
