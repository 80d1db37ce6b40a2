"""answers quote what they answer to

Revision ID: 0058
Revises: 0057
"""

import sqlalchemy as sa
from alembic import op
from sqlalchemy.dialects.postgresql import JSONB

revision = "0058"
down_revision = "0057"


def upgrade() -> None:
    op.add_column("message", sa.Column("quote", JSONB(), nullable=True))


def downgrade() -> None:
    op.drop_column("message", "quote")
