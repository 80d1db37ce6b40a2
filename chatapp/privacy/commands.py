"""`flask privacy …`: what an operator does before and after a restore."""

from __future__ import annotations

import json
from collections.abc import Iterator
from datetime import datetime
from typing import Any, TextIO
from uuid import UUID

import click
from flask.cli import AppGroup

from chatapp.common.clock import rfc3339
from chatapp.common.unit_of_work import unit_of_work
from chatapp.privacy import queries
from chatapp.privacy.services import erasures
from chatapp.workspaces import queries as workspaces

privacy = AppGroup("privacy", help="Keep the erased erased.")


@privacy.command("tombstones")
def tombstones() -> None:
    """Print what was erased, as keyed hashes, one a line: keep it apart from the backups."""
    for workspace_id in _workspaces():
        with unit_of_work(workspace_id):
            for erasure in queries.tombstones():
                click.echo(json.dumps(_line(workspace_id, erasure)))


@privacy.command("reapply")
@click.option("--from", "file", type=click.File(), help="What `tombstones` printed after the backup was made.")
def reapply(file: TextIO | None) -> None:
    """Erase again whoever a restored backup brought back. Running it twice does no harm."""
    for line in file or ():
        _remember(json.loads(line))
    total = 0
    for workspace_id in _workspaces():
        with unit_of_work(workspace_id):
            total += erasures.reapply()
    click.echo(f"Erased again: {total}")


def _workspaces() -> Iterator[UUID]:
    with unit_of_work():
        found = queries.workspaces_with_tombstones()
    yield from found


def _line(workspace_id: UUID, erasure: Any) -> dict[str, str | bool | None]:
    return {
        "id": str(erasure.id),
        "workspace_id": str(workspace_id),
        "asked_at": rfc3339(erasure.created_at),
        "id_fingerprint": erasure.id_fingerprint,
        "email_fingerprint": erasure.email_fingerprint,
        "is_part": erasure.is_part,
    }


def _remember(told: dict[str, Any]) -> None:
    """Workspaces that are not in the backup need no tombstones."""
    with unit_of_work():
        exists = workspaces.exists(UUID(told["workspace_id"]))
    if exists:
        with unit_of_work(UUID(told["workspace_id"])):
            erasures.remember(
                UUID(told["id"]),
                asked_at=datetime.fromisoformat(told["asked_at"]),
                id_fingerprint=told["id_fingerprint"],
                email_fingerprint=told["email_fingerprint"],
                is_part=told.get("is_part", False),
            )
