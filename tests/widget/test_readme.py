"""The client that the README prints is run as it is printed."""

from __future__ import annotations

import re
import subprocess
import sys
from pathlib import Path

import pytest

from chatapp.common.ids import uuid7
from chatapp.conversations import queries as conversations
from chatapp.messages import services
from tests.factories import Company, inside, make_company
from tests.support.live import LiveServer

README = Path(__file__).parents[2] / "widget/README.md"


@pytest.fixture
def acme(live_server: LiveServer) -> Company:
    return make_company(live_server.app)


def test_the_printed_client_talks(live_server: LiveServer, acme: Company, tmp_path: Path) -> None:
    (program,) = re.findall(r"```python\n(.*?)```", README.read_text(), re.DOTALL)
    (tmp_path / "chat.py").write_text(program)
    command = [sys.executable, str(tmp_path / "chat.py"), live_server.url, acme.site_key]
    with subprocess.Popen(command, stdin=subprocess.PIPE, stdout=subprocess.PIPE, text=True) as client:
        assert client.stdin is not None
        assert client.stdout is not None
        assert client.stdout.readline() == "Hi there,\n"
        client.stdin.write("hello from the console\n")
        client.stdin.flush()
        answer_latest(live_server, acme, preview="hello from the console", text="hello to you")
        lines = [client.stdout.readline() for _ in range(2)]
        client.kill()
    assert lines == ["how can we help?\n", "Agent: hello to you\n"]


def answer_latest(server: LiveServer, acme: Company, *, preview: str, text: str) -> None:
    """Answer the newest conversation once it has come."""
    for _attempt in range(200):
        with inside(server.app, acme) as here:
            agent = here.member("agent")
            newest = conversations.page_of("all", me=agent.user_id).rows[0]
            if newest.preview == preview:
                services.send_reply(newest, by=agent, text=text, client_id=uuid7())
                return
    raise AssertionError("The client's message never came.")
