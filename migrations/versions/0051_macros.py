"""macros

Revision ID: 0051
Revises: 0050
"""

import sqlalchemy as sa
from alembic import op
from sqlalchemy.dialects.postgresql import JSONB

revision = "0051"
down_revision = "0050"


def upgrade() -> None:
    op.create_table(
        "macro",
        sa.Column("holder_id", sa.Uuid(), nullable=False),
        sa.Column("team_id", sa.Uuid(), nullable=True),
        sa.Column("owner_id", sa.Uuid(), nullable=True),
        sa.Column("name", sa.String(), nullable=False),
        sa.Column("actions", JSONB(), nullable=False),
        sa.Column("used_count", sa.Integer(), nullable=False),
        sa.Column("id", sa.Uuid(), nullable=False),
        sa.Column("created_at", sa.DateTime(timezone=True), nullable=False),
        sa.Column("workspace_id", sa.Uuid(), nullable=False),
        sa.CheckConstraint("holder_id = coalesce(owner_id, team_id, workspace_id)", name=op.f("ck_macro_holder")),
        sa.CheckConstraint("owner_id IS NULL OR team_id IS NULL", name=op.f("ck_macro_one_holder")),
        sa.ForeignKeyConstraint(
            ["workspace_id", "team_id"],
            ["team.workspace_id", "team.id"],
            name=op.f("fk_macro_workspace_id_team_id"),
            ondelete="CASCADE",
        ),
        sa.ForeignKeyConstraint(
            ["workspace_id", "owner_id"],
            ["membership.workspace_id", "membership.user_id"],
            name=op.f("fk_macro_workspace_id_owner_id"),
            ondelete="CASCADE",
        ),
        sa.ForeignKeyConstraint(
            ["workspace_id"], ["workspace.id"], name=op.f("fk_macro_workspace_id"), ondelete="CASCADE"
        ),
        sa.PrimaryKeyConstraint("id", name=op.f("pk_macro")),
        sa.UniqueConstraint("workspace_id", "holder_id", "name", name=op.f("uq_macro_workspace_id_holder_id_name")),
    )
    op.execute("ALTER TABLE macro ENABLE ROW LEVEL SECURITY")
    op.execute("ALTER TABLE macro FORCE ROW LEVEL SECURITY")
    for policy, condition in (
        ("tenant", "workspace_id = nullif(current_setting('app.workspace_id', true), '')::uuid"),
        ("system", "current_setting('app.scope', true) = 'system'"),
    ):
        op.execute(f"CREATE POLICY {policy} ON macro USING ({condition}) WITH CHECK ({condition})")


def downgrade() -> None:
    op.drop_table("macro")
