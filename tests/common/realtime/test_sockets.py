"""Sockets of a real gunicorn worker, seen by foreign clients."""

from concurrent.futures import ThreadPoolExecutor
from urllib.error import HTTPError

import pytest
import websocket

from chatapp.common.realtime.inbound import LARGEST_MESSAGE


@pytest.fixture
def browser(alone):
    """The other library's client, listening to topic 1."""
    client = websocket.create_connection(f"ws://127.0.0.1:{alone.port}/live/1", timeout=5)
    assert client.recv() == "hello"
    yield client
    client.shutdown()


def said(client, count):
    """The first messages after the greeting."""
    return client.read_until(count + 1)[1:]


def next_frame(browser, opcode):
    """The next frame of this kind, past the heartbeats."""
    while (frame := browser.recv_frame()).opcode != opcode:
        pass
    return frame


def test_what_is_said_is_answered_in_order(alone, listen):
    client = listen(alone, 1)

    for number in range(100):
        client.say(str(number))
    assert said(client, 100) == [f"echo {number}" for number in range(100)]


def test_what_is_said_meanwhile_waits_its_turn(alone, listen):
    client = listen(alone, 1)

    client.say("sleep 0.3")
    client.read(0.1)
    client.say("next")

    assert said(client, 2) == ["echo sleep 0.3", "echo next"]


def test_what_is_published_reaches_those_who_listen_and_nobody_else(alone, listen):
    here, here_too, elsewhere = listen(alone, 2), listen(alone, 2), listen(alone, 3)

    alone.post("/publish/2", ["news", "más noticias"])
    elsewhere.say("a sign of life")

    assert said(here, 2) == said(here_too, 2) == ["news", "más noticias"]
    assert said(elsewhere, 1) == ["echo a sign of life"]


def test_deflate_is_never_agreed(alone, listen):
    client = listen(alone, 1)

    assert "101 Switching Protocols" in client.head
    assert "extensions" not in client.head.lower()


def test_a_heartbeat_carries_what_the_pulse_says(alone, listen):
    client = listen(alone, 7)

    client.read(1.5)

    assert '{"type":"heartbeat","seq":7}' in client.heartbeats


def test_an_error_closes_with_1011_and_writes_no_http(alone, listen):
    client = listen(alone, 1)

    client.say("fail")

    assert client.read_to_end() == 1011
    assert not client.is_corrupt


def test_an_error_in_the_view_closes_with_1011_too(alone, connect):
    client = connect(alone, "/fails")

    assert client.read_to_end() == 1011
    assert not client.is_corrupt


def test_a_view_that_does_not_stay_closes_with_1000(alone, connect):
    client = connect(alone, "/one-shot")

    assert client.read_to_end() == 1000
    assert client.messages == ["only this"]


def test_whoever_does_not_say_who_they_are_is_closed_with_4401(alone, connect):
    silent, known = connect(alone, "/anonymous"), connect(alone, "/anonymous")
    known.say("5")

    assert silent.read_to_end() == 4401
    known.read(0.7)
    assert not known.is_ended


def test_a_message_that_is_too_big_closes_with_1009(alone, listen):
    client = listen(alone, 1)

    client.say("x" * (LARGEST_MESSAGE + 1))

    assert client.read_to_end() == 1009


def test_a_client_that_says_goodbye_gets_its_goodbye(alone, browser):
    before = alone.get("/stats")["connections"]

    browser.send_close(4000, b"bye")

    assert next_frame(browser, websocket.ABNF.OPCODE_CLOSE).data == b"\x0f\xa0bye"
    browser.shutdown()
    alone.wait_until(connections=before - 1)


def test_a_client_that_just_goes_leaves_nothing_behind(alone, listen):
    before = alone.get("/stats")["connections"]
    clients = [listen(alone, 1) for _ in range(20)]
    alone.wait_until(connections=before + 20)

    for client in clients:
        client.close()

    alone.wait_until(connections=before)


def test_a_ping_is_answered(browser):
    browser.ping("are you there?")

    assert next_frame(browser, websocket.ABNF.OPCODE_PONG).data == b"are you there?"


def test_a_removed_member_is_closed_and_others_are_not(alone, listen):
    removed, other = listen(alone, 11), listen(alone, 12)

    alone.post("/close/11")

    assert removed.read_to_end() == 4403
    other.say("still here")
    assert said(other, 1) == ["echo still here"]


def test_a_revocation_whose_news_was_lost_is_noticed_at_the_next_heartbeat(alone, listen):
    revoked, other = listen(alone, 13), listen(alone, 14)

    alone.post("/revoke/13")

    assert revoked.read_to_end() == 4401
    other.say("still here")
    assert said(other, 1) == ["echo still here"]


def test_a_plain_request_is_refused_without_harm(alone):
    with pytest.raises(HTTPError) as refused:
        alone.get("/live/1")

    with refused.value as answer:
        assert answer.code == 400


def test_a_waiting_request_hears_what_is_published(alone):
    with ThreadPoolExecutor() as pool:
        answer = pool.submit(alone.get, "/wait/21?seconds=20")
        alone.wait_until(waiting=1)
        alone.post("/publish/21", ["news"])

        assert answer.result(timeout=5) == {"news": True}
