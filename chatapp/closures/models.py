"""What stays of a workspace that is gone: that it was there, and when it went."""

from __future__ import annotations

from datetime import datetime

from sqlalchemy.orm import Mapped

from chatapp.common.db import Base, KeyMixin


class PurgedWorkspace(KeyMixin, Base):
    """A record of the installation; `id` and `created_at` are those of the workspace."""

    __tablename__ = "purged_workspace"

    slug: Mapped[str]
    name: Mapped[str]
    closed_at: Mapped[datetime]
    purged_at: Mapped[datetime]
