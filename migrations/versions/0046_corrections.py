"""messages are edited and deleted: the mark, what they said before, and words that go with them

Revision ID: 0046
Revises: 0045
"""

import sqlalchemy as sa
from alembic import op

revision = "0046"
down_revision = "0045"

FOLLOW = """
    CREATE OR REPLACE FUNCTION message_words_follow() RETURNS trigger LANGUAGE plpgsql AS $$
    BEGIN
        {first}
        UPDATE message_words kept SET words = search_words(
            NEW.text, coalesce(CASE WHEN NEW.kind <> 'note' THEN end_user.locale END, workspace.locale))
        FROM conversation
        JOIN end_user ON (end_user.workspace_id, end_user.id)
            = (conversation.workspace_id, conversation.end_user_id)
        JOIN workspace ON workspace.id = conversation.workspace_id
        WHERE kept.workspace_id = NEW.workspace_id AND kept.message_id = NEW.id
            AND (conversation.workspace_id, conversation.id) = (NEW.workspace_id, NEW.conversation_id);
        RETURN NULL;
    END
    $$
"""
FORGET = """
    IF NEW.deleted_at IS NOT NULL THEN
        DELETE FROM message_words gone WHERE gone.workspace_id = NEW.workspace_id AND gone.message_id = NEW.id;
        RETURN NULL;
    END IF;
"""


def upgrade() -> None:
    op.add_column("message", sa.Column("deleted_at", sa.DateTime(timezone=True), nullable=True))
    op.create_table(
        "message_version",
        sa.Column("conversation_id", sa.Uuid(), nullable=False),
        sa.Column("seq", sa.Integer(), nullable=False),
        sa.Column("text", sa.String(), nullable=False),
        sa.Column("editor_id", sa.Uuid(), nullable=True),
        sa.Column("editor_name", sa.String(), nullable=False),
        sa.Column("id", sa.Uuid(), nullable=False),
        sa.Column("created_at", sa.DateTime(timezone=True), nullable=False),
        sa.Column("workspace_id", sa.Uuid(), nullable=False),
        sa.ForeignKeyConstraint(
            ["workspace_id", "conversation_id", "seq"],
            ["message.workspace_id", "message.conversation_id", "message.seq"],
            name=op.f("fk_message_version_workspace_id_conversation_id_seq"),
            ondelete="CASCADE",
        ),
        sa.ForeignKeyConstraint(
            ["editor_id"], ["user.id"], name=op.f("fk_message_version_editor_id"), ondelete="SET NULL"
        ),
        sa.ForeignKeyConstraint(
            ["workspace_id"], ["workspace.id"], name=op.f("fk_message_version_workspace_id"), ondelete="CASCADE"
        ),
        sa.PrimaryKeyConstraint("id", name=op.f("pk_message_version")),
    )
    op.create_index("ix_message_version_message", "message_version", ["workspace_id", "conversation_id", "seq"])
    op.create_index("ix_message_version_editor", "message_version", ["editor_id"])
    op.execute("ALTER TABLE message_version ENABLE ROW LEVEL SECURITY")
    op.execute("ALTER TABLE message_version FORCE ROW LEVEL SECURITY")
    for policy, condition in (
        ("tenant", "workspace_id = nullif(current_setting('app.workspace_id', true), '')::uuid"),
        ("system", "current_setting('app.scope', true) = 'system'"),
    ):
        op.execute(f"CREATE POLICY {policy} ON message_version USING ({condition}) WITH CHECK ({condition})")
    op.execute(FOLLOW.format(first=FORGET))
    is_other = "OLD.{0} IS DISTINCT FROM NEW.{0}"
    make_trigger("text, deleted_at", f"{is_other.format('text')} OR {is_other.format('deleted_at')}")


def make_trigger(columns: str, condition: str) -> None:
    op.execute("DROP TRIGGER message_words_follow ON message")
    op.execute(
        f"CREATE TRIGGER message_words_follow AFTER UPDATE OF {columns} ON message FOR EACH ROW "
        f"WHEN ({condition}) EXECUTE FUNCTION message_words_follow()"
    )


def downgrade() -> None:
    make_trigger("text", "OLD.text IS DISTINCT FROM NEW.text")
    op.execute(FOLLOW.format(first=""))
    op.drop_table("message_version")
    op.drop_column("message", "deleted_at")
