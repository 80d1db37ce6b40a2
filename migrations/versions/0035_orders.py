"""the order in which a member sees the inbox, and an index for the oldest and the newest open conversations

Revision ID: 0035
Revises: 0034
"""

import sqlalchemy as sa
from alembic import op

revision = "0035"
down_revision = "0034"


def upgrade() -> None:
    op.add_column("membership", sa.Column("inbox_order", sa.String(), nullable=True))
    with op.get_context().autocommit_block():  # messages go on arriving meanwhile
        op.create_index(
            "ix_conversation_created",
            "conversation",
            ["workspace_id", "created_at", "id"],
            postgresql_where="status = 'open'",
            postgresql_concurrently=True,
        )


def downgrade() -> None:
    with op.get_context().autocommit_block():
        op.drop_index("ix_conversation_created", "conversation", postgresql_concurrently=True)
    op.drop_column("membership", "inbox_order")
