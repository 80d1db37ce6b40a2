"""Members and teams through the API."""

from flask import Flask

from chatapp.workspaces import presence
from tests.factories import Company, inside
from tests.support.programs import Program


def test_members_come_with_their_role_and_whether_they_are_there(app: Flask, agent: Program, acme: Company) -> None:
    with inside(app, acme) as here:
        presence.arrive(here.member("owner"))
    found = agent.get(f"/w/{acme.slug}/members").get_json()
    assert found["next_cursor"] is None
    assert [(one["name"], one["role"], one["presence"]) for one in found["data"]] == [
        ("Admin", "admin", "offline"),
        ("Agent", "agent", "offline"),
        ("Owner", "owner", "online"),
        ("Viewer", "viewer", "offline"),
    ]
    assert found["data"][1]["id"] == str(acme.members["agent"])


def test_outsiders_see_neither_members_nor_teams(outsider: Program, acme: Company) -> None:
    for name in ("members", "teams"):
        assert outsider.get(f"/w/{acme.slug}/{name}").status_code == 404
        assert outsider.get(f"/w/{acme.slug}/{name}", whatever="1").status_code == 404
