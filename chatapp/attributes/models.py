"""Attributes."""

from __future__ import annotations

from typing import Any

from sqlalchemy import CheckConstraint, UniqueConstraint
from sqlalchemy.dialects.postgresql import JSONB
from sqlalchemy.orm import Mapped, mapped_column

from chatapp.common.db import Base, KeyMixin, TenantMixin, tenant_key

SUBJECTS = ("conversations", "contacts")
KINDS = ("text", "number", "money", "checkbox", "date", "link", "list", "multi")
WITH_OPTIONS = ("list", "multi")
CURRENCIES = ("EUR", "USD", "GBP", "MXN", "ARS", "BRL", "CHF", "CLP", "COP", "JPY", "PEN", "UYU")

Values = dict[str, Any]
"""What is written down about one row, by the ids of the attributes; what is not known is left out."""


class Attribute(KeyMixin, TenantMixin, Base):
    """Something to know about each row of `subject`. `key` is its name for programs and never changes, nor its kind."""

    __tablename__ = "attribute"
    __table_args__ = (
        tenant_key(),
        UniqueConstraint("workspace_id", "subject", "key"),
        CheckConstraint("subject IN ('conversations', 'contacts')", name="subject"),
        CheckConstraint(f"kind IN ({', '.join(repr(kind) for kind in KINDS)})", name="kind"),
        CheckConstraint("NOT is_required OR subject = 'conversations'", name="is_required"),
    )

    subject: Mapped[str]
    key: Mapped[str]
    name: Mapped[str]
    kind: Mapped[str]
    options: Mapped[list[str]] = mapped_column(JSONB, default=list)
    currency: Mapped[str | None]
    is_required: Mapped[bool] = mapped_column(default=False)
    position: Mapped[int]

    @property
    def place(self) -> str:
        """Its name among the values of a row."""
        return str(self.id)

    def written(self, values: Values, value: Any) -> Values:
        """The values of a row with this one among them; with None without it."""
        others = {place: known for place, known in values.items() if place != self.place}
        return others if value is None else {**others, self.place: value}
