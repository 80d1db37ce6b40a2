"""Conditions: what makes no sense is refused with a sentence, the rest comes back from JSON as it was."""

from __future__ import annotations

from typing import Any

import pytest
from flask import Flask
from sqlalchemy import column

from chatapp.common.conditions import (
    MOST_RULES,
    Field,
    among,
    checked,
    chosen,
    criterion,
    kept,
    number_text,
    read,
)
from chatapp.common.errors import AppError

FIELDS = {
    "colour": Field(
        "colour", "Colour", "choice", lambda how, it: chosen(how, among(column("c"), it)), lambda: [("red", "Red")]
    ),
    **{
        kind: Field(kind, kind, kind, lambda how, _it: column(how))
        for kind in ("flag", "age", "text", "number", "date")
    },
}
RED = {"field": "colour", "operator": "any_of", "value": ["red"]}


def all_of(*parts: Any) -> dict[str, Any]:
    return {"match": "all", "parts": list(parts)}


def is_so(field: str, operator: str, value: Any = None) -> dict[str, Any]:
    return all_of({"field": field, "operator": operator, "value": value})


NONSENSE: list[object] = [
    None,
    [],
    {},
    {"match": "some", "parts": []},
    {"match": "all", "parts": {}},
    all_of("x"),
    all_of(all_of()),
    all_of(all_of(RED, all_of(RED))),
    all_of(*[all_of(RED)] * 6),
    all_of(*[RED] * (MOST_RULES + 1)),
    is_so("secret", "any_of", ["red"]),
    is_so(["colour"], "any_of", ["red"]),
    is_so("colour", "contains", "red"),
    is_so("colour", ["any_of"], ["red"]),
    is_so("colour", "any_of", []),
    is_so("colour", "any_of", "red"),
    is_so("colour", "any_of", ["blue"]),
    is_so("colour", "any_of", [{"$gt": ""}]),
    is_so("age", "more_than", {"amount": "0", "unit": "days"}),
    is_so("age", "more_than", {"amount": "1e3", "unit": "days"}),
    is_so("age", "more_than", {"amount": "99999", "unit": "days"}),
    is_so("age", "more_than", {"amount": "3", "unit": "years"}),
    is_so("age", "more_than", 3),
    is_so("text", "contains", " \x00 "),
    is_so("text", "contains", "x" * 201),
    is_so("number", "equals", "many"),
    is_so("number", "equals", "9" * 400),
    is_so("number", "equals", "NaN"),
    is_so("date", "before", "31/12/2026"),
    is_so("date", "before", None),
]


def test_what_makes_no_sense_is_refused_with_a_sentence(app: Flask) -> None:
    with app.test_request_context():
        for raw in NONSENSE:
            with pytest.raises(AppError) as refused:
                checked(raw, FIELDS)
            assert refused.value.status == 422, raw
            assert refused.value.fields["conditions"].endswith("."), raw


def test_what_is_kept_is_read_again(app: Flask) -> None:
    old = {"field": "age", "operator": "less_than", "value": {"amount": "3", "unit": "hours"}}
    either = {"match": "any", "parts": [{"field": "flag", "operator": "yes"}, old]}
    with app.test_request_context():
        group = checked(all_of(RED, either), FIELDS)
    assert read(kept(group)) == group
    assert str(criterion(group, FIELDS)) == "c IN (__[POSTCOMPILE_c_1]) AND (yes OR less_than)"


def test_a_field_that_is_gone_finds_nothing_and_no_condition_finds_everything() -> None:
    assert str(criterion(read(is_so("gone", "yes")), FIELDS)) == "false"
    assert str(criterion(read(all_of()), FIELDS)) == "true"


@pytest.mark.parametrize(("text", "number"), [("12", "12"), (" 012,50 ", "12.5"), ("-3.000", "-3"), ("1000", "1000")])
def test_a_number_is_kept_in_one_way(text: str, number: str) -> None:
    assert number_text(text) == number
