"""Writes about contacts."""

from chatapp.endusers.services.people import (
    FACTS,
    block,
    change_note,
    close_session,
    create,
    delete_note,
    describe,
    drop_files,
    ensure,
    fill_in,
    leave_address,
    note_message,
    open_session,
    unblock,
    welcome,
    write_note,
)

__all__ = [
    "FACTS",
    "block",
    "change_note",
    "close_session",
    "create",
    "delete_note",
    "describe",
    "drop_files",
    "ensure",
    "fill_in",
    "leave_address",
    "note_message",
    "open_session",
    "unblock",
    "welcome",
    "write_note",
]
