"""What was filled in goes when its attribute is gone: a stretch of rows by key, then the next, each a transaction."""

from __future__ import annotations

from dataclasses import replace
from typing import Any

from sqlalchemy import String, literal, select, update

from chatapp.attributes.events import AttributeDeleted
from chatapp.common.db import db
from chatapp.common.events import emit
from chatapp.common.ids import uuid7

STEP = 2_000


def go_on(rows: Any, event: AttributeDeleted) -> None:
    """`rows`: the table whose `attributes` may have it. Doing it again changes nothing."""
    place = str(event.attribute_id)
    behind = [] if event.last_id is None else [rows.id > event.last_id]
    ids = db.session.scalars(select(rows.id).where(*behind).order_by(rows.id).limit(STEP)).all()
    has_it = (rows.id.in_(ids), rows.attributes.has_key(place))
    left = rows.attributes.op("-")(literal(place, String()))
    db.session.execute(update(rows).where(*has_it).values(attributes=left))
    if len(ids) == STEP:
        emit(replace(event, id=uuid7(), last_id=ids[-1], cause=event.id))
