"""log-ins

Revision ID: 0022
Revises: 0021
"""

import sqlalchemy as sa
from alembic import op

revision = "0022"
down_revision = "0021"


def upgrade() -> None:
    op.create_table(
        "log_in",
        sa.Column("user_id", sa.Uuid(), nullable=False),
        sa.Column("way", sa.String(), nullable=False),
        sa.Column("is_refused", sa.Boolean(), nullable=False),
        sa.Column("ip", sa.String(), nullable=False),
        sa.Column("device", sa.String(), nullable=False),
        sa.Column("browser_hash", sa.String(), nullable=True),
        sa.Column("id", sa.Uuid(), nullable=False),
        sa.Column("created_at", sa.DateTime(timezone=True), nullable=False),
        sa.CheckConstraint(
            "way IN ('password', 'code', 'recovery', 'letter', 'provider', 'token')", name=op.f("ck_log_in_way")
        ),
        sa.ForeignKeyConstraint(["user_id"], ["user.id"], name=op.f("fk_log_in_user_id"), ondelete="CASCADE"),
        sa.PrimaryKeyConstraint("id", name=op.f("pk_log_in")),
    )
    op.create_index("ix_log_in_time", "log_in", ["user_id", "created_at", "id"])
    op.create_index(op.f("ix_log_in_created_at"), "log_in", ["created_at"])
    op.add_column("user", sa.Column("sign_in_letters", sa.Boolean(), nullable=False, server_default=sa.true()))


def downgrade() -> None:
    op.drop_column("user", "sign_in_letters")
    op.drop_table("log_in")
