"""Rules about the source, held by reading it; and proof that each rule sees what breaks it."""

import pytest

from tests.architecture.source import RULES, modules


@pytest.mark.parametrize("name", RULES)
def test_the_rule_holds(name: str) -> None:
    findings = [finding for module, text in modules() for finding in RULES[name].findings(module, text)]
    assert findings == []


@pytest.mark.parametrize(
    ("name", "broken"),
    [
        ("only unit_of_work commits", "db.session.commit()"),
        ("only unit_of_work commits", "with engine.begin() as connection: pass"),
        ("queries go through the ORM, which carries the workspace", "from sqlalchemy import select, text"),
        (
            "queries go through the ORM, which carries the workspace",
            "from sqlalchemy.dialects.postgresql import insert",
        ),
        ("queries go through the ORM, which carries the workspace", "from sqlalchemy import exists as there_is"),
        ("queries go through the ORM, which carries the workspace", "db.session.execute(Message.__table__.delete())"),
        ("connections come from sessions, which tell Postgres the workspace", "db.engine.connect()"),
        ("only bodies.py turns text into HTML", "from markupsafe import Markup"),
        ("only bodies.py turns text into HTML", "from flask import Markup, request"),
        ("each look across workspaces is known", "with tenancy.across_tenants(reason='because'): pass"),
        (
            "agents are told of conversations in one place, which knows who sees them",
            "broadcast.publish(topics.inbox(workspace_id, 'en'), html)",
        ),
        ("each look past a member's sight is known", "with visibility.unrestricted(reason='because'): pass"),
        ("addresses that users give are only reached through the gateway", "import requests"),
        ("addresses that users give are only reached through the gateway", "from urllib.request import urlopen"),
    ],
)
def test_the_rule_sees_what_breaks_it(name: str, broken: str) -> None:
    assert RULES[name].findings("messages/services.py", broken) != []


def test_begin_nested_is_no_commit() -> None:
    assert RULES["only unit_of_work commits"].findings("a.py", "db.session.begin_nested()") == []
