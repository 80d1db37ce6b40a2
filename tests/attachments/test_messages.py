"""Files go with messages: an agent's to the visitor, a visitor's to the agents, once and only where they belong."""

from collections.abc import Callable
from urllib.parse import urlsplit
from uuid import uuid4

import pytest
from flask import Flask

from chatapp.conversations import queries as conversations
from tests.attachments.conftest import Agent, VisitorWithFiles
from tests.auth.conftest import logged_in
from tests.factories import PASSWORD, Company, inside, make_attachment, make_role
from tests.support.picture_files import picture_file


def path_of(url: str) -> str:
    return urlsplit(url).path


def test_a_visitors_picture_reaches_the_agents(app: Flask, agent: Agent, visitor: VisitorWithFiles) -> None:
    facts = visitor.uploaded(picture_file(size=(1600, 900)), "beach.png")
    assert (facts["name"], facts["type"], facts["kind"]) == ("beach.png", "image/png", "image")
    assert (facts["width"], facts["height"]) == (1600, 900)
    sent = visitor.send("Look!", attachment_ids=[facts["id"]])
    assert sent.status_code == 201
    page = agent.client.get(f"/w/acme/inbox/{sent.json['conversation_id']}").text
    assert f'src="/w/acme/attachments/{facts["id"]}?size=small"' in page
    small = agent.get(facts["id"], query_string={"size": "small"})
    assert (small.status_code, small.mimetype) == (200, "image/webp")


def test_an_agents_file_reaches_the_visitor(app: Flask, acme: Company, agent: Agent, visitor: VisitorWithFiles) -> None:
    sent = visitor.send("Do you have a price list?")
    agent.thread = f"/w/acme/conversations/{sent.json['conversation_id']}"
    facts = agent.uploaded(b"%PDF-1.7 and so on", "prices.pdf")
    assert agent.send(facts["id"], text="Here it is").status_code == 200
    (attachment,) = visitor.attachments(sent.json["conversation_id"])
    assert (attachment["name"], attachment["type"], attachment["size"]) == ("prices.pdf", "application/pdf", 18)
    assert attachment["thumbnail_url"] is None
    file = app.test_client().get(path_of(attachment["url"]))
    assert file.data == b"%PDF-1.7 and so on"
    assert file.headers["Content-Disposition"] == "attachment; filename=prices.pdf"


def test_a_newcomers_first_words_may_be_a_file_alone(app: Flask, acme: Company, visitor: VisitorWithFiles) -> None:
    facts = visitor.uploaded(b"plain words", "notes.txt")
    sent = visitor.send("", attachment_ids=[facts["id"]])
    assert sent.status_code == 201
    assert [one["id"] for one in visitor.attachments(sent.json["conversation_id"])] == [facts["id"]]
    with inside(app, acme):
        assert conversations.conversation(sent.json["conversation_id"]).preview == "📎 notes.txt"


def test_a_message_without_words_and_files_is_refused(agent: Agent, visitor: VisitorWithFiles) -> None:
    assert agent.send(text=" ").status_code == 422
    assert visitor.send(" ", attachment_ids=[]).status_code == 422


def test_the_files_of_a_note_never_reach_the_visitor(agent: Agent, visitor: VisitorWithFiles) -> None:
    sent = visitor.send("Hello")
    agent.thread = f"/w/acme/conversations/{sent.json['conversation_id']}"
    ours = agent.uploaded(b"for us", "for-us.txt")
    assert "for-us.txt" in agent.send(ours["id"], text="Look", private="y").text
    assert "for-us" not in visitor.get(conversation_id=sent.json["conversation_id"]).text
    theirs = agent.uploaded(b"for you", "for-you.txt")
    agent.send(theirs["id"], text="Look")
    assert "for-you" in visitor.get(conversation_id=sent.json["conversation_id"]).text


def test_a_file_is_sent_once_and_sending_again_changes_nothing(agent: Agent, visitor: VisitorWithFiles) -> None:
    client_id, facts = str(uuid4()), visitor.uploaded(b"once", "once.txt")
    first = visitor.send("Here", client_id=client_id, attachment_ids=[facts["id"]])
    again = visitor.send("Here", client_id=client_id, attachment_ids=[facts["id"]])
    assert (first.status_code, again.status_code, again.json) == (201, 200, first.json)
    assert visitor.send("Here", client_id=client_id).status_code == 409
    assert visitor.send("Other", attachment_ids=[facts["id"]]).status_code == 404
    ours = agent.uploaded(b"once", "once.txt")
    assert agent.send(ours["id"], client_id=client_id).status_code == 200
    assert agent.send(ours["id"], client_id=client_id).status_code == 200
    assert agent.send(client_id=client_id, text="x").status_code == 409


def test_files_keep_the_order_in_which_they_are_named(visitor: VisitorWithFiles) -> None:
    ids = [visitor.uploaded(name.encode(), name)["id"] for name in ("a", "b", "c")][::-1]
    sent = visitor.send("Three", attachment_ids=ids)
    assert [one["id"] for one in visitor.attachments(sent.json["conversation_id"])] == ids


def test_ten_files_go_with_a_message_and_no_more(visitor: VisitorWithFiles) -> None:
    ids = [visitor.uploaded(b"x", f"{number}.txt")["id"] for number in range(11)]
    refused = visitor.send("Many", attachment_ids=ids)
    assert (refused.status_code, refused.json["errors"].keys()) == (422, {"attachment_ids"})
    assert visitor.send("Many", attachment_ids=ids[:10]).status_code == 201


@pytest.mark.parametrize("ids", ["7", ["7"], [7], {"id": 7}])
def test_ids_that_are_none_are_refused(visitor: VisitorWithFiles, ids: object) -> None:
    assert visitor.send("Hello", attachment_ids=ids).status_code == 422


def test_nobody_sends_what_somebody_else_sent_ahead(
    app: Flask, acme: Company, agent: Agent, visitor: VisitorWithFiles
) -> None:
    other = VisitorWithFiles(app.test_client(), acme.site_key)
    theirs, ours = other.uploaded(b"theirs"), agent.uploaded(b"ours")
    for facts in (theirs, ours):
        assert visitor.send("Mine?", attachment_ids=[facts["id"]]).status_code == 404
    assert agent.send(theirs["id"]).status_code == 404
    conversation_id = other.send("Mine", attachment_ids=[theirs["id"]]).json["conversation_id"]
    agent.thread = f"/w/acme/conversations/{conversation_id}"
    assert agent.send(ours["id"]).status_code == 404  # it was sent into another conversation


def test_whoever_does_not_see_the_conversation_does_not_see_its_files(
    app: Flask, acme: Company, globex: Company, agent: Agent, as_member: Callable[[str], Agent]
) -> None:
    facts = agent.uploaded(b"ours")
    agent.send(facts["id"])
    assert as_member("viewer").get(facts["id"]).data == b"ours"
    stranger = logged_in(app, globex.email("owner"))
    for slug in ("acme", "globex"):
        assert stranger.get(f"/w/{slug}/attachments/{facts['id']}").status_code == 404
    assert app.test_client().get(f"/w/acme/attachments/{facts['id']}").status_code in (302, 303)
    with inside(app, acme) as it:
        it.member("agent").take(make_role("Own", visibility="own"))
    assert agent.get(facts["id"]).status_code == 404


def test_a_viewer_sends_no_files(as_member: Callable[[str], Agent]) -> None:
    assert as_member("viewer").upload(b"x").status_code == 403


def test_a_program_sends_a_file(app: Flask, acme: Company, visitor: VisitorWithFiles) -> None:
    conversation_id = visitor.send("Hello").json["conversation_id"]
    client = app.test_client()
    answer = client.post("/api/v1/auth/token", json={"email": acme.email("agent"), "password": PASSWORD})
    headers = {"Authorization": f"Bearer {answer.get_json()['access_token']}"}
    thread = f"/api/v1/w/acme/conversations/{conversation_id}"
    upload = client.post(f"{thread}/attachments?name=a.txt", data=b"from a program", headers=headers)
    assert upload.status_code == 201
    body = {"client_id": str(uuid4()), "text": "", "attachment_ids": [upload.get_json()["id"]]}
    sent = client.post(f"{thread}/messages", json=body, headers=headers)
    assert sent.status_code == 201
    assert client.get(path_of(sent.get_json()["attachments"][0]["url"])).data == b"from a program"
    assert [one["name"] for one in visitor.attachments(conversation_id)] == ["a.txt"]


def test_a_foreign_file_is_answered_like_an_unknown_one(
    app: Flask, acme: Company, globex: Company, agent: Agent
) -> None:
    with app.app_context():
        whose = {"uploader": "agent", "conversation_id": globex.conversation_id}
        foreign = make_attachment(globex.workspace_id, **whose)
    answers = [agent.send(str(one)) for one in (foreign, uuid4())]
    assert [answer.status_code for answer in answers] == [404, 404]
    assert answers[0].text == answers[1].text
