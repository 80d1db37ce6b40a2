"""contacts: what people write down about them, notes, who is blocked, and what their lists go by

Revision ID: 0040
Revises: 0039
"""

import sqlalchemy as sa
from alembic import op

revision = "0040"
down_revision = "0039"

_SORT_NAME = "coalesce(nullif(btrim(search_person(coalesce(name, email), NULL)), ''), '~')"
_COMPUTED = (
    ("seen_at", sa.DateTime(timezone=True), "coalesce(last_seen_at, created_at)", False),
    ("sort_name", sa.Text(collation="C"), _SORT_NAME, False),
    ("email_key", sa.String(), "lower(email)", True),
)


def upgrade() -> None:
    for name, kind in (("phone", sa.String()), ("company", sa.String()), ("blocked_at", sa.DateTime(timezone=True))):
        op.add_column("end_user", sa.Column(name, kind, nullable=True))
    for name, its_kind, expression, nullable in _COMPUTED:
        column = sa.Column(name, its_kind, sa.Computed(expression, persisted=True), nullable=nullable)
        op.add_column("end_user", column)
    op.create_index("ix_end_user_seen", "end_user", ["workspace_id", "seen_at", "id"])
    op.create_index("ix_end_user_sort_name", "end_user", ["workspace_id", "sort_name", "id"])
    op.create_index("ix_end_user_created", "end_user", ["workspace_id", "created_at", "id"])
    op.create_index("ix_end_user_email_key", "end_user", ["workspace_id", "email_key"])
    op.create_index(
        "ix_end_user_blocked",
        "end_user",
        ["workspace_id", "seen_at", "id"],
        postgresql_where=sa.text("blocked_at IS NOT NULL"),
    )
    make_notes()


def make_notes() -> None:
    op.create_table(
        "end_user_note",
        sa.Column("end_user_id", sa.Uuid(), nullable=False),
        sa.Column("author_id", sa.Uuid(), nullable=True),
        sa.Column("author_name", sa.String(), nullable=False),
        sa.Column("text", sa.String(), nullable=False),
        sa.Column("edited_at", sa.DateTime(timezone=True), nullable=True),
        sa.Column("id", sa.Uuid(), nullable=False),
        sa.Column("created_at", sa.DateTime(timezone=True), nullable=False),
        sa.Column("workspace_id", sa.Uuid(), nullable=False),
        sa.ForeignKeyConstraint(
            ["workspace_id", "end_user_id"],
            ["end_user.workspace_id", "end_user.id"],
            name=op.f("fk_end_user_note_workspace_id_end_user_id"),
            ondelete="CASCADE",
        ),
        sa.ForeignKeyConstraint(
            ["workspace_id", "author_id"],
            ["membership.workspace_id", "membership.user_id"],
            name=op.f("fk_end_user_note_workspace_id_author_id"),
            ondelete="SET NULL (author_id)",
        ),
        sa.ForeignKeyConstraint(
            ["workspace_id"], ["workspace.id"], name=op.f("fk_end_user_note_workspace_id"), ondelete="CASCADE"
        ),
        sa.PrimaryKeyConstraint("id", name=op.f("pk_end_user_note")),
    )
    op.create_index("ix_end_user_note_end_user", "end_user_note", ["workspace_id", "end_user_id", "created_at", "id"])
    op.execute("ALTER TABLE end_user_note ENABLE ROW LEVEL SECURITY")
    op.execute("ALTER TABLE end_user_note FORCE ROW LEVEL SECURITY")
    for policy, condition in (
        ("tenant", "workspace_id = nullif(current_setting('app.workspace_id', true), '')::uuid"),
        ("system", "current_setting('app.scope', true) = 'system'"),
    ):
        op.execute(f"CREATE POLICY {policy} ON end_user_note USING ({condition}) WITH CHECK ({condition})")


def downgrade() -> None:
    op.drop_table("end_user_note")
    for name in ("blocked", "email_key", "created", "sort_name", "seen"):
        op.drop_index(f"ix_end_user_{name}", table_name="end_user")
    for name in ("email_key", "sort_name", "seen_at", "blocked_at", "company", "phone"):
        op.drop_column("end_user", name)
