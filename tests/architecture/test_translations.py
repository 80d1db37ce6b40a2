"""Every text that a person reads can be read in Spanish too."""

import re
from collections.abc import Iterator
from html.parser import HTMLParser
from pathlib import Path

import pytest
from babel.messages.catalog import Catalog
from babel.messages.extract import extract_from_dir
from babel.messages.pofile import read_po

ROOT = Path(__file__).parents[2]
TEMPLATES = ROOT / "chatapp" / "templates"
CATALOGUE = ROOT / "chatapp" / "translations" / "es" / "LC_MESSAGES" / "messages.po"
KEYWORDS = {"_": None, "_l": None, "gettext": None, "lazy_gettext": None, "ngettext": (1, 2), "n_": (1, 2)}
METHODS = [("**.py", "python"), ("templates/**.html", "jinja2"), ("templates/**.txt", "jinja2")]
PLACEHOLDER = re.compile(r"%\(\w+\)[sd]")
# Names that are the same in every language, and pages for developers.
UNTRANSLATED = ("styleguide/",)
SAME_EVERYWHERE = {"Chatapp", "Marta Olivares", "Daniel Whitcombe", "Lucía Peralta", "Esc", "Ctrl", "J", "K"}


@pytest.fixture(scope="module")
def catalogue() -> Catalog:
    with CATALOGUE.open("rb") as file:
        return read_po(file, locale="es")


def _texts() -> Iterator[tuple[str, str | tuple[str, ...]]]:
    for name, _line, text, *_rest in extract_from_dir(ROOT / "chatapp", METHODS, keywords=KEYWORDS):
        if not name.removeprefix("templates/").startswith(UNTRANSLATED):
            yield name, text


def test_every_text_is_translated(catalogue: Catalog) -> None:
    texts = list(_texts())
    assert len(texts) > 100
    missing = {text for _name, text in texts if not _translation(catalogue, text)}
    assert missing == set(), "run bin/messages and translate what is empty"


def test_a_translation_keeps_the_placeholders(catalogue: Catalog) -> None:
    for message in catalogue:
        if message.id and isinstance(message.id, str):
            assert sorted(PLACEHOLDER.findall(message.id)) == sorted(PLACEHOLDER.findall(str(message.string)))


@pytest.mark.parametrize(
    "template", sorted(TEMPLATES.rglob("*.html")), ids=lambda path: str(path.relative_to(TEMPLATES))
)
def test_no_template_has_words_of_its_own(template: Path) -> None:
    if not str(template.relative_to(TEMPLATES)).startswith(UNTRANSLATED):
        assert _words(template.read_text()) == []


def test_words_of_its_own_are_found() -> None:
    assert _words('<p class="a">{{ _("fine") }} Hello</p>') == ["Hello"]
    assert _words('<button aria-label="Close it">{% if x %}yes{% endif %}</button>') == ["Close it", "yes"]


def _translation(catalogue: Catalog, text: str | tuple[str, ...]) -> bool:
    message = catalogue.get(text if isinstance(text, str) else text[0])
    if message is None:
        return False
    return bool(message.string) if isinstance(message.string, str) else all(message.string)


class _Reader(HTMLParser):
    """Collects what a person would read: texts, and the attributes that are read out or shown."""

    READABLE = ("aria-label", "title", "placeholder", "alt")

    def __init__(self) -> None:
        super().__init__()
        self.found: list[str] = []
        self._silent = 0

    def handle_starttag(self, tag: str, attrs: list[tuple[str, str | None]]) -> None:
        self._silent += tag in ("code", "style")
        self.found += [value for name, value in attrs if name in self.READABLE and value and _is_text(value)]

    def handle_endtag(self, tag: str) -> None:
        self._silent -= tag in ("code", "style")

    def handle_data(self, data: str) -> None:
        if not self._silent and _is_text(data):
            self.found.append(data.strip())


def _is_text(value: str) -> bool:
    return bool(re.search(r"[A-Za-zÀ-ÿ]{2}", value)) and value.strip() not in SAME_EVERYWHERE


def _words(source: str) -> list[str]:
    reader = _Reader()
    source = re.sub(r"\{% block \w*_?class %\}.*?\{% endblock %\}", "", source)
    source = re.sub(r"(</?)(\{\{.*?\}\}|\{%.*?%\})+\w*", r"\1x", source)
    reader.feed(re.sub(r"\{#.*?#\}|\{\{.*?\}\}|\{%.*?%\}", "", source, flags=re.DOTALL))
    return reader.found
