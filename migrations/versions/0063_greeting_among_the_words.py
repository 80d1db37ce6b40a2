"""the greeting is one of the widget's words now

Revision ID: 0063
Revises: 0062
"""

import sqlalchemy as sa
from alembic import op

revision = "0063"
down_revision = "0062"


def upgrade() -> None:
    op.drop_column("project", "greeting")


def downgrade() -> None:
    op.add_column("project", sa.Column("greeting", sa.String(), nullable=False, server_default=""))
