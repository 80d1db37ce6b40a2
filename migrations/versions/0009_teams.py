"""teams

Revision ID: 0009
Revises: 0008
"""

import sqlalchemy as sa
from alembic import op

revision = "0009"
down_revision = "0008"


def upgrade() -> None:
    op.create_table(
        "team",
        sa.Column("name", sa.String(), nullable=False),
        sa.Column("description", sa.String(), nullable=False),
        sa.Column("assignment", sa.String(), nullable=False),
        sa.Column("capacity", sa.Integer(), nullable=True),
        sa.Column("only_online", sa.Boolean(), nullable=False),
        sa.Column("turns", sa.Integer(), nullable=False),
        sa.Column("id", sa.Uuid(), nullable=False),
        sa.Column("created_at", sa.DateTime(timezone=True), nullable=False),
        sa.Column("workspace_id", sa.Uuid(), nullable=False),
        sa.CheckConstraint("assignment IN ('none', 'round_robin', 'least_busy')", name=op.f("ck_team_assignment")),
        sa.CheckConstraint("capacity BETWEEN 1 AND 999", name=op.f("ck_team_capacity")),
        sa.ForeignKeyConstraint(
            ["workspace_id"], ["workspace.id"], name=op.f("fk_team_workspace_id"), ondelete="CASCADE"
        ),
        sa.PrimaryKeyConstraint("id", name=op.f("pk_team")),
        sa.UniqueConstraint("workspace_id", "id", name=op.f("uq_team_workspace_id_id")),
    )
    op.create_index("uq_team_name", "team", ["workspace_id", sa.literal_column("lower(name)")], unique=True)
    op.create_table(
        "team_member",
        sa.Column("team_id", sa.Uuid(), nullable=False),
        sa.Column("user_id", sa.Uuid(), nullable=False),
        sa.Column("last_turn", sa.Integer(), nullable=False),
        sa.Column("workspace_id", sa.Uuid(), nullable=False),
        sa.ForeignKeyConstraint(
            ["workspace_id", "team_id"],
            ["team.workspace_id", "team.id"],
            name=op.f("fk_team_member_workspace_id_team_id"),
            ondelete="CASCADE",
        ),
        sa.ForeignKeyConstraint(
            ["workspace_id", "user_id"],
            ["membership.workspace_id", "membership.user_id"],
            name=op.f("fk_team_member_workspace_id_user_id"),
            ondelete="CASCADE",
        ),
        sa.ForeignKeyConstraint(
            ["workspace_id"], ["workspace.id"], name=op.f("fk_team_member_workspace_id"), ondelete="CASCADE"
        ),
        sa.PrimaryKeyConstraint("workspace_id", "team_id", "user_id", name=op.f("pk_team_member")),
    )
    op.create_index("ix_team_member_user", "team_member", ["workspace_id", "user_id"], unique=False)
    fence("team")
    fence("team_member")
    point_at_teams("project")
    point_at_teams("conversation")
    with op.get_context().autocommit_block():
        op.create_index(
            "ix_conversation_team",
            "conversation",
            ["workspace_id", "team_id", "status", "last_message_at", "id"],
            unique=False,
            postgresql_concurrently=True,
        )


def point_at_teams(table: str) -> None:
    """A column that loses its value, and nothing else, when the team goes."""
    op.add_column(table, sa.Column("team_id", sa.Uuid(), nullable=True))
    op.create_foreign_key(
        op.f(f"fk_{table}_workspace_id_team_id"),
        table,
        "team",
        ["workspace_id", "team_id"],
        ["workspace_id", "id"],
        ondelete="SET NULL (team_id)",
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
    op.drop_index("ix_conversation_team", table_name="conversation")
    op.drop_column("conversation", "team_id")
    op.drop_column("project", "team_id")
    op.drop_table("team_member")
    op.drop_table("team")
