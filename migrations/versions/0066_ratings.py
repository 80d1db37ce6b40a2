"""how visitors found it, each time that a conversation was closed

Revision ID: 0066
Revises: 0069
"""

import sqlalchemy as sa
from alembic import op

revision = "0066"
down_revision = "0069"


def upgrade() -> None:
    op.create_table(
        "rating",
        sa.Column("conversation_id", sa.Uuid(), nullable=False),
        sa.Column("seq", sa.Integer(), nullable=True),
        sa.Column("agent_id", sa.Uuid(), nullable=True),
        sa.Column("score", sa.SmallInteger(), nullable=False),
        sa.Column("comment", sa.String(), nullable=True),
        sa.Column("changed_at", sa.DateTime(timezone=True), nullable=False),
        sa.Column("id", sa.Uuid(), nullable=False),
        sa.Column("created_at", sa.DateTime(timezone=True), nullable=False),
        sa.Column("workspace_id", sa.Uuid(), nullable=False),
        sa.CheckConstraint("score BETWEEN 1 AND 5", name=op.f("ck_rating_score")),
        sa.ForeignKeyConstraint(
            ["workspace_id", "conversation_id"],
            ["conversation.workspace_id", "conversation.id"],
            name=op.f("fk_rating_workspace_id_conversation_id"),
            ondelete="CASCADE",
        ),
        sa.ForeignKeyConstraint(
            ["workspace_id", "conversation_id", "seq"],
            ["message.workspace_id", "message.conversation_id", "message.seq"],
            name=op.f("fk_rating_workspace_id_conversation_id_seq"),
            onupdate="CASCADE",
            ondelete="SET NULL (seq)",
        ),
        sa.ForeignKeyConstraint(
            ["workspace_id", "agent_id"],
            ["membership.workspace_id", "membership.user_id"],
            name=op.f("fk_rating_workspace_id_agent_id"),
            ondelete="SET NULL (agent_id)",
        ),
        sa.ForeignKeyConstraint(
            ["workspace_id"], ["workspace.id"], name=op.f("fk_rating_workspace_id"), ondelete="CASCADE"
        ),
        sa.PrimaryKeyConstraint("id", name=op.f("pk_rating")),
    )
    op.create_index("ix_rating_conversation", "rating", ["workspace_id", "conversation_id", "id"])
    op.create_index("ix_rating_created_at", "rating", ["workspace_id", "created_at"])
    op.create_index("ix_rating_agent", "rating", ["workspace_id", "agent_id", "created_at"])
    op.execute("ALTER TABLE rating ENABLE ROW LEVEL SECURITY")
    op.execute("ALTER TABLE rating FORCE ROW LEVEL SECURITY")
    for policy, condition in (
        ("tenant", "workspace_id = nullif(current_setting('app.workspace_id', true), '')::uuid"),
        ("system", "current_setting('app.scope', true) = 'system'"),
    ):
        op.execute(f"CREATE POLICY {policy} ON rating USING ({condition}) WITH CHECK ({condition})")


def downgrade() -> None:
    op.drop_table("rating")
