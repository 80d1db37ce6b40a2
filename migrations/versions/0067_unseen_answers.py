"""answers that a visitor may not have seen

Revision ID: 0067
Revises: 0063
"""

import sqlalchemy as sa
from alembic import op

revision = "0067"
down_revision = "0063"


def upgrade() -> None:
    op.add_column("end_user", sa.Column("left_email", sa.String(), nullable=True))
    op.create_table(
        "unseen_answer",
        sa.Column("conversation_id", sa.Uuid(), nullable=False),
        sa.Column("due_at", sa.DateTime(timezone=True), nullable=True),
        sa.Column("told_seq", sa.Integer(), server_default="0", nullable=False),
        sa.Column("workspace_id", sa.Uuid(), nullable=False),
        sa.ForeignKeyConstraint(
            ["workspace_id", "conversation_id"],
            ["conversation.workspace_id", "conversation.id"],
            name=op.f("fk_unseen_answer_workspace_id_conversation_id"),
            ondelete="CASCADE",
        ),
        sa.ForeignKeyConstraint(
            ["workspace_id"], ["workspace.id"], name=op.f("fk_unseen_answer_workspace_id"), ondelete="CASCADE"
        ),
        sa.PrimaryKeyConstraint("workspace_id", "conversation_id", name=op.f("pk_unseen_answer")),
    )
    op.create_index("ix_unseen_answer_due", "unseen_answer", ["due_at"], postgresql_where=sa.text("due_at IS NOT NULL"))
    op.execute("ALTER TABLE unseen_answer ENABLE ROW LEVEL SECURITY")
    op.execute("ALTER TABLE unseen_answer FORCE ROW LEVEL SECURITY")
    for policy, condition in (
        ("tenant", "workspace_id = nullif(current_setting('app.workspace_id', true), '')::uuid"),
        ("system", "current_setting('app.scope', true) = 'system'"),
    ):
        op.execute(f"CREATE POLICY {policy} ON unseen_answer USING ({condition}) WITH CHECK ({condition})")


def downgrade() -> None:
    op.drop_table("unseen_answer")
    op.drop_column("end_user", "left_email")
