"""The log in the words that people read: what changed, and what it was."""

from __future__ import annotations

from flask_babel import gettext as _
from flask_babel import lazy_gettext as _l

FIELDS = {
    "accent": _l("Colour"),
    "address": _l("Address"),
    "anonymised": _l("Conversations anonymised"),
    "assignment": _l("Handed out"),
    "capacity": _l("Open ones each"),
    "channel_kind": _l("Channel"),
    "code": _l("Short code"),
    "colour": _l("Colour"),
    "contact": _l("Contact"),
    "conversations": _l("Conversations"),
    "count": _l("How many"),
    "deleted": _l("Conversations deleted"),
    "description": _l("Description"),
    "domains": _l("Allowed domains"),
    "events": _l("Waiting tasks and events"),
    "first_response": _l("First answer"),
    "holidays": _l("Holidays"),
    "hours": _l("Business hours"),
    "hours_id": _l("Business hours"),
    "is_default": _l("Default"),
    "language": _l("Language"),
    "launcher_shape": _l("Shape of the launcher"),
    "launcher_side": _l("Side of the launcher"),
    "launcher_x": _l("From the side"),
    "launcher_y": _l("From the bottom"),
    "members": _l("Members"),
    "messages": _l("Messages"),
    "name": _l("Name"),
    "next_response": _l("Next answer"),
    "notes": _l("Content"),
    "only_online": _l("Only to those who are online"),
    "people": _l("People"),
    "permissions": _l("Permissions"),
    "plan": _l("Plan"),
    "project_id": _l("Project"),
    "projects": _l("Projects"),
    "reason": _l("Reason"),
    "resolution": _l("Close"),
    "role": _l("Role"),
    "rule": _l("Rule"),
    "scheme": _l("Light or dark"),
    "scopes": _l("Allowed"),
    "seats": _l("Seats"),
    "shows_faces": _l("Faces"),
    "team": _l("Team"),
    "team_id": _l("Team"),
    "text": _l("Text"),
    "last words": _l("Last words to the visitor"),
    "silent for": _l("Hours of silence"),
    "time zone": _l("Time zone"),
    "timezone": _l("Time zone"),
    "visibility": _l("Which conversations they see"),
    "visitor_sessions": _l("Browsers"),
    "warn_amount": _l("Warning"),
    "warn_unit": _l("Unit of the warning"),
    "week": _l("Week"),
    "words": _l("Words"),
}


def field_words(field: str) -> str:
    """One that has no words yet goes by its name."""
    return str(FIELDS.get(field, field))


def value_words(value: object) -> str:
    """What a field was, or became. Nothing at all is a dash."""
    if value is None or value == "":
        return "–"
    if isinstance(value, bool):
        return _("Yes") if value else _("No")
    return str(value)
