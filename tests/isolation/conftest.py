"""A database of its own for the tests of isolation: they plant defects in it."""

from collections.abc import Iterator
from dataclasses import replace

import pytest

from chatapp.app import create_app
from tests.factories import make_company
from tests.isolation.world import World
from tests.support.configuration import config_for
from tests.support.engines import TestEngines


@pytest.fixture(scope="module")
def world(engines: TestEngines) -> Iterator[World]:
    """Acme and Globex. Without the limits and the CSRF tokens, so that the fences between workspaces stand alone.

    What goes wrong inside is answered with 500, which the detectors report like any other wrong answer.
    """
    database_url = engines.make_database("isolation")
    config = config_for(database_url=database_url, redis_url=engines.redis_url(0), redis_prefix=engines.prefix("app"))
    app = create_app(replace(config, rate_limits=False))
    app.config.update(WTF_CSRF_ENABLED=False, PROPAGATE_EXCEPTIONS=False)
    made = World(app, database_url, make_company(app, "acme"), make_company(app, "globex"))
    yield made
    made.close()
