"""Keyed hashes of who was erased: they tell who it was only to whoever knows the person already, and our keys."""

from __future__ import annotations

from uuid import UUID

from chatapp.common.crypto import fingerprints
from chatapp.common.tenancy import current_workspace_id


def of_id(end_user_id: UUID) -> list[str]:
    """With each of our keys, the newest first. Of this workspace only: elsewhere the same person looks different."""
    return fingerprints(f"person:{current_workspace_id()}:{end_user_id}")


def of_email(email: str) -> list[str]:
    return fingerprints(f"email:{current_workspace_id()}:{email.strip().lower()}")
