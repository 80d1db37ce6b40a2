"""What can be asked about a contact."""

from __future__ import annotations

from collections.abc import Sequence
from typing import Any
from uuid import UUID

from flask_babel import gettext as _
from sqlalchemy import select

from chatapp.attributes import queries as attributes
from chatapp.common.conditions import Criterion, Field, Fields, Group, aged, chosen, flagged, worded
from chatapp.conversations.models import Conversation, ConversationLabel
from chatapp.endusers.models import EndUser
from chatapp.labels import queries as labels
from chatapp.saved_views.fields.attributes import field_of

ORDERS = ("seen", "name", "newest")


def fields(_me: UUID | None = None, *, with_attributes: bool = True) -> Fields:
    """By name."""
    made = (
        _text("name", _("Name"), EndUser.name),
        _text("email", _("Email"), EndUser.email),
        _text("phone", _("Phone"), EndUser.phone),
        _text("company", _("Company"), EndUser.company),
        Field("seen", _("Last seen"), "age", lambda operator, value: aged(EndUser.last_seen_at, operator, value)),
        Field("created", _("First seen"), "age", lambda operator, value: aged(EndUser.created_at, operator, value)),
        _flag("blocked", _("Blocked"), EndUser.blocked_at.is_not(None)),
        _flag("talks", _("Has a conversation"), _their_conversations().exists()),
        _flag("open", _("Has an open conversation"), _their_conversations(Conversation.status == "open").exists()),
        Field("label", _("Label of a conversation"), "choice", _labelled, _labels),
    )
    known = attributes.attributes("contacts") if with_attributes else []
    own = [field_of(attribute, EndUser.attributes) for attribute in known]
    return {field.name: field for field in (*made, *own)}


def orders_of(_group: Group) -> Sequence[str]:
    """In which orders the contacts of a segment may stand."""
    return ORDERS


def _text(name: str, words: str, column: Any) -> Field:
    return Field(name, words, "text", lambda operator, value: worded(column, operator, value))


def _flag(name: str, words: str, holds: Criterion) -> Field:
    return Field(name, words, "flag", lambda operator, _value: flagged(operator, holds))


def _their_conversations(*criteria: Criterion) -> Any:
    """Those that the member sees: their sight comes with every statement."""
    return select(Conversation.id).where(Conversation.end_user_id == EndUser.id, *criteria).correlate(EndUser)


def _labelled(operator: str, value: Sequence[str]) -> Criterion:
    theirs = _their_conversations().join(ConversationLabel, ConversationLabel.conversation_id == Conversation.id)
    return chosen(operator, theirs.where(ConversationLabel.label_id.in_([UUID(each) for each in value])).exists())


def _labels() -> list[tuple[str, str]]:
    return [(str(label.id), label.name) for label in labels.labels()]
