"""addresses that a workspace had before, and its time zone

Revision ID: 0026
Revises: 0025
"""

import sqlalchemy as sa
from alembic import op

revision = "0026"
down_revision = "0025"


def upgrade() -> None:
    op.add_column("workspace", sa.Column("time_zone", sa.String(), server_default="UTC", nullable=False))
    op.create_table(
        "old_address",
        sa.Column("slug", sa.String(), nullable=False),
        sa.Column("workspace_id", sa.Uuid(), nullable=False),
        sa.Column("left_at", sa.DateTime(timezone=True), nullable=False),
        sa.ForeignKeyConstraint(
            ["workspace_id"], ["workspace.id"], name=op.f("fk_old_address_workspace_id"), ondelete="CASCADE"
        ),
        sa.PrimaryKeyConstraint("slug", name=op.f("pk_old_address")),
    )
    op.create_index("ix_old_address_workspace_id", "old_address", ["workspace_id"])
    fence("old_address")


def fence(table: str) -> None:
    """Rows of one workspace only, for everybody including the owner; the system scope is entered explicitly."""
    op.execute(f"ALTER TABLE {table} ENABLE ROW LEVEL SECURITY")
    op.execute(f"ALTER TABLE {table} FORCE ROW LEVEL SECURITY")
    op.execute(
        f"CREATE POLICY tenant ON {table} "
        "USING (workspace_id = nullif(current_setting('app.workspace_id', true), '')::uuid) "
        "WITH CHECK (workspace_id = nullif(current_setting('app.workspace_id', true), '')::uuid)"
    )
    op.execute(
        f"CREATE POLICY system ON {table} "
        "USING (current_setting('app.scope', true) = 'system') "
        "WITH CHECK (current_setting('app.scope', true) = 'system')"
    )


def downgrade() -> None:
    op.drop_table("old_address")
    op.drop_column("workspace", "time_zone")
