"""The topics of `realtime_app`, for both sides of its tests."""

from uuid import UUID

from chatapp.common.realtime import topics

WORKSPACE = UUID(int=1)


def topic_of(number: int) -> topics.Topic:
    """The topic that `/live/<number>` listens to."""
    return topics.conversation_visitor(WORKSPACE, UUID(int=number))
