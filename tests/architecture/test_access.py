"""Each endpoint says who may use it; and proof that one that says nothing is found."""

import pytest
from flask import Flask

from chatapp.common.permissions import LOGIN, PUBLIC, ROLES, access_of, granted
from tests.factories import make_company
from tests.support.web_client import log_in


def unmarked(app: Flask) -> list[str]:
    """Endpoints that neither demand something nor are public."""
    return [name for name, view in app.view_functions.items() if access_of(view) is None and name not in PUBLIC]


def marked_and_public(app: Flask) -> list[str]:
    """Endpoints whose mark is never looked at."""
    return [name for name, view in app.view_functions.items() if access_of(view) and name in PUBLIC]


def without_a_permission(app: Flask) -> list[str]:
    """Endpoints inside a workspace that ask for less than a membership, or for a permission that nobody declared."""
    inside = {rule.endpoint for rule in app.url_map.iter_rules() if "slug" in rule.arguments}
    return [name for name in inside if access_of(app.view_functions[name]) not in granted()]


def test_every_endpoint_says_who_may_use_it(app: Flask) -> None:
    assert unmarked(app) == []
    assert marked_and_public(app) == []


def test_inside_a_workspace_every_endpoint_demands_a_permission(app: Flask) -> None:
    assert without_a_permission(app) == []


def test_public_endpoints_are_still_there(app: Flask) -> None:
    assert set(PUBLIC) - set(app.view_functions) == set()


def test_every_permission_has_an_owner() -> None:
    assert [name for name, roles in granted().items() if "owner" not in roles or not roles <= set(ROLES)] == []


def test_a_missing_mark_is_found_and_lets_nobody_in(app: Flask, monkeypatch: pytest.MonkeyPatch) -> None:
    make_company(app)
    client = app.test_client()
    log_in(client, "owner@acme.example")
    assert client.get("/w/acme/inbox").status_code == 200
    monkeypatch.delattr(app.view_functions["inbox.show"], "__access__")
    assert unmarked(app) == ["inbox.show"]
    monkeypatch.setitem(app.config, "PROPAGATE_EXCEPTIONS", False)
    assert client.get("/w/acme/inbox").status_code == 500


def test_a_log_in_is_not_enough_inside_a_workspace(app: Flask, monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr(app.view_functions["inbox.show"], "__access__", LOGIN)
    assert without_a_permission(app) == ["inbox.show"]
