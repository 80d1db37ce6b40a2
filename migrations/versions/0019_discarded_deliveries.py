"""deliveries that a person has given up

Revision ID: 0019
Revises: 0018
"""

from alembic import op

revision = "0019"
down_revision = "0018"


def upgrade() -> None:
    op.drop_constraint(op.f("ck_outbox_delivery_state"), "outbox_delivery")
    op.execute(
        "ALTER TABLE outbox_delivery ADD CONSTRAINT ck_outbox_delivery_state "
        "CHECK (state IN ('pending', 'done', 'dead', 'discarded')) NOT VALID"
    )
    op.execute("ALTER TABLE outbox_delivery VALIDATE CONSTRAINT ck_outbox_delivery_state")
    op.create_index(
        "ix_outbox_delivery_dead",
        "outbox_delivery",
        ["workspace_id", "created_at", "id"],
        postgresql_where="state = 'dead'",
    )
    op.create_index("ix_outgoing_mail_dead", "outgoing_mail", ["created_at", "id"], postgresql_where="state = 'dead'")


def downgrade() -> None:
    op.drop_index("ix_outgoing_mail_dead", "outgoing_mail")
    op.drop_index("ix_outbox_delivery_dead", "outbox_delivery")
    op.execute("UPDATE outbox_delivery SET state = 'dead' WHERE state = 'discarded'")
    op.drop_constraint(op.f("ck_outbox_delivery_state"), "outbox_delivery")
    op.create_check_constraint(
        op.f("ck_outbox_delivery_state"), "outbox_delivery", "state IN ('pending', 'done', 'dead')"
    )
