"""What comes in is hostile until parsed."""

import pytest
from hypothesis import given
from hypothesis import strategies as st
from wsproto.connection import Connection, ConnectionType
from wsproto.events import BytesMessage, CloseConnection, Ping, TextMessage

from chatapp.common.realtime.inbound import LARGEST_MESSAGE, Closed, Inbound, Pinged

texts = st.text(max_size=400)


def client_bytes(*events) -> bytes:
    client = Connection(ConnectionType.CLIENT)
    return b"".join(map(client.send, events))


@given(st.lists(texts, min_size=1, max_size=5), st.integers(min_value=1, max_value=50))
def test_messages_survive_any_cut_of_the_stream(messages, step):
    data = client_bytes(*(TextMessage(data=text) for text in messages))
    inbound = Inbound()

    received = [item for at in range(0, len(data), step) for item in inbound.feed(data[at : at + step])]

    assert received == messages


@given(st.lists(texts, min_size=2, max_size=5))
def test_fragments_become_one_message_and_a_ping_may_come_between(parts):
    first, *middle, last = parts
    data = client_bytes(
        TextMessage(data=first, message_finished=False),
        *(TextMessage(data=part, message_finished=False) for part in middle),
        Ping(payload=b"still there?"),
        TextMessage(data=last),
    )

    assert list(Inbound().feed(data)) == [Pinged(b"still there?"), "".join(parts)]


def test_the_largest_message_is_taken():
    text = "ñ" * (LARGEST_MESSAGE // 2)

    assert list(Inbound().feed(client_bytes(TextMessage(data=text)))) == [text]


@pytest.mark.parametrize("character", ["x", "ñ"])
def test_a_larger_one_ends_the_socket_while_it_arrives(character):
    text = character * (LARGEST_MESSAGE + 1)
    data = client_bytes(TextMessage(data=text, message_finished=False))

    [received] = Inbound().feed(data)

    assert isinstance(received, Closed)
    assert received.code == 1009


@pytest.mark.parametrize(
    ("data", "code"),
    [
        (client_bytes(BytesMessage(data=b"\0")), 1003),
        (b"\x81\x82\0\0\0\0\xff\xff", 1007),
        (b"\x81\x02hi", 1002),
        (b"\xc1\x80\0\0\0\0", 1002),
        (b"\x89\xfe\x01\0\0\0\0\0", 1002),
        (b"\x88\x80\0\0\0\0", 1005),
        (client_bytes(CloseConnection(code=1001)), 1001),
    ],
    ids=["binary", "not-utf-8", "unmasked", "reserved-bit", "long-ping", "close-without-code", "close"],
)
def test_what_ends_a_socket_says_why(data, code):
    [received] = Inbound().feed(data)

    assert isinstance(received, Closed)
    assert received.code == code


@given(st.binary(max_size=500))
def test_noise_never_raises(noise):
    for received in Inbound().feed(noise):
        assert isinstance(received, str | Pinged | Closed)
