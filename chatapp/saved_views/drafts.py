"""Conditions as a form has them: read from what was sent, and made of views that are there by themselves."""

from __future__ import annotations

import re
from collections.abc import Mapping
from typing import Any
from uuid import uuid4

from werkzeug.datastructures import MultiDict

from chatapp.common.conditions import MATCHES
from chatapp.common.errors import not_found
from chatapp.conversations import queries as conversations
from chatapp.labels import queries as labels
from chatapp.saved_views.fields.conversations import ME, NOBODY
from chatapp.teams import queries as teams

_TOKEN = re.compile(r"[a-z0-9]{1,12}")
_RULE_LIMIT = 100

Draft = dict[str, Any]


def sent(form: MultiDict[str, str]) -> Draft:
    """What a form says: for each `rule` its field, operator and value, and which group it is in; each `group` and how
    it matches. Whatever is odd is left for `conditions.checked` to refuse."""
    inside: dict[str, list[Draft]] = {token: [] for token in _tokens(form, "group")}
    outside: list[Draft] = []
    for token in _tokens(form, "rule"):
        inside.get(form.get(f"rule-{token}-group", ""), outside).append(rule_sent(form, token))
    groups = [{"match": _match(form, f"group-{token}-match"), "parts": parts} for token, parts in inside.items()]
    return {"match": _match(form, "match"), "parts": [*outside, *groups]}


def rule_sent(form: MultiDict[str, str], token: str) -> Draft:
    """One rule, by its token. The shape of its value goes by what was sent."""
    values = [value for value in form.getlist(f"rule-{token}-value") if value]
    rule: Draft = {name: form.get(f"rule-{token}-{name}", "") for name in ("field", "operator")}
    if f"rule-{token}-amount" in form:
        rule["value"] = {name: form.get(f"rule-{token}-{name}", "") for name in ("amount", "unit")}
    elif f"rule-{token}-text" in form:
        rule["value"] = form.get(f"rule-{token}-text", "")
    else:
        rule["value"] = values
    return rule


def of_view(view: str) -> Draft:
    """The conditions of one of the inbox's own views, of a team's or of a label's. Raises `AppError` 404 for none."""
    if view in ("pending", "snoozed", "closed"):
        return _all(_is("status", view))
    asked: dict[str, Draft] = {
        "mine": _is("assignee", ME),
        "unassigned": _is("assignee", NOBODY),
        "unattended": _holds("waiting"),
        "participating": _holds("followed"),
        "mentions": _holds("called"),
        "due": _holds("due"),
    }
    team_id, label_id = conversations.team_of(view), conversations.label_of_view(view)
    if team_id:
        asked[view] = _is("team", str(teams.team(team_id).id))
    elif label_id:
        asked[view] = _is("label", str(labels.label(label_id).id))
    elif view not in conversations.VIEWS:
        raise not_found()
    return _all(_is("status", "open"), *([asked[view]] if view in asked else []))


def of_search(filters: Mapping[str, str]) -> Draft:
    """The conditions of what the search was narrowed by."""
    assignee = {"none": NOBODY}.get(filters.get("assignee", ""), filters.get("assignee", ""))
    named = {"status": filters.get("status", ""), "assignee": assignee, "project": filters.get("project", "")}
    return _all(*(_is(name, value) for name, value in named.items() if value))


def of_contacts(filters: Mapping[str, str]) -> Draft:
    """The conditions of what the list of contacts was narrowed by: `q` and `show`."""
    words = filters.get("q", "").strip()
    named = [{"field": name, "operator": "contains", "value": words} for name in ("name", "email")]
    blocked = [{"field": "blocked", "operator": "yes", "value": None}] if filters.get("show") == "blocked" else []
    return _all(*blocked, *([{"match": "any", "parts": named}] if words else []))


def new_token() -> str:
    """What a new rule or group is called in its form."""
    return uuid4().hex[:8]


def _all(*rules: Draft) -> Draft:
    return {"match": "all", "parts": list(rules)}


def _holds(field: str) -> Draft:
    return {"field": field, "operator": "yes", "value": None}


def _is(field: str, value: str) -> Draft:
    return {"field": field, "operator": "any_of", "value": [value]}


def _tokens(form: MultiDict[str, str], name: str) -> list[str]:
    return [token for token in dict.fromkeys(form.getlist(name)[:_RULE_LIMIT]) if _TOKEN.fullmatch(token)]


def _match(form: MultiDict[str, str], name: str) -> str:
    found = form.get(name, "")
    return found if found in MATCHES else "all"
