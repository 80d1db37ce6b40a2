"""contact imports: tables that people upload, and the rows that are not taken in

Revision ID: 0042
Revises: 0041
"""

import sqlalchemy as sa
from alembic import op
from sqlalchemy.dialects.postgresql import JSONB

revision = "0042"
down_revision = "0041"


def upgrade() -> None:
    op.create_table(
        "contact_import",
        sa.Column("requested_by", sa.String(), nullable=False),
        sa.Column("file_name", sa.String(), nullable=False),
        sa.Column("content", sa.String(), nullable=False),
        sa.Column("separator", sa.String(), nullable=False),
        sa.Column("columns", JSONB(), nullable=False),
        sa.Column("state", sa.String(), nullable=False),
        sa.Column("done", sa.Integer(), nullable=False),
        sa.Column("total", sa.Integer(), nullable=False),
        sa.Column("counts", JSONB(), nullable=False),
        sa.Column("expires_at", sa.DateTime(timezone=True), nullable=False),
        sa.Column("id", sa.Uuid(), nullable=False),
        sa.Column("created_at", sa.DateTime(timezone=True), nullable=False),
        sa.Column("workspace_id", sa.Uuid(), nullable=False),
        sa.CheckConstraint(
            "state IN ('uploaded', 'checking', 'checked', 'running', 'done')", name=op.f("ck_contact_import_state")
        ),
        of_workspace("contact_import"),
        sa.PrimaryKeyConstraint("id", name=op.f("pk_contact_import")),
        sa.UniqueConstraint("workspace_id", "id", name=op.f("uq_contact_import_workspace_id_id")),
    )
    op.create_index("ix_contact_import_expires_at", "contact_import", ["expires_at"])
    op.create_table(
        "contact_import_problem",
        sa.Column("import_id", sa.Uuid(), nullable=False),
        sa.Column("line", sa.Integer(), nullable=False),
        sa.Column("reason", sa.String(), nullable=False),
        sa.Column("cells", JSONB(), nullable=False),
        sa.Column("workspace_id", sa.Uuid(), nullable=False),
        sa.ForeignKeyConstraint(
            ["workspace_id", "import_id"],
            ["contact_import.workspace_id", "contact_import.id"],
            name=op.f("fk_contact_import_problem_workspace_id_import_id"),
            ondelete="CASCADE",
        ),
        of_workspace("contact_import_problem"),
        sa.PrimaryKeyConstraint("workspace_id", "import_id", "line", name=op.f("pk_contact_import_problem")),
    )
    for table in ("contact_import", "contact_import_problem"):
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
    op.drop_table("contact_import_problem")
    op.drop_table("contact_import")
