"""What can be asked about a conversation."""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import replace
from typing import Any
from uuid import UUID

from flask_babel import gettext as _
from flask_babel import pgettext
from sqlalchemy import or_, select

from chatapp.attributes import queries as attributes
from chatapp.attributes.models import Attribute
from chatapp.common.conditions import (
    Criterion,
    Field,
    Fields,
    Group,
    Rule,
    aged,
    among,
    chosen,
    flagged,
)
from chatapp.conversations.models import PRIORITIES, STATUSES, Conversation, ConversationLabel, Mention, Participant
from chatapp.endusers.models import EndUser
from chatapp.labels import queries as labels
from chatapp.projects import queries as projects
from chatapp.saved_views.fields.attributes import field_of
from chatapp.teams import queries as teams
from chatapp.teams.models import TeamMember
from chatapp.workspaces import queries as workspaces

ME, NOBODY = "me", "nobody"
CHANNELS = ("web",)


def fields(me: UUID, of: Any = Conversation, *, with_attributes: bool = True) -> Fields:
    """By name. `of`: what stands for the conversation in the statement, when it is not the table itself."""
    made = (
        _choice("status", _("Status"), of.status, _statuses),
        Field("assignee", _("Assignee"), "choice", _by_id(of.assignee_id, me), _assignees),
        Field("team", _("Team"), "choice", _by_id(of.team_id, me), _teams),
        Field("project", _("Project"), "choice", _by_id(of.project_id, me), _projects),
        Field("label", _("Label"), "choice", _labelled(of), _labels),
        Field("priority", _("Priority"), "choice", _urgent(of), _priorities),
        _choice("channel", _("Channel"), of.channel_kind, _channels),
        Field("created", _("Created"), "age", lambda operator, value: aged(of.created_at, operator, value)),
        Field("activity", _("Last activity"), "age", lambda operator, value: aged(of.last_message_at, operator, value)),
        _flag("waiting", _("Waits for an answer"), of.waiting_since.is_not(None)),
        _flag("unread", _("Unread"), of.unread_count > 0),
        _flag("due", _("Has a target"), of.sla_due_at.is_not(None)),
        _flag("followed", _("I follow it"), _is_followed_by(me, of)),
        _flag("called", _("A note calls me"), _calls(me, of)),
        _flag("blocked", _("Contact is blocked"), _has_blocked_contact(of)),
    )
    own = [_of_attribute(each, of) for each in attributes.attributes()] if with_attributes else []
    return {field.name: field for field in (*made, *own)}


def statuses_of(group: Group) -> list[str]:
    """The only statuses that rows can have which fulfil these conditions."""
    left = list(STATUSES)
    for part in group.parts if group.match == "all" else ():
        if isinstance(part, Rule) and part.field == "status":
            left = [status for status in left if (status in part.value) == (part.operator == "any_of")]
    return left


def _choice(name: str, words: str, column: Any, options: Any) -> Field:
    return Field(name, words, "choice", lambda operator, value: chosen(operator, among(column, value)), options)


def _flag(name: str, words: str, holds: Criterion) -> Field:
    return Field(name, words, "flag", lambda operator, _value: flagged(operator, holds))


def _by_id(column: Any, me: UUID) -> Any:
    def criterion(operator: str, value: Sequence[str]) -> Criterion:
        ids = [{ME: me, NOBODY: None}[each] if each in (ME, NOBODY) else UUID(each) for each in value]
        return chosen(operator, among(column, ids))

    return criterion


def _urgent(of: Any) -> Any:
    def criterion(operator: str, value: Sequence[str]) -> Criterion:
        return chosen(operator, among(of.priority, [PRIORITIES.index(each) for each in value]))

    return criterion


def _labelled(of: Any) -> Any:
    mine = select(ConversationLabel.label_id).where(ConversationLabel.conversation_id == of.id).correlate(of)

    def criterion(operator: str, value: Sequence[str]) -> Criterion:
        ids = [UUID(each) for each in value if each != NOBODY]
        holds: Criterion = mine.where(ConversationLabel.label_id.in_(ids)).exists()
        return chosen(operator, holds | ~mine.exists() if NOBODY in value else holds)

    return criterion


def _is_followed_by(me: UUID, of: Any) -> Criterion:
    mine = select(Participant.user_id).where(Participant.conversation_id == of.id, Participant.user_id == me)
    return mine.correlate(of).exists()


def _calls(me: UUID, of: Any) -> Criterion:
    """By name, or a team that they are in."""
    my_teams = select(TeamMember.team_id).where(TeamMember.user_id == me)
    calls = or_(Mention.user_id == me, Mention.team_id.in_(my_teams))
    return select(Mention.id).where(Mention.conversation_id == of.id, calls).correlate(of).exists()


def _has_blocked_contact(of: Any) -> Criterion:
    theirs = select(EndUser.id).where(EndUser.id == of.end_user_id, EndUser.blocked_at.is_not(None))
    return theirs.correlate(of).exists()


def _of_attribute(attribute: Attribute, of: Any) -> Field:
    """What is known about a conversation, or about its contact."""
    if attribute.subject == "conversations":
        return field_of(attribute, of.attributes)
    field = field_of(attribute, EndUser.attributes, words=_("Contact: %s"))

    def criterion(operator: str, value: Any) -> Criterion:
        holds = field.criterion(operator, value)
        return select(EndUser.id).where(EndUser.id == of.end_user_id, holds).correlate(of).exists()

    return replace(field, criterion=criterion)


def _statuses() -> list[tuple[str, str]]:
    words = {
        "open": pgettext("conversation", "Open"),
        "pending": pgettext("conversations", "Pending"),
        "snoozed": pgettext("conversations", "Snoozed"),
        "closed": _("Closed"),
    }
    return [(status, words[status]) for status in STATUSES]


def _assignees() -> list[tuple[str, str]]:
    members = [(str(member.user_id), member.user.name) for member in workspaces.team()]
    return [(ME, _("Me")), (NOBODY, _("Nobody")), *members]


def _teams() -> list[tuple[str, str]]:
    return [(NOBODY, _("No team")), *((str(team.id), team.name) for team in teams.teams())]


def _projects() -> list[tuple[str, str]]:
    return [(str(project.id), project.name) for project in projects.projects()]


def _labels() -> list[tuple[str, str]]:
    return [(NOBODY, _("No label")), *((str(label.id), label.name) for label in labels.labels())]


def _priorities() -> list[tuple[str, str]]:
    words = {
        "none": pgettext("priority", "None"),
        "low": pgettext("priority", "Low"),
        "medium": pgettext("priority", "Medium"),
        "high": pgettext("priority", "High"),
        "urgent": pgettext("priority", "Urgent"),
    }
    return [(priority, words[priority]) for priority in reversed(PRIORITIES)]


def _channels() -> list[tuple[str, str]]:
    words = {"web": _("Website")}
    return [(channel, words[channel]) for channel in CHANNELS]
