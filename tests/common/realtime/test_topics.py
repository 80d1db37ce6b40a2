"""Topics are made on the server and always begin with their workspace."""

from uuid import UUID

import pytest

from chatapp.common.realtime import topics
from chatapp.common.realtime.topics import TopicName

WORKSPACE, SUBJECT = UUID(int=1), UUID(int=2)

NAMES = [
    (topics.inbox(WORKSPACE, "es"), TopicName("inbox", WORKSPACE, locale="es", desk="everybody")),
    (topics.inbox(WORKSPACE, "es", "waiting"), TopicName("inbox", WORKSPACE, locale="es", desk="waiting")),
    (
        topics.conversation_agents(WORKSPACE, SUBJECT, "en"),
        TopicName("conversation_agents", WORKSPACE, SUBJECT, "en", "everybody"),
    ),
    (topics.conversation_visitor(WORKSPACE, SUBJECT), TopicName("conversation_visitor", WORKSPACE, SUBJECT)),
    (topics.visitor(WORKSPACE, SUBJECT), TopicName("visitor", WORKSPACE, SUBJECT)),
    (topics.member(WORKSPACE, SUBJECT), TopicName("member", WORKSPACE, SUBJECT)),
    (topics.presence(WORKSPACE), TopicName("presence", WORKSPACE)),
]


@pytest.mark.parametrize(("topic", "name"), NAMES)
def test_a_topic_gives_its_parts_back(topic, name):
    assert topics.parse(topic) == name


def test_no_two_kinds_share_a_name_and_all_begin_with_the_workspace():
    made = [topic for topic, _ in NAMES]

    assert len(set(made)) == len(made)
    assert all(topic.startswith(f"w:{WORKSPACE}:") for topic in made)


@pytest.mark.parametrize("text", ["", "inbox", "w:not-a-uuid:presence", f"w:{WORKSPACE}:unknown"])
def test_anything_else_is_no_topic(text):
    with pytest.raises(ValueError):  # noqa: PT011 - UUID's own words and ours differ
        topics.parse(text)
