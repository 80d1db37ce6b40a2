"""workspaces that are closed, and deleted after a while

Revision ID: 0029
Revises: 0028
"""

import sqlalchemy as sa
from alembic import op

revision = "0029"
down_revision = "0028"


def upgrade() -> None:
    op.add_column("workspace", sa.Column("closed_at", sa.DateTime(timezone=True), nullable=True))
    op.add_column("workspace", sa.Column("purge_at", sa.DateTime(timezone=True), nullable=True))
    op.add_column("workspace", sa.Column("reminded_at", sa.DateTime(timezone=True), nullable=True))
    op.create_index("ix_workspace_purge_at", "workspace", ["purge_at"], postgresql_where="purge_at IS NOT NULL")
    op.create_table(
        "purged_workspace",
        sa.Column("id", sa.Uuid(), nullable=False),
        sa.Column("slug", sa.String(), nullable=False),
        sa.Column("name", sa.String(), nullable=False),
        sa.Column("created_at", sa.DateTime(timezone=True), nullable=False),
        sa.Column("closed_at", sa.DateTime(timezone=True), nullable=False),
        sa.Column("purged_at", sa.DateTime(timezone=True), nullable=False),
        sa.PrimaryKeyConstraint("id", name=op.f("pk_purged_workspace")),
    )


def downgrade() -> None:
    op.drop_table("purged_workspace")
    op.drop_index("ix_workspace_purge_at", "workspace")
    op.drop_column("workspace", "reminded_at")
    op.drop_column("workspace", "purge_at")
    op.drop_column("workspace", "closed_at")
