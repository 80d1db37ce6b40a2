"""Two web processes over a real Redis, and what happens to them without it."""

import tempfile
import time
from pathlib import Path
from uuid import UUID

import pytest

from chatapp.common.realtime import broadcast
from tests.support.realtime_topics import WORKSPACE, topic_of
from tests.support.redis_server import RedisServer

RESYNC = '{"type":"resync"}'


@pytest.fixture
def redis_server():
    with tempfile.TemporaryDirectory() as folder:
        server = RedisServer(Path(folder))
        yield server
        server.kill()


@pytest.fixture
def two(web_process, redis_server):
    """Two web processes that hear each other."""
    pair = [web_process(REDIS_URL=redis_server.url) for _ in range(2)]
    for process in pair:
        process.wait_until(bus_connected=1)
    return pair


@pytest.fixture
def from_outside(redis_server, monkeypatch):
    """This process, as a worker: it publishes and serves nobody."""
    monkeypatch.setattr(broadcast._Line, "url", redis_server.url)
    monkeypatch.setattr(broadcast._Line, "channel", "test:realtime")
    return broadcast


def test_what_one_publishes_the_other_delivers_once(two, listen):
    first, second = two
    here, there = listen(first, 1), listen(second, 1)

    first.post("/publish/1", [f"news {number}" for number in range(500)])

    expected = ["hello", *(f"news {number}" for number in range(500))]
    assert here.read_until(501) == there.read_until(501) == expected
    assert here.read(0.2) == there.read(0.2) == expected


def test_a_worker_reaches_every_process(two, listen, from_outside):
    clients = [listen(process, 1) for process in two]

    from_outside.publish(topic_of(1), "from a job")

    for client in clients:
        assert client.read_until(2) == ["hello", "from a job"]


def test_a_removed_member_is_closed_everywhere_within_five_seconds(two, listen, from_outside):
    removed = [listen(process, 1) for process in two]
    other = listen(two[0], 2)

    from_outside.close_sockets(workspace_id=WORKSPACE, user_id=UUID(int=1), code=4403)

    assert [client.read_to_end(5) for client in removed] == [4403, 4403]
    other.say("still here")
    assert other.read_until(2) == ["hello", "echo still here"]


def test_a_web_process_closes_the_sockets_of_the_others_too(two, listen):
    removed = [listen(process, 1) for process in two]

    two[0].post("/close/1")

    assert [client.read_to_end(5) for client in removed] == [4403, 4403]


def test_another_prefix_is_another_world(two, listen, from_outside, monkeypatch):
    client = listen(two[0], 1)
    monkeypatch.setattr(broadcast._Line, "channel", "other:realtime")

    from_outside.publish(topic_of(1), "from elsewhere")

    assert client.read(0.5) == ["hello"]


def test_without_redis_a_process_serves_its_own_and_nobody_waits(two, listen, redis_server):
    here = listen(two[0], 1)
    redis_server.kill()

    answer = two[0].post("/publish/1", ["news"] * 100)

    assert answer["seconds"] < 0.1
    assert [text for text in here.read_until(101) if text != RESYNC] == ["hello", *["news"] * 100]


def test_a_worker_without_redis_goes_on_after_a_moment(from_outside, redis_server):
    redis_server.kill()
    began = time.monotonic()

    from_outside.publish(topic_of(1), "to nobody")

    assert time.monotonic() - began < 2.5


def test_a_worker_with_a_frozen_redis_goes_on_after_a_moment(from_outside, redis_server):
    redis_server.freeze()
    began = time.monotonic()

    from_outside.publish(topic_of(1), "to nobody")

    assert time.monotonic() - began < 2.5
    redis_server.thaw()


def test_when_redis_returns_everybody_resyncs_and_hears_again(two, listen, redis_server):
    first, second = two
    there = listen(second, 1)
    redis_server.kill()
    first.post("/publish/1", ["while it was away"])
    for process in two:
        process.wait_until(bus_connected=0)

    redis_server.start()
    for process in two:
        process.wait_until(bus_connected=1, bus_waiting=0, seconds=6)
    assert RESYNC in there.read_until(2)
    first.post("/publish/1", ["after it came back"])

    there.read(1)
    assert there.messages[-1] == "after it came back"


def test_a_frozen_redis_loses_nothing_once_it_goes_on(two, listen, redis_server):
    first, second = two
    there = listen(second, 1)
    redis_server.freeze()
    first.post("/publish/1", ["meanwhile"])
    time.sleep(3)

    redis_server.thaw()

    there.read(3)
    assert "meanwhile" in there.messages
