"""pictures of people and logos of workspaces

Revision ID: 0027
Revises: 0026
"""

import sqlalchemy as sa
from alembic import op

revision = "0027"
down_revision = "0026"


def upgrade() -> None:
    op.add_column("user", sa.Column("avatar", sa.LargeBinary(), nullable=True))
    op.add_column("user", sa.Column("avatar_token", sa.String(), nullable=True))
    op.create_unique_constraint(op.f("uq_user_avatar_token"), "user", ["avatar_token"])
    op.add_column("workspace", sa.Column("logo", sa.LargeBinary(), nullable=True))
    op.add_column("workspace", sa.Column("logo_token", sa.String(), nullable=True))
    op.create_unique_constraint(op.f("uq_workspace_logo_token"), "workspace", ["logo_token"])


def downgrade() -> None:
    op.drop_column("workspace", "logo_token")
    op.drop_column("workspace", "logo")
    op.drop_column("user", "avatar_token")
    op.drop_column("user", "avatar")
