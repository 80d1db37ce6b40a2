"""saved views, and an index for those that hold conversations of several statuses

Revision ID: 0047
Revises: 0046
"""

import sqlalchemy as sa
from alembic import op
from sqlalchemy.dialects.postgresql import JSONB

revision = "0047"
down_revision = "0046"


def upgrade() -> None:
    op.create_table(
        "saved_view",
        sa.Column("subject", sa.String(), nullable=False),
        sa.Column("holder_id", sa.Uuid(), nullable=False),
        sa.Column("team_id", sa.Uuid(), nullable=True),
        sa.Column("owner_id", sa.Uuid(), nullable=True),
        sa.Column("name", sa.String(), nullable=False),
        sa.Column("conditions", JSONB(), nullable=False),
        sa.Column("sort", sa.String(), nullable=False),
        sa.Column("position", sa.Integer(), nullable=False),
        sa.Column("id", sa.Uuid(), nullable=False),
        sa.Column("created_at", sa.DateTime(timezone=True), nullable=False),
        sa.Column("workspace_id", sa.Uuid(), nullable=False),
        sa.CheckConstraint("subject IN ('conversations', 'contacts')", name=op.f("ck_saved_view_subject")),
        sa.CheckConstraint("holder_id = coalesce(owner_id, team_id, workspace_id)", name=op.f("ck_saved_view_holder")),
        sa.CheckConstraint("owner_id IS NULL OR team_id IS NULL", name=op.f("ck_saved_view_one_holder")),
        sa.ForeignKeyConstraint(
            ["workspace_id", "team_id"],
            ["team.workspace_id", "team.id"],
            name=op.f("fk_saved_view_workspace_id_team_id"),
            ondelete="CASCADE",
        ),
        sa.ForeignKeyConstraint(
            ["workspace_id", "owner_id"],
            ["membership.workspace_id", "membership.user_id"],
            name=op.f("fk_saved_view_workspace_id_owner_id"),
            ondelete="CASCADE",
        ),
        sa.ForeignKeyConstraint(
            ["workspace_id"], ["workspace.id"], name=op.f("fk_saved_view_workspace_id"), ondelete="CASCADE"
        ),
        sa.PrimaryKeyConstraint("id", name=op.f("pk_saved_view")),
    )
    op.create_index("ix_saved_view_holder", "saved_view", ["workspace_id", "holder_id", "subject", "position"])
    op.execute("ALTER TABLE saved_view ENABLE ROW LEVEL SECURITY")
    op.execute("ALTER TABLE saved_view FORCE ROW LEVEL SECURITY")
    for policy, condition in (
        ("tenant", "workspace_id = nullif(current_setting('app.workspace_id', true), '')::uuid"),
        ("system", "current_setting('app.scope', true) = 'system'"),
    ):
        op.execute(f"CREATE POLICY {policy} ON saved_view USING ({condition}) WITH CHECK ({condition})")
    with op.get_context().autocommit_block():
        op.create_index(
            "ix_conversation_latest",
            "conversation",
            ["workspace_id", "last_message_at", "id"],
            postgresql_concurrently=True,
        )


def downgrade() -> None:
    op.drop_index("ix_conversation_latest", table_name="conversation")
    op.drop_table("saved_view")
