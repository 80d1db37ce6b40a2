"""presence

Revision ID: 0013
Revises: 0012
"""

import sqlalchemy as sa
from alembic import op

revision = "0013"
down_revision = "0012"


def upgrade() -> None:
    op.add_column("membership", sa.Column("availability", sa.String(), server_default="auto", nullable=False))
    op.add_column("membership", sa.Column("seen_at", sa.DateTime(timezone=True), nullable=True))
    op.add_column("membership", sa.Column("active_at", sa.DateTime(timezone=True), nullable=True))
    op.create_check_constraint(
        op.f("ck_membership_availability"), "membership", "availability IN ('auto', 'online', 'away')"
    )


def downgrade() -> None:
    for column in ("active_at", "seen_at", "availability"):
        op.drop_column("membership", column)
