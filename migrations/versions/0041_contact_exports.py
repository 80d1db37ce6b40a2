"""contact exports: all contacts as a file, part by part

Revision ID: 0041
Revises: 0040
"""

import sqlalchemy as sa
from alembic import op

revision = "0041"
down_revision = "0040"


def upgrade() -> None:
    op.create_table(
        "contact_export",
        sa.Column("requested_by", sa.String(), nullable=False),
        sa.Column("state", sa.String(), nullable=False),
        sa.Column("done", sa.Integer(), nullable=False),
        sa.Column("total", sa.Integer(), nullable=False),
        sa.Column("last_id", sa.Uuid(), nullable=True),
        sa.Column("expires_at", sa.DateTime(timezone=True), nullable=False),
        sa.Column("id", sa.Uuid(), nullable=False),
        sa.Column("created_at", sa.DateTime(timezone=True), nullable=False),
        sa.Column("workspace_id", sa.Uuid(), nullable=False),
        sa.CheckConstraint("state IN ('pending', 'ready')", name=op.f("ck_contact_export_state")),
        of_workspace("contact_export"),
        sa.PrimaryKeyConstraint("id", name=op.f("pk_contact_export")),
        sa.UniqueConstraint("workspace_id", "id", name=op.f("uq_contact_export_workspace_id_id")),
    )
    op.create_index("ix_contact_export_expires_at", "contact_export", ["expires_at"])
    op.create_table(
        "contact_export_part",
        sa.Column("export_id", sa.Uuid(), nullable=False),
        sa.Column("number", sa.Integer(), nullable=False),
        sa.Column("text", sa.String(), nullable=False),
        sa.Column("workspace_id", sa.Uuid(), nullable=False),
        sa.ForeignKeyConstraint(
            ["workspace_id", "export_id"],
            ["contact_export.workspace_id", "contact_export.id"],
            name=op.f("fk_contact_export_part_workspace_id_export_id"),
            ondelete="CASCADE",
        ),
        of_workspace("contact_export_part"),
        sa.PrimaryKeyConstraint("workspace_id", "export_id", "number", name=op.f("pk_contact_export_part")),
    )
    for table in ("contact_export", "contact_export_part"):
        fence(table)


def of_workspace(table: str) -> sa.ForeignKeyConstraint:
    return sa.ForeignKeyConstraint(
        ["workspace_id"], ["workspace.id"], name=op.f(f"fk_{table}_workspace_id"), ondelete="CASCADE"
    )


def fence(table: str) -> None:
    """Rows of one workspace only, for everybody including the owner; the system scope is entered explicitly."""
    op.execute(f"ALTER TABLE {table} ENABLE ROW LEVEL SECURITY")
    op.execute(f"ALTER TABLE {table} FORCE ROW LEVEL SECURITY")
    for policy, condition in (
        ("tenant", "workspace_id = nullif(current_setting('app.workspace_id', true), '')::uuid"),
        ("system", "current_setting('app.scope', true) = 'system'"),
    ):
        op.execute(f"CREATE POLICY {policy} ON {table} USING ({condition}) WITH CHECK ({condition})")


def downgrade() -> None:
    op.drop_table("contact_export_part")
    op.drop_table("contact_export")
