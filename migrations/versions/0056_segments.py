"""files of contacts that hold those of a segment

Revision ID: 0056
Revises: 0055
"""

import sqlalchemy as sa
from alembic import op
from sqlalchemy.dialects.postgresql import JSONB

revision = "0056"
down_revision = "0055"


def upgrade() -> None:
    op.create_unique_constraint("uq_saved_view_workspace_id_id", "saved_view", ["workspace_id", "id"])
    op.add_column("contact_export", sa.Column("saved_view_id", sa.Uuid(), nullable=True))
    op.add_column("contact_export", sa.Column("conditions", JSONB(), nullable=True))
    op.execute(
        "ALTER TABLE contact_export ADD CONSTRAINT fk_contact_export_workspace_id_saved_view_id "
        "FOREIGN KEY (workspace_id, saved_view_id) REFERENCES saved_view (workspace_id, id) ON DELETE CASCADE"
    )
    op.create_index("ix_contact_export_saved_view_id", "contact_export", ["workspace_id", "saved_view_id"])


def downgrade() -> None:
    op.drop_constraint("fk_contact_export_workspace_id_saved_view_id", "contact_export")
    op.drop_index("ix_contact_export_saved_view_id", table_name="contact_export")
    op.drop_column("contact_export", "conditions")
    op.drop_column("contact_export", "saved_view_id")
    op.drop_constraint("uq_saved_view_workspace_id_id", "saved_view")
