"""what a workspace's plan allows

Revision ID: 0020
Revises: 0019
"""

import sqlalchemy as sa
from alembic import op

revision = "0020"
down_revision = "0019"


def upgrade() -> None:
    op.create_table(
        "workspace_plan",
        sa.Column("name", sa.String(), nullable=False),
        sa.Column("seats", sa.Integer(), nullable=True),
        sa.Column("projects", sa.Integer(), nullable=True),
        sa.Column("changed_at", sa.DateTime(timezone=True), nullable=False),
        sa.Column("workspace_id", sa.Uuid(), nullable=False),
        sa.CheckConstraint("name IN ('local', 'free', 'pro', 'enterprise')", name=op.f("ck_workspace_plan_name")),
        sa.CheckConstraint("seats > 0", name=op.f("ck_workspace_plan_seats")),
        sa.CheckConstraint("projects > 0", name=op.f("ck_workspace_plan_projects")),
        sa.ForeignKeyConstraint(
            ["workspace_id"], ["workspace.id"], name=op.f("fk_workspace_plan_workspace_id"), ondelete="CASCADE"
        ),
        sa.PrimaryKeyConstraint("workspace_id", name=op.f("pk_workspace_plan")),
    )
    fence("workspace_plan")


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
    op.drop_table("workspace_plan")
