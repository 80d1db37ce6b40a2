"""The stylesheet that browsers get is every small file, once, in its layer."""

import re
from pathlib import Path

import pytest

from chatapp.common.assets import IMPORT, bundle

STATIC = Path(__file__).parents[2] / "chatapp" / "static"
CSS = STATIC / "css"
APART = {"layers.css", "site.css"}  # the list itself, and what the pretend site of the preview wears


def listed() -> list[str]:
    return [found["path"] for found in IMPORT.finditer((CSS / "layers.css").read_text(encoding="utf-8"))]


def test_every_stylesheet_is_listed_once() -> None:
    on_disk = {str(path.relative_to(CSS)) for path in CSS.rglob("*.css")} - APART
    assert set(listed()) == on_disk
    assert len(listed()) == len(on_disk)


def test_the_order_of_layers_comes_first() -> None:
    assert bundle(STATIC).startswith("@layer reset, tokens, base, ui, modules, utilities;")


def test_a_part_lands_in_its_layer() -> None:
    before, after = bundle(STATIC).split(".button {", 1)
    assert re.findall(r"^@layer (\w+) \{$", before, re.MULTILINE)[-1] == "ui"
    assert after


def test_nothing_is_imported_by_the_browser() -> None:
    assert "@import" not in bundle(STATIC)


@pytest.mark.parametrize("name", [name for name in listed() if "/" in name])
def test_only_top_files_use_relative_addresses(name: str) -> None:
    assert "url(" not in (CSS / name).read_text(encoding="utf-8")


def test_a_missing_file_is_an_error(tmp_path: Path) -> None:
    (tmp_path / "css").mkdir()
    (tmp_path / "css" / "layers.css").write_text('@import url("gone.css");\n', encoding="utf-8")
    with pytest.raises(FileNotFoundError):
        bundle(tmp_path)
