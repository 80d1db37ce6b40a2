"""What we write must be read by every client as it was meant: two foreign parsers judge."""

import socket
from concurrent.futures import ThreadPoolExecutor

import pytest
import websocket
from hypothesis import given
from hypothesis import strategies as st
from wsproto.connection import Connection, ConnectionType
from wsproto.events import CloseConnection, Pong, TextMessage

from chatapp.common.realtime.frames import CloseCode, close_frame, frame, handshake, pong_frame

SIZES_AT_BORDERS = [0, 1, 125, 126, 127, 65535, 65536, 65537, 1 << 20]


def events(data: bytes) -> list:
    connection = Connection(ConnectionType.CLIENT)
    connection.receive_data(data)
    return list(connection.events())


@given(st.lists(st.text(), min_size=1, max_size=8))
def test_joined_frames_arrive_as_the_same_messages(texts):
    received = events(b"".join(map(frame, texts)))

    assert [event.data for event in received] == texts
    assert all(isinstance(event, TextMessage) and event.message_finished for event in received)


@pytest.mark.parametrize("size", SIZES_AT_BORDERS)
def test_every_length_field_is_right(size):
    text = "ñ" * (size // 2) + "x" * (size % 2)

    assert "".join(event.data for event in events(frame(text))) == text


@pytest.mark.parametrize("size", SIZES_AT_BORDERS)
def test_websocket_client_reads_them_too(size):
    ours, theirs = socket.socketpair()
    with ours, theirs, ThreadPoolExecutor() as writer:
        client = websocket.WebSocket()
        client.sock, client.connected = theirs, True
        writer.submit(ours.sendall, frame("x" * size) + frame("after"))

        assert client.recv() == "x" * size
        assert client.recv() == "after"


@given(st.sampled_from([1000, 1008, 1011, 1012, 1013, 4401, 4403]), st.text(max_size=300))
def test_a_close_frame_carries_its_code_and_as_much_reason_as_fits(code, reason):
    [event] = events(close_frame(code, reason))

    assert isinstance(event, CloseConnection)
    assert event.code == code
    assert reason.startswith(event.reason or "")
    assert len(reason.encode()) > 119 or (event.reason or "") == reason


def test_a_close_without_a_code_has_no_payload():
    assert close_frame(CloseCode.NO_STATUS) == b"\x88\x00"


@given(st.binary(max_size=125))
def test_a_pong_repeats_the_ping(payload):
    [event] = events(pong_frame(payload))

    assert isinstance(event, Pong)
    assert bytes(event.payload) == payload


def test_the_handshake_answers_the_example_of_the_rfc():
    answer = handshake("dGhlIHNhbXBsZSBub25jZQ==")

    assert b"Sec-WebSocket-Accept: s3pPLMBiTxaQ9kYGzzhZRbK+xOo=\r\n" in answer
    assert b"Extensions" not in answer
