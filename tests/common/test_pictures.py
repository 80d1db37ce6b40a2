"""Pictures: what is none is refused with a sentence, and of what is one nothing stays but a small square."""

import io

import pytest
from flask import Flask
from PIL import Image

from chatapp.common import pictures
from tests.support.picture_files import picture_bomb, picture_file


@pytest.mark.parametrize("kind", ["PNG", "JPEG", "WEBP", "GIF"])
@pytest.mark.parametrize("size", [(300, 200), (1, 1), (40, 900)])
def test_each_kind_becomes_a_small_square(kind: str, size: tuple[int, int]) -> None:
    made = pictures.square(picture_file(kind, size))
    with Image.open(io.BytesIO(made)) as image:
        assert (image.format, image.size) == ("WEBP", (256, 256))
    assert len(made) < 20_000


def test_nothing_that_was_written_into_the_original_stays() -> None:
    exif = Image.Exif()
    exif[0x010E] = "taken at home"
    original = picture_file("JPEG", exif=exif, comment="a secret")
    assert b"taken at home" in original
    made = pictures.square(original)
    assert b"taken at home" not in made
    assert b"a secret" not in made
    with Image.open(io.BytesIO(made)) as image:
        assert len(image.getexif()) == 0


def test_a_picture_of_a_phone_stands_upright() -> None:
    exif = Image.Exif()
    exif[0x0112] = 6
    halves = Image.new("RGB", (200, 200), "red")
    halves.paste("blue", (0, 0, 200, 100))
    made = io.BytesIO()
    halves.save(made, "JPEG", exif=exif)
    with Image.open(io.BytesIO(pictures.square(made.getvalue()))) as image:
        red, _green, blue = image.convert("RGB").getpixel((230, 128))  # type: ignore[misc]
        assert blue > red  # what was above is at the right


def test_what_is_clear_stays_clear() -> None:
    clear = io.BytesIO()
    Image.new("RGBA", (64, 64), (0, 0, 0, 0)).save(clear, "PNG")
    with Image.open(io.BytesIO(pictures.square(clear.getvalue()))) as image:
        assert image.convert("RGBA").getpixel((128, 128))[3] == 0  # type: ignore[index]


def test_of_what_moves_the_first_picture_is_kept() -> None:
    made = io.BytesIO()
    frames = [Image.new("RGB", (64, 64), colour) for colour in ("red", "blue")]
    frames[0].save(made, "GIF", save_all=True, append_images=frames[1:])
    with Image.open(io.BytesIO(pictures.square(made.getvalue()))) as image:
        assert getattr(image, "n_frames", 1) == 1
        assert image.convert("RGB").getpixel((128, 128))[0] > 200  # type: ignore[index]


@pytest.mark.parametrize(
    "content",
    [
        b'<svg xmlns="http://www.w3.org/2000/svg" onload="alert(1)"/>',
        b"<!doctype html><script>alert(1)</script>",
        b"%PDF-1.7 ...",
        b"\x89PNG\r\n\x1a\n",
        picture_file("PNG", (900, 900))[:-400],
        picture_file("JPEG", (900, 900))[:700],
        picture_file("BMP"),
        picture_file("TIFF"),
        picture_file("ICO", (32, 32)),
        b"\0" * 1000,
        b"GIF89a",
    ],
    ids=["svg", "html", "pdf", "only a head", "cut png", "cut jpeg", "bmp", "tiff", "ico", "nulls", "only gif"],
)
def test_what_is_no_picture_is_refused(app: Flask, content: bytes) -> None:
    with app.test_request_context(), pytest.raises(pictures.UnreadableError, match="no picture that we can read"):
        pictures.square(content)


@pytest.mark.parametrize("side", [6_400, 10_000, 60_000])
def test_a_small_file_that_says_it_is_enormous_is_not_unpacked(app: Flask, side: int) -> None:
    with app.test_request_context(), pytest.raises(pictures.UnreadableError, match="more than 40 megapixels"):
        pictures.square(picture_bomb(side))
