"""operators find accounts and workspaces by a part of a name

Revision ID: 0032
Revises: 0031
"""

from alembic import op

revision = "0032"
down_revision = "0031"

SEARCHED = (("user", "name"), ("user", "email"), ("workspace", "name"), ("workspace", "slug"))


def upgrade() -> None:
    # Comes with Postgres, and is trusted: whoever may create tables may have it, on small managed plans, too.
    op.execute("CREATE EXTENSION IF NOT EXISTS pg_trgm")
    with op.get_context().autocommit_block():  # people go on logging in meanwhile
        for table, column in SEARCHED:
            op.create_index(
                f"ix_{table}_{column}_words",
                table,
                [column],
                postgresql_using="gin",
                postgresql_ops={column: "gin_trgm_ops"},
                postgresql_concurrently=True,
            )


def downgrade() -> None:
    for table, column in SEARCHED:
        op.drop_index(f"ix_{table}_{column}_words", table)
    op.execute("DROP EXTENSION pg_trgm")
