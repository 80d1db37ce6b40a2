"""What was asked for, and what is gone."""

from __future__ import annotations

from dataclasses import dataclass
from uuid import UUID

from chatapp.common.events import Event


@dataclass(frozen=True, kw_only=True)
class PersonExportRequested(Event):
    """Somebody wants a person's data as a file, or its next part is due."""

    export_id: UUID


@dataclass(frozen=True, kw_only=True)
class PersonErasureRequested(Event):
    """Somebody wants a person erased."""

    erasure_id: UUID


@dataclass(frozen=True, kw_only=True)
class PersonErased(Event):
    """A person is gone. The outbox keeps no row of it, for it names them."""

    end_user_id: UUID


@dataclass(frozen=True, kw_only=True)
class ConversationErased(Event):
    """A conversation is gone, or no longer anybody's. `desks`: the keys of those on which it lay."""

    conversation_id: UUID
    desks: str


@dataclass(frozen=True, kw_only=True)
class RetentionDue(Event):
    """A workspace's rules are to be applied, or their next batch; with what the run has done so far."""

    deleted: int = 0
    anonymised: int = 0
