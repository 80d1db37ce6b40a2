"""privacy: rules of retention, exports and erasures of people

Revision ID: 0031
Revises: 0030
"""

import sqlalchemy as sa
from alembic import op
from sqlalchemy.dialects.postgresql import JSONB

revision = "0031"
down_revision = "0030"


def upgrade() -> None:
    op.add_column("conversation", sa.Column("anonymised_at", sa.DateTime(timezone=True), nullable=True))
    op.create_table(
        "retention_rule",
        sa.Column("channel_kind", sa.String(), nullable=False),
        sa.Column("action", sa.String(), nullable=False),
        sa.Column("days", sa.Integer(), nullable=False),
        sa.Column("workspace_id", sa.Uuid(), nullable=False),
        sa.CheckConstraint("action IN ('delete', 'anonymise')", name=op.f("ck_retention_rule_action")),
        sa.CheckConstraint("days BETWEEN 1 AND 3650", name=op.f("ck_retention_rule_days")),
        of_workspace("retention_rule"),
        sa.PrimaryKeyConstraint("workspace_id", "channel_kind", name=op.f("pk_retention_rule")),
    )
    op.create_table(
        "person_export",
        sa.Column("end_user_id", sa.Uuid(), nullable=False),
        sa.Column("requested_by", sa.String(), nullable=False),
        sa.Column("state", sa.String(), nullable=False),
        sa.Column("done", sa.Integer(), nullable=False),
        sa.Column("total", sa.Integer(), nullable=False),
        sa.Column("collected", JSONB(), nullable=False),
        sa.Column("content", sa.LargeBinary(), nullable=True),
        sa.Column("size", sa.Integer(), nullable=False),
        sa.Column("expires_at", sa.DateTime(timezone=True), nullable=False),
        sa.Column("id", sa.Uuid(), nullable=False),
        sa.Column("created_at", sa.DateTime(timezone=True), nullable=False),
        sa.Column("workspace_id", sa.Uuid(), nullable=False),
        sa.CheckConstraint("state IN ('pending', 'ready')", name=op.f("ck_person_export_state")),
        sa.ForeignKeyConstraint(
            ["workspace_id", "end_user_id"],
            ["end_user.workspace_id", "end_user.id"],
            name=op.f("fk_person_export_workspace_id_end_user_id"),
            ondelete="CASCADE",
        ),
        of_workspace("person_export"),
        sa.PrimaryKeyConstraint("id", name=op.f("pk_person_export")),
    )
    op.create_index("ix_person_export_end_user", "person_export", ["workspace_id", "end_user_id"])
    op.create_index("ix_person_export_expires_at", "person_export", ["expires_at"])
    op.create_table(
        "erasure",
        sa.Column("requested_by_id", sa.Uuid(), nullable=True),
        sa.Column("requested_by", sa.String(), nullable=False),
        sa.Column("end_user_id", sa.Uuid(), nullable=True),
        sa.Column("id_fingerprint", sa.String(), nullable=False),
        sa.Column("email_fingerprint", sa.String(), nullable=True),
        sa.Column("state", sa.String(), nullable=False),
        sa.Column("counts", JSONB(), nullable=False),
        sa.Column("finished_at", sa.DateTime(timezone=True), nullable=True),
        sa.Column("id", sa.Uuid(), nullable=False),
        sa.Column("created_at", sa.DateTime(timezone=True), nullable=False),
        sa.Column("workspace_id", sa.Uuid(), nullable=False),
        sa.CheckConstraint("state IN ('pending', 'done')", name=op.f("ck_erasure_state")),
        sa.CheckConstraint("state = 'pending' OR end_user_id IS NULL", name=op.f("ck_erasure_nobody")),
        sa.ForeignKeyConstraint(
            ["requested_by_id"], ["user.id"], name=op.f("fk_erasure_requested_by_id"), ondelete="SET NULL"
        ),
        of_workspace("erasure"),
        sa.PrimaryKeyConstraint("id", name=op.f("pk_erasure")),
    )
    op.create_index("ix_erasure_fingerprint", "erasure", ["workspace_id", "id_fingerprint"])
    for table in ("retention_rule", "person_export", "erasure"):
        fence(table)


def of_workspace(table: str) -> sa.ForeignKeyConstraint:
    return sa.ForeignKeyConstraint(
        ["workspace_id"], ["workspace.id"], name=op.f(f"fk_{table}_workspace_id"), ondelete="CASCADE"
    )


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
    op.drop_table("erasure")
    op.drop_table("person_export")
    op.drop_table("retention_rule")
    op.drop_column("conversation", "anonymised_at")
