"""When a target is due, and when to warn of it: arithmetic alone."""

from __future__ import annotations

from dataclasses import dataclass
from datetime import datetime, timedelta

from chatapp.hours.calendar import Calendar

_MINUTE = 60


@dataclass(frozen=True)
class Notice:
    """How long before: so many percent of the target, or minutes."""

    amount: int
    unit: str

    def seconds_of(self, target: float) -> float:
        return target * self.amount / 100 if self.unit == "percent" else self.amount * _MINUTE


@dataclass(frozen=True)
class Deadline:
    """`warn_at` is None where nobody wants to be warned, or where it would come no later than the start."""

    due_at: datetime
    warn_at: datetime | None


def deadline(
    start: datetime, *, minutes: int, calendar: Calendar | None, notice: Notice | None = None
) -> Deadline | None:
    """In the calendar's open time, around the clock without one. None if it is never due: nothing is ever open."""
    target = float(minutes * _MINUTE)
    due_at = _add(start, target, calendar)
    if due_at is None:
        return None
    before = target - notice.seconds_of(target) if notice else 0
    return Deadline(due_at, _add(start, before, calendar) if before > 0 else None)


def after_pause(moment: datetime, *, paused_at: datetime, resumed_at: datetime, calendar: Calendar | None) -> datetime:
    """A moment that lay ahead when a clock was stopped: as far ahead, in open time, when it runs again.

    Where nothing is open any more, the hours having changed meanwhile, it moves by the length of the pause.
    """
    left = calendar.business_seconds(paused_at, moment) if calendar else 0
    moved = _add(resumed_at, left, calendar) if left else None
    return moved or moment + (resumed_at - paused_at)


def _add(start: datetime, seconds: float, calendar: Calendar | None) -> datetime | None:
    return calendar.add_business_seconds(start, seconds) if calendar else start + timedelta(seconds=seconds)
