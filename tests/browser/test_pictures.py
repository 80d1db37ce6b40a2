"""Pictures of people and companies, chosen as people choose them: what is none is refused beside its form."""

from __future__ import annotations

from pathlib import Path

from playwright.sync_api import Page, expect

from chatapp.common.pictures import MOST_BYTES
from tests.browser.conftest import Door
from tests.support.live import LiveServer
from tests.support.picture_files import picture_bomb, picture_file
from tests.support.words import Surroundings

NO_PICTURE = "This is no picture that we can read. Use PNG, JPEG, WebP or GIF."
REFUSED = {
    "words.png": (b"not a picture at all", NO_PICTURE),
    "drawing.svg": (b'<svg xmlns="http://www.w3.org/2000/svg"><script>alert(1)</script></svg>', NO_PICTURE),
    "half.png": (picture_file(size=(300, 300))[:400], NO_PICTURE),
    "bomb.png": (picture_bomb(7_000), "This picture has more than 40 megapixels. Choose a smaller one."),
    "large.png": (b"\0" * (MOST_BYTES + 1), "This picture is larger than 5 MB. Choose a smaller one."),
}
PLACES = {
    "en": ("/account", "Picture", "Your picture is changed.", "Your picture is removed."),
    "es": ("/w/acme/settings", "Logo", "The logo is changed.", "The logo is removed."),
}


def test_a_picture_is_chosen_replaced_and_removed_and_what_is_none_changes_nothing(
    door: Door, surroundings: Surroundings, live_server: LiveServer, tmp_path: Path
) -> None:
    path, label, changed, removed = PLACES[surroundings.locale]
    page, say = door("owner", path), surroundings.say
    beside = page.locator("form.form input[name=name]")
    beside.fill("Not saved yet")
    choose(page, tmp_path, "me.jpg", picture_file("JPEG"))
    expect(page.get_by_text(say(changed))).to_be_visible()
    picture = page.locator("picture-field img")
    address = picture.get_attribute("src")
    assert picture.evaluate("picture => picture.decode().then(() => picture.naturalWidth)") == 256

    for name, (content, sentence) in REFUSED.items():
        choose(page, tmp_path, name, content)
        expect(page.locator("picture-field").get_by_text(say(sentence))).to_be_visible()
        assert picture.get_attribute("src") == address

    choose(page, tmp_path, "other.webp", picture_file("WEBP", colour="blue"))
    expect(page.get_by_text(say(changed))).to_be_visible()
    assert picture.get_attribute("src") != address
    assert page.request.get(live_server.url + str(address)).status == 404
    page.locator("picture-field").get_by_role("button", name=say("Remove")).click()
    expect(page.get_by_text(say(removed))).to_be_visible()
    expect(picture).to_have_count(0)
    expect(beside).to_have_value("Not saved yet")
    expect(page.get_by_text(say(label), exact=True)).to_be_visible()


def choose(page: Page, folder: Path, name: str, content: bytes) -> None:
    file = folder / name
    file.write_bytes(content)
    page.locator("picture-field input[type=file]").set_input_files(file)
