"""attributes: what a company wants to know about conversations and contacts, and where it is written down

Revision ID: 0053
Revises: 0052
"""

import sqlalchemy as sa
from alembic import op
from sqlalchemy.dialects.postgresql import JSONB

revision = "0053"
down_revision = "0052"

_KINDS = ("text", "number", "money", "checkbox", "date", "link", "list", "multi")


def upgrade() -> None:
    op.create_table(
        "attribute",
        sa.Column("subject", sa.String(), nullable=False),
        sa.Column("key", sa.String(), nullable=False),
        sa.Column("name", sa.String(), nullable=False),
        sa.Column("kind", sa.String(), nullable=False),
        sa.Column("options", JSONB(), nullable=False),
        sa.Column("currency", sa.String(), nullable=True),
        sa.Column("is_required", sa.Boolean(), nullable=False),
        sa.Column("position", sa.Integer(), nullable=False),
        sa.Column("id", sa.Uuid(), nullable=False),
        sa.Column("created_at", sa.DateTime(timezone=True), nullable=False),
        sa.Column("workspace_id", sa.Uuid(), nullable=False),
        sa.CheckConstraint("subject IN ('conversations', 'contacts')", name=op.f("ck_attribute_subject")),
        sa.CheckConstraint(f"kind IN {_KINDS}", name=op.f("ck_attribute_kind")),
        sa.CheckConstraint("NOT is_required OR subject = 'conversations'", name=op.f("ck_attribute_is_required")),
        sa.ForeignKeyConstraint(
            ["workspace_id"], ["workspace.id"], name=op.f("fk_attribute_workspace_id"), ondelete="CASCADE"
        ),
        sa.PrimaryKeyConstraint("id", name=op.f("pk_attribute")),
        sa.UniqueConstraint("workspace_id", "id", name=op.f("uq_attribute_workspace_id_id")),
        sa.UniqueConstraint("workspace_id", "subject", "key", name=op.f("uq_attribute_workspace_id_subject_key")),
    )
    op.execute("ALTER TABLE attribute ENABLE ROW LEVEL SECURITY")
    op.execute("ALTER TABLE attribute FORCE ROW LEVEL SECURITY")
    for policy, condition in (
        ("tenant", "workspace_id = nullif(current_setting('app.workspace_id', true), '')::uuid"),
        ("system", "current_setting('app.scope', true) = 'system'"),
    ):
        op.execute(f"CREATE POLICY {policy} ON attribute USING ({condition}) WITH CHECK ({condition})")
    for table in ("conversation", "end_user"):
        op.add_column(table, sa.Column("attributes", JSONB(), server_default="{}", nullable=False))
    op.add_column("contact_export", sa.Column("columns", JSONB(), server_default="[]", nullable=False))


def downgrade() -> None:
    op.drop_column("contact_export", "columns")
    for table in ("end_user", "conversation"):
        op.drop_column(table, "attributes")
    op.drop_table("attribute")
