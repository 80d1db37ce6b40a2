"""Mail against a real server: sent once, tried again, given up; and what SMTP_URL may say."""

from collections.abc import Iterator
from dataclasses import replace
from pathlib import Path

import pytest
from flask import Flask
from sqlalchemy import select, update

from chatapp.common import mail, postbox, queue
from chatapp.common.clock import now
from chatapp.common.db import db
from chatapp.common.mail import Letter, Server
from chatapp.common.postbox import OutgoingMail
from chatapp.common.unit_of_work import unit_of_work
from chatapp.config import Config, ConfigError
from chatapp.jobs.mail import send_due
from chatapp.jobs.schedule import relay_mail
from tests.support import configuration
from tests.support.smtp_server import MailServer, mail_server

WHERE = {"database_url": "postgresql://db.example/chatapp", "redis_url": "redis://cache.example", "redis_prefix": "x"}
LINK = "http://127.0.0.1/reset-password/abc"


@pytest.fixture(scope="module")
def running(tmp_path_factory: pytest.TempPathFactory) -> Iterator[MailServer]:
    with mail_server(tmp_path_factory.mktemp("mail")) as server:
        yield server


@pytest.fixture
def server(running: MailServer, app: Flask, monkeypatch: pytest.MonkeyPatch) -> MailServer:
    """A real mail server that the application sends by."""
    for file in running.folder.glob("*.eml"):
        file.unlink()
    config = app.extensions["chatapp.config"]
    monkeypatch.setitem(app.extensions, "chatapp.config", replace(config, smtp_url=running.url))
    return running


def post(app: Flask, to: str = "nadia@acme.example", locale: str = "en", name: str = "Nadia") -> None:
    with app.app_context(), unit_of_work():
        postbox.post("password_changed", to=to, locale=locale, name=name, link=LINK)


def send(app: Flask) -> OutgoingMail:
    """Run the job; the newest row, as it is now."""
    with app.app_context():
        send_due()
    with app.app_context(), unit_of_work():
        return db.session.scalars(select(OutgoingMail).order_by(OutgoingMail.id.desc())).first()  # type: ignore[return-value]


def test_a_letter_arrives_as_text_and_as_html(app: Flask, server: MailServer) -> None:
    post(app)
    row = send(app)
    (arrived,) = server.messages()
    assert (arrived["To"], arrived["Subject"]) == ("nadia@acme.example", "Your password was changed")
    assert arrived["From"] == "Chatapp <no-reply@127.0.0.1>"
    assert arrived["Message-ID"] == f"<{row.id}@127.0.0.1>"
    text, html = (arrived.get_body((kind,)).get_content() for kind in ("plain", "html"))
    assert LINK in text
    assert f'href="{LINK}"' in html


def test_a_letter_speaks_its_readers_language(app: Flask, server: MailServer) -> None:
    post(app, locale="es", name="Íñigo")
    send(app)
    (arrived,) = server.messages()
    assert arrived["Subject"] == "Tu contraseña ha cambiado"
    assert "Hola, Íñigo:" in arrived.get_body(("plain",)).get_content()


def test_what_was_sent_is_not_sent_again_and_is_forgotten(app: Flask, server: MailServer) -> None:
    post(app)
    row = send(app)
    assert (row.state, row.facts, row.letter) == ("sent", None, None)
    send(app)
    assert len(server.messages()) == 1


def test_while_it_waits_nobody_reads_it_in_the_database(app: Flask) -> None:
    post(app)
    with app.app_context(), unit_of_work():
        facts = db.session.scalars(select(OutgoingMail.facts)).one()
    assert facts
    assert "abc" not in facts
    assert "Nadia" not in facts


def test_a_name_is_text_in_the_html(app: Flask, server: MailServer) -> None:
    post(app, name="<script>alert(1)</script>")
    send(app)
    (arrived,) = server.messages()
    assert "<script>" not in arrived.get_body(("html",)).get_content()


def test_an_address_that_does_not_exist_is_given_up_at_once(app: Flask, server: MailServer) -> None:
    post(app, to="refused@acme.example")
    row = send(app)
    assert (row.state, row.attempts, row.facts) == ("dead", 1, None)
    assert "No such mailbox" in (row.last_error or "")


def test_a_server_that_is_busy_is_asked_again_later(app: Flask, server: MailServer) -> None:
    post(app, to="busy@acme.example")
    row = send(app)
    assert (row.state, row.attempts) == ("pending", 1)
    assert row.available_at > now()
    assert row.facts


def test_a_server_that_is_away_is_asked_again_and_the_letter_then_arrives(
    app: Flask, server: MailServer, monkeypatch: pytest.MonkeyPatch
) -> None:
    with monkeypatch.context() as away:
        config = replace(app.extensions["chatapp.config"], smtp_url="smtp://127.0.0.1:1")
        away.setitem(app.extensions, "chatapp.config", config)
        post(app)
        assert send(app).state == "pending"
    with app.app_context(), unit_of_work():
        db.session.execute(update(OutgoingMail).values(available_at=now()))
    assert send(app).state == "sent"
    assert len(server.messages()) == 1


def test_after_the_last_attempt_a_letter_is_dead(app: Flask, server: MailServer) -> None:
    post(app, to="busy@acme.example")
    with app.app_context(), unit_of_work():
        db.session.execute(update(OutgoingMail).values(attempts=postbox.MAX_ATTEMPTS - 1))
    assert send(app).state == "dead"


def test_one_broken_letter_does_not_hold_up_the_next(app: Flask, server: MailServer) -> None:
    with app.app_context(), unit_of_work():
        postbox.post("no_such_letter", to="nadia@acme.example")
    post(app)
    send(app)
    assert len(server.messages()) == 1


def test_the_clock_rings_for_letters_that_wait(app: Flask) -> None:
    with app.app_context():
        relay_mail()
        assert queue.jobs().count == 0
    post(app)
    with app.app_context():
        relay_mail()
        relay_mail()
        assert queue.jobs().count == 1


def test_without_a_server_a_letter_is_kept_and_shown(app: Flask) -> None:
    post(app)
    assert send(app).state == "kept"
    page = app.test_client().get("/dev/mail")
    assert "Your password was changed" in page.text
    assert LINK in page.text
    with app.app_context(), unit_of_work():
        mail_id = db.session.scalars(select(OutgoingMail.id)).one()
    assert LINK in app.test_client().get(f"/dev/mail/{mail_id}").text


def test_production_without_a_server_posts_nothing(app: Flask, monkeypatch: pytest.MonkeyPatch) -> None:
    config = replace(app.extensions["chatapp.config"], env="production")
    monkeypatch.setitem(app.extensions, "chatapp.config", config)
    post(app)
    with app.app_context(), unit_of_work():
        assert db.session.scalars(select(OutgoingMail)).all() == []


class TestConnections:
    """How the password travels."""

    def deliver(self, url: str) -> None:
        letter = Letter("nadia@acme.example", "Hello", "text", "<p>html</p>")
        mail.deliver(mail.message(letter, sender="chat@acme.example", message_id="<1@x>"), Server.from_url(url))

    def test_a_password_travels_encrypted(self, tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> None:
        with mail_server(tmp_path, "--tls", "--user", "us:p@ss word") as server:
            monkeypatch.setenv("SSL_CERT_FILE", str(tmp_path / "certificate.pem"))
            self.deliver(f"smtp://us:p%40ss%20word@127.0.0.1:{server.port}")
            assert len(server.messages()) == 1
            with pytest.raises(Exception, match="535"):
                self.deliver(f"smtp://us:wrong@127.0.0.1:{server.port}")
            monkeypatch.delenv("SSL_CERT_FILE")
            with pytest.raises(Exception, match="certificate verify failed"):
                self.deliver(f"smtp://us:p%40ss%20word@127.0.0.1:{server.port}")
            assert len(server.messages()) == 1

    def test_a_password_does_not_travel_in_the_clear(
        self, running: MailServer, monkeypatch: pytest.MonkeyPatch
    ) -> None:
        monkeypatch.setattr(mail, "_THIS_MACHINE", ())
        with pytest.raises(Exception, match="no STARTTLS"):
            self.deliver(f"smtp://us:secret@127.0.0.1:{running.port}")


@pytest.mark.parametrize(
    ("url", "host", "port", "is_encrypted", "user"),
    [
        ("smtp://mail.example.com", "mail.example.com", 587, False, None),
        ("smtps://mail.example.com", "mail.example.com", 465, True, None),
        ("smtp://a%40b:c@mail.example.com:25", "mail.example.com", 25, False, "a@b"),
    ],
)
def test_what_the_address_of_the_server_says(
    url: str, host: str, port: int, is_encrypted: bool, user: str | None
) -> None:
    assert _config(SMTP_URL=url).smtp_url == url
    server = Server.from_url(url)
    assert (server.host, server.port, server.is_encrypted, server.user) == (host, port, is_encrypted, user)


@pytest.mark.parametrize(
    "url", ["mail.example.com", "http://mail.example.com", "smtp://", "smtp://h:port", "smtp://h:99999"]
)
def test_a_malformed_address_of_the_server_stops_the_boot(url: str) -> None:
    with pytest.raises(ConfigError, match=r"^SMTP_URL must be"):
        _config(SMTP_URL=url)


@pytest.mark.parametrize("sender", ["nobody", "Chat <nobody>", "Chat <a@b.example>\nBcc: x@y.example"])
def test_a_malformed_sender_stops_the_boot(sender: str) -> None:
    assert _config(MAIL_FROM="Chat <a@b.example>").mail_from == "Chat <a@b.example>"
    with pytest.raises(ConfigError, match=r"^MAIL_FROM must be"):
        _config(MAIL_FROM=sender)


def _config(**more: str) -> Config:
    return Config.from_env(configuration.environment(**WHERE) | more)
