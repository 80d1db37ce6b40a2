"""conversations that were merged, and messages whose number may change with all that names it

Revision ID: 0060
Revises: 0059
"""

import sqlalchemy as sa
from alembic import op

revision = "0060"
down_revision = "0059"

_PARTS = {"attachment": "message_seq", "mention": "seq", "message_version": "seq", "message_words": "seq"}


def upgrade() -> None:
    op.add_column("conversation", sa.Column("merged_into_id", sa.Uuid(), nullable=True))
    op.execute(
        "ALTER TABLE conversation ADD CONSTRAINT fk_conversation_workspace_id_merged_into_id "
        "FOREIGN KEY (workspace_id, merged_into_id) REFERENCES conversation (workspace_id, id) "
        "ON DELETE SET NULL (merged_into_id) NOT VALID"
    )
    for table, column in _PARTS.items():
        refer(table, column, "ON UPDATE CASCADE ON DELETE CASCADE")
    with op.get_context().autocommit_block():
        op.execute("ALTER TABLE conversation VALIDATE CONSTRAINT fk_conversation_workspace_id_merged_into_id")
        for table, column in _PARTS.items():
            op.execute(f"ALTER TABLE {table} VALIDATE CONSTRAINT {name_of(table, column)}")
        op.create_index(
            "ix_conversation_merged_into",
            "conversation",
            ["workspace_id", "merged_into_id"],
            postgresql_where=sa.text("merged_into_id IS NOT NULL"),
            postgresql_concurrently=True,
        )


def downgrade() -> None:
    for table, column in _PARTS.items():
        refer(table, column, "ON DELETE CASCADE")
    op.drop_column("conversation", "merged_into_id")


def refer(table: str, column: str, options: str) -> None:
    name = name_of(table, column)
    op.execute(
        f"ALTER TABLE {table} DROP CONSTRAINT {name}, ADD CONSTRAINT {name} "
        f"FOREIGN KEY (workspace_id, conversation_id, {column}) "
        f"REFERENCES message (workspace_id, conversation_id, seq) {options} NOT VALID"
    )


def name_of(table: str, column: str) -> str:
    return f"fk_{table}_workspace_id_conversation_id_{column}"
