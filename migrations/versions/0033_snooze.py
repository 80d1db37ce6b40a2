"""snoozed conversations, and clocks that stand still meanwhile

Revision ID: 0033
Revises: 0032
"""

import sqlalchemy as sa
from alembic import op

revision = "0033"
down_revision = "0032"

_RUNS = "ended_at IS NULL AND breached_at IS NULL"


def upgrade() -> None:
    op.add_column("conversation", sa.Column("snoozed_until", sa.DateTime(timezone=True), nullable=True))
    op.add_column("sla_clock", sa.Column("paused_at", sa.DateTime(timezone=True), nullable=True))
    op.execute(
        "ALTER TABLE conversation ADD CONSTRAINT ck_conversation_snoozed_until "
        "CHECK (snoozed_until IS NULL OR status = 'snoozed') NOT VALID"
    )
    with op.get_context().autocommit_block():  # messages go on arriving meanwhile
        op.execute("ALTER TABLE conversation VALIDATE CONSTRAINT ck_conversation_snoozed_until")
        op.create_index(
            "ix_conversation_wake",
            "conversation",
            ["snoozed_until"],
            postgresql_where="status = 'snoozed' AND snoozed_until IS NOT NULL",
            postgresql_concurrently=True,
        )
        op.create_index(
            "ix_conversation_waiting",
            "conversation",
            ["workspace_id", "waiting_since", "id"],
            postgresql_where="status = 'open' AND waiting_since IS NOT NULL",
            postgresql_concurrently=True,
        )
        index_clocks(f"{_RUNS} AND paused_at IS NULL")


def index_clocks(running: str) -> None:
    """The indexes by which the clock process finds what is due."""
    for kind, condition in (("due", running), ("warn", f"{running} AND warned_at IS NULL")):
        name, options = f"ix_sla_clock_{kind}", {"postgresql_where": condition, "postgresql_concurrently": True}
        op.drop_index(name, "sla_clock", postgresql_concurrently=True)
        op.create_index(name, "sla_clock", [f"{kind}_at"], **options)


def downgrade() -> None:
    with op.get_context().autocommit_block():
        index_clocks(_RUNS)
        op.drop_index("ix_conversation_waiting", "conversation", postgresql_concurrently=True)
        op.drop_index("ix_conversation_wake", "conversation", postgresql_concurrently=True)
    op.drop_constraint("ck_conversation_snoozed_until", "conversation")
    op.drop_column("sla_clock", "paused_at")
    op.drop_column("conversation", "snoozed_until")
