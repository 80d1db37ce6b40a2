"""What the worker does with what was asked for."""

from __future__ import annotations

from chatapp.contacts.events import ContactExportRequested, ContactImportDue
from chatapp.contacts.services import exports, imports


def export(event: ContactExportRequested) -> None:
    exports.carry_on(event.export_id, actor=event.actor)


def take_in(event: ContactImportDue) -> None:
    imports.carry_on(event.import_id, actor=event.actor)
