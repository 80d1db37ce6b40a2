"""A slow reader: nothing blocks, nothing grows, nothing is cut in two."""

import socket

import gevent
import pytest
from wsproto.connection import Connection, ConnectionType
from wsproto.events import CloseConnection, TextMessage

from chatapp.common.realtime import outbox as outbox_module
from chatapp.common.realtime.frames import close_frame, frame
from chatapp.common.realtime.outbox import MOST_BYTES, MOST_FRAMES, Outbox

RESYNC_TEXT = '{"type":"resync"}'
BIG = "x" * 100_000


class Peer:
    """The other end of a socket whose buffers are small."""

    def __init__(self):
        ours, self.theirs = socket.socketpair()
        ours.setsockopt(socket.SOL_SOCKET, socket.SO_SNDBUF, 8192)
        ours.setblocking(False)
        self.theirs.setblocking(False)
        self.ours = ours
        self.failures = []
        self.outbox = Outbox(ours, self.failures.append)
        self.protocol = Connection(ConnectionType.CLIENT)

    def events(self):
        """Everything that comes until nothing more does."""
        quiet = 0
        while quiet < 3:
            try:
                data = self.theirs.recv(1 << 16)
            except BlockingIOError:
                quiet += 1
                gevent.sleep(0.01)
                continue
            if not data:
                break
            quiet = 0
            self.protocol.receive_data(data)
        return list(self.protocol.events())

    def texts(self):
        texts, part = [], ""
        for event in self.events():
            assert isinstance(event, TextMessage)
            part += event.data
            if event.message_finished:
                texts.append(part)
                part = ""
        assert part == ""
        return texts


@pytest.fixture
def peer():
    peer = Peer()
    yield peer
    peer.outbox.discard()
    peer.ours.close()
    peer.theirs.close()


def test_a_reader_who_comes_back_in_time_misses_nothing(peer):
    sent = [f"{number} {BIG}" for number in range(5)]

    for text in sent:
        peer.outbox.write(frame(text))

    assert peer.texts() == sent


@pytest.mark.parametrize(
    ("count", "size"), [(MOST_FRAMES + 50, 1000), (MOST_BYTES // 100_000 + 5, 100_000)], ids=["frames", "bytes"]
)
def test_past_the_bound_one_resync_replaces_what_waited(peer, count, size):
    sent = [str(number).ljust(size, "x") for number in range(count)]

    for text in sent:
        peer.outbox.write(frame(text))

    *whole, last = peer.texts()
    assert last == RESYNC_TEXT
    assert whole == sent[: len(whole)]
    assert len(whole) < count


def test_a_frame_that_was_begun_is_finished_before_the_resync(peer):
    begun = "begun " + "y" * (2 * MOST_BYTES)
    peer.outbox.write(frame(begun))

    peer.outbox.write(frame("dropped"))

    assert peer.texts() == [begun, RESYNC_TEXT]


def test_after_the_resync_was_read_news_flow_again(peer):
    for _ in range(30):
        peer.outbox.write(frame(BIG))
    assert peer.texts()[-1] == RESYNC_TEXT

    peer.outbox.write(frame("news"))

    assert peer.texts() == ["news"]


def test_closing_drops_hints_but_never_half_a_frame(peer):
    peer.outbox.write(frame(BIG))
    peer.outbox.write(frame("dropped"))

    peer.outbox.write_last(close_frame(1012))

    *parts, closing = peer.events()
    assert "".join(part.data for part in parts) == BIG
    assert isinstance(closing, CloseConnection)
    assert closing.code == 1012
    assert peer.theirs.recv(1) == b""


def test_a_peer_that_takes_nothing_fails_as_stalled(peer, monkeypatch):
    monkeypatch.setattr(outbox_module, "STALL_SECONDS", 0.2)
    peer.outbox.write(frame(BIG))
    peer.outbox.write(frame(BIG))

    gevent.sleep(0.5)

    assert peer.failures == [True]


def test_a_slow_peer_that_takes_something_does_not(peer, monkeypatch):
    monkeypatch.setattr(outbox_module, "STALL_SECONDS", 0.4)
    peer.outbox.write(frame("x" * 800_000))

    for _ in range(12):
        gevent.sleep(0.1)
        assert peer.theirs.recv(16384)

    assert peer.failures == []


def test_a_peer_that_is_gone_fails_once(peer):
    peer.theirs.close()

    peer.outbox.write(frame("to nobody"))

    assert peer.failures == [False]
