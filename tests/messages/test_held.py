"""An answer that crossed another agent's comes back to its author, with a sentence and everything that was typed."""

import pytest
from flask import Flask

from chatapp.common.ids import uuid7
from chatapp.messages import services
from tests.factories import Company, inside, make_company
from tests.support.web_client import log_in, post


@pytest.fixture
def acme(app: Flask) -> Company:
    return make_company(app)


def test_a_crossing_answer_is_refused_in_words(app: Flask, acme: Company) -> None:
    with inside(app, acme) as here:
        services.send_reply(here.conversation, by=here.member("admin"), text="On Tuesday.", client_id=uuid7())
    client = app.test_client()
    log_in(client, acme.email("agent"))
    address = f"/w/{acme.slug}/conversations/{acme.conversation_id}/messages"
    form = {"text": "No idea", "client_id": str(uuid7()), "seen": 1}
    answer = post(client, address, form, HX_Request="true")
    assert answer.status_code == 409
    assert "data-held" in answer.text
    assert "Admin answered while you were writing: “On Tuesday.”" in answer.text

    assert post(client, address, form | {"seen": "soon"}, HX_Request="true").status_code == 422
    del form["seen"]
    assert post(client, address, form, HX_Request="true").status_code == 200
    answer = post(client, address, form | {"text": "Another text"}, HX_Request="true")
    assert (answer.status_code, "Another message was already sent" in answer.text) == (409, True)
    assert "data-held" not in answer.text
