"""What the first link of a reply leads to is looked up by us and shown to both sides, or nothing is; nobody waits."""

from __future__ import annotations

import json
from collections.abc import Iterator
from datetime import timedelta
from ipaddress import ip_address
from time import process_time
from uuid import UUID

import pytest
from flask import Flask
from flask.testing import FlaskClient
from sqlalchemy import select, update

from chatapp.common import outbound_http
from chatapp.common.clock import now
from chatapp.common.db import db
from chatapp.common.ids import uuid7
from chatapp.common.outbox import OutboxDelivery
from chatapp.common.realtime import broadcast
from chatapp.jobs import link_cards as clock
from chatapp.jobs.drain import drain
from chatapp.link_cards import looking, pages
from chatapp.link_cards.models import LinkCard
from chatapp.messages import corrections, queries, services, wire
from chatapp.privacy.services import erasures
from chatapp.workspaces import services as workspaces
from tests.factories import Company, inside, make_company
from tests.support.picture_files import picture_bomb, picture_file
from tests.support.web_site import Reply, WebSite, web_site

HEAD = (
    '<meta property="og:title" content="{}"><meta property=og:description content="Two &amp; a half">'
    '<meta name="description" content="less">'
)
PAGE = f"<!doctype html><title>Old</title>{HEAD}<body><meta property='og:title' content='too late'>"
TITLED = b"<title>Seen</title>"


@pytest.fixture
def acme(app: Flask) -> Company:
    return make_company(app)


@pytest.fixture(scope="module")
def running(tmp_path_factory: pytest.TempPathFactory) -> Iterator[WebSite]:
    with web_site(tmp_path_factory.mktemp("site")) as site:
        yield site


@pytest.fixture
def site(running: WebSite, monkeypatch: pytest.MonkeyPatch) -> WebSite:
    """A site that the gateway lets through for once; its neighbour at 127.0.0.2 stays private."""
    running.replies.clear()
    running.asked.clear()
    running.heads.clear()
    monkeypatch.setattr(outbound_http, "is_allowed", lambda address: address == ip_address("127.0.0.1"))
    monkeypatch.setattr(outbound_http, "is_allowed_port", lambda _port: True)
    monkeypatch.setattr(outbound_http, "trusted", running.trusted)
    return running


def say(app: Flask, acme: Company, text: str, *, by_visitor: bool = False, private: bool = False) -> UUID:
    """A reply whose links were looked up."""
    with inside(app, acme) as it:
        if by_visitor:
            whose = {"conversation_id": it.conversation.id}
            sent = services.receive(it.project, it.conversation.end_user, text=text, client_id=uuid7(), **whose)
        else:
            sent = services.send_reply(
                it.conversation, by=it.member("agent"), text=text, client_id=uuid7(), private=private
            )
        message_id = sent.message.id
    work(app, acme)
    return message_id


def work(app: Flask, acme: Company) -> None:
    with app.app_context():
        drain(str(acme.workspace_id))


def card(app: Flask, acme: Company, message_id: UUID) -> dict[str, object] | None:
    with inside(app, acme):
        return wire.message_json(queries.message(message_id))["link_preview"]


def kept(app: Flask, acme: Company) -> list[str | None]:
    with inside(app, acme):
        return list(db.session.scalars(select(LinkCard.title).order_by(LinkCard.id)))


def test_both_sides_are_shown_what_a_link_leads_to(
    app: Flask, acme: Company, client: FlaskClient, site: WebSite, monkeypatch: pytest.MonkeyPatch
) -> None:
    published: list[str] = []
    picture = '<meta property="og:image" content="/p.png"></head>'
    site.replies["/a?b=1"] = Reply(PAGE.format("Blue <b>shoes</b>\u202e!").replace("<body>", picture).encode())
    site.replies["/p.png"] = Reply(picture_file(size=(900, 300)), kind="text/plain")
    monkeypatch.setattr(broadcast, "publish", lambda _topic, frame: published.append(frame))
    message_id = say(app, acme, f"Look: {site.origin}/a?b=1#there, and {site.origin}/second")
    url = f"{site.origin}/a?b=1#there"
    shown = card(app, acme, message_id)
    assert shown is not None
    address = str(shown.pop("picture_url")).removeprefix("http://localhost")
    about = {"title": "Blue <b>shoes</b>!", "description": "Two & a half", "site": "127.0.0.1"}
    assert shown == {"url": url, **about}
    assert site.asked == ["/a?b=1", "/p.png"]
    assert {"Cookie", "Referer"}.isdisjoint(site.heads[0])

    # Live, and not moved by it: a change of this message, in its place, and no news in the list.
    frames = [json.loads(one) for one in published if one.startswith("{")]
    updated = [one for one in frames if one["type"] == "message.updated"]
    assert [one["link_preview"]["title"] for one in updated] == ["Blue <b>shoes</b>!"]
    assert updated[0]["revision"] > updated[0]["seq"]
    drawn = [one for one in published if "link-card" in one]
    assert len(drawn) == 2  # in each language
    assert all("Blue &lt;b&gt;shoes&lt;/b&gt;!" in one for one in drawn)

    made = client.get(address[address.index("/link-pictures") :])
    assert (made.status_code, made.mimetype, made.data[8:12]) == (200, "image/webp", b"WEBP")
    assert client.get("/link-pictures/nonsense").status_code == 404
    assert client.get(f"/link-pictures/{uuid7().hex}{address[-32:]}").status_code == 404

    # The visitor's, in the same day: nobody is asked again. A day later somebody is.
    again = card(app, acme, say(app, acme, f"This {url}?", by_visitor=True))
    assert again is not None
    assert again["title"] == shown["title"]
    assert site.asked == ["/a?b=1", "/p.png"]
    with inside(app, acme):
        db.session.execute(update(LinkCard).values(expires_at=now() - timedelta(seconds=1)))
    with app.app_context():
        clock.forget_over()  # it is shown, so it stays
    say(app, acme, url)
    assert site.asked == ["/a?b=1", "/p.png"] * 2
    assert len(kept(app, acme)) == 2


NOTHING = {
    "not there": Reply(TITLED, status=404),
    "no page": Reply(TITLED, kind="application/json"),
    "no title": Reply(b"<meta name=description content=much><title> </title>"),
    "a title after too much": Reply(b"<!-- " + b"x" * pages.MOST_BYTES + b" -->" + TITLED),
    "in other letters than it says": Reply("<title>año</title>".encode("latin-1")),
    "packed": Reply(TITLED, headers={"Content-Encoding": "gzip"}),
    "a drip": Reply(TITLED * 30, drips=True),
    "round and round": Reply(status=302, headers={"Location": "/"}),
    "inside": Reply(status=302, headers={"Location": "https://127.0.0.2/"}),
    "by something else": Reply(status=302, headers={"Location": "file:///etc/passwd"}),
    "an address that is none": Reply(status=302, headers={"Location": "https://[::1/"}),
}


def test_whatever_else_is_there_shows_nothing_and_holds_up_nobody(
    app: Flask, acme: Company, site: WebSite, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setattr(looking, "SECONDS", 0.5)
    for what, reply in NOTHING.items():
        path = f"/{what.replace(' ', '-')}"
        headers = {"Location": path} if reply.headers.get("Location") == "/" else reply.headers
        site.replies[path] = Reply(reply.body, reply.status, reply.kind, headers, reply.drips)
        assert card(app, acme, say(app, acme, f"{site.origin}{path}")) is None, what
        assert path in site.asked, what
    assert site.asked.count("/round-and-round") == 4
    for url in ("https://10.0.0.1/", "https://localhost:5432/", "https://nobody.invalid/", "http://user@127.0.0.1/"):
        assert card(app, acme, say(app, acme, url)) is None
    with inside(app, acme):
        assert set(db.session.scalars(select(OutboxDelivery.state))) == {"done"}
    # Known by nothing but a fingerprint, asked again an hour later at the earliest, and forgotten then.
    assert set(kept(app, acme)) == {None}
    with inside(app, acme):
        db.session.execute(update(LinkCard).values(expires_at=now() - timedelta(seconds=1)))
    with app.app_context():
        clock.forget_over()
    assert kept(app, acme) == []

    site.replies["/plain"] = Reply(b"<title>A &#x1F600; " + b"long " * 100 + b"title</title>")
    shown = card(app, acme, say(app, acme, f"[words]({site.origin}/plain)"))
    assert shown is not None
    assert len(str(shown["title"])) in (199, 200)


def test_what_nobody_wants_looked_up_is_left_alone(app: Flask, acme: Company, site: WebSite) -> None:
    site.replies["/"] = Reply(TITLED)
    url = f"{site.origin}/"
    assert card(app, acme, say(app, acme, f"`{url}` and no link", private=False)) is None
    assert card(app, acme, say(app, acme, f"Only we know {url}", private=True)) is None
    assert card(app, acme, say(app, acme, f"{app.extensions['chatapp.config'].public_url}/w/acme/inbox")) is None
    with inside(app, acme) as it:
        workspaces.show_link_cards(it.conversation.workspace, on=False, by=it.member("owner").user)
    assert card(app, acme, say(app, acme, url)) is None
    assert site.asked == []
    with inside(app, acme) as it:
        workspaces.show_link_cards(it.conversation.workspace, on=True, by=it.member("owner").user)
    assert card(app, acme, say(app, acme, url)) is not None


def test_a_card_goes_with_what_was_said(app: Flask, acme: Company, site: WebSite) -> None:
    site.replies |= {"/a": Reply(b"<title>A</title>"), "/b": Reply(b"<title>B</title>")}
    edited, deleted, erased = [say(app, acme, f"See {site.origin}/a") for _message in range(3)]
    assert kept(app, acme) == ["A"]
    with inside(app, acme) as it:
        text = f"See {site.origin}/b"
        corrections.edit(queries.message(edited), text=text, last_edit=None, by=it.member("agent"))
        assert queries.message(edited).card is None
        corrections.delete(queries.message(deleted), by=it.member("agent"))
    work(app, acme)
    assert [(card(app, acme, one) or {}).get("title") for one in (edited, deleted, erased)] == ["B", None, "A"]
    assert kept(app, acme) == ["A", "B"]
    with inside(app, acme) as it:
        erasures.ask(it.conversation.end_user, by=it.member("owner"))
    work(app, acme)
    assert kept(app, acme) == []


def test_a_picture_that_is_too_much_is_left_out(app: Flask, acme: Company, site: WebSite) -> None:
    heavy = picture_file() + b"\0" * 3_200_000
    pictures = {"bomb": picture_bomb(5_000), "svg": b"<svg onload=alert(1)>", "heavy": heavy}
    for name, content in pictures.items():
        page = f'<title>{name}</title><meta name="twitter:image" content="/{name}.png">'
        site.replies[f"/{name}"] = Reply(page.encode())
        site.replies[f"/{name}.png"] = Reply(content, kind="image/png")
        shown = card(app, acme, say(app, acme, f"{site.origin}/{name}"))
        assert shown is not None
        assert (shown["title"], shown["picture_url"]) == (name, None)
        assert f"/{name}.png" in site.asked


PIECES = ["<a ", "<meta ", '<meta "', "<meta a=", "<!--", "<title>", "<?", "</", "<script", "a", "<meta aaaa "]


@pytest.mark.parametrize("piece", PIECES)
def test_reading_a_page_takes_no_longer_than_the_page(piece: str) -> None:
    """`html.parser` takes minutes for some of these."""
    body, began = (piece * pages.MOST_BYTES)[: pages.MOST_BYTES].encode(), process_time()
    assert pages.read(body, None) is None
    assert process_time() - began < 2
