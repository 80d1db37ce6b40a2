"""Plans."""

from __future__ import annotations

from datetime import datetime

from flask_babel import ngettext
from sqlalchemy import CheckConstraint, PrimaryKeyConstraint
from sqlalchemy.orm import Mapped, mapped_column

from chatapp.common.clock import now
from chatapp.common.db import Base, TenantMixin
from chatapp.common.errors import AppError

NAMES = ("local", "free", "pro", "enterprise")


class WorkspacePlan(TenantMixin, Base):
    """A workspace's plan and its limits; an empty one limits nothing. Who has more already keeps it."""

    __tablename__ = "workspace_plan"
    __table_args__ = (
        PrimaryKeyConstraint("workspace_id"),
        CheckConstraint("name IN ('local', 'free', 'pro', 'enterprise')", name="name"),
        CheckConstraint("seats > 0", name="seats"),
        CheckConstraint("projects > 0", name="projects"),
    )

    name: Mapped[str] = mapped_column(default="local")
    seats: Mapped[int | None]
    projects: Mapped[int | None]
    changed_at: Mapped[datetime] = mapped_column(default=now)

    @property
    def has_limits(self) -> bool:
        return self.seats is not None or self.projects is not None

    def demand_seats(self, wanted: int, *, taken: int) -> None:
        """Raises `AppError` 402 when there are not as many left."""
        if self.seats is None or not wanted or taken + wanted <= self.seats:
            return
        sentence = ngettext(
            "Your plan allows %(num)s person, and %(taken)s are here or invited. Ask for a larger plan to add more.",
            "Your plan allows %(num)s people, and %(taken)s are here or invited. Ask for a larger plan to add more.",
            self.seats,
            taken=taken,
        )
        raise AppError(402, sentence)

    def demand_project(self, *, taken: int) -> None:
        """Raises `AppError` 402 when there is room for none."""
        if self.projects is None or taken < self.projects:
            return
        sentence = ngettext(
            "Your plan allows %(num)s project, and you have it. Ask for a larger plan to add more.",
            "Your plan allows %(num)s projects, and you have them. Ask for a larger plan to add more.",
            self.projects,
        )
        raise AppError(402, sentence)
