"""today's figures, and the check-list that a member has put away

Revision ID: 0030
Revises: 0029
"""

import sqlalchemy as sa
from alembic import op

revision = "0030"
down_revision = "0029"


def upgrade() -> None:
    op.add_column("membership", sa.Column("setup_hidden_at", sa.DateTime(timezone=True), nullable=True))
    with op.get_context().autocommit_block():  # messages go on arriving meanwhile
        for column in ("created_at", "first_response_at"):
            op.create_index(
                f"ix_conversation_{column}", "conversation", ["workspace_id", column], postgresql_concurrently=True
            )


def downgrade() -> None:
    op.drop_index("ix_conversation_first_response_at", "conversation")
    op.drop_index("ix_conversation_created_at", "conversation")
    op.drop_column("membership", "setup_hidden_at")
