"""Every message of every socket with a foreign conversation in it: answered like an unknown one, nothing overheard."""

from __future__ import annotations

import json
from typing import Any
from uuid import uuid4

import pytest

from chatapp.common.realtime import broadcast, topics
from chatapp.common.realtime.frames import CloseCode
from chatapp.conversations.visibility import EVERYTHING
from chatapp.inbox import live as agents
from chatapp.widget import live as visitors
from tests.factories import Company, inside
from tests.isolation.world import UNKNOWN, World

AGENT_FRAMES: dict[str, dict[str, Any]] = {"watch": {"since": 0}, "use": {"is_in_use": True}, "look": {}, "write": {}}
ABOUT_NO_CONVERSATION = {"use", "look", "write"}
VISITOR_FRAMES: dict[str, dict[str, Any]] = {
    "auth": {"since": 0},
    "watch": {"since": 0},
    "send": {"text": "hello"},
    "typing": {},
    "read": {"seq": 1},
}


class Line:
    """Stands for a connection and remembers what happened to it."""

    def __init__(self) -> None:
        self.heard: set[str] = set()
        self.said: list[str] = []
        self.closed: int | None = None
        self.is_in_use = True

    def subscribe(self, topic: str) -> None:
        self.heard.add(topic)

    def unsubscribe(self, topic: str) -> None:
        self.heard.discard(topic)

    def send(self, text: str) -> None:
        self.said.append(text)

    def close(self, code: int = CloseCode.NORMAL, reason: str = "") -> None:
        self.closed = code

    def identify(self, **_who: object) -> None:
        """Who it is makes no difference here."""


def agent_socket(line: Line, world: World) -> agents.AgentSocket:
    with inside(world.app, world.globex) as it:
        member = it.member("agent")
    return agents.AgentSocket(line, member=member, sight=EVERYTHING, locale="en")  # type: ignore[arg-type]


def agent_line(world: World, frame: dict[str, Any]) -> Line:
    """What Globex's agent hears after saying this."""
    line = Line()
    socket = agent_socket(line, world)
    with world.app.app_context():
        socket.receive(json.dumps(frame))
    return line


def visitor_line(world: World, frame: dict[str, Any], *, token: str | None) -> Line:
    """What Globex's visitor hears after saying who they are, and then this."""
    line = Line()
    socket = visitors.VisitorSocket(line, locale="en")  # type: ignore[arg-type]
    with world.app.app_context():
        if token is not None:
            socket.receive(json.dumps({"type": "auth", "token": token}))
            line.said.clear()
        socket.receive(json.dumps(frame))
    return line


def frame_about(kind: str, content: dict[str, Any], conversation_id: object, **more: object) -> dict[str, Any]:
    return {"type": kind, "conversation_id": str(conversation_id), **content, **more}


def test_every_message_is_tested() -> None:
    assert agents.FRAMES.keys() == AGENT_FRAMES.keys()
    assert visitors.FRAMES.keys() == VISITOR_FRAMES.keys()


@pytest.mark.parametrize("kind", AGENT_FRAMES)
def test_an_agent_hears_their_own_conversations_and_no_others(world: World, kind: str) -> None:
    content = AGENT_FRAMES[kind]
    if kind not in ABOUT_NO_CONVERSATION:
        own = agent_line(world, frame_about(kind, content, world.globex.conversation_id))
        assert own.heard
        assert "hello globex" in "".join(own.said)
    foreign = agent_line(world, frame_about(kind, content, world.acme.conversation_id))
    unknown = agent_line(world, frame_about(kind, content, UNKNOWN["conversation_id"]))
    assert vars(foreign) == vars(unknown) == vars(Line())


@pytest.mark.parametrize("kind", ["look", "write"])
def test_whoever_may_not_see_a_conversation_shows_nothing_in_it(
    world: World, monkeypatch: pytest.MonkeyPatch, kind: str
) -> None:
    shown: list[topics.Topic] = []
    monkeypatch.setattr(broadcast, "publish", lambda topic, _payload: shown.append(topic))
    for conversation_id, is_shown in ((world.globex.conversation_id, True), (world.acme.conversation_id, False)):
        socket = agent_socket(Line(), world)
        with world.app.app_context():
            socket.receive(json.dumps({"type": "watch", "conversation_id": str(conversation_id)}))
            shown.clear()
            socket.receive(json.dumps({"type": kind}))
        assert bool(shown) is is_shown


@pytest.mark.parametrize("frame", [{"type": "subscribe", "topic": "w:x"}, {"type": ["watch"]}, {}, [], "[" * 60_000])
def test_what_is_no_message_ends_an_agents_socket(world: World, frame: object) -> None:
    line = Line()
    socket = agent_socket(line, world)
    with world.app.app_context():
        socket.receive(frame if isinstance(frame, str) else json.dumps(frame))
    assert (line.closed, line.heard) == (CloseCode.POLICY, set())


@pytest.mark.parametrize("kind", VISITOR_FRAMES)
def test_a_visitor_reaches_their_own_conversations_and_no_others(world: World, kind: str) -> None:
    token = world.visitor(world.globex).bearer
    content = VISITOR_FRAMES[kind] | ({"token": token} if kind == "auth" else {})

    def line(company_or_none: Company | None) -> Line:
        conversation_id = company_or_none.conversation_id if company_or_none else UNKNOWN["conversation_id"]
        client_id = str(uuid4())
        said = visitor_line(world, frame_about(kind, content, conversation_id, client_id=client_id), token=token)
        said.said = [text.replace(client_id, "client_id") for text in said.said]
        return said

    own = line(world.globex)
    assert not any('"type":"error"' in text for text in own.said)
    with world.untouched(world.acme) as changed:
        foreign = line(world.acme)
    assert changed == []
    assert vars(foreign) == vars(line(None))
    assert '"status":404' in foreign.said[0]
    assert not any(str(world.acme.workspace_id) in topic for topic in foreign.heard)


@pytest.mark.parametrize("kind", VISITOR_FRAMES)
def test_nothing_is_answered_before_a_visitor_says_who_they_are(world: World, kind: str) -> None:
    with world.untouched(world.acme) as changed:
        frame = frame_about(kind, VISITOR_FRAMES[kind], world.acme.conversation_id, client_id=str(uuid4()))
        line = visitor_line(world, frame, token=None)
    assert (line.closed, line.said, line.heard, changed) == (CloseCode.UNAUTHENTICATED, [], set(), [])


def test_every_topic_begins_with_its_workspace(world: World) -> None:
    workspace_id = world.acme.workspace_id
    made = (
        topics.inbox(workspace_id, "en"),
        topics.conversation_agents(workspace_id, world.acme.conversation_id, "en"),
        topics.conversation_visitor(workspace_id, world.acme.conversation_id),
        topics.visitor(workspace_id, world.acme.end_user_id),
        topics.member(workspace_id, world.acme.members["agent"]),
        topics.presence(workspace_id),
    )
    assert all(topic.startswith(f"w:{workspace_id}:") for topic in made)
