"""operators, and the log of what they do

Revision ID: 0016
Revises: 0015
"""

import sqlalchemy as sa
from alembic import op
from sqlalchemy.dialects import postgresql

revision = "0016"
down_revision = "0015"


def upgrade() -> None:
    op.add_column("user", sa.Column("operator_since", sa.DateTime(timezone=True), nullable=True))
    op.create_index("ix_user_created", "user", ["created_at", "id"])
    op.create_index("ix_workspace_created", "workspace", ["created_at", "id"])
    op.create_table(
        "installation_audit",
        sa.Column("action", sa.String(), nullable=False),
        sa.Column("actor_id", sa.Uuid(), nullable=True),
        sa.Column("actor_name", sa.String(), nullable=False),
        sa.Column("target_id", sa.Uuid(), nullable=True),
        sa.Column("target_name", sa.String(), nullable=False),
        sa.Column("ip", sa.String(), nullable=True),
        sa.Column("details", postgresql.JSONB(astext_type=sa.Text()), nullable=False),
        sa.Column("id", sa.Uuid(), nullable=False),
        sa.Column("created_at", sa.DateTime(timezone=True), nullable=False),
        sa.PrimaryKeyConstraint("id", name=op.f("pk_installation_audit")),
    )
    op.create_index("ix_installation_audit_time", "installation_audit", ["created_at", "id"])
    op.create_index("ix_installation_audit_target", "installation_audit", ["target_id", "created_at", "id"])
    make_append_only("installation_audit")


def make_append_only(table: str) -> None:
    """Nobody changes or removes a row, owners of the table included."""
    op.execute(
        """
        CREATE FUNCTION refuse_every_change() RETURNS trigger LANGUAGE plpgsql AS $$
        BEGIN
            RAISE EXCEPTION '% is append-only', TG_TABLE_NAME USING ERRCODE = 'insufficient_privilege';
        END $$
        """
    )
    for name, when, level in (
        ("append_only", "UPDATE OR DELETE", "ROW"),
        ("append_only_all", "TRUNCATE", "STATEMENT"),
    ):
        op.execute(
            f"CREATE TRIGGER {name} BEFORE {when} ON {table} FOR EACH {level} EXECUTE FUNCTION refuse_every_change()"
        )
    op.execute(
        f"""
        DO $$
        BEGIN
            IF EXISTS (SELECT FROM pg_roles WHERE rolname = 'chatapp_app') THEN
                REVOKE UPDATE, DELETE, TRUNCATE ON {table} FROM chatapp_app;
            END IF;
        END $$
        """
    )


def downgrade() -> None:
    op.drop_table("installation_audit")
    op.execute("DROP FUNCTION refuse_every_change()")
    op.drop_index("ix_workspace_created", "workspace")
    op.drop_index("ix_user_created", "user")
    op.drop_column("user", "operator_since")
