"""workspaces and accounts that operators have shut

Revision ID: 0017
Revises: 0016
"""

import sqlalchemy as sa
from alembic import op

revision = "0017"
down_revision = "0016"


def upgrade() -> None:
    for table in ("workspace", "user"):
        op.add_column(table, sa.Column("suspended_at", sa.DateTime(timezone=True), nullable=True))
        op.add_column(table, sa.Column("suspended_reason", sa.String(), nullable=True))


def downgrade() -> None:
    for table in ("workspace", "user"):
        op.drop_column(table, "suspended_reason")
        op.drop_column(table, "suspended_at")
