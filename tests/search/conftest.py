"""What the tests of search share."""

from __future__ import annotations

from collections.abc import Callable

import pytest
from flask import Flask

from chatapp.jobs import search


@pytest.fixture
def look_through(app: Flask) -> Callable[[], None]:
    """What the clock does: from now on, what has been written is found."""

    def look() -> None:
        with app.app_context():
            search.look_through()

    return look
