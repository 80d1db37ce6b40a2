"""At which version the database is, and at which this program wants it.

Alembic is a tenth of the start of a process, and most processes never ask: it is loaded by the first question.
"""

from __future__ import annotations

from functools import cache
from pathlib import Path
from typing import TYPE_CHECKING

from chatapp.common.db import db

if TYPE_CHECKING:
    from flask import Flask
    from sqlalchemy import Connection

_FOLDER = str(Path(__file__).parents[2] / "migrations")


def init_app(app: Flask) -> None:
    """What `flask db` and `flask_migrate.upgrade` ask for."""
    from flask_migrate import Migrate

    Migrate(app, db, directory=_FOLDER)


def applied(connection: Connection) -> frozenset[str]:
    """The newest migrations that the database has seen; none of an empty one."""
    from alembic.migration import MigrationContext

    return frozenset(MigrationContext.configure(connection).get_current_heads())


@cache
def wanted() -> frozenset[str]:
    """The newest migrations of this program. Reads all of them, once."""
    from alembic.script import ScriptDirectory

    return frozenset(ScriptDirectory(_FOLDER).get_heads())
