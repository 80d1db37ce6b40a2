"""SIGTERM: everybody is asked to come back, what is being done is finished, and the process is gone in time."""

import http.client
import time
from concurrent.futures import ThreadPoolExecutor

import pytest

MOST_SECONDS = 25


@pytest.fixture
def process(web_process):
    return web_process()


def test_every_socket_is_closed_with_1012_and_the_process_ends(process, listen):
    clients = [listen(process, number) for number in range(50)]

    process.terminate()

    assert {client.read_to_end(5) for client in clients} == {1012}
    assert process.seconds_until_gone(MOST_SECONDS) < 5


def test_sockets_that_never_read_do_not_hold_it(process, listen):
    stalled = [listen(process, 1, receive_buffer=4096) for _ in range(3)]
    process.post("/publish/1", ["x" * 100_000] * 12)

    process.terminate()

    assert process.seconds_until_gone(MOST_SECONDS) < 10
    assert not any(client.is_corrupt for client in stalled)


def test_a_request_in_progress_is_answered(process):
    with ThreadPoolExecutor() as pool:
        answer = pool.submit(process.get, "/slow?seconds=2")
        time.sleep(0.5)

        process.terminate()

        assert "pid" in answer.result(timeout=MOST_SECONDS)
    process.seconds_until_gone(MOST_SECONDS)


def test_a_message_in_progress_is_answered_before_the_goodbye(process, listen):
    client = listen(process, 1)
    client.say("sleep 1")
    time.sleep(0.3)

    process.terminate()

    assert client.read_to_end(5) == 1012
    assert client.messages == ["hello", "echo sleep 1"]


def test_a_waiting_request_is_let_go(process):
    with ThreadPoolExecutor() as pool:
        answer = pool.submit(process.get, "/wait/1?seconds=20")
        process.wait_until(waiting=1)

        process.terminate()

        assert answer.result(timeout=3) == {"news": True}
    process.seconds_until_gone(MOST_SECONDS)


def test_a_browser_that_keeps_its_connection_does_not_hold_it(process):
    browser = http.client.HTTPConnection("127.0.0.1", process.port, timeout=5)
    browser.request("GET", "/stats")
    assert browser.getresponse().read()
    silent = http.client.HTTPConnection("127.0.0.1", process.port, timeout=5)
    silent.connect()
    time.sleep(0.2)

    process.terminate()

    assert process.seconds_until_gone(MOST_SECONDS) < 5
    browser.close()
    silent.close()


def test_while_it_drains_it_says_so_and_takes_no_sockets(process, listen, connect):
    busy = listen(process, 1)
    busy.say("sleep 1")
    keeps_it_alive = http.client.HTTPConnection("127.0.0.1", process.port, timeout=5)
    keeps_it_alive.connect()
    time.sleep(0.1)

    process.terminate()
    time.sleep(0.3)

    keeps_it_alive.request("GET", "/live/2", headers=UPGRADE)
    assert keeps_it_alive.getresponse().status == 503
    keeps_it_alive.close()
    process.seconds_until_gone(MOST_SECONDS)


UPGRADE = {
    "Connection": "Upgrade",
    "Upgrade": "websocket",
    "Sec-WebSocket-Version": "13",
    "Sec-WebSocket-Key": "dGhlIHNhbXBsZSBub25jZQ==",
}
