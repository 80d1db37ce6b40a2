"""two-factor that a workspace asks everybody for

Revision ID: 0028
Revises: 0027
"""

import sqlalchemy as sa
from alembic import op

revision = "0028"
down_revision = "0027"


def upgrade() -> None:
    op.add_column("workspace", sa.Column("two_factor_since", sa.DateTime(timezone=True), nullable=True))


def downgrade() -> None:
    op.drop_column("workspace", "two_factor_since")
