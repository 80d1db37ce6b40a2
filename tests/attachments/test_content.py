"""What files are is decided by what is in them, and nothing of a stranger's file runs in a page of ours."""

import io
import struct
import zipfile
from collections.abc import Callable

import pytest
from flask import Flask
from PIL import Image

from chatapp.attachments import images
from tests.attachments.conftest import Agent, VisitorWithFiles
from tests.attachments.test_messages import path_of
from tests.support.picture_files import picture_bomb, picture_file, upload

MEGABYTE = 1024 * 1024
SVG = b'<svg xmlns="http://www.w3.org/2000/svg"><script>alert(1)</script></svg>'
HTML = b"<!doctype html><html><body><script>alert(1)</script></body></html>"
WAV = (
    b"RIFF"
    + struct.pack("<I", 36)
    + b"WAVEfmt "
    + struct.pack("<IHHIIHH", 16, 1, 1, 8000, 8000, 1, 8)
    + b"data\0\0\0\0"
)
_bomb = io.BytesIO()
with zipfile.ZipFile(_bomb, "w", zipfile.ZIP_DEFLATED) as _archive:
    _archive.writestr("photos.txt", b"\0" * 10 * MEGABYTE)
ZIP_BOMB = _bomb.getvalue()
MP4 = b"\0\0\0\x18ftypmp42\0\0\0\0mp42isom" + b"\0" * 64
MP3 = b"ID3\x03\0\0\0\0\0\0" + b"\xff\xfb\x90\0" * 200


@pytest.mark.parametrize(
    ("content", "name", "media_type", "kind"),
    [
        (SVG, "logo.svg", "image/svg+xml", "file"),
        (SVG, "logo.png", "image/svg+xml", "file"),
        (HTML, "page.html", "text/html", "file"),
        (HTML, "photo.jpg", "text/html", "file"),
        (b"MZ" + b"\0" * 100, "photo.jpg", "application/octet-stream", "file"),
        (b"just words", "photo.jpg", "text/plain", "file"),
        (b"GIF89a/*" + b"x" * 40 + b"*/=1;alert(1)", "photo.gif", "image/gif", "file"),
        (b"%PDF-1.7\n" + HTML, "invoice.pdf.html", "application/pdf", "file"),
        (ZIP_BOMB, "photos.jpg", "application/zip", "file"),
        (b"\x89PNG\r\n\x1a\nbroken", "photo.png", "image/png", "file"),
        (WAV, "hello.wav", "audio/wav", "audio"),
        (MP3, "song.mp3", "audio/mpeg", "audio"),
        (MP4, "film.mp4", "video/mp4", "video"),
    ],
)
def test_a_file_is_what_it_holds(agent: Agent, content: bytes, name: str, media_type: str, kind: str) -> None:
    facts = agent.uploaded(content, name)
    assert (facts["type"], facts["kind"], facts["size"]) == (media_type, kind, len(content))
    answer = agent.get(facts["id"])
    assert answer.data == content
    assert answer.mimetype == (media_type if kind in ("audio", "video") else "application/octet-stream")


@pytest.mark.parametrize("content", [SVG, HTML, WAV, picture_file()], ids=["svg", "html", "sound", "picture"])
def test_no_file_is_a_page(app: Flask, agent: Agent, visitor: VisitorWithFiles, content: bytes) -> None:
    answers = [agent.get(agent.uploaded(content)["id"])]
    answers.append(app.test_client().get(path_of(visitor.uploaded(content)["url"])))
    for answer in answers:
        assert answer.status_code == 200
        assert answer.headers["Content-Disposition"].startswith("attachment")
        assert answer.headers["X-Content-Type-Options"] == "nosniff"
        assert answer.headers["Content-Security-Policy"] == "default-src 'none'; frame-ancestors 'none'; sandbox"
        assert answer.mimetype in ("application/octet-stream", "audio/wav", "image/png")


@pytest.mark.parametrize("kind", ["JPEG", "PNG", "WEBP"])
def test_a_picture_is_made_anew_without_what_it_told(agent: Agent, kind: str) -> None:
    exif = Image.Exif()
    exif[0x010E] = "taken at home"
    exif[0x0112] = 6  # lies on its side
    facts = agent.uploaded(picture_file(kind, (300, 200), exif=exif.tobytes()) + b"<script>hidden</script>")
    assert (facts["type"], facts["width"], facts["height"]) == (f"image/{kind.lower()}", 200, 300)
    for query in ({}, {"size": "small"}):
        content = agent.get(facts["id"], query_string=query).data
        assert b"taken at home" not in content
        assert b"hidden" not in content
        with Image.open(io.BytesIO(content)) as image:
            assert image.size == (200, 300)
            assert not image.getexif()
    assert facts["size"] == len(agent.get(facts["id"]).data)


def test_a_moving_picture_goes_on_moving(agent: Agent) -> None:
    frames = [Image.new("RGB", (40, 30), colour) for colour in ("red", "green", "blue")]
    made = io.BytesIO()
    frames[0].save(made, "GIF", save_all=True, append_images=frames[1:], duration=80)
    facts = agent.uploaded(made.getvalue(), "wave.gif")
    with Image.open(io.BytesIO(agent.get(facts["id"]).data)) as image:
        assert (image.format, image.n_frames, image.size) == ("GIF", 3, (40, 30))  # type: ignore[attr-defined]


def test_a_huge_picture_is_made_smaller(agent: Agent) -> None:
    facts = agent.uploaded(picture_file("JPEG", (6000, 3000)))
    assert max(facts["width"], facts["height"]) <= images.LONGEST_SIDE
    assert facts["width"] == 2 * facts["height"]


def test_a_bomb_is_refused_before_it_is_unpacked(agent: Agent, visitor: VisitorWithFiles) -> None:
    for answer in (agent.upload(picture_bomb(50_000)), visitor.upload(picture_bomb(8_000))):
        assert answer.status_code == 422
        assert "40 megapixels" in answer.text


def test_a_long_animation_is_refused(agent: Agent, monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr(images, "MOST_PIXELS_OF_ALL_FRAMES", 3000)
    frames = [Image.new("RGB", (40, 30), colour) for colour in ("red", "green", "blue")]
    made = io.BytesIO()
    frames[0].save(made, "GIF", save_all=True, append_images=frames[1:])
    assert agent.upload(made.getvalue()).status_code == 422


def test_twenty_four_megabytes_are_taken_and_twenty_six_are_not(
    agent: Agent, visitor: VisitorWithFiles, files: Callable[[], int]
) -> None:
    for sender in (agent, visitor):
        assert sender.uploaded(b"\0" * 24 * MEGABYTE)["size"] == 24 * MEGABYTE
        refused = sender.upload(b"\0" * 26 * MEGABYTE)
        assert refused.status_code == 413
        assert "larger than 25 MB" in refused.text
        assert sender.upload(b"\0" * 60 * MEGABYTE).status_code == 413
    assert files() == 2


def test_a_form_with_a_file_is_taken_too(agent: Agent) -> None:
    answer = agent.upload(b"", **upload(b"from a form", "form.txt", "file"))
    assert (answer.status_code, answer.get_json()["name"]) == (201, "form.txt")
    assert agent.upload(b"", **upload(b"\0" * 26 * MEGABYTE, "form.txt", "file")).status_code == 413
    assert agent.upload(b"", **upload(b"x", "form.txt", "other")).status_code == 422


def test_an_empty_file_is_refused(agent: Agent, visitor: VisitorWithFiles) -> None:
    for sender in (agent, visitor):
        answer = sender.upload(b"", "empty.txt")
        assert answer.status_code == 422
        assert "This file is empty." in answer.text


def test_strangers_are_sent_away_before_their_file_is_read(app: Flask, agent: Agent) -> None:
    nobody = app.test_client()
    assert nobody.post("/widget/attachments?name=x", data=b"x").status_code == 401
    assert nobody.post(f"{agent.thread}/attachments?name=x", data=b"x").status_code >= 302
    assert nobody.post("/api/v1" + agent.thread + "/attachments?name=x", data=b"x").status_code == 401
