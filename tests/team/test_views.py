"""The team page: who sees it, who changes whom, what becomes of the work of those who go."""

import pytest
from flask import Flask
from flask.testing import FlaskClient
from limits import parse

from chatapp.audit import queries as log
from chatapp.common import limits
from chatapp.common.realtime import broadcast
from chatapp.invitations import queries as invitations
from chatapp.messages import services as messages
from tests.factories import Company, inside, make_company
from tests.support.web_client import log_in, post

TEAM = "/w/acme/team"


@pytest.fixture
def acme(app: Flask) -> Company:
    return make_company(app)


def _role(app: Flask, company: Company, who: str) -> str:
    with inside(app, company) as it:
        return it.member(who).role


def _change(client: FlaskClient, company: Company, who: str, role: str) -> int:
    return post(client, f"{TEAM}/{company.members[who]}/role", {"role": role}).status_code


@pytest.mark.parametrize("role", ["owner", "agent", "viewer"])
def test_every_member_sees_the_team_and_managers_who_was_invited(client: FlaskClient, acme: Company, role: str) -> None:
    log_in(client, acme.email(role))
    page = client.get(TEAM).text
    assert acme.email("admin") in page
    assert ("invited@acme.example" in page) == (role == "owner")
    assert ('data-opens="invite"' in page) == (role == "owner")


def test_an_outsider_finds_nothing_and_leaves_nothing(app: Flask, client: FlaskClient, acme: Company) -> None:
    log_in(client, make_company(app, "globex").email("owner"))
    assert client.get(TEAM).status_code == 404
    assert post(client, f"{TEAM}/departure", {}).status_code == 404
    assert _change(client, acme, "admin", "viewer") == 404


def test_a_new_role_counts_at_the_next_request(app: Flask, client: FlaskClient, acme: Company) -> None:
    agent = app.test_client()
    log_in(agent, acme.email("agent"))
    log_in(client, acme.email("admin"))
    closing = f"/w/acme/conversations/{acme.conversation_id}/closure"
    assert post(agent, closing, {}, HX_Request="true").status_code == 200
    assert _change(client, acme, "agent", "viewer") == 303
    assert post(agent, closing, {}, HX_Request="true").status_code == 403
    with inside(app, acme):
        entry = log.entries(log.Filter(action="member.role_changed"))[0]
        assert (entry.actor_name, entry.target_name, entry.changes) == ("Admin", "Agent", {"role": ["agent", "viewer"]})


def test_an_admin_decides_nothing_about_owners(app: Flask, client: FlaskClient, acme: Company) -> None:
    log_in(client, acme.email("admin"))
    assert _change(client, acme, "owner", "viewer") == 403
    assert _change(client, acme, "admin", "owner") == 403
    assert post(client, f"{TEAM}/{acme.members['owner']}/removal", {}).status_code == 403
    assert _role(app, acme, "owner") == "owner"


@pytest.mark.parametrize("role", ["", "king"])
def test_a_role_that_does_not_exist_is_refused(client: FlaskClient, acme: Company, role: str) -> None:
    log_in(client, acme.email("owner"))
    assert _change(client, acme, "agent", role) == 422


def test_the_last_owner_is_neither_demoted_nor_removed_nor_gone(app: Flask, client: FlaskClient, acme: Company) -> None:
    log_in(client, acme.email("owner"))
    assert _change(client, acme, "owner", "admin") == 409
    assert post(client, f"{TEAM}/{acme.members['owner']}/removal", {}).status_code == 409
    refused = post(client, f"{TEAM}/departure", {})
    assert refused.status_code == 409
    assert "A workspace needs an owner" in refused.text
    assert _role(app, acme, "owner") == "owner"


def test_the_ownership_is_handed_over(app: Flask, client: FlaskClient, acme: Company) -> None:
    log_in(client, acme.email("owner"))
    assert post(client, f"{TEAM}/ownership", {"owner_id": str(acme.members["agent"])}).status_code == 303
    assert (_role(app, acme, "agent"), _role(app, acme, "owner")) == ("owner", "admin")
    assert post(client, f"{TEAM}/ownership", {"owner_id": str(acme.members["owner"])}).status_code == 403


@pytest.mark.parametrize("heir", ["admin", None])
def test_who_is_removed_hands_over_and_sees_nothing_more(
    app: Flask, client: FlaskClient, acme: Company, heir: str | None, monkeypatch: pytest.MonkeyPatch
) -> None:
    closed: list[dict[str, object]] = []
    monkeypatch.setattr(broadcast, "close_sockets", lambda **who: closed.append(who))
    with inside(app, acme) as it:
        messages.assign(it.conversation, to=it.member("agent"), by=it.member("owner"))
    gone = app.test_client()
    log_in(gone, acme.email("agent"))
    log_in(client, acme.email("owner"))
    form = {"heir_id": str(acme.members[heir]) if heir else ""}
    assert post(client, f"{TEAM}/{acme.members['agent']}/removal", form).status_code == 303
    assert gone.get("/w/acme/inbox").status_code == 404
    assert closed == [{"workspace_id": acme.workspace_id, "user_id": acme.members["agent"]}]
    with inside(app, acme) as it:
        assert it.conversation.assignee_id == (acme.members[heir] if heir else None)


@pytest.mark.parametrize(("heir", "status"), [("viewer", 422), ("agent", 422), ("nonsense", 422)])
def test_an_heir_must_stay_and_be_able_to_answer(
    app: Flask, client: FlaskClient, acme: Company, heir: str, status: int
) -> None:
    with inside(app, acme) as it:
        messages.assign(it.conversation, to=it.member("agent"), by=it.member("owner"))
    log_in(client, acme.email("owner"))
    form = {"heir_id": str(acme.members.get(heir, heir))}
    assert post(client, f"{TEAM}/{acme.members['agent']}/removal", form).status_code == status
    assert _role(app, acme, "agent") == "agent"


def test_whoever_leaves_is_out(app: Flask, client: FlaskClient, acme: Company) -> None:
    log_in(client, acme.email("viewer"))
    answer = post(client, f"{TEAM}/departure", {})
    assert (answer.status_code, answer.location) == (303, "/workspaces")
    assert client.get("/w/acme/").status_code == 404


def test_a_pasted_list_is_read_and_each_address_told_apart(app: Flask, client: FlaskClient, acme: Company) -> None:
    log_in(client, acme.email("admin"))
    emails = "Ada Lo <Ada@x.example>; bob@x.example,\nada@x.example agent@acme.example invited@acme.example"
    page = post(client, f"{TEAM}/invitations", {"emails": emails, "role": "viewer"}).text
    assert page.count("/invitations/") >= 2
    assert "In the team already: agent@acme.example" in page
    assert "Invited already and not here yet: invited@acme.example" in page
    with inside(app, acme):
        waiting = {invitation.email: invitation.role for invitation in invitations.pending()}
    assert waiting == {"ada@x.example": "viewer", "bob@x.example": "viewer", "invited@acme.example": "agent"}


@pytest.mark.parametrize(
    "form",
    [
        {"emails": "", "role": "agent"},
        {"emails": "ada@x.example nonsense", "role": "agent"},
        {"emails": "a@b@c.example", "role": "agent"},
        {"emails": "ada@x.example", "role": "owner"},
        {"emails": " ".join(f"a{number}@x.example" for number in range(51)), "role": "agent"},
    ],
)
def test_a_list_that_cannot_be_read_invites_nobody(
    app: Flask, client: FlaskClient, acme: Company, form: dict[str, object]
) -> None:
    log_in(client, acme.email("owner"))
    assert post(client, f"{TEAM}/invitations", form).status_code == 422
    with inside(app, acme):
        assert [invitation.email for invitation in invitations.pending()] == ["invited@acme.example"]


def test_a_flood_of_invitations_is_stopped_and_sends_none(
    app: Flask, client: FlaskClient, acme: Company, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setattr(limits, "INVITATIONS", parse("2 per hour"))
    log_in(client, acme.email("owner"))
    form: dict[str, object] = {"emails": "a@x.example b@x.example c@x.example", "role": "agent"}
    refused = post(client, f"{TEAM}/invitations", form)
    assert refused.status_code == 429
    assert "Retry-After" in refused.headers
    with inside(app, acme):
        assert len(invitations.pending()) == 1
