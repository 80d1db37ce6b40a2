"""What is typed and not sent: kept for each member, apart by kind, until it is sent; the latest wins."""

from __future__ import annotations

from datetime import datetime, timedelta

import pytest
from flask import Flask
from flask.testing import FlaskClient

from chatapp.common.clock import now
from chatapp.common.errors import AppError
from chatapp.common.ids import uuid7
from chatapp.messages import drafts
from tests.factories import Company, inside, make_company
from tests.support.web_client import ORIGIN, csrf_token, log_in, post


@pytest.fixture
def acme(app: Flask) -> Company:
    return make_company(app)


def texts(acme: Company, role: str = "agent") -> dict[str, str]:
    return {kind: draft.text for kind, draft in drafts.drafts_of(acme.conversation_id, acme.members[role]).items()}


def test_a_reply_and_a_note_are_kept_apart_and_for_each_member(app: Flask, acme: Company) -> None:
    with inside(app, acme) as it:
        for role, kind, text in (("agent", "reply", "Dear"), ("agent", "note", "Hm"), ("admin", "reply", "No")):
            drafts.keep(it.conversation, by=it.member(role), kind=kind, text=text, seen=1)
        drafts.keep(it.conversation, by=it.member("agent"), kind="reply", text="Dear Ada", seen=1)
    with inside(app, acme) as it:
        assert texts(acme) == {"reply": "Dear Ada", "note": "Hm"}
        assert texts(acme, "admin") == {"reply": "No"}
        assert drafts.conversations_with_drafts_of(acme.members["agent"]) == [acme.conversation_id]
        assert drafts.drafts_of(acme.conversation_id, acme.members["agent"])["reply"].seen == 1
        drafts.keep(it.conversation, by=it.member("agent"), kind="reply", text="  \n")
        assert texts(acme) == {"note": "Hm"}


def test_who_was_later_by_our_clock_wins_in_whatever_order_they_come(
    app: Flask, acme: Company, monkeypatch: pytest.MonkeyPatch
) -> None:
    late = now()
    moments = iter([late, late - timedelta(seconds=1)])
    monkeypatch.setattr(drafts, "now", lambda: next(moments))
    for text in ("later", "earlier"):
        with inside(app, acme) as it:
            drafts.keep(it.conversation, by=it.member("agent"), kind="reply", text=text)
    with inside(app, acme):
        assert texts(acme) == {"reply": "later"}


@pytest.mark.parametrize("wrong", [{"kind": "letter"}, {"text": "x" * 50_001}])
def test_what_can_be_no_draft_is_refused(app: Flask, acme: Company, wrong: dict[str, str]) -> None:
    with inside(app, acme) as it, pytest.raises(AppError) as refused:
        drafts.keep(it.conversation, by=it.member("agent"), **{"kind": "reply", "text": "x"} | wrong)
    assert refused.value.status == 422


def test_sending_it_takes_the_draft_that_was_sent_and_no_later_one(
    client: FlaskClient, app: Flask, acme: Company
) -> None:
    log_in(client, acme.email("agent"))
    root, headers = f"/w/acme/conversations/{acme.conversation_id}", {"Origin": ORIGIN}

    def save(text: str) -> str:
        form = {"kind": "reply", "text": text, "seen": "1"}
        answer = client.put(f"{root}/draft", data=form, headers=headers | {"X-CSRFToken": csrf_token(client)})
        saved_at: str = answer.get_json()["saved_at"]
        assert datetime.fromisoformat(saved_at)
        return saved_at

    first = save("Dear Ada")
    page = client.get(f"/w/acme/inbox/{acme.conversation_id}").text
    assert 'data-reply-draft="Dear Ada"' in page
    assert f'data-drafts="{acme.conversation_id}"' in page
    save("Dear Ada, and another thing")
    post(client, f"{root}/messages", {"text": "Dear Ada", "client_id": str(uuid7()), "draft": first})
    with inside(app, acme):
        assert texts(acme) == {"reply": "Dear Ada, and another thing"}
    second = save("Dear Ada, and another thing")
    note = {"text": "a note", "client_id": str(uuid7()), "private": "y", "draft": second}
    assert post(client, f"{root}/messages", note).status_code == 200
    with inside(app, acme):
        assert texts(acme) == {"reply": "Dear Ada, and another thing"}
    post(client, f"{root}/messages", {"text": "Dear Ada, and", "client_id": str(uuid7()), "draft": second})
    with inside(app, acme):
        assert texts(acme) == {}
