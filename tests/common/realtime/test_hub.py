"""The registry of one process, without sockets: anything that takes frames can listen."""

from unittest.mock import Mock
from uuid import UUID

import gevent
import pytest

from chatapp.common.realtime import topics
from chatapp.common.realtime.frames import frame
from chatapp.common.realtime.hub import Hub
from chatapp.common.realtime.wire import Frames

WORKSPACE = UUID(int=1)
HERE, THERE = (topics.conversation_visitor(WORKSPACE, UUID(int=number)) for number in (1, 2))


@pytest.fixture
def hub():
    hub = Hub()
    hub.start(None)
    return hub


def test_frames_published_in_one_turn_leave_in_one_write(hub):
    listener = Mock()
    hub._registry.join(HERE, listener)
    hub.publish(Frames(HERE, frame("one")))
    hub.publish(Frames(THERE, frame("elsewhere")))
    hub.publish(Frames(HERE, frame("two")))
    listener.send_frame.assert_not_called()

    gevent.sleep(0)

    listener.send_frame.assert_called_once_with(frame("one") + frame("two"), 2)


def test_a_request_waits_until_there_is_news(hub):
    gevent.spawn_later(0.05, hub.publish, Frames(HERE, frame("news")))

    assert hub.wait([HERE, THERE], timeout=5)


def test_a_request_waits_in_vain_for_news_of_others(hub):
    gevent.spawn_later(0.01, hub.publish, Frames(THERE, frame("news")))

    assert not hub.wait([HERE], timeout=0.1)


def test_news_between_looking_and_waiting_is_not_missed(hub):
    with hub.listen([HERE]) as waiter:
        hub.publish(Frames(HERE, frame("while the request looks into the database")))
        gevent.sleep(0)

        assert waiter.wait(0)


def test_nobody_waits_while_the_process_drains(hub):
    waiting = gevent.spawn(hub.wait, [HERE], 60)
    gevent.sleep(0)

    hub.drain()

    assert waiting.get(timeout=1)
    assert hub.wait([HERE], timeout=60)


def test_nobody_waits_where_no_hub_runs():
    assert Hub().wait([HERE], timeout=60)


def test_topics_without_listeners_take_no_room(hub):
    hub.wait([HERE, THERE], timeout=0)

    assert hub.stats()["topics"] == 0
    assert hub.stats()["waiting"] == 0
