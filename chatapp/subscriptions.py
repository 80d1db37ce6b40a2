"""What happens when: every event and who hears of it; who prepares which letter, and who takes what back.

No logic lives here.
"""

from __future__ import annotations

from collections.abc import Mapping

from chatapp.assignment import handlers as assignment_handlers
from chatapp.attributes.events import AttributeDeleted
from chatapp.auth.services import recovery, registration
from chatapp.bulk import handlers as bulk_handlers
from chatapp.bulk import services as bulk
from chatapp.bulk.events import BulkRunDue
from chatapp.common.events import Event, Subscription
from chatapp.common.postbox import Preparer
from chatapp.contacts import handlers as contact_handlers
from chatapp.contacts.events import ContactExportRequested, ContactImportDue
from chatapp.contacts.services import merging
from chatapp.conversations import handlers as conversation_handlers
from chatapp.conversations import streams as conversation_streams
from chatapp.conversations.events import (
    AssigneeFreed,
    ConversationChanged,
    ConversationQueued,
    ConversationReadByVisitor,
    ConversationStarted,
    FirstResponseGiven,
    TurnChanged,
)
from chatapp.endusers import handlers as enduser_handlers
from chatapp.endusers import streams as enduser_streams
from chatapp.endusers.events import VisitorLoggedOut
from chatapp.labels import streams as label_streams
from chatapp.labels.events import LabelsChanged
from chatapp.link_cards import handlers as link_card_handlers
from chatapp.messages import streams as message_streams
from chatapp.messages import undoing
from chatapp.messages.events import AgentMentioned, LinkPosted, MessageChanged, MessageCreated, TeamMentioned
from chatapp.notifications import handlers as notification_handlers
from chatapp.notifications import streams as notification_streams
from chatapp.notifications.events import NotificationsChanged, PushDue
from chatapp.privacy import handlers as privacy_handlers
from chatapp.privacy import streams as privacy_streams
from chatapp.privacy.events import (
    ConversationErased,
    PersonErased,
    PersonErasureRequested,
    PersonExportRequested,
    RetentionDue,
)
from chatapp.privacy.services import deletions
from chatapp.projects.events import ProjectSeen
from chatapp.reshaping import services as reshaping
from chatapp.reshaping import streams as reshaping_streams
from chatapp.reshaping.events import ConversationReshaped
from chatapp.saved_views import streams as saved_view_streams
from chatapp.saved_views.events import SavedViewsChanged
from chatapp.scheduled import services as scheduled
from chatapp.scheduled import streams as scheduled_streams
from chatapp.scheduled.events import ScheduleChanged
from chatapp.sla import handlers as sla_handlers
from chatapp.sla.events import SlaBreached, SlaWarned
from chatapp.teams import streams as team_streams
from chatapp.teams.events import TeamChanged, TeamDeleted
from chatapp.undo.services import TakeBack
from chatapp.unseen import handlers as unseen_handlers
from chatapp.unseen import services as unseen
from chatapp.workspaces import streams as workspace_streams
from chatapp.workspaces.events import (
    FileFinished,
    MemberRemoved,
    MemberRightsChanged,
    PresenceChanged,
    WorkspaceClosed,
    WorkspaceSuspended,
)

SUBSCRIPTIONS: Mapping[type[Event], Subscription] = {
    WorkspaceClosed: Subscription(now=[workspace_streams.close_every_socket]),
    WorkspaceSuspended: Subscription(now=[workspace_streams.close_every_socket]),
    MemberRemoved: Subscription(now=[workspace_streams.close_sockets]),
    MemberRightsChanged: Subscription(now=[workspace_streams.close_sockets]),
    PresenceChanged: Subscription(now=[workspace_streams.show_presence], later=[assignment_handlers.greet]),
    TeamChanged: Subscription(later=[assignment_handlers.hand_out]),
    TeamDeleted: Subscription(now=[team_streams.refresh_inboxes]),
    AttributeDeleted: Subscription(
        later=[conversation_handlers.forget_attribute, enduser_handlers.forget_attribute],
    ),
    LabelsChanged: Subscription(now=[label_streams.refresh_inboxes]),
    SavedViewsChanged: Subscription(now=[saved_view_streams.refresh_inboxes]),
    ProjectSeen: Subscription(),
    VisitorLoggedOut: Subscription(now=[enduser_streams.close_sockets]),
    ConversationStarted: Subscription(),
    ConversationChanged: Subscription(now=[conversation_streams.show_row]),
    ConversationQueued: Subscription(later=[assignment_handlers.hand_out]),
    AssigneeFreed: Subscription(later=[assignment_handlers.fill_hands]),
    TurnChanged: Subscription(later=[sla_handlers.follow_thread]),
    ConversationReadByVisitor: Subscription(now=[conversation_streams.show_visitor_read]),
    FirstResponseGiven: Subscription(later=[conversation_handlers.tell_project_its_reply_time]),
    MessageCreated: Subscription(
        now=[message_streams.show_message],
        later=[enduser_handlers.note_message, notification_handlers.note_message, unseen_handlers.note_message],
    ),
    MessageChanged: Subscription(now=[message_streams.show_change]),
    LinkPosted: Subscription(outside=[link_card_handlers.look_up]),
    ConversationReshaped: Subscription(now=[reshaping_streams.start_anew]),
    ScheduleChanged: Subscription(now=[scheduled_streams.show_waiting]),
    NotificationsChanged: Subscription(now=[notification_streams.hint]),
    PushDue: Subscription(outside=[notification_handlers.push]),
    FileFinished: Subscription(later=[notification_handlers.note_file]),
    BulkRunDue: Subscription(later=[bulk_handlers.carry_on]),
    AgentMentioned: Subscription(later=[notification_handlers.note_mention]),
    TeamMentioned: Subscription(later=[notification_handlers.note_mention_of_team]),
    SlaWarned: Subscription(),
    SlaBreached: Subscription(),
    ContactExportRequested: Subscription(later=[contact_handlers.export]),
    ContactImportDue: Subscription(later=[contact_handlers.take_in]),
    PersonExportRequested: Subscription(later=[privacy_handlers.export]),
    PersonErasureRequested: Subscription(later=[privacy_handlers.erase]),
    PersonErased: Subscription(now=[privacy_streams.close_sockets]),
    ConversationErased: Subscription(now=[privacy_streams.remove_row]),
    RetentionDue: Subscription(later=[privacy_handlers.apply_retention]),
}

LETTERS: Mapping[str, Preparer] = {
    recovery.LETTER: recovery.prepare,
    registration.LETTER: registration.prepare,
    unseen.LETTER: unseen.prepare,
}
"""Letters whose facts are looked up when they are sent; the others carry theirs."""

UNDO: Mapping[str, TakeBack] = {
    undoing.CHANGED: undoing.take_back,
    scheduled.CANCELLED: scheduled.take_back,
    reshaping.MERGED: reshaping.take_back_merge,
    reshaping.SPLIT: reshaping.take_back_split,
    reshaping.MOVED: reshaping.take_back_move,
    bulk.RUN: bulk.take_back,
    deletions.DELETED: deletions.take_back,
    merging.MERGED: merging.take_back,
}
"""Who makes undone what a member did, by its kind. Offer it with `undo.services.remember` and `htmx.toast`."""
