"""Every page that people open, found in the URL map: one that is new is inspected the moment it exists."""

from __future__ import annotations

from collections.abc import Iterator
from dataclasses import dataclass
from datetime import timedelta
from typing import Any

from flask import Flask
from werkzeug.routing import Rule

from chatapp.auth.models import LetterToken, Registration
from chatapp.auth.tokens import hash_token
from chatapp.common.clock import now
from chatapp.common.db import db
from chatapp.common.outbox import OutboxDelivery
from chatapp.common.permissions import OPERATOR, access_of
from chatapp.common.unit_of_work import unit_of_work
from chatapp.invitations import queries as invitations
from chatapp.invitations.models import Invitation
from chatapp.invitations.services import Issued
from chatapp.notifications.services import letters
from tests.factories import Company, inside, with_doubles, with_macro, with_privacy

PROGRAMS = ("api", "widget")
"""The blueprints that no person opens."""

NO_PAGES = {
    "static": "files",
    "auth.avatar": "a picture",
    "attachments.show": "a file",
    "files.show": "a file",
    "link_pictures.show": "a picture",
    "widget_pages.logo": "a picture",
    "workspaces.logo": "a picture",
    "widget_pages.loader": "a script",
    "widget_pages.stylesheet": "a stylesheet",
    "widget_pages.look": "a script",
    "appearance.site": "a frame of the appearance's page",
    "operations.healthz": "for probes",
    "operations.readyz": "for probes",
    "metrics.exposition": "for probes",
    "live.socket": "a socket",
    "audit.export": "a file",
    "contact_files.download": "a file",
    "contact_imports.problems": "a file",
    "contact_files.export": "a fragment of the export's page",
    "privacy.download": "a file",
    "privacy.receipt_json": "a file",
    "privacy.receipt_text": "a file",
    "privacy.export": "a fragment of the person's page",
    "messages.choices": "a fragment of the thread",
    "messages.index": "a fragment of the thread",
    "messages.snooze_choices": "a fragment of the thread",
    "messages.attribute": "a fragment of the thread",
    "contacts.attribute": "a fragment of the profile",
    "messages.label_choices": "a fragment of the thread",
    "transcripts.as_text": "a file",
    "transcripts.as_html": "a file",
    "reshaping.merge_choices": "a fragment of the thread",
    "reshaping.split_choices": "a fragment of the thread",
    "reshaping.contact_choices": "a fragment of the thread",
    "macros.offers": "a fragment of the composer",
    "scheduled.index": "a fragment of the thread",
    "scheduled.moments": "a fragment of the composer",
    "scheduled.edit": "a fragment of the thread",
    "notifications.show_bell": "a fragment of every page",
    "notification_ways.service_worker": "a script",
    "inbox.rows": "a fragment of the inbox",
    "inbox.views": "a fragment of the inbox",
    "search.hits": "a fragment of the search",
    "search.jump": "a fragment of the command palette",
    "saved_views.rule": "a fragment of the form",
    "saved_views.group": "a fragment of the form",
    "messages.edit": "a fragment of the thread",
    "messages.versions": "a fragment of the thread",
    "messages.participant_choices": "a fragment of the thread",
    "messages.callees": "a fragment of the composer",
    "bulk.count": "a fragment of the inbox",
    "bulk.assignment_choices": "a fragment of the inbox",
    "bulk.label_choices": "a fragment of the inbox",
    "bulk.snooze_choices": "a fragment of the inbox",
    "bulk.show": "a fragment of the inbox",
    "bulk.latest": "a fragment of the inbox",
    "canned.offers": "a fragment of the composer",
    "dashboard.setup": "a fragment of the home",
    "dashboard.glance": "a fragment of the home",
    "projects.installation": "a fragment of the widget's settings",
    "auth.sign_in": "leads to a provider",
    "auth.sign_in_callback": "leads back from it; see test_sign_in",
    "backoffice.home": "leads to its first page",
    "development.letter": "a letter, as a mail program shows it",
    "widget_demo.demo": "a pretend customer's site",
    "widget_pages.panel": "a frame; see test_the_widget",
    "widget_pages.later": "a fragment of the panel",
    "inbox.show": "see test_the_inbox",
    "inbox.conversation": "see test_the_inbox",
    "auth.second_step": "see test_the_second_step",
}
QUERIES = {
    "account.proof": "?next=/account",
    "dashboard.figure": "?of=waiting",
    "roles.new": "?copy=agent",
    "search.show": "?q=acme&status=open",
    "sla.clocks": "?kind=first_response&outcome=running",
}
_TOKENS = {
    "auth.complete_registration": "registration",
    "auth.reset_password": "reset",
    "auth.confirm_address": "confirm",
    "invitations.show": "invitation",
    "invitations.register": "invitation",
}
_KINDS = {"backoffice.dead_deliveries": "endusers.handlers.note_message", "backoffice.dead_letters": "registration"}


@dataclass(frozen=True)
class Place:
    """A page, and who opens it: nobody in particular, an owner or an operator."""

    endpoint: str
    path: str
    reader: str


def places(app: Flask, company: Company) -> list[Place]:
    """Every page, with ids of the company, which `furnish` has prepared. Raises `KeyError` for an unknown id."""
    with app.test_request_context():
        return sorted(_places(app, company), key=lambda place: place.path)


def strangers(app: Flask) -> set[str]:
    """Names of what is no page that no view has any more."""
    return (NO_PAGES.keys() | QUERIES.keys() | _TOKENS.keys() | _KINDS.keys()) - app.view_functions.keys()


def _places(app: Flask, company: Company) -> Iterator[Place]:
    for rule in app.url_map.iter_rules():
        if "GET" not in (rule.methods or ()) or rule.endpoint in NO_PAGES:
            continue
        if rule.endpoint.partition(".")[0] in PROGRAMS:
            continue
        path = app.url_for(rule.endpoint, _external=False, **_values(rule, company))
        yield Place(rule.endpoint, path + QUERIES.get(rule.endpoint, ""), _reader(app, rule.endpoint))


def _reader(app: Flask, endpoint: str) -> str:
    access = access_of(app.view_functions[endpoint])
    return "nobody" if access is None else "operator" if access == OPERATOR else "owner"


def _values(rule: Rule, company: Company) -> dict[str, Any]:
    token = _TOKENS.get(rule.endpoint)
    if rule.endpoint == "notification_ways.stop":
        token = letters.stop_token(company.workspace_id, company.members["agent"])
    known: dict[str, Any] = {
        **vars(company),
        "user_id": company.members["agent"],
        "token": _by_letter(token) if token == "invitation" else token,
        "kind": _KINDS.get(rule.endpoint),
    }
    return {name: known[name] for name in rule.arguments}


def _by_letter(token: str) -> str:
    """An invitation's token as its letter has it."""
    return Issued(Invitation(), token).letter_link.rpartition("/")[2]


def furnish(app: Flask, company: Company) -> Company:
    """The company with something on every page, and links that are good."""
    company = with_doubles(app, with_macro(app, with_privacy(app, company)))
    with inside(app, company) as it:
        delivery = db.session.get_one(OutboxDelivery, company.delivery_id)
        delivery.state, delivery.attempts, delivery.last_error = "dead", 8, "ConnectError: " + "x" * 300
        invitations.invitation(company.invitation_id).token_hash = hash_token("invitation")
        agent = it.member("agent").user
    good = {"expires_at": now() + timedelta(hours=1), "email": agent.email}
    with app.app_context(), unit_of_work():
        db.session.add(Registration(name="Nadia", password_hash="", token_hash=hash_token("registration"), **good))
        for purpose in ("reset", "confirm"):
            db.session.add(LetterToken(user_id=agent.id, purpose=purpose, token_hash=hash_token(purpose), **good))
    return company
