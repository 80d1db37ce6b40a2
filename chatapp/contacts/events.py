"""What was asked for."""

from __future__ import annotations

from dataclasses import dataclass
from uuid import UUID

from chatapp.common.events import Event


@dataclass(frozen=True, kw_only=True)
class ContactExportRequested(Event):
    """Somebody wants all contacts as a file, or its next part is due."""

    export_id: UUID


@dataclass(frozen=True, kw_only=True)
class ContactImportDue(Event):
    """A table of contacts is to be looked through or taken in, or its next rows are due."""

    import_id: UUID
