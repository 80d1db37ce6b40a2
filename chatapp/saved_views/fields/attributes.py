"""What can be asked about the attributes that a company has given its conversations and contacts."""

from __future__ import annotations

from collections.abc import Iterable
from decimal import Decimal
from typing import Any

from sqlalchemy import Numeric, cast, or_

from chatapp.attributes.models import Attribute
from chatapp.common.conditions import Criterion, Field, Group, among, chosen, compared, flagged, present, worded

PREFIX = "attribute:"
_KINDS = {
    "text": "text",
    "link": "text",
    "number": "number",
    "money": "number",
    "checkbox": "flag",
    "date": "date",
    "list": "option",
    "multi": "option",
}


def is_asked_for(groups: Iterable[Group]) -> bool:
    """Whether any of these conditions is about an attribute: else nobody needs to know which there are."""
    return any(rule.field.startswith(PREFIX) for group in groups for rule in group.rules)


def field_of(attribute: Attribute, values: Any, *, words: str = "%s") -> Field:
    """An attribute as a field; `values` is the column that holds those of a row."""
    return _field(attribute, values, words % attribute.name)


def _field(attribute: Attribute, values: Any, words: str) -> Field:
    def criterion(operator: str, value: Any) -> Criterion:
        return _asked(attribute, values[attribute.place], operator, value)

    options = [(option, option) for option in attribute.options]
    return Field(f"{PREFIX}{attribute.id}", words, _KINDS[attribute.kind], criterion, lambda: options)


def _asked(attribute: Attribute, known: Any, operator: str, value: Any) -> Criterion:
    """What is known was checked when it was written down, so that it can be read as what it is."""
    text = known.astext
    if attribute.kind in ("text", "link"):
        return worded(text, operator, value)
    if attribute.kind in ("number", "money"):
        return compared(cast(text, Numeric), operator, Decimal(value) if value else None)
    if attribute.kind == "date":
        return compared(text, operator, value)
    if attribute.kind == "checkbox":
        return flagged(operator, text == "true")
    if operator in ("known", "unknown"):
        return present(operator, text.is_not(None))
    if attribute.kind == "list":
        return chosen(operator, among(text, value))
    return chosen(operator, or_(*(known.contains([option]) for option in value)))
