"""What was looked up."""

from __future__ import annotations

from datetime import datetime
from typing import Any

from sqlalchemy import Index
from sqlalchemy.orm import Mapped, mapped_column

from chatapp.common.db import Base, KeyMixin, TenantMixin


class LinkCard(KeyMixin, TenantMixin, Base):
    """What an address led to when we looked; without a `title` there was nothing to show.

    Until `expires_at` other messages with the same address take it, too. `fingerprint` tells whether it is the same,
    without telling which. A trigger lets go of a card with the last message that shows it.
    """

    __tablename__ = "link_card"
    __table_args__ = (
        Index("ix_link_card_fingerprint", "workspace_id", "fingerprint", "expires_at"),
        Index("ix_link_card_expires_at", "expires_at"),
        Index("ix_link_card_picture", "workspace_id", "picture_token", postgresql_where="picture_token IS NOT NULL"),
    )

    fingerprint: Mapped[str]
    expires_at: Mapped[datetime]
    title: Mapped[str | None]
    description: Mapped[str] = mapped_column(default="")
    site: Mapped[str] = mapped_column(default="")
    picture: Mapped[bytes | None] = mapped_column(deferred=True, deferred_raiseload=True)
    picture_token: Mapped[str | None]

    def facts(self, url: str) -> dict[str, Any]:
        """What a message keeps of it, so that a thread is shown without a look at this table."""
        picture = f"/link-pictures/{self.workspace_id.hex}{self.picture_token}" if self.picture_token else None
        said = {"title": self.title, "description": self.description, "site": self.site}
        return {"id": str(self.id), "url": url, **said, "picture": picture}
