"""targets for answers: policies, clocks, and what lists show of them

Revision ID: 0025
Revises: 0024
"""

import sqlalchemy as sa
from alembic import op

revision = "0025"
down_revision = "0024"


def upgrade() -> None:
    op.create_table(
        "sla_policy",
        sa.Column("name", sa.String(), nullable=False),
        sa.Column("position", sa.Integer(), nullable=False),
        sa.Column("is_default", sa.Boolean(), nullable=False),
        sa.Column("first_response", sa.Integer(), nullable=True),
        sa.Column("next_response", sa.Integer(), nullable=True),
        sa.Column("resolution", sa.Integer(), nullable=True),
        sa.Column("warn_amount", sa.Integer(), nullable=True),
        sa.Column("warn_unit", sa.String(), nullable=False),
        sa.Column("hours_id", sa.Uuid(), nullable=True),
        sa.Column("project_id", sa.Uuid(), nullable=True),
        sa.Column("team_id", sa.Uuid(), nullable=True),
        sa.Column("channel_kind", sa.String(), nullable=True),
        sa.Column("id", sa.Uuid(), nullable=False),
        sa.Column("created_at", sa.DateTime(timezone=True), nullable=False),
        sa.Column("workspace_id", sa.Uuid(), nullable=False),
        sa.CheckConstraint("first_response BETWEEN 1 AND 527040", name=op.f("ck_sla_policy_first_response")),
        sa.CheckConstraint("next_response BETWEEN 1 AND 527040", name=op.f("ck_sla_policy_next_response")),
        sa.CheckConstraint("resolution BETWEEN 1 AND 527040", name=op.f("ck_sla_policy_resolution")),
        sa.CheckConstraint("warn_unit IN ('percent', 'minutes')", name=op.f("ck_sla_policy_warn_unit")),
        sa.ForeignKeyConstraint(
            ["workspace_id", "hours_id"],
            ["hours.workspace_id", "hours.id"],
            name=op.f("fk_sla_policy_workspace_id_hours_id"),
        ),
        sa.ForeignKeyConstraint(
            ["workspace_id", "project_id"],
            ["project.workspace_id", "project.id"],
            name=op.f("fk_sla_policy_workspace_id_project_id"),
            ondelete="CASCADE",
        ),
        sa.ForeignKeyConstraint(
            ["workspace_id", "team_id"],
            ["team.workspace_id", "team.id"],
            name=op.f("fk_sla_policy_workspace_id_team_id"),
            ondelete="CASCADE",
        ),
        sa.ForeignKeyConstraint(
            ["workspace_id"], ["workspace.id"], name=op.f("fk_sla_policy_workspace_id"), ondelete="CASCADE"
        ),
        sa.PrimaryKeyConstraint("id", name=op.f("pk_sla_policy")),
        sa.UniqueConstraint("workspace_id", "id", name=op.f("uq_sla_policy_workspace_id_id")),
        sa.UniqueConstraint("workspace_id", "name", name=op.f("uq_sla_policy_workspace_id_name")),
    )
    op.create_index("uq_sla_policy_default", "sla_policy", ["workspace_id"], unique=True, postgresql_where="is_default")
    op.create_table(
        "sla_clock",
        sa.Column("conversation_id", sa.Uuid(), nullable=False),
        sa.Column("policy_id", sa.Uuid(), nullable=True),
        sa.Column("kind", sa.String(), nullable=False),
        sa.Column("started_at", sa.DateTime(timezone=True), nullable=False),
        sa.Column("due_at", sa.DateTime(timezone=True), nullable=False),
        sa.Column("warn_at", sa.DateTime(timezone=True), nullable=True),
        sa.Column("warned_at", sa.DateTime(timezone=True), nullable=True),
        sa.Column("breached_at", sa.DateTime(timezone=True), nullable=True),
        sa.Column("met_at", sa.DateTime(timezone=True), nullable=True),
        sa.Column("ended_at", sa.DateTime(timezone=True), nullable=True),
        sa.Column("id", sa.Uuid(), nullable=False),
        sa.Column("created_at", sa.DateTime(timezone=True), nullable=False),
        sa.Column("workspace_id", sa.Uuid(), nullable=False),
        sa.CheckConstraint("kind IN ('first_response', 'next_response', 'resolution')", name=op.f("ck_sla_clock_kind")),
        sa.ForeignKeyConstraint(
            ["workspace_id", "conversation_id"],
            ["conversation.workspace_id", "conversation.id"],
            name=op.f("fk_sla_clock_workspace_id_conversation_id"),
            ondelete="CASCADE",
        ),
        sa.ForeignKeyConstraint(
            ["workspace_id", "policy_id"],
            ["sla_policy.workspace_id", "sla_policy.id"],
            name=op.f("fk_sla_clock_workspace_id_policy_id"),
            ondelete="SET NULL (policy_id)",
        ),
        sa.ForeignKeyConstraint(
            ["workspace_id"], ["workspace.id"], name=op.f("fk_sla_clock_workspace_id"), ondelete="CASCADE"
        ),
        sa.PrimaryKeyConstraint("id", name=op.f("pk_sla_clock")),
    )
    op.create_index(
        "uq_sla_clock_running",
        "sla_clock",
        ["workspace_id", "conversation_id", "kind"],
        unique=True,
        postgresql_where="ended_at IS NULL",
    )
    op.create_index(
        "ix_sla_clock_due", "sla_clock", ["due_at"], postgresql_where="ended_at IS NULL AND breached_at IS NULL"
    )
    op.create_index(
        "ix_sla_clock_warn",
        "sla_clock",
        ["warn_at"],
        postgresql_where="ended_at IS NULL AND breached_at IS NULL AND warned_at IS NULL",
    )
    op.create_index("ix_sla_clock_report", "sla_clock", ["workspace_id", "policy_id", "kind", "started_at", "id"])
    op.create_table(
        "sla_cursor",
        sa.Column("conversation_id", sa.Uuid(), nullable=False),
        sa.Column("seq", sa.Integer(), nullable=False),
        sa.Column("turn", sa.String(), nullable=False),
        sa.Column("workspace_id", sa.Uuid(), nullable=False),
        sa.CheckConstraint("turn IN ('new', 'waiting', 'answered')", name=op.f("ck_sla_cursor_turn")),
        sa.ForeignKeyConstraint(
            ["workspace_id", "conversation_id"],
            ["conversation.workspace_id", "conversation.id"],
            name=op.f("fk_sla_cursor_workspace_id_conversation_id"),
            ondelete="CASCADE",
        ),
        sa.ForeignKeyConstraint(
            ["workspace_id"], ["workspace.id"], name=op.f("fk_sla_cursor_workspace_id"), ondelete="CASCADE"
        ),
        sa.PrimaryKeyConstraint("workspace_id", "conversation_id", name=op.f("pk_sla_cursor")),
    )
    for table in ("sla_policy", "sla_clock", "sla_cursor"):
        fence(table)
    show_on_conversations()


def show_on_conversations() -> None:
    """Lists show what is due first without asking the clocks; those without are not in the index."""
    op.add_column("conversation", sa.Column("sla_kind", sa.String(), nullable=True))
    op.add_column("conversation", sa.Column("sla_state", sa.String(), nullable=True))
    op.add_column("conversation", sa.Column("sla_due_at", sa.DateTime(timezone=True), nullable=True))
    op.execute(
        "ALTER TABLE conversation ADD CONSTRAINT ck_conversation_sla_state "
        "CHECK (sla_state IN ('running', 'warned', 'late')) NOT VALID"
    )
    with op.get_context().autocommit_block():
        op.execute("ALTER TABLE conversation VALIDATE CONSTRAINT ck_conversation_sla_state")
        op.create_index(
            "ix_conversation_due",
            "conversation",
            ["workspace_id", "status", "sla_due_at", "id"],
            postgresql_where="sla_due_at IS NOT NULL",
            postgresql_concurrently=True,
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
    op.drop_index("ix_conversation_due", table_name="conversation")
    op.drop_constraint("ck_conversation_sla_state", "conversation")
    for column in ("sla_kind", "sla_state", "sla_due_at"):
        op.drop_column("conversation", column)
    for table in ("sla_cursor", "sla_clock", "sla_policy"):
        op.drop_table(table)
