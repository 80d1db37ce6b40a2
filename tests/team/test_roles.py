"""Roles of a workspace's own: made of what one has, changed and deleted by whoever has as much, counting at once."""

from __future__ import annotations

import re
from uuid import UUID

import pytest
from flask import Flask
from flask.testing import FlaskClient

from chatapp.audit import queries as log
from chatapp.common.permissions import GROUPS, grantable, granted, in_groups, permissions_of, with_needed
from chatapp.common.realtime import broadcast
from chatapp.common.unit_of_work import unit_of_work
from chatapp.invitations import queries as invitations
from chatapp.workspaces import queries
from tests.factories import Company, inside, make_company, make_role, make_user
from tests.support.web_client import log_in, post

ROLES = "/w/acme/team/roles"


@pytest.fixture
def acme(app: Flask) -> Company:
    return make_company(app)


def give(app: Flask, company: Company, who: str, *permissions: str, name: str = "Special") -> UUID:
    """Somebody of the cast has a role of the workspace's own from now on."""
    with inside(app, company) as it:
        role = make_role(name, *permissions)
        it.member(who).take(role)
        return role.id


def made(app: Flask, company: Company, name: str) -> list[str] | None:
    """What the role of this name allows; None if there is none."""
    with inside(app, company):
        return next((role.permissions for role in queries.roles() if role.name == name), None)


def create(client: FlaskClient, name: str, *permissions: str) -> int:
    return post(client, ROLES, {"name": name, "permissions": list(permissions)}).status_code


# Permissions


def test_every_permission_has_words_in_a_group_and_only_what_owners_have_is_kept_back() -> None:
    shown = {name: str(words) for group in in_groups().values() for name, words in group.items()}
    assert shown.keys() == grantable()
    assert all(shown.values())
    assert {name for name in granted() if name not in shown} == permissions_of("owner") - permissions_of("admin")
    assert in_groups().keys() == GROUPS.keys()


def test_whoever_may_change_something_may_see_it() -> None:
    assert with_needed(["conversations.reply"]) == {"workspace.view", "conversations.view", "conversations.reply"}
    assert with_needed([]) == {"workspace.view"}


# Making


def test_the_editor_lists_every_permission_and_begins_as_a_copy(client: FlaskClient, acme: Company) -> None:
    log_in(client, acme.email("owner"))
    page = client.get(f"{ROLES}/new?copy=viewer").text
    assert all(f'value="{permission}"' in page for permission in grantable())
    assert "workspace.own" not in page
    assert len(re.findall(r'name="permissions" value="[\w.]+" checked', page)) == len(permissions_of("viewer"))
    assert client.get(f"{ROLES}/new?copy=nonsense").status_code == 404


def test_a_role_is_made_and_written_down(app: Flask, client: FlaskClient, acme: Company) -> None:
    log_in(client, acme.email("admin"))
    assert create(client, "Night shift", "conversations.reply") == 303
    assert made(app, acme, "Night shift") == ["conversations.reply", "conversations.view", "workspace.view"]
    assert "Night shift" in client.get(ROLES).text
    with inside(app, acme):
        entry = log.entries(log.Filter(action="role.created"))[0]
        assert (entry.actor_name, entry.target_name) == ("Admin", "Night shift")


@pytest.mark.parametrize("name", ["", " ", "x" * 41, "Owner", "agent", "HELPER"])
def test_a_name_that_is_none_or_taken_is_refused_with_what_was_typed(
    client: FlaskClient, acme: Company, name: str
) -> None:
    log_in(client, acme.email("owner"))
    answer = post(client, ROLES, {"name": name, "permissions": ["audit.view"]})
    assert answer.status_code == 422
    assert 'value="audit.view" checked' in answer.text


def test_the_same_name_in_another_workspace_is_free(app: Flask, client: FlaskClient, acme: Company) -> None:
    make_company(app, "globex")
    log_in(client, acme.email("owner"))
    assert create(client, "Second") == 303
    other = app.test_client()
    log_in(other, "owner@globex.example")
    assert post(other, "/w/globex/team/roles", {"name": "Second"}).status_code == 303


@pytest.mark.parametrize("permission", ["workspace.own", "nonsense", "conversations.\x00"])
def test_what_only_owners_have_and_what_does_not_exist_goes_into_no_role(
    app: Flask, client: FlaskClient, acme: Company, permission: str
) -> None:
    log_in(client, acme.email("owner"))
    assert create(client, "King", permission) == 422
    assert made(app, acme, "King") is None


def test_agents_and_viewers_see_nothing_of_it(client: FlaskClient, acme: Company) -> None:
    for role in ("agent", "viewer"):
        log_in(client, acme.email(role))
        assert client.get(ROLES).status_code == 403
        assert create(client, "Mine", "conversations.view") == 403
        assert ROLES not in client.get("/w/acme/team").text


# Nobody hands out what they do not have


@pytest.fixture
def keeper(app: Flask, client: FlaskClient, acme: Company) -> UUID:
    """The agent has a role that manages people and roles, but reads no audit log and answers nobody."""
    managing = {"team.manage", "team.roles", *permissions_of("viewer")}
    role_id = give(app, acme, "agent", *managing, name="Keeper")
    log_in(client, acme.email("agent"))
    return role_id


def test_nobody_makes_a_role_that_may_do_more_than_they(
    app: Flask, client: FlaskClient, acme: Company, keeper: UUID
) -> None:
    assert create(client, "Reader", "projects.view") == 303
    assert create(client, "Spy", "audit.view") == 403
    assert made(app, acme, "Spy") is None


def test_nobody_raises_the_role_that_they_have(app: Flask, client: FlaskClient, acme: Company, keeper: UUID) -> None:
    more = {"name": "Keeper", "permissions": ["team.manage", "team.roles", "audit.view"]}
    assert post(client, f"{ROLES}/{keeper}", more).status_code == 403
    assert "audit.view" not in (made(app, acme, "Keeper") or [])


@pytest.mark.parametrize("role", ["owner", "admin", "agent"])
def test_nobody_gives_themselves_or_others_more_than_they_have(
    app: Flask, client: FlaskClient, acme: Company, keeper: UUID, role: str
) -> None:
    for who in ("agent", "viewer"):
        assert post(client, f"/w/acme/team/{acme.members[who]}/role", {"role": role}).status_code == 403
    invited = {"emails": "friend@x.example", "role": role}
    assert post(client, "/w/acme/team/invitations", invited).status_code in (403, 422)
    with inside(app, acme) as it:
        assert (it.member("agent").role_id, it.member("viewer").role) == (keeper, "viewer")
        assert [invitation.email for invitation in invitations.pending()] == ["invited@acme.example"]


def test_who_may_do_more_is_out_of_reach(app: Flask, client: FlaskClient, acme: Company, keeper: UUID) -> None:
    """Neither their role, nor their place in the team, nor the role itself, nor an invitation to more."""
    strong = give(app, acme, "admin", *(permissions_of("admin")), name="Strong")
    page = client.get("/w/acme/team").text
    assert f"role-{acme.members['viewer']}" in page
    assert f"role-{acme.members['admin']}" not in page
    assert post(client, f"/w/acme/team/{acme.members['admin']}/role", {"role": "viewer"}).status_code == 403
    assert post(client, f"/w/acme/team/{acme.members['admin']}/removal", {}).status_code == 403
    assert "you can read it, not change it" in client.get(f"{ROLES}/{strong}").text
    assert post(client, f"{ROLES}/{strong}", {"name": "Weak"}).status_code == 403
    assert post(client, f"{ROLES}/{strong}/removal", {"replacement": "viewer"}).status_code == 403
    assert post(client, f"/w/acme/team/invitations/{acme.invitation_id}/letter", {}).status_code == 403


@pytest.mark.parametrize(("visibility", "status"), [("own", 303), ("unassigned", 303), ("team", 403), ("all", 403)])
def test_nobody_makes_a_role_that_sees_more_than_they(
    app: Flask, client: FlaskClient, acme: Company, visibility: str, status: int
) -> None:
    with inside(app, acme) as it:
        it.member("agent").take(make_role("Keeper", "team.roles", "conversations.view", visibility="unassigned"))
    log_in(client, acme.email("agent"))
    form = {"name": "Other", "permissions": ["conversations.view"], "visibility": visibility}
    assert post(client, ROLES, form).status_code == status
    page = client.get(f"{ROLES}/new?copy=viewer").text
    assert re.findall(r'name="visibility" value="(\w+)" disabled', page) == ["team", "all"]


def test_a_visibility_that_does_not_exist_is_refused(client: FlaskClient, acme: Company) -> None:
    log_in(client, acme.email("owner"))
    assert post(client, ROLES, {"name": "Other", "visibility": "everything"}).status_code == 422


def test_a_workspace_knows_whether_anybody_sees_less_than_everything(
    app: Flask, client: FlaskClient, acme: Company
) -> None:
    log_in(client, acme.email("owner"))

    def is_noted() -> bool:
        with inside(app, acme):
            return queries.lock_workspace(acme.workspace_id).has_narrow_roles

    assert not is_noted()
    role = f"{ROLES}/{acme.role_id}"
    post(client, role, {"name": "Helper", "visibility": "own"})
    assert is_noted()
    post(client, role, {"name": "Helper", "visibility": "all"})
    assert not is_noted()
    post(client, role, {"name": "Helper", "visibility": "team"})
    post(client, f"{role}/removal", {})
    assert not is_noted()


# Having one


def test_a_role_is_chosen_for_a_member_and_counts_at_once(
    app: Flask, client: FlaskClient, acme: Company, monkeypatch: pytest.MonkeyPatch
) -> None:
    closed: list[dict[str, object]] = []
    monkeypatch.setattr(broadcast, "close_sockets", lambda **who: closed.append(who))
    agent = app.test_client()
    log_in(agent, acme.email("agent"))
    log_in(client, acme.email("owner"))
    role = f"/w/acme/team/{acme.members['agent']}/role"
    assert f'value="{acme.role_id}"' in client.get("/w/acme/team").text
    assert post(client, role, {"role": str(acme.role_id)}).status_code == 303
    closing = f"/w/acme/conversations/{acme.conversation_id}/closure"
    assert (agent.get("/w/acme/inbox").status_code, post(agent, closing, {}).status_code) == (200, 403)
    assert closed == [{"workspace_id": acme.workspace_id, "user_id": acme.members["agent"]}]
    with inside(app, acme):
        entry = log.entries(log.Filter(action="member.role_changed"))[0]
        assert entry.changes == {"role": ["agent", "Helper"]}


def test_changing_a_role_counts_at_once_for_everybody_who_has_it(
    app: Flask, client: FlaskClient, acme: Company, monkeypatch: pytest.MonkeyPatch
) -> None:
    closed: list[object] = []
    role_id = give(app, acme, "agent", "conversations.close")
    with inside(app, acme) as it:
        it.member("viewer").take(queries.role(role_id))
    monkeypatch.setattr(broadcast, "close_sockets", lambda **who: closed.append(who["user_id"]))
    agent = app.test_client()
    log_in(agent, acme.email("agent"))
    log_in(client, acme.email("owner"))
    closing = f"/w/acme/conversations/{acme.conversation_id}/closure"
    assert post(agent, closing, {}, HX_Request="true").status_code == 200
    changed = {"name": "Special", "permissions": ["conversations.view", "audit.view"]}
    assert post(client, f"{ROLES}/{role_id}", changed).status_code == 303
    assert post(agent, closing, {}, HX_Request="true").status_code == 403
    assert agent.get("/w/acme/settings/audit").status_code == 200
    assert sorted(map(str, closed)) == sorted(str(acme.members[who]) for who in ("agent", "viewer"))
    with inside(app, acme):
        entry = log.entries(log.Filter(action="role.changed"))[0]
        assert entry.changes == {"permissions": ["conversations.close", "audit.view"]}


def test_whoever_accepts_an_invitation_has_the_role_it_names(app: Flask, client: FlaskClient, acme: Company) -> None:
    log_in(client, acme.email("owner"))
    page = post(client, "/w/acme/team/invitations", {"emails": "new@x.example", "role": str(acme.role_id)}).text
    path = "/invitations/" + page.split("/invitations/")[-1].split("<")[0].split('"')[0].strip()
    with app.app_context(), unit_of_work():
        make_user("new@x.example")
    newcomer = app.test_client()
    log_in(newcomer, "new@x.example")
    assert "Helper" in newcomer.get(path).text
    assert post(newcomer, path, {}).status_code == 303
    assert newcomer.get("/w/acme/inbox").status_code == 200
    assert newcomer.get("/w/acme/projects").status_code == 403
    assert "Helper" in newcomer.get("/workspaces").text


# Deleting


def test_a_role_that_nobody_has_is_deleted(app: Flask, client: FlaskClient, acme: Company) -> None:
    log_in(client, acme.email("owner"))
    assert post(client, f"{ROLES}/{acme.role_id}/removal", {}).status_code == 303
    assert made(app, acme, "Helper") is None
    assert post(client, f"{ROLES}/{acme.role_id}/removal", {}).status_code == 404


@pytest.mark.parametrize("replacement", ["", "owner", "nonsense", "itself"])
def test_a_role_in_use_asks_for_another(app: Flask, client: FlaskClient, acme: Company, replacement: str) -> None:
    role_id = give(app, acme, "agent", "projects.view")
    log_in(client, acme.email("owner"))
    form = {"replacement": str(role_id) if replacement == "itself" else replacement}
    assert post(client, f"{ROLES}/{role_id}/removal", form).status_code == 422
    assert made(app, acme, "Special") is not None


def test_who_had_it_or_was_invited_to_it_gets_the_replacement(app: Flask, client: FlaskClient, acme: Company) -> None:
    role_id = give(app, acme, "agent", "projects.view")
    log_in(client, acme.email("owner"))
    post(client, "/w/acme/team/invitations", {"emails": "new@x.example", "role": str(role_id)})
    assert post(client, f"{ROLES}/{role_id}/removal", {"replacement": "viewer"}).status_code == 303
    with inside(app, acme) as it:
        assert it.member("agent").role == "viewer"
        assert {invitation.email: invitation.role for invitation in invitations.pending()}["new@x.example"] == "viewer"
        assert log.entries(log.Filter(action="member.role_changed"))[0].changes == {"role": ["Special", "viewer"]}
        assert log.entries(log.Filter(action="role.deleted"))[0].target_name == "Special"
