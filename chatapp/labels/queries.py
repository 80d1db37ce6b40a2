"""Reads about labels."""

from __future__ import annotations

from collections import Counter
from collections.abc import Sequence
from uuid import UUID

from sqlalchemy import select

from chatapp.common.db import db
from chatapp.common.errors import not_found
from chatapp.labels.models import COLOURS, Label


def labels() -> Sequence[Label]:
    """Every label of the current workspace, by name."""
    return sorted(db.session.scalars(select(Label)), key=lambda label: (label.name.casefold(), label.id))


def label(label_id: UUID) -> Label:
    """A label of the current workspace. Raises `AppError` 404."""
    found = db.session.scalar(select(Label).where(Label.id == label_id))
    if found is None:
        raise not_found()
    return found


def label_named(name: str) -> Label | None:
    """The one of this name, however it is capitalised."""
    wanted = tidy_name(name).casefold()
    return next((label for label in labels() if label.name.casefold() == wanted), None)


def tidy_name(name: str) -> str:
    """A name as it is kept: in one line, with single blanks."""
    return " ".join(name.replace("\x00", "").split())


def rarest_colour() -> str:
    """The first of the colours that fewest labels have."""
    used = Counter(db.session.scalars(select(Label.colour)).all())
    return min(COLOURS, key=lambda colour: used[colour])
