"""What views are made of, by what they are about: their fields, their orders and where they are shown."""

from __future__ import annotations

from collections.abc import Callable, Mapping, Sequence
from dataclasses import dataclass
from uuid import UUID

from chatapp.common.conditions import Fields, Group
from chatapp.conversations import permissions as conversation_permissions
from chatapp.saved_views import finding
from chatapp.saved_views.fields import contacts, conversations


@dataclass(frozen=True)
class Subject:
    """`permission`: what it takes to see such rows; `orders_of`: in which orders those of a view may stand."""

    name: str
    permission: str
    fields: Callable[[UUID], Fields]
    orders_of: Callable[[Group], Sequence[str]]


SUBJECTS: Mapping[str, Subject] = {
    "conversations": Subject("conversations", conversation_permissions.VIEW, conversations.fields, finding.orders_of),
    "contacts": Subject("contacts", "contacts.view", contacts.fields, contacts.orders_of),
}
