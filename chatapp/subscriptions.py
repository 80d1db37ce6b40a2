"""What happens when: every event and who hears of it, and who prepares which letter. No logic lives here."""

from __future__ import annotations

from collections.abc import Mapping

from chatapp.auth.services import recovery
from chatapp.common.events import Event, Subscription
from chatapp.common.postbox import Preparer
from chatapp.conversations import handlers as conversation_handlers
from chatapp.conversations import streams as conversation_streams
from chatapp.conversations.events import (
    ConversationChanged,
    ConversationReadByVisitor,
    ConversationStarted,
    FirstResponseGiven,
)
from chatapp.endusers import handlers as enduser_handlers
from chatapp.messages import streams as message_streams
from chatapp.messages.events import MessageCreated
from chatapp.projects.events import ProjectSeen
from chatapp.workspaces import streams as workspace_streams
from chatapp.workspaces.events import MemberRemoved

SUBSCRIPTIONS: Mapping[type[Event], Subscription] = {
    MemberRemoved: Subscription(now=[workspace_streams.close_sockets]),
    ProjectSeen: Subscription(),
    ConversationStarted: Subscription(),
    ConversationChanged: Subscription(now=[conversation_streams.show_row]),
    ConversationReadByVisitor: Subscription(now=[conversation_streams.show_visitor_read]),
    FirstResponseGiven: Subscription(later=[conversation_handlers.tell_project_its_reply_time]),
    MessageCreated: Subscription(
        now=[message_streams.show_message],
        later=[enduser_handlers.note_message],
    ),
}

LETTERS: Mapping[str, Preparer] = {recovery.LETTER: recovery.prepare}
"""Letters whose facts are looked up when they are sent; the others carry theirs."""
