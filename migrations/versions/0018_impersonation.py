"""sessions in which an operator stands in for somebody

Revision ID: 0018
Revises: 0017
"""

import sqlalchemy as sa
from alembic import op

revision = "0018"
down_revision = "0017"


def upgrade() -> None:
    op.add_column("user_session", sa.Column("impersonator_id", sa.Uuid(), nullable=True))
    op.add_column("user_session", sa.Column("only_workspace_id", sa.Uuid(), nullable=True))
    for column, table in (("impersonator_id", "user"), ("only_workspace_id", "workspace")):
        op.create_foreign_key(
            op.f(f"fk_user_session_{column}"), "user_session", table, [column], ["id"], ondelete="CASCADE"
        )
    op.create_index(
        "ix_user_session_impersonator",
        "user_session",
        ["impersonator_id"],
        postgresql_where="impersonator_id IS NOT NULL",
    )
    op.add_column("audit_entry", sa.Column("operator_name", sa.String(), nullable=True))
    op.create_table(
        "impersonation",
        sa.Column("session_id", sa.Uuid(), nullable=False),
        sa.Column("operator_id", sa.Uuid(), nullable=False),
        sa.Column("user_id", sa.Uuid(), nullable=False),
        sa.Column("reason", sa.String(), nullable=False),
        sa.Column("ends_at", sa.DateTime(timezone=True), nullable=False),
        sa.Column("ended_at", sa.DateTime(timezone=True), nullable=True),
        sa.Column("id", sa.Uuid(), nullable=False),
        sa.Column("created_at", sa.DateTime(timezone=True), nullable=False),
        sa.Column("workspace_id", sa.Uuid(), nullable=False),
        sa.ForeignKeyConstraint(
            ["session_id"], ["user_session.id"], name=op.f("fk_impersonation_session_id"), ondelete="CASCADE"
        ),
        sa.ForeignKeyConstraint(
            ["operator_id"], ["user.id"], name=op.f("fk_impersonation_operator_id"), ondelete="CASCADE"
        ),
        sa.ForeignKeyConstraint(["user_id"], ["user.id"], name=op.f("fk_impersonation_user_id"), ondelete="CASCADE"),
        sa.ForeignKeyConstraint(
            ["workspace_id"], ["workspace.id"], name=op.f("fk_impersonation_workspace_id"), ondelete="CASCADE"
        ),
        sa.PrimaryKeyConstraint("id", name=op.f("pk_impersonation")),
        sa.UniqueConstraint("workspace_id", "session_id", name=op.f("uq_impersonation_workspace_id_session_id")),
    )
    op.create_index("ix_impersonation_open", "impersonation", ["ends_at"], postgresql_where="ended_at IS NULL")
    op.create_index("ix_impersonation_session", "impersonation", ["session_id"])
    fence("impersonation")


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
    op.drop_table("impersonation")
    op.drop_column("audit_entry", "operator_name")
    op.drop_column("user_session", "only_workspace_id")
    op.drop_column("user_session", "impersonator_id")
