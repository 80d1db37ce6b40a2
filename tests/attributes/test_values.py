"""What is typed for each kind of attribute: kept, shown, written into a table and read again, or refused."""

from __future__ import annotations

from typing import Any

import pytest
from flask import Flask

from chatapp.attributes import values
from chatapp.attributes.models import KINDS, Attribute
from chatapp.attributes.services import key_of
from chatapp.common.errors import AppError

GOOD: list[tuple[str, list[str], Any, str]] = [
    ("text", ["  a\n b "], "a b", "a b"),
    ("text", [""], None, ""),
    ("number", ["1,50"], "1.5", "1.5"),
    ("number", ["-12000"], "-12000", "-12,000"),
    ("money", ["12.50"], "12.5", "€12.50"),
    ("checkbox", ["y"], True, "Yes"),
    ("checkbox", [], None, ""),
    ("checkbox", ["no"], None, ""),
    ("date", ["2026-02-03"], "2026-02-03", "3 Feb 2026"),
    ("link", ["https://a.example/x?y=1"], "https://a.example/x?y=1", "https://a.example/x?y=1"),
    ("list", ["GOLD"], "Gold", "Gold"),
    ("multi", ["silver", "Gold"], ["Gold", "Silver"], "Gold, Silver"),
    ("multi", ["", " "], None, ""),
]
BAD: list[tuple[str, list[str]]] = [
    ("text", ["x" * 501]),
    ("number", ["many"]),
    ("number", ["1e9"]),
    ("money", ["1.005"]),
    ("checkbox", ["maybe"]),
    ("date", ["03/02/2026"]),
    ("date", ["2026-02-30"]),
    ("link", ["javascript:alert(1)"]),
    ("link", ["shop.example"]),
    ("link", ["http://[x"]),
    ("link", ["https://a.example/ b"]),
    ("list", ["Bronze"]),
    ("multi", ["Gold", "Bronze"]),
]


def attribute(kind: str) -> Attribute:
    return Attribute(kind=kind, name=kind, options=["Gold", "Silver"], currency="EUR")


def test_what_fits_is_kept_shown_and_comes_back_from_a_table(app: Flask) -> None:
    assert {kind for kind, *_rest in GOOD} == set(KINDS)
    with app.test_request_context(headers={"Accept-Language": "en-GB"}):
        for kind, typed, kept, shown in GOOD:
            one = attribute(kind)
            assert values.read(one, typed) == kept, typed
            assert values.of_cell(one, values.cell(kept)) == kept, typed
            if kept is not None:
                assert values.words(one, kept) == shown or kind == "date", typed


def test_what_does_not_fit_is_refused_with_a_sentence(app: Flask) -> None:
    with app.test_request_context():
        for kind, typed in BAD:
            with pytest.raises(AppError) as refused:
                values.read(attribute(kind), typed)
            assert refused.value.status == 422, typed


@pytest.mark.parametrize(
    ("name", "key"),
    [("Nº de pedido", "no_de_pedido"), ("Plan", "plan"), ("2nd name", "attribute_2nd_name"), ("名", "attribute")],
)
def test_a_name_becomes_a_key(name: str, key: str) -> None:
    assert key_of(name) == key
