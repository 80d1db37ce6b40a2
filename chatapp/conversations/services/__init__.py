"""Everything that changes a conversation. Callers hold its lock (`queries.locked`) when they take numbers from it."""

from chatapp.conversations.services.attributes import demand_filled_in, fill_in, fill_in_contact
from chatapp.conversations.services.contacts import describe_contact, show_contact
from chatapp.conversations.services.following import join, leave
from chatapp.conversations.services.marks import add_label, note_mentions, remove_label, set_priority
from chatapp.conversations.services.placing import assign, leave_team, move
from chatapp.conversations.services.standing import put_back, standings
from chatapp.conversations.services.state import close, demand_soon, reopen, set_pending, snooze, wake
from chatapp.conversations.services.talk import (
    mark_read,
    mark_read_by_visitor,
    mark_unread,
    note_correction,
    note_last_words,
    note_reply,
    note_sla,
    note_visitor_message,
    preview_of,
    rate,
    start,
)
from chatapp.conversations.services.telling import tell_changed, tell_reshaped

__all__ = [
    "add_label",
    "assign",
    "close",
    "demand_filled_in",
    "demand_soon",
    "describe_contact",
    "fill_in",
    "fill_in_contact",
    "join",
    "leave",
    "leave_team",
    "mark_read",
    "mark_read_by_visitor",
    "mark_unread",
    "move",
    "note_correction",
    "note_last_words",
    "note_mentions",
    "note_reply",
    "note_sla",
    "note_visitor_message",
    "preview_of",
    "put_back",
    "rate",
    "remove_label",
    "reopen",
    "set_pending",
    "set_priority",
    "show_contact",
    "snooze",
    "standings",
    "start",
    "tell_changed",
    "tell_reshaped",
    "wake",
]
