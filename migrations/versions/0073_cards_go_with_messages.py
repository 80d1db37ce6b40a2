"""a card goes with the last message that shows it, whichever way that goes

Revision ID: 0073
Revises: 0072
"""

from alembic import op

revision = "0073"
down_revision = "0072"


def upgrade() -> None:
    op.execute(
        """
        CREATE FUNCTION let_go_of_card() RETURNS trigger LANGUAGE plpgsql AS $$
        BEGIN
            DELETE FROM link_card
            WHERE workspace_id = OLD.workspace_id AND id = (OLD.card ->> 'id')::uuid
                AND NOT EXISTS (
                    SELECT FROM message
                    WHERE workspace_id = OLD.workspace_id AND card IS NOT NULL AND card ->> 'id' = OLD.card ->> 'id'
                );
            RETURN NULL;
        END $$
        """
    )
    op.execute(
        "CREATE TRIGGER let_go_of_card AFTER DELETE ON message "
        "FOR EACH ROW WHEN (OLD.card IS NOT NULL) EXECUTE FUNCTION let_go_of_card()"
    )
    op.execute(
        "CREATE TRIGGER let_go_of_changed_card AFTER UPDATE OF card ON message "
        "FOR EACH ROW WHEN (OLD.card IS NOT NULL AND OLD.card IS DISTINCT FROM NEW.card) "
        "EXECUTE FUNCTION let_go_of_card()"
    )


def downgrade() -> None:
    op.execute("DROP TRIGGER let_go_of_changed_card ON message")
    op.execute("DROP TRIGGER let_go_of_card ON message")
    op.execute("DROP FUNCTION let_go_of_card()")
