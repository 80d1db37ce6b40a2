"""What heartbeats tell: how far each open conversation has come, when each inbox last changed, who is there, and what
a member has not read."""

from __future__ import annotations

from collections.abc import Callable, Collection, Iterable, Mapping
from uuid import UUID

from flask import Flask

from chatapp.auth.queries import live_session_ids, stand_in_session_ids
from chatapp.common.clock import rfc3339
from chatapp.common.realtime.connection import Identity
from chatapp.common.realtime.topics import Topic, TopicName, parse
from chatapp.common.tenancy import across_tenants
from chatapp.common.unit_of_work import unit_of_work
from chatapp.conversations.queries import Pulse, pulse
from chatapp.conversations.visibility import sights_of
from chatapp.notifications.queries import marks
from chatapp.workspaces import presence
from chatapp.workspaces.queries import memberships_that_open, presences


def source(app: Flask) -> Callable[[frozenset[Topic]], Mapping[Topic, Mapping[str, object]]]:
    """The function that the hub asks once per heartbeat and process."""

    def look_up(listened: frozenset[Topic]) -> Mapping[Topic, Mapping[str, object]]:
        names = {topic: parse(topic) for topic in listened}
        with app.app_context(), unit_of_work(), across_tenants(reason="one heartbeat for all sockets of a process"):
            state = pulse(_conversations(names.values()), {name.workspace_id for name in names.values()})
            people = presences({name.workspace_id for name in names.values() if name.kind == "presence"})
            told = marks({_owner(name) for name in names.values() if name.kind == "member"})
        return {topic: _news(name, state, people) | _told(name, told) for topic, name in names.items()}

    return look_up


def guard(app: Flask) -> Callable[[frozenset[Identity]], Collection[Identity]]:
    """The function that names the agents whose session or membership has ended, or who see more or less than when
    their socket was opened; it is closed."""

    def revoked(owners: frozenset[Identity]) -> Collection[Identity]:
        agents = [owner for owner in owners if owner.user_id is not None]
        with app.app_context(), unit_of_work(), across_tenants(reason="whose sockets may stay open in a process"):
            sessions = live_session_ids([owner.session_id for owner in agents if owner.session_id])
            sights = sights_of(memberships_that_open([_membership(owner) for owner in agents]))
        keys = {member: sight.key for member, sight in sights.items()}
        return [
            owner for owner in agents if owner.session_id not in sessions or owner.sight != keys.get(_membership(owner))
        ]

    return revoked


def witness(app: Flask) -> Callable[[Mapping[Identity, bool]], None]:
    """The function that writes down which members are there. Operators who stand in for one are not."""

    def write_down(owners: Mapping[Identity, bool]) -> None:
        agents = {owner: is_in_use for owner, is_in_use in owners.items() if owner.user_id is not None}
        if not agents:
            return
        with app.app_context(), unit_of_work(), across_tenants(reason="who is there, for all sockets of a process"):
            strangers = stand_in_session_ids([owner.session_id for owner in agents if owner.session_id])
            here = {owner: is_in_use for owner, is_in_use in agents.items() if owner.session_id not in strangers}
            in_use = {_membership(owner) for owner, is_in_use in here.items() if is_in_use}
            presence.note({_membership(owner) for owner in here}, active=in_use)

    return write_down


def _membership(owner: Identity) -> tuple[UUID, UUID]:
    assert owner.workspace_id is not None
    assert owner.user_id is not None
    return owner.workspace_id, owner.user_id


def _owner(name: TopicName) -> tuple[UUID, UUID]:
    assert name.subject_id is not None
    return name.workspace_id, name.subject_id


def _told(name: TopicName, marks: Mapping[tuple[UUID, UUID], str]) -> dict[str, object]:
    """What a member has not read, as a text that changes with it: whoever knows another one asks."""
    return {"notifications": marks.get(_owner(name), "")} if name.kind == "member" else {}


def _conversations(names: Iterable[TopicName]) -> set[UUID]:
    return {name.subject_id for name in names if name.kind.startswith("conversation_") and name.subject_id}


def _news(name: TopicName, state: Pulse, people: Mapping[UUID, Mapping[str, str]]) -> dict[str, object]:
    if name.kind == "presence":
        return {"presence": people[name.workspace_id]}
    if name.kind == "inbox":
        changed_at = state.changed_at.get(name.workspace_id)
        return {"inbox": rfc3339(changed_at)} if changed_at else {}
    if name.subject_id not in state.last_seqs:
        return {}
    if name.desk is not None and name.desk not in state.desks[name.subject_id]:
        return {}  # it has left this desk: nothing more is told there
    return {"seq": state.last_seqs[name.subject_id]}
