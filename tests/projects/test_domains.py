"""Which sites may show a widget."""

import pytest

from chatapp.projects.domains import NotADomainError, frame_sources, is_allowed, normalised


@pytest.mark.parametrize(
    ("origin", "entries", "allowed"),
    [
        ("https://shop.example", ["shop.example"], True),
        ("https://www.shop.example", ["shop.example"], True),
        ("https://SHOP.example:8443/cart", ["shop.example"], True),
        ("https://api.shop.example", ["shop.example"], False),
        ("https://api.shop.example", ["*.shop.example"], True),
        ("https://shop.example", ["*.shop.example"], False),
        ("https://evilshop.example", ["*.shop.example", "shop.example"], False),
        ("https://shop.example.evil.example", ["shop.example"], False),
        ("http://localhost:3000", ["localhost"], True),
        ("http://localhost:3000", ["localhost:4000"], False),
        ("http://localhost:3000", ["localhost:3000"], True),
        ("https://shop.example", [], False),
        ("null", ["shop.example"], False),
        ("https://[broken", ["shop.example"], False),
        ("https://shop.example:99999999", ["shop.example"], False),
    ],
)
def test_an_origin_is_compared_with_the_entries(origin: str, entries: list[str], allowed: bool) -> None:
    assert is_allowed(origin, entries) is allowed


@pytest.mark.parametrize(
    ("typed", "entry"),
    [
        ("https://Shop.example/cart", "shop.example"),
        (" shop.example/x ", "shop.example"),
        ("*.shop.example", "*.shop.example"),
    ],
)
def test_what_people_paste_becomes_an_entry(typed: str, entry: str) -> None:
    assert normalised(typed) == entry


@pytest.mark.parametrize("typed", ["", "shop example", "shop.example;script-src *", "'none'", "*", "https://", "-a-.b"])
def test_what_is_no_domain_is_refused(typed: str) -> None:
    with pytest.raises(NotADomainError):
        normalised(typed)


def test_entries_become_frame_sources() -> None:
    assert frame_sources(["shop.example", "*.b.example"]) == "shop.example:* www.shop.example:* *.b.example:*"
    assert frame_sources([]) == "'none'"
