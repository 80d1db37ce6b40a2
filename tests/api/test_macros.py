"""Macros through the API."""

from flask import Flask

from tests.factories import Company, inside, make_macro
from tests.support.programs import Program


def test_macros_come_with_what_they_do_to_those_who_can_run_them(app: Flask, agent: Program, acme: Company) -> None:
    with inside(app, acme) as it:
        own = make_macro(acme, priority="low")
        own.give(team=None, owner_id=it.member("owner").user_id)
        macro = make_macro(acme)
        expected = {"id": str(macro.id), "name": "Refund", "team_id": None, "is_own": False}
    found = agent.get(f"/w/{acme.slug}/macros").get_json()
    assert found == {"data": [expected | {"actions": {"priority": "urgent"}}], "next_cursor": None}
