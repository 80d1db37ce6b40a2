"""Reads about attributes."""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from dataclasses import dataclass
from typing import Any
from uuid import UUID

from sqlalchemy import select

from chatapp.attributes.models import Attribute, Values
from chatapp.common.db import db
from chatapp.common.errors import not_found


@dataclass(frozen=True)
class Filled:
    """An attribute of one row, and what is written down there; None for nothing."""

    attribute: Attribute
    value: Any


def attributes(subject: str | None = None) -> Sequence[Attribute]:
    """Those of the current workspace, in their order; of one subject, or of all."""
    asked = [] if subject is None else [Attribute.subject == subject]
    return db.session.scalars(
        select(Attribute).where(*asked).order_by(Attribute.subject, Attribute.position, Attribute.id)
    ).all()


def attribute(attribute_id: UUID, *, subject: str | None = None) -> Attribute:
    """One of the current workspace, about this subject if one is named. Raises `AppError` 404."""
    found = db.session.scalar(select(Attribute).where(Attribute.id == attribute_id))
    if found is None or subject not in (None, found.subject):
        raise not_found()
    return found


def filled(values_of: Mapping[str, Values]) -> dict[str, list[Filled]]:
    """Every attribute with its value, by subject; `values_of` holds the values of a row of each subject."""
    found: dict[str, list[Filled]] = {subject: [] for subject in values_of}
    for each in attributes():
        if each.subject in found:
            found[each.subject].append(Filled(each, values_of[each.subject].get(each.place)))
    return found


def missing(values: Values) -> list[Attribute]:
    """What has to be filled in before a conversation is closed, and is not."""
    required = select(Attribute).where(Attribute.subject == "conversations", Attribute.is_required)
    found = db.session.scalars(required.order_by(Attribute.position, Attribute.id))
    return [each for each in found if values.get(each.place) is None]
