"""What heartbeats tell: how far each open conversation has come, and when each inbox last changed."""

from __future__ import annotations

from collections.abc import Callable, Collection, Iterable, Mapping
from uuid import UUID

from flask import Flask

from chatapp.auth.queries import live_session_ids
from chatapp.common.clock import rfc3339
from chatapp.common.realtime.connection import Identity
from chatapp.common.realtime.topics import Topic, TopicName, parse
from chatapp.common.tenancy import across_tenants
from chatapp.common.unit_of_work import unit_of_work
from chatapp.conversations.queries import Pulse, pulse
from chatapp.workspaces.queries import existing_memberships


def source(app: Flask) -> Callable[[frozenset[Topic]], Mapping[Topic, Mapping[str, object]]]:
    """The function that the hub asks once per heartbeat and process."""

    def look_up(listened: frozenset[Topic]) -> Mapping[Topic, Mapping[str, object]]:
        names = {topic: parse(topic) for topic in listened}
        with app.app_context(), unit_of_work(), across_tenants(reason="one heartbeat for all sockets of a process"):
            state = pulse(_conversations(names.values()), {name.workspace_id for name in names.values()})
        return {topic: _news(name, state) for topic, name in names.items()}

    return look_up


def guard(app: Flask) -> Callable[[frozenset[Identity]], Collection[Identity]]:
    """The function that names the agents whose session or membership has ended; their sockets are closed."""

    def revoked(owners: frozenset[Identity]) -> Collection[Identity]:
        agents = [owner for owner in owners if owner.user_id is not None]
        with app.app_context(), unit_of_work(), across_tenants(reason="whose sockets may stay open in a process"):
            sessions = live_session_ids([owner.session_id for owner in agents if owner.session_id])
            members = existing_memberships([_membership(owner) for owner in agents])
        return [owner for owner in agents if owner.session_id not in sessions or _membership(owner) not in members]

    return revoked


def _membership(owner: Identity) -> tuple[UUID, UUID]:
    assert owner.workspace_id is not None
    assert owner.user_id is not None
    return owner.workspace_id, owner.user_id


def _conversations(names: Iterable[TopicName]) -> set[UUID]:
    return {name.subject_id for name in names if name.kind.startswith("conversation_") and name.subject_id}


def _news(name: TopicName, state: Pulse) -> dict[str, object]:
    if name.kind == "inbox":
        changed_at = state.changed_at.get(name.workspace_id)
        return {"inbox": rfc3339(changed_at)} if changed_at else {}
    if name.subject_id in state.last_seqs:
        return {"seq": state.last_seqs[name.subject_id]}
    return {}
