"""what is done to more conversations than a request can wait for

Revision ID: 0054
Revises: 0053
"""

import sqlalchemy as sa
from alembic import op
from sqlalchemy.dialects.postgresql import JSONB

revision = "0054"
down_revision = "0053"


def upgrade() -> None:
    op.create_table(
        "bulk_run",
        sa.Column("user_id", sa.Uuid(), nullable=False),
        sa.Column("deed_id", sa.Uuid(), nullable=False),
        sa.Column("what", sa.String(), nullable=False),
        sa.Column("value", sa.String(), nullable=False),
        sa.Column("conversation_ids", JSONB(), nullable=False),
        sa.Column("done", sa.Integer(), nullable=False),
        sa.Column("total", sa.Integer(), nullable=False),
        sa.Column("counts", JSONB(), nullable=False),
        sa.Column("ended_at", sa.DateTime(timezone=True), nullable=True),
        sa.Column("seen_at", sa.DateTime(timezone=True), nullable=True),
        sa.Column("id", sa.Uuid(), nullable=False),
        sa.Column("created_at", sa.DateTime(timezone=True), nullable=False),
        sa.Column("workspace_id", sa.Uuid(), nullable=False),
        sa.ForeignKeyConstraint(
            ["workspace_id", "user_id"],
            ["membership.workspace_id", "membership.user_id"],
            name=op.f("fk_bulk_run_workspace_id_user_id"),
            ondelete="CASCADE",
        ),
        sa.ForeignKeyConstraint(
            ["workspace_id", "deed_id"],
            ["deed.workspace_id", "deed.id"],
            name=op.f("fk_bulk_run_workspace_id_deed_id"),
            ondelete="CASCADE",
        ),
        sa.ForeignKeyConstraint(
            ["workspace_id"], ["workspace.id"], name=op.f("fk_bulk_run_workspace_id"), ondelete="CASCADE"
        ),
        sa.PrimaryKeyConstraint("id", name=op.f("pk_bulk_run")),
        sa.UniqueConstraint("workspace_id", "id", name=op.f("uq_bulk_run_workspace_id_id")),
    )
    op.create_index("ix_bulk_run_user", "bulk_run", ["workspace_id", "user_id", "created_at"])
    op.create_index("ix_bulk_run_deed", "bulk_run", ["workspace_id", "deed_id"])
    op.execute("ALTER TABLE bulk_run ENABLE ROW LEVEL SECURITY")
    op.execute("ALTER TABLE bulk_run FORCE ROW LEVEL SECURITY")
    for policy, condition in (
        ("tenant", "workspace_id = nullif(current_setting('app.workspace_id', true), '')::uuid"),
        ("system", "current_setting('app.scope', true) = 'system'"),
    ):
        op.execute(f"CREATE POLICY {policy} ON bulk_run USING ({condition}) WITH CHECK ({condition})")


def downgrade() -> None:
    op.drop_table("bulk_run")
