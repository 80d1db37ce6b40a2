"""Reads about cards."""

from __future__ import annotations

from collections.abc import Collection
from datetime import datetime

from sqlalchemy import cast, delete, select

from chatapp.common.db import db
from chatapp.link_cards.models import LinkCard
from chatapp.messages.models import Message


def still_good(fingerprints: Collection[str], at: datetime) -> LinkCard | None:
    """What was looked up lately for the address with one of these fingerprints."""
    known = (LinkCard.fingerprint.in_(fingerprints), LinkCard.expires_at > at)
    return db.session.scalar(select(LinkCard).where(*known).order_by(LinkCard.expires_at.desc()).limit(1))


def picture(token: str) -> bytes | None:
    """Of the current workspace."""
    return db.session.scalar(select(LinkCard.picture).where(LinkCard.picture_token == token))


def forget_over(at: datetime, limit: int) -> None:
    """What no message shows, and nobody would take any more. Needs `across_tenants`."""
    shown_id = Message.card["id"].astext
    showing = select(Message.id).where(
        Message.workspace_id == LinkCard.workspace_id,
        Message.card.is_not(None),
        shown_id == cast(LinkCard.id, shown_id.type),
    )
    over = select(LinkCard.id).where(LinkCard.expires_at <= at, ~showing.exists()).limit(limit)
    db.session.execute(delete(LinkCard).where(LinkCard.id.in_(over)))
