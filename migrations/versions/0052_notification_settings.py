"""notification settings: what members are told and how, when they are left alone, and letters about what was not read

Revision ID: 0052
Revises: 0051
"""

import sqlalchemy as sa
from alembic import op

revision = "0052"
down_revision = "0051"


def upgrade() -> None:
    op.create_table(
        "notification_settings",
        sa.Column("user_id", sa.Uuid(), nullable=False),
        sa.Column("switched", sa.ARRAY(sa.String()), nullable=False),
        sa.Column("time_zone", sa.String(), nullable=True),
        sa.Column("quiet_from", sa.Integer(), nullable=True),
        sa.Column("quiet_until", sa.Integer(), nullable=True),
        sa.Column("mail_after", sa.Integer(), nullable=False),
        sa.Column("digest", sa.String(), nullable=False),
        sa.Column("digest_at", sa.DateTime(timezone=True), nullable=True),
        sa.Column("workspace_id", sa.Uuid(), nullable=False),
        sa.CheckConstraint("digest IN ('off', 'daily', 'weekly')", name=op.f("ck_notification_settings_digest")),
        sa.CheckConstraint(
            "quiet_from BETWEEN 0 AND 1439 AND quiet_until BETWEEN 0 AND 1439",
            name=op.f("ck_notification_settings_quiet"),
        ),
        sa.CheckConstraint(
            "(quiet_from IS NULL) = (quiet_until IS NULL)", name=op.f("ck_notification_settings_quiet_whole")
        ),
        sa.CheckConstraint("mail_after BETWEEN 1 AND 1440", name=op.f("ck_notification_settings_mail_after")),
        sa.ForeignKeyConstraint(
            ["workspace_id", "user_id"],
            ["membership.workspace_id", "membership.user_id"],
            name=op.f("fk_notification_settings_workspace_id_user_id"),
            ondelete="CASCADE",
        ),
        sa.ForeignKeyConstraint(
            ["workspace_id"], ["workspace.id"], name=op.f("fk_notification_settings_workspace_id"), ondelete="CASCADE"
        ),
        sa.PrimaryKeyConstraint("workspace_id", "user_id", name=op.f("pk_notification_settings")),
    )
    op.create_index(
        "ix_notification_settings_digest_at",
        "notification_settings",
        ["digest_at"],
        postgresql_where=sa.text("digest_at IS NOT NULL"),
    )
    fence("notification_settings")
    op.add_column("notification", sa.Column("latest_kind", sa.String(), server_default="message", nullable=False))
    op.alter_column("notification", "latest_kind", server_default=None)
    op.add_column("notification", sa.Column("is_listed", sa.Boolean(), server_default=sa.true(), nullable=False))
    op.alter_column("notification", "is_listed", server_default=None)
    op.add_column("notification", sa.Column("mail_at", sa.DateTime(timezone=True), nullable=True))
    op.add_column("notification", sa.Column("mailed_at", sa.DateTime(timezone=True), nullable=True))
    with op.get_context().autocommit_block():
        op.create_index(
            "ix_notification_mail_at",
            "notification",
            ["mail_at"],
            postgresql_where=sa.text("mail_at IS NOT NULL"),
            postgresql_concurrently=True,
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
    for column in ("mailed_at", "mail_at", "is_listed", "latest_kind"):
        op.drop_column("notification", column)
    op.drop_table("notification_settings")
