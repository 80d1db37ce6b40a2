"""roles of a workspace's own

Revision ID: 0012
Revises: 0011
"""

import sqlalchemy as sa
from alembic import op

revision = "0012"
down_revision = "0011"


def upgrade() -> None:
    op.create_table(
        "role",
        sa.Column("name", sa.String(), nullable=False),
        sa.Column("permissions", sa.ARRAY(sa.String()), nullable=False),
        sa.Column("visibility", sa.String(), nullable=False),
        sa.Column("id", sa.Uuid(), nullable=False),
        sa.Column("created_at", sa.DateTime(timezone=True), nullable=False),
        sa.Column("workspace_id", sa.Uuid(), nullable=False),
        sa.CheckConstraint("visibility IN ('own', 'unassigned', 'team', 'all')", name=op.f("ck_role_visibility")),
        sa.ForeignKeyConstraint(
            ["workspace_id"], ["workspace.id"], name=op.f("fk_role_workspace_id"), ondelete="CASCADE"
        ),
        sa.PrimaryKeyConstraint("id", name=op.f("pk_role")),
        sa.UniqueConstraint("workspace_id", "id", name=op.f("uq_role_workspace_id_id")),
    )
    op.create_index("uq_role_name", "role", ["workspace_id", sa.text("lower(name)")], unique=True)
    fence("role")
    _let_members_have_one()
    _let_invitations_name_one()


def _let_members_have_one() -> None:
    op.add_column("membership", sa.Column("role_id", sa.Uuid(), nullable=True))
    op.create_foreign_key(
        op.f("fk_membership_workspace_id_role_id"),
        "membership",
        "role",
        ["workspace_id", "role_id"],
        ["workspace_id", "id"],
    )
    op.create_index(
        "ix_membership_role", "membership", ["workspace_id", "role_id"], postgresql_where="role_id IS NOT NULL"
    )
    op.drop_constraint(op.f("ck_membership_role"), "membership")
    op.create_check_constraint(
        op.f("ck_membership_role"), "membership", "role IN ('owner', 'admin', 'agent', 'viewer', 'custom')"
    )
    op.create_check_constraint(
        op.f("ck_membership_own_role"), "membership", "(role = 'custom') = (role_id IS NOT NULL)"
    )


def _let_invitations_name_one() -> None:
    """One that was accepted outlives the role it named."""
    op.add_column("invitation", sa.Column("role_id", sa.Uuid(), nullable=True))
    op.create_foreign_key(
        op.f("fk_invitation_workspace_id_role_id"),
        "invitation",
        "role",
        ["workspace_id", "role_id"],
        ["workspace_id", "id"],
        ondelete="SET NULL (role_id)",
    )
    op.create_index(
        "ix_invitation_role", "invitation", ["workspace_id", "role_id"], postgresql_where="role_id IS NOT NULL"
    )
    op.drop_constraint(op.f("ck_invitation_role"), "invitation")
    op.create_check_constraint(
        op.f("ck_invitation_role"), "invitation", "role IN ('admin', 'agent', 'viewer', 'custom')"
    )
    op.create_check_constraint(op.f("ck_invitation_own_role"), "invitation", "role_id IS NULL OR role = 'custom'")


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
    """Whoever had an own role is a viewer again."""
    for table in ("invitation", "membership"):
        op.execute(f"UPDATE {table} SET role = 'viewer', role_id = NULL WHERE role = 'custom'")
        op.drop_constraint(op.f(f"ck_{table}_role"), table)
        op.drop_constraint(op.f(f"ck_{table}_own_role"), table)
        op.drop_column(table, "role_id")
    op.create_check_constraint(op.f("ck_invitation_role"), "invitation", "role IN ('admin', 'agent', 'viewer')")
    op.create_check_constraint(
        op.f("ck_membership_role"), "membership", "role IN ('owner', 'admin', 'agent', 'viewer')"
    )
    op.drop_table("role")
