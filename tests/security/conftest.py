"""Two companies, with every protection in place."""

from collections.abc import Iterator

import pytest

from tests.isolation.world import World, make_world
from tests.support.engines import TestEngines


@pytest.fixture(scope="module")
def world(engines: TestEngines) -> Iterator[World]:
    with make_world(engines, csrf=True) as made:
        yield made
