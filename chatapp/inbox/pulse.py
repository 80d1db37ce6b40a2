"""What heartbeats tell: how far each open conversation has come, and when each inbox last changed."""

from __future__ import annotations

from collections.abc import Callable, Iterable, Mapping
from uuid import UUID

from flask import Flask

from chatapp.common.clock import rfc3339
from chatapp.common.realtime.topics import Topic, TopicName, parse
from chatapp.common.tenancy import across_tenants
from chatapp.common.unit_of_work import unit_of_work
from chatapp.conversations.queries import Pulse, pulse


def source(app: Flask) -> Callable[[frozenset[Topic]], Mapping[Topic, Mapping[str, object]]]:
    """The function that the hub asks once per heartbeat and process."""

    def look_up(listened: frozenset[Topic]) -> Mapping[Topic, Mapping[str, object]]:
        names = {topic: parse(topic) for topic in listened}
        with app.app_context(), unit_of_work(), across_tenants(reason="one heartbeat for all sockets of a process"):
            state = pulse(_conversations(names.values()), {name.workspace_id for name in names.values()})
        return {topic: _news(name, state) for topic, name in names.items()}

    return look_up


def _conversations(names: Iterable[TopicName]) -> set[UUID]:
    return {name.subject_id for name in names if name.kind.startswith("conversation_") and name.subject_id}


def _news(name: TopicName, state: Pulse) -> dict[str, object]:
    if name.kind == "inbox":
        changed_at = state.changed_at.get(name.workspace_id)
        return {"inbox": rfc3339(changed_at)} if changed_at else {}
    if name.subject_id in state.last_seqs:
        return {"seq": state.last_seqs[name.subject_id]}
    return {}
