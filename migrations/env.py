"""Runs the migrations: as the role of DATABASE_URL, which owns the tables, in the system scope."""

from __future__ import annotations

from alembic import context
from flask import current_app
from sqlalchemy import create_engine, pool, text

from chatapp.common.db import Base
from chatapp.subscriptions import SUBSCRIPTIONS

assert SUBSCRIPTIONS  # importing the table imports every model


def run() -> None:
    engine = create_engine(current_app.extensions["chatapp.config"].database_url, poolclass=pool.NullPool)
    with engine.connect() as connection:
        # Row-level security is forced on the owner too: without this a data migration would silently touch nothing.
        connection.execute(text("SELECT set_config('app.scope', 'system', false)"))
        connection.execute(text("SET lock_timeout = '2s'"))
        connection.commit()
        context.configure(
            connection=connection,
            target_metadata=Base.metadata,
            compare_type=True,
            transaction_per_migration=True,
        )
        with context.begin_transaction():
            context.run_migrations()


run()
