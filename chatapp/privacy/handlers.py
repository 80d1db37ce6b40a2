"""What the worker does with what was asked for."""

from __future__ import annotations

from chatapp.privacy.events import PersonErasureRequested, PersonExportRequested, RetentionDue
from chatapp.privacy.services import erasures, exports, retention


def export(event: PersonExportRequested) -> None:
    exports.carry_on(event.export_id, actor=event.actor)


def erase(event: PersonErasureRequested) -> None:
    erasures.carry_out(event.erasure_id)


def apply_retention(event: RetentionDue) -> None:
    retention.apply(event)
