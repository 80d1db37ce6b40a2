"""when a workspace closes conversations whose visitor is silent, and with what words

Revision ID: 0044
Revises: 0043
"""

import sqlalchemy as sa
from alembic import op

revision = "0044"
down_revision = "0043"


def upgrade() -> None:
    op.add_column("workspace", sa.Column("idle_close_hours", sa.Integer(), nullable=True))
    op.add_column("workspace", sa.Column("idle_close_message", sa.String(), nullable=True))
    op.execute(
        "ALTER TABLE workspace ADD CONSTRAINT ck_workspace_idle_close_hours "
        "CHECK (idle_close_hours BETWEEN 1 AND 8760) NOT VALID"
    )
    with op.get_context().autocommit_block():
        op.execute("ALTER TABLE workspace VALIDATE CONSTRAINT ck_workspace_idle_close_hours")


def downgrade() -> None:
    op.drop_column("workspace", "idle_close_message")
    op.drop_column("workspace", "idle_close_hours")
