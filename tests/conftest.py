"""What every test has. The fixtures live in `tests/support`, one subject per file."""

import pytest

from tests.support import chromium

pytest_plugins = (
    "tests.support.engines",
    "tests.support.application",
    "tests.support.live",
    "tests.support.browser",
    "tests.support.customer_site",
    "tests.support.figures",
)

_MARKS = {"browser": "browser", "live_server": "live"}


def pytest_collection_modifyitems(items: list[pytest.Item]) -> None:
    """Tests are marked by the fixtures they use, so `-m 'not browser'` needs nobody to remember a decorator."""
    for item in items:
        for fixture, mark in _MARKS.items():
            if fixture in getattr(item, "fixturenames", ()):
                item.add_marker(mark)


def pytest_report_header(config: pytest.Config) -> list[str]:
    if hasattr(config, "workerinput"):
        return []
    return [f"browser: {chromium.find() or chromium.MISSING}"]
