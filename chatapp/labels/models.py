"""Labels."""

from __future__ import annotations

from sqlalchemy import CheckConstraint, UniqueConstraint
from sqlalchemy.orm import Mapped, mapped_column

from chatapp.common.db import Base, KeyMixin, TenantMixin, tenant_key

COLOURS = ("red", "orange", "amber", "lime", "green", "teal", "sky", "iris", "purple", "pink", "grey")
"""What each of them looks like, in light and in dark, is said in css/ui/label-dot.css; a test computes the contrast."""


class Label(KeyMixin, TenantMixin, Base):
    """A label; one name, however it is capitalised, is one label."""

    __tablename__ = "label"
    __table_args__ = (
        tenant_key(),
        UniqueConstraint("workspace_id", "name"),
        CheckConstraint(f"colour IN ({', '.join(repr(colour) for colour in COLOURS)})", name="colour"),
    )

    name: Mapped[str]
    colour: Mapped[str] = mapped_column(default="grey")
