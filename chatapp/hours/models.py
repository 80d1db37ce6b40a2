"""Schedules as rows: the week and its holidays are read and written as a whole."""

from __future__ import annotations

from datetime import date
from typing import Any
from zoneinfo import ZoneInfo

from sqlalchemy import Index, UniqueConstraint
from sqlalchemy.orm import Mapped, mapped_column

from chatapp.common.db import Base, KeyMixin, TenantMixin, tenant_key
from chatapp.hours.calendar import Calendar, Holiday, Period


class Hours(KeyMixin, TenantMixin, Base):
    """A named schedule. The default one holds wherever none is chosen."""

    __tablename__ = "hours"
    __table_args__ = (
        tenant_key(),
        UniqueConstraint("workspace_id", "name"),
        Index("uq_hours_default", "workspace_id", unique=True, postgresql_where="is_default"),
    )

    name: Mapped[str]
    timezone: Mapped[str]
    is_default: Mapped[bool] = mapped_column(default=False)
    week: Mapped[dict[str, Any]]
    holidays: Mapped[list[dict[str, Any]]] = mapped_column(default=list)

    @property
    def calendar(self) -> Calendar:
        week = tuple(_periods(self.week[str(day)]) for day in range(7))
        return Calendar(ZoneInfo(self.timezone), week, tuple(_holiday(stored) for stored in self.holidays))

    def set_calendar(self, calendar: Calendar) -> None:
        self.timezone = calendar.zone.key
        self.week = {str(day): _stored(periods) for day, periods in enumerate(calendar.week)}
        self.holidays = [
            {
                "name": holiday.name,
                "first": holiday.first.isoformat(),
                "last": holiday.last.isoformat(),
                "yearly": holiday.is_yearly,
                "periods": _stored(holiday.periods),
            }
            for holiday in calendar.holidays
        ]


def _stored(periods: tuple[Period, ...]) -> list[list[int]]:
    return [[period.start, period.end] for period in periods]


def _periods(stored: list[list[int]]) -> tuple[Period, ...]:
    return tuple(Period(start, end) for start, end in stored)


def _holiday(stored: dict[str, Any]) -> Holiday:
    first, last = date.fromisoformat(stored["first"]), date.fromisoformat(stored["last"])
    return Holiday(stored["name"], first, last, stored["yearly"], _periods(stored["periods"]))
