"""team queues

Revision ID: 0014
Revises: 0013
"""

from alembic import op

revision = "0014"
down_revision = "0013"


def upgrade() -> None:
    with op.get_context().autocommit_block():
        op.create_index(
            "ix_conversation_queue",
            "conversation",
            ["workspace_id", "team_id", "id"],
            unique=False,
            postgresql_where="status = 'open' AND assignee_id IS NULL AND team_id IS NOT NULL",
            postgresql_concurrently=True,
        )


def downgrade() -> None:
    op.drop_index("ix_conversation_queue", table_name="conversation")
