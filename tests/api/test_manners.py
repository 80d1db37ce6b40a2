"""What every answer of the API has in common."""

import pytest
from flask import Flask

from chatapp.common import limits
from tests.factories import Company
from tests.support.programs import Program


def test_each_workspace_is_told_with_the_caller_s_role(agent: Program, acme: Company, globex: Company) -> None:
    body = agent.get("/workspaces").get_json()
    assert [(row["slug"], row["role"]) for row in body["data"]] == [("acme", "agent")]
    assert body["next_cursor"] is None


def test_the_limit_is_told_counts_refusals_and_ends_in_429(
    agent: Program, outsider: Program, acme: Company, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setattr(limits, "API", limits.parse("3 per minute"))
    first = agent.get("/workspaces")
    assert [first.headers[f"X-RateLimit-{name}"] for name in ("Limit", "Remaining")] == ["3", "2"]
    assert 0 < int(first.headers["X-RateLimit-Reset"]) <= 60
    assert [agent.get("/w/globex/conversations").status_code for _ in range(3)] == [404, 404, 429]
    refused = agent.get("/workspaces")
    assert refused.headers["X-RateLimit-Remaining"] == "0"
    assert 0 < int(refused.headers["Retry-After"]) <= 60
    assert outsider.get("/workspaces").status_code == 200


def test_no_cache_keeps_an_answer(agent: Program) -> None:
    answer = agent.get("/workspaces")
    assert answer.headers["Cache-Control"] == "no-store"
    assert "Authorization" in answer.headers["Vary"]


def test_unknown_addresses_and_methods_are_problems_too(app: Flask, agent: Program) -> None:
    assert agent.get("/nothing").mimetype == "application/problem+json"
    answer = agent.post("/workspaces", {})
    assert (answer.status_code, answer.mimetype) == (405, "application/problem+json")
    assert "GET" in answer.headers["Allow"]
