"""A database of its own for the tests of isolation: they plant defects in it."""

from collections.abc import Iterator

import pytest

from tests.isolation.world import World, make_world
from tests.support.engines import TestEngines


@pytest.fixture(scope="module")
def world(engines: TestEngines) -> Iterator[World]:
    """Acme and Globex. Without CSRF tokens, so that the fences between workspaces stand alone."""
    with make_world(engines, csrf=False) as made:
        yield made
