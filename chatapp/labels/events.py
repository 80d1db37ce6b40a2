"""What happens to labels."""

from __future__ import annotations

from dataclasses import dataclass
from uuid import UUID

from chatapp.common.events import Event


@dataclass(frozen=True, kw_only=True)
class LabelsChanged(Event):
    """A label is new, is called otherwise, has another colour or is gone."""

    label_id: UUID
