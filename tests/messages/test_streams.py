"""What a message shows live, after a unit of work that did more than write it."""

import pytest
from flask import Flask

from chatapp.common import events
from chatapp.common.ids import uuid7
from chatapp.common.realtime import broadcast
from chatapp.common.realtime.topics import Topic
from chatapp.conversations import queries as conversations
from chatapp.messages import services
from chatapp.workspaces import queries as workspaces
from tests.factories import inside, make_company


@pytest.fixture
def published(monkeypatch: pytest.MonkeyPatch) -> list[tuple[Topic, str]]:
    told: list[tuple[Topic, str]] = []
    monkeypatch.setattr(broadcast, "publish", lambda topic, payload: told.append((topic, payload)))
    return told


def test_everything_that_one_unit_of_work_wrote_is_shown(
    app: Flask, published: list[tuple[Topic, str]], monkeypatch: pytest.MonkeyPatch
) -> None:
    acme = make_company(app)
    failures: list[str] = []
    monkeypatch.setattr(events.log, "exception", lambda event, **about: failures.append(f"{event} {about}"))
    with inside(app, acme):
        agent = workspaces.members()[0]
        for text in ("first answer", "second answer"):
            conversation = conversations.locked(acme.conversation_id)
            services.send_reply(conversation, by=agent, text=text, client_id=uuid7())
            services.assign(conversations.locked(conversation.id), to=agent, by=agent)
    assert failures == []
    for text in ("first answer", "second answer"):
        assert any(text in payload and "hx-partial" in payload for _topic, payload in published)
