"""The byte budget: a shop must not become slower for having a chat."""

from pathlib import Path

import brotli

ROOT = Path(__file__).parents[2]


def weight(path: Path) -> int:
    return len(brotli.compress(path.read_bytes()))


def test_the_loader_weighs_at_most_two_kilobytes():
    assert weight(ROOT / "widget/loader.js") <= 2048


def test_the_opened_widget_weighs_at_most_thirty_kilobytes():
    # The page is smaller once rendered, but for the sentences that it carries: two kilobytes are set aside for them.
    panel = [ROOT / "chatapp/templates/widget/panel.html", *(ROOT / "chatapp/static/widget").iterdir()]
    assert weight(ROOT / "widget/loader.js") + sum(map(weight, panel)) + 2048 <= 30 * 1024
