"""The one table of what channels take is what services hold to and what pages tell."""

from __future__ import annotations

import pytest
from flask import Flask
from flask.testing import FlaskClient

from chatapp.channels import limits
from chatapp.channels.limits import Limits
from chatapp.common.clock import now
from chatapp.common.errors import AppError
from chatapp.common.ids import uuid7
from chatapp.messages import corrections, services
from chatapp.scheduled import services as scheduled
from chatapp.scheduled.services import FURTHEST
from tests.factories import inside, make_company
from tests.support.web_client import log_in


def test_each_channel_has_its_own(app: Flask, client: FlaskClient, monkeypatch: pytest.MonkeyPatch) -> None:
    acme = make_company(app)
    monkeypatch.setattr(limits, "_OF", {"web": Limits(reply=20, message=10, files=1, file_bytes=2 * limits.MEGABYTE)})
    with inside(app, acme) as it:
        by, conversation = it.member("agent"), it.conversation
        about = {"by": by, "client_id": uuid7()}
        short = services.send_reply(conversation, text="x" * 20, **about).message
        note = services.send_reply(conversation, text="x" * 21, by=by, client_id=uuid7(), private=True)
        assert note.is_new
        later = {"at": now() + FURTHEST / 2, "client_id": uuid7(), "only_if_silent": False}
        ways = (
            lambda text: services.send_reply(conversation, text=text, by=by, client_id=uuid7()),
            lambda text: corrections.edit(short, text=text, last_edit=None, by=by),
            lambda text: scheduled.schedule(conversation, text=text, by=by, **later),
        )
        for way in ways:
            with pytest.raises(AppError, match="at most 20 characters"):
                way("x" * 21)
        files = [uuid7(), uuid7()]
        with pytest.raises(AppError, match="at most 1 files"):
            services.send_reply(conversation, text="x", by=by, client_id=uuid7(), attachment_ids=files)
    log_in(client, acme.email("agent"))
    page = client.get(f"/w/acme/inbox/{acme.conversation_id}").text
    assert all(part in page for part in ('data-reply="20"', 'data-most="1"', "Larger than 2 MB"))
    panel = client.get(f"/widget/{acme.site_key}").text
    assert 'data-longest="10" data-files="1" data-bytes="2097152"' in panel
