"""The outbox: events and their pending deliveries, as rows. Postgres is the truth; the queue is only a doorbell."""

from __future__ import annotations

from collections.abc import Collection
from datetime import datetime, timedelta
from typing import Any
from uuid import UUID

from sqlalchemy import CheckConstraint, ForeignKeyConstraint, Index, select
from sqlalchemy.orm import Mapped, joinedload, mapped_column, relationship

from chatapp.common.clock import now
from chatapp.common.db import Base, KeyMixin, TenantMixin, db, tenant_key

LEASE = timedelta(seconds=20)
MAX_ATTEMPTS = 8
_MAX_ERROR = 2_000
_MAX_REASON = 300


class OutboxEvent(KeyMixin, TenantMixin, Base):
    """One committed event."""

    __tablename__ = "outbox_event"
    __table_args__ = (tenant_key(),)

    name: Mapped[str]
    payload: Mapped[dict[str, Any]]


class OutboxDelivery(KeyMixin, TenantMixin, Base):
    """One event on its way to one handler. `dead` deliveries wait for a person, who retries or discards them."""

    __tablename__ = "outbox_delivery"
    __table_args__ = (
        ForeignKeyConstraint(
            ["workspace_id", "event_id"], ["outbox_event.workspace_id", "outbox_event.id"], ondelete="CASCADE"
        ),
        CheckConstraint("state IN ('pending', 'done', 'dead', 'discarded')", name="state"),
        Index("ix_outbox_delivery_due", "available_at", postgresql_where="state = 'pending'"),
        Index("ix_outbox_delivery_event", "workspace_id", "event_id"),
        Index("ix_outbox_delivery_dead", "workspace_id", "created_at", "id", postgresql_where="state = 'dead'"),
    )

    event_id: Mapped[UUID]
    handler: Mapped[str]
    state: Mapped[str] = mapped_column(default="pending")
    attempts: Mapped[int] = mapped_column(default=0)
    available_at: Mapped[datetime] = mapped_column(default=now)
    leased_until: Mapped[datetime | None]
    last_error: Mapped[str | None]
    event: Mapped[OutboxEvent] = relationship(lazy="raise")

    def lease(self, at: datetime) -> None:
        """Take hold of it; what nobody lived to finish or to fail in `MAX_ATTEMPTS` is given up."""
        if self.attempts >= MAX_ATTEMPTS:
            self.fail("Each time, the process that was at it died.", at)
            return
        self.leased_until = at + LEASE
        self.attempts += 1

    def succeed(self) -> None:
        self.state, self.leased_until, self.last_error = "done", None, None

    def fail(self, error: str, at: datetime) -> None:
        """Try again later, each time after twice the pause; give up after `MAX_ATTEMPTS`."""
        self.last_error, self.leased_until = error[:_MAX_ERROR], None
        if self.attempts >= MAX_ATTEMPTS:
            self.state = "dead"
        else:
            self.available_at = at + timedelta(seconds=2**self.attempts)

    @property
    def reason(self) -> str:
        """The last line of what went wrong: the lines above it are for whoever reads the code."""
        lines = (self.last_error or "").strip().splitlines()
        return lines[-1][:_MAX_REASON] if lines else ""


def lease_due(limit: int, *, of: Collection[str] = (), but: Collection[str] = ()) -> list[UUID]:
    """Take hold of the oldest due deliveries of the current workspace that nobody else holds: those to these handlers,
    or to all but these."""
    moment = now()
    wanted = OutboxDelivery.handler.in_(of) if of else OutboxDelivery.handler.not_in(but)
    due = db.session.scalars(
        select(OutboxDelivery)
        .where(OutboxDelivery.state == "pending", OutboxDelivery.available_at <= moment, _unleased(moment), wanted)
        .order_by(OutboxDelivery.id)
        .limit(limit)
        .with_for_update(skip_locked=True)
    ).all()
    for delivery in due:
        delivery.lease(moment)
    return [delivery.id for delivery in due if delivery.state == "pending"]


def held_delivery(delivery_id: UUID) -> OutboxDelivery | None:
    """The delivery, locked for as long as its handler runs; None if it is done or another worker runs it."""
    return db.session.scalar(
        select(OutboxDelivery)
        .where(OutboxDelivery.id == delivery_id, OutboxDelivery.state == "pending")
        .options(joinedload(OutboxDelivery.event, innerjoin=True))
        .with_for_update(skip_locked=True, of=OutboxDelivery)
    )


def workspaces_with_due_deliveries() -> list[UUID]:
    """Every workspace that has work nobody holds. Needs `across_tenants`."""
    moment = now()
    statement = select(OutboxDelivery.workspace_id).where(
        OutboxDelivery.state == "pending", OutboxDelivery.available_at <= moment, _unleased(moment)
    )
    return list(db.session.scalars(statement.distinct()))


def _unleased(moment: datetime) -> Any:
    return (OutboxDelivery.leased_until.is_(None)) | (OutboxDelivery.leased_until < moment)


def again(moment: datetime) -> dict[str, Any]:
    """What a dead delivery becomes when a person has it tried again, with all its attempts."""
    return {"state": "pending", "attempts": 0, "available_at": moment, "leased_until": None}


DISCARDED: dict[str, Any] = {"state": "discarded", "leased_until": None}
"""What it becomes when a person gives it up. The row stays, so that it can be told what never happened."""
