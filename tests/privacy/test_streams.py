"""That a conversation is gone is told on every desk on which it lay, and on no other."""

import pytest
from flask import Flask

from chatapp.common.ids import uuid7
from chatapp.common.realtime import broadcast
from chatapp.conversations.visibility import Desk
from chatapp.messages import services as messages
from chatapp.privacy import queries, streams
from chatapp.privacy.events import ConversationErased
from tests.factories import inside, make_company


def test_a_conversation_is_gone_from_every_desk_on_which_it_lay(app: Flask, monkeypatch: pytest.MonkeyPatch) -> None:
    acme, told = make_company(app), []
    monkeypatch.setattr(broadcast, "publish", lambda topic, _payload: told.append(topic))
    with inside(app, acme) as here:
        messages.assign(here.conversation, to=here.member("agent"), by=here.member("owner"))
        desks = queries.desks_of_each([acme.conversation_id, uuid7()])
        assert desks == {acme.conversation_id: f"everybody {Desk('member', acme.members['agent']).key}"}
        told.clear()
        streams.remove_row(
            ConversationErased(
                workspace_id=acme.workspace_id, conversation_id=acme.conversation_id, desks=desks[acme.conversation_id]
            )
        )
    inboxes = {topic.split(":")[3] for topic in told if ":inbox:" in topic}
    threads = {topic.split(":")[5] for topic in told if ":agents:" in topic}
    assert inboxes == threads == set(desks[acme.conversation_id].split())
