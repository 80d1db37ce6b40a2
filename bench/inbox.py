"""Does the inbox cost the same after years? An agent's pages in two companies, one with a hundred times the history.

Both are asked in turn, in one process, so that whatever the machine does meanwhile happens to both. A figure is the
median of the rounds. A page that answers anything but 200 or shows no rows stops the run.
"""

from __future__ import annotations

import argparse
import re
import statistics
import time
from collections.abc import Sequence
from dataclasses import dataclass, field
from typing import Any
from uuid import UUID

import click
from flask import Flask
from flask.testing import FlaskClient
from sqlalchemy import select

from bench import plans, report
from bench.office import agent, application, engines, settle
from chatapp import demo
from chatapp.common.conditions import read
from chatapp.common.db import db
from chatapp.common.unit_of_work import unit_of_work
from chatapp.demo.history import MESSAGES_EACH
from chatapp.saved_views import services as saved_views
from chatapp.workspaces import queries as workspaces
from chatapp.workspaces.models import Workspace

WANTED = 1.2
_OPEN = 500
_LINK = re.compile(r'href="(/w/acme/inbox/[0-9a-f-]{36})')
_NEXT = re.compile(r'hx-get="(/w/acme/inbox/rows\?[^"]*cursor=[^"]+)"')

PAGES = {
    "inbox page": "/w/acme/inbox",
    "list, latest first": "/w/acme/inbox/rows?view=all",
    "list, mine": "/w/acme/inbox/rows?view=mine",
    "list, unattended": "/w/acme/inbox/rows?view=unattended",
    "list, closed": "/w/acme/inbox/rows?view=closed",
    "list, saved: hot or unread": "/w/acme/inbox/rows?view=saved:{hot}",
    "list, saved: closed lately": "/w/acme/inbox/rows?view=saved:{closed}",
    "list, saved: any status": "/w/acme/inbox/rows?view=saved:{any}",
    "view counts": "/w/acme/inbox/views",
    "search, a common word": "/w/acme/inbox/search/hits?q=label",
    "search, a rare word": "/w/acme/inbox/search/hits?q={rare}",
    "search, two words": "/w/acme/inbox/search/hits?q=parcel+{rare}",
    "search, a mail address": "/w/acme/inbox/search/hits?q=contact{rare}",
    "command palette, a name": "/w/acme/inbox/search/people?q=olivares+{rare}",
    "command palette, two letters": "/w/acme/inbox/search/people?q=ol",
    "command palette, mistyped": "/w/acme/inbox/search/people?q=olivarse",
}
"""`{rare}` is the number of one conversation of long ago; `hot`, `closed` and `any` are saved views, whose numbers
are among the view counts."""

SAVED = {
    "hot": [
        {"field": "status", "operator": "any_of", "value": ["open"]},
        {
            "match": "any",
            "parts": [
                {"field": "priority", "operator": "any_of", "value": ["high", "urgent"]},
                {"field": "unread", "operator": "yes"},
                {"field": "waiting", "operator": "yes"},
            ],
        },
    ],
    "closed": [
        {"field": "status", "operator": "any_of", "value": ["closed"]},
        {"field": "blocked", "operator": "no"},
        {"field": "activity", "operator": "less_than", "value": {"amount": 2000, "unit": "days"}},
    ],
    "any": [{"field": "assignee", "operator": "any_of", "value": ["me"]}],
}


@dataclass
class Company:
    """One of the two, and how long its pages took, in milliseconds."""

    app: Flask
    client: FlaskClient
    addresses: dict[str, str]
    took: dict[str, list[float]] = field(default_factory=dict)

    def ask(self, name: str) -> None:
        address = self.addresses[name]
        began = time.perf_counter()
        answer = self.client.get(address)
        spent = (time.perf_counter() - began) * 1_000
        if answer.status_code != 200:
            raise RuntimeError(f"{name}: {address} answered {answer.status}")
        self.took.setdefault(name, []).append(spent)

    def median(self, name: str) -> float:
        return statistics.median(self.took[name])


def main(options: Sequence[str]) -> int:
    """Measure, print the table, keep the figures and the plans."""
    parser = argparse.ArgumentParser(prog="bin/bench inbox")
    parser.add_argument("--small", type=int, default=1_000, help="conversations of the young company")
    parser.add_argument("--large", type=int, default=100_000, help="conversations of the old one")
    parser.add_argument("--rounds", type=int, default=40)
    chosen = parser.parse_args(options)
    with engines() as where:
        companies = [_company(application(where, f"history_{size}"), size) for size in (chosen.small, chosen.large)]
        for number in range(chosen.rounds + 5):
            for name in companies[0].addresses:
                for company in companies if number % 2 else reversed(companies):
                    company.ask(name)
            if number == 4:  # everything has been prepared and read once
                for company in companies:
                    company.took.clear()
        old = companies[1]
        kept = plans.keep(old.app, old.client, old.addresses, conversations=chosen.large)
    return _report(companies, chosen, kept)


def _company(app: Flask, conversations: int) -> Company:
    with app.app_context(), click.progressbar(length=conversations, label=f"{conversations} conversations") as bar:
        demo.add_history(conversations, open_ones=min(_OPEN, conversations), each=bar.update)
    settle(app)
    client = agent(app)
    saved = _saved_views(app)
    addresses = {name: address.format(rare=conversations // 10 + 7, **saved) for name, address in PAGES.items()}
    rows = client.get(addresses["list, latest first"]).text
    addresses["thread"] = _only(_LINK, rows)
    addresses["list, the tenth page"] = _deep(client, rows)
    return Company(app, client, addresses)


def _saved_views(app: Flask) -> dict[str, UUID]:
    """Those of `SAVED`, for everybody."""
    with app.app_context(), unit_of_work():
        workspace_id = db.session.scalars(select(Workspace.id).where(Workspace.slug == "acme")).one()
    with app.app_context(), unit_of_work(workspace_id):
        owner = workspaces.owners()[0]
        made = {name: _terms(name, parts) for name, parts in SAVED.items()}
        return {name: saved_views.create(terms, by=owner).id for name, terms in made.items()}


def _terms(name: str, parts: list[Any]) -> saved_views.Terms:
    return saved_views.Terms(name, read({"match": "all", "parts": parts}), "activity", is_own=False)


def _deep(client: FlaskClient, rows: str, pages: int = 9) -> str:
    address = _only(_NEXT, rows)
    for _page in range(pages - 1):
        address = _only(_NEXT, client.get(address).text)
    return address


def _only(pattern: re.Pattern[str], page: str) -> str:
    found = pattern.search(page)
    if found is None:
        raise RuntimeError(f"The page has no {pattern.pattern}: it measures nothing.")
    return found[1].replace("&amp;", "&")


def _report(companies: list[Company], chosen: argparse.Namespace, kept: list[str]) -> int:
    young, old = companies
    ratios = {name: old.median(name) / young.median(name) for name in young.addresses}
    rows = [
        (name, f"{young.median(name):.1f}", f"{old.median(name):.1f}", f"{ratio:.2f}", "" if ratio <= WANTED else "✗")
        for name, ratio in ratios.items()
    ]
    print(report.table(("page", f"{chosen.small:,}, ms", f"{chosen.large:,}, ms", "ratio", ""), rows))
    figures = {
        name: {"small_ms": round(young.median(name), 2), "large_ms": round(old.median(name), 2), "ratio": round(of, 3)}
        for name, of in ratios.items()
    }
    sizes = {"small": chosen.small, "large": chosen.large, "messages_each": MESSAGES_EACH, "open": _OPEN}
    saved = report.save("inbox", {"conversations": sizes, "rounds": chosen.rounds, "pages": figures})
    print(f"Kept in {saved.relative_to(report.RESULTS.parents[1])} and {', '.join(kept)}.")
    return 0 if all(ratio <= WANTED for ratio in ratios.values()) else 1
