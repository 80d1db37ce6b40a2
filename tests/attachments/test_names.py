"""Names of files are shown, stored and put into headers; whatever somebody called theirs."""

import pytest

from chatapp.attachments.names import LONGEST, safe_name
from tests.attachments.conftest import Agent


@pytest.mark.parametrize(
    ("raw", "shown"),
    [
        ("price list.pdf", "price list.pdf"),
        ("../../etc/passwd", "passwd"),
        ("..\\..\\boot.ini", "boot.ini"),
        ("/etc/shadow", "shadow"),
        ("..", "file"),
        ("", "file"),
        (" . ", "file"),
        ("a\x00b\r\nSet-Cookie: x.txt", "ab Set-Cookie: x.txt"),
        ("photo\u202egnp.exe", "photognp.exe"),
        ("حساب.pdf", "حساب.pdf"),
        ("👩‍👩‍👧.png", "👩‍👩‍👧.png"),
        ("half \ud83d.txt", "half ?.txt"),
        ("e\u0301.txt", "é.txt"),
        ("two\u2028lines.txt", "two lines.txt"),
    ],
)
def test_a_name_is_made_fit(raw: str, shown: str) -> None:
    assert safe_name(raw, otherwise="file") == shown


def test_a_long_name_keeps_its_ending() -> None:
    name = safe_name("😀" * 300 + ".png", otherwise="file")
    assert len(name) == LONGEST
    assert name.endswith("…​.png".replace("\u200b", ""))
    assert len(safe_name("x" * 300, otherwise="file")) == LONGEST
    assert len(safe_name("x." + "y" * 300, otherwise="file")) == LONGEST


@pytest.mark.parametrize("name", ["😀" * 300 + ".png", "حساب.pdf", '"quoted"; filename=x.html', "a\r\nX-Evil: 1"])
def test_a_name_travels_in_a_header_as_it_is_shown(agent: Agent, name: str) -> None:
    facts = agent.uploaded(b"x", name)
    answer = agent.get(facts["id"])
    assert answer.status_code == 200
    assert "X-Evil" not in answer.headers
    assert answer.headers["Content-Disposition"].startswith("attachment; filename")
    assert "<" not in agent.send(facts["id"]).headers["Content-Type"]
