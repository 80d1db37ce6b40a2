"""who is called by name in notes

Revision ID: 0050
Revises: 0049
"""

import sqlalchemy as sa
from alembic import op
from sqlalchemy.dialects.postgresql import JSONB

revision = "0050"
down_revision = "0049"


def upgrade() -> None:
    op.add_column("message", sa.Column("mentions", JSONB(), nullable=False, server_default="[]"))
    op.create_table(
        "mention",
        sa.Column("conversation_id", sa.Uuid(), nullable=False),
        sa.Column("seq", sa.Integer(), nullable=False),
        sa.Column("user_id", sa.Uuid(), nullable=True),
        sa.Column("team_id", sa.Uuid(), nullable=True),
        sa.Column("id", sa.Uuid(), nullable=False),
        sa.Column("created_at", sa.DateTime(timezone=True), nullable=False),
        sa.Column("workspace_id", sa.Uuid(), nullable=False),
        sa.CheckConstraint("(user_id IS NULL) <> (team_id IS NULL)", name=op.f("ck_mention_callee")),
        sa.ForeignKeyConstraint(
            ["workspace_id", "conversation_id", "seq"],
            ["message.workspace_id", "message.conversation_id", "message.seq"],
            name=op.f("fk_mention_workspace_id_conversation_id_seq"),
            ondelete="CASCADE",
        ),
        sa.ForeignKeyConstraint(
            ["workspace_id", "user_id"],
            ["membership.workspace_id", "membership.user_id"],
            name=op.f("fk_mention_workspace_id_user_id"),
            ondelete="CASCADE",
        ),
        sa.ForeignKeyConstraint(
            ["workspace_id", "team_id"],
            ["team.workspace_id", "team.id"],
            name=op.f("fk_mention_workspace_id_team_id"),
            ondelete="CASCADE",
        ),
        sa.ForeignKeyConstraint(
            ["workspace_id"], ["workspace.id"], name=op.f("fk_mention_workspace_id"), ondelete="CASCADE"
        ),
        sa.PrimaryKeyConstraint("id", name=op.f("pk_mention")),
        sa.UniqueConstraint(
            "workspace_id",
            "conversation_id",
            "seq",
            "user_id",
            name=op.f("uq_mention_workspace_id_conversation_id_seq_user_id"),
        ),
        sa.UniqueConstraint(
            "workspace_id",
            "conversation_id",
            "seq",
            "team_id",
            name=op.f("uq_mention_workspace_id_conversation_id_seq_team_id"),
        ),
    )
    op.create_index("ix_mention_user", "mention", ["workspace_id", "user_id", "conversation_id"])
    op.create_index("ix_mention_team", "mention", ["workspace_id", "team_id", "conversation_id"])
    op.execute("ALTER TABLE mention ENABLE ROW LEVEL SECURITY")
    op.execute("ALTER TABLE mention FORCE ROW LEVEL SECURITY")
    for policy, condition in (
        ("tenant", "workspace_id = nullif(current_setting('app.workspace_id', true), '')::uuid"),
        ("system", "current_setting('app.scope', true) = 'system'"),
    ):
        op.execute(f"CREATE POLICY {policy} ON mention USING ({condition}) WITH CHECK ({condition})")


def downgrade() -> None:
    op.drop_table("mention")
    op.drop_column("message", "mentions")
