"""How each route is called. Whoever adds a route adds a line here, or the tests of isolation name it and fail.

`CALLS` holds, for each route of a workspace, who may do it and what a call that works sends. A value of `ID` in a body
or query stands for the id of that name: the tests put their own, a foreign and an unknown one in its place.
"""

from __future__ import annotations

from collections.abc import Callable, Mapping
from dataclasses import dataclass, field
from typing import Any
from uuid import uuid4

from flask import Flask

from chatapp.auth.models import User
from chatapp.common.db import db
from chatapp.invitations import queries as invitations
from chatapp.workspaces import services as workspaces
from chatapp.workspaces.models import Workspace
from tests.factories import Company, inside

ID = object()

EVERYBODY = frozenset({"owner", "admin", "agent", "viewer"})
WRITERS = EVERYBODY - {"viewer"}
MANAGERS = frozenset({"owner", "admin"})
VISITORS = frozenset({"visitor"})


@dataclass(frozen=True)
class Call:
    """One way to call a route. `roles` may do it; the rest of the members are refused with 403.

    `prepare` gives back, before each call, what an earlier one used up.
    """

    roles: frozenset[str]
    body: Mapping[str, Any] = field(default_factory=dict)
    query: Mapping[str, Any] = field(default_factory=dict)
    prepare: Callable[[Flask, Company], None] = lambda _app, _company: None

    def fresh_body(self) -> dict[str, Any]:
        """The body; a `client_id` is a new one for each call."""
        return {name: str(uuid4()) if name == "client_id" else value for name, value in self.body.items()}


def employed(app: Flask, company: Company) -> None:
    """The viewer is a viewer again, whatever became of them."""
    with inside(app, company) as it:
        if it.is_member("viewer"):
            it.member("viewer").role = "viewer"
        else:
            workspace = db.session.get_one(Workspace, company.workspace_id)
            workspaces.add_member(workspace, user=db.session.get_one(User, company.members["viewer"]), role="viewer")


def owned(app: Flask, company: Company) -> None:
    """The owner owns it again: with a defect planted, they may have handed it to a stranger."""
    with inside(app, company) as it:
        it.member("owner").role = "owner"


def invited(app: Flask, company: Company) -> None:
    """The company's invitation waits again."""
    with inside(app, company):
        invitations.invitation(company.invitation_id).revoked_at = None


Route = tuple[str, str]
Calls = Mapping[Route, tuple[Call, ...]]

_MESSAGE = {"client_id": "", "text": "Hello"}
_PROJECT = {"name": "Shop", "domains": "shop.example"}

CALLS: Calls = {
    ("dashboard.home", "GET"): (Call(EVERYBODY),),
    ("inbox.show", "GET"): (Call(EVERYBODY),),
    ("inbox.conversation", "GET"): (Call(EVERYBODY),),
    ("inbox.rows", "GET"): (Call(EVERYBODY),),
    ("inbox.views", "GET"): (Call(EVERYBODY),),
    ("inbox.mark_read", "POST"): (Call(WRITERS),),
    ("messages.create", "POST"): (Call(WRITERS, _MESSAGE), Call(WRITERS, _MESSAGE | {"private": "y"})),
    ("messages.index", "GET"): (Call(EVERYBODY), Call(EVERYBODY, query={"since": 0})),
    ("messages.close", "POST"): (Call(WRITERS),),
    ("messages.reopen", "DELETE"): (Call(WRITERS),),
    ("messages.assign_to_me", "POST"): (Call(WRITERS),),
    ("messages.unassign", "DELETE"): (Call(WRITERS),),
    ("projects.index", "GET"): (Call(EVERYBODY),),
    ("projects.create", "POST"): (Call(MANAGERS, _PROJECT),),
    ("projects.widget_settings", "GET"): (Call(EVERYBODY),),
    ("projects.update_widget_settings", "POST"): (Call(MANAGERS, _PROJECT),),
    ("projects.installation", "GET"): (Call(EVERYBODY),),
    ("team.index", "GET"): (Call(EVERYBODY),),
    ("team.invite", "POST"): (Call(MANAGERS, {"emails": "new@else.example", "role": "agent"}),),
    ("team.send_again", "POST"): (Call(MANAGERS, prepare=invited),),
    ("team.revoke", "POST"): (Call(MANAGERS, prepare=invited),),
    ("team.change_role", "POST"): (Call(MANAGERS, {"role": "viewer"}, prepare=employed),),
    ("team.remove", "POST"): (
        Call(MANAGERS, {"heir_id": ID}, prepare=employed),
        Call(MANAGERS, {"heir_id": ""}, prepare=employed),
    ),
    ("team.transfer", "POST"): (Call(frozenset({"owner"}), {"owner_id": ID}, prepare=owned),),
    ("audit.index", "GET"): (Call(MANAGERS), Call(MANAGERS, query={"days": 7})),
    ("audit.export", "GET"): (Call(MANAGERS),),
    ("api.conversations", "GET"): (Call(EVERYBODY), Call(EVERYBODY, query={"assignee": ID})),
    ("api.conversation", "GET"): (Call(EVERYBODY),),
    ("api.change_conversation", "PATCH"): (
        Call(WRITERS, {"status": "closed"}),
        Call(WRITERS, {"status": "open", "assignee_id": ID}),
        Call(WRITERS, {"assignee_id": None}),
    ),
    ("api.messages", "GET"): (Call(EVERYBODY), Call(EVERYBODY, query={"since": 0})),
    ("api.create_message", "POST"): (Call(WRITERS, _MESSAGE), Call(WRITERS, _MESSAGE | {"private": True})),
    ("widget.create_message", "POST"): (Call(VISITORS, _MESSAGE | {"conversation_id": ID}),),
    ("widget.messages", "GET"): (Call(VISITORS, query={"conversation_id": ID}),),
    ("widget.read", "POST"): (Call(VISITORS),),
    ("widget.typing", "POST"): (Call(VISITORS),),
    ("widget.rating", "POST"): (Call(VISITORS, {"rating": 5}),),
    ("widget.close", "POST"): (Call(VISITORS),),
}

SOCKETS = {"live.socket", "widget.socket"}
"""What is said on them is in `test_sockets.py`; here only the agents' door is tried."""

NOT_A_WORKSPACE = {
    "static": "the same files for everybody",
    "operations.healthz": "knows nobody",
    "operations.readyz": "knows nobody",
    "dashboard.landing": "the front page",
    "development.styleguide": "made-up data",
    "widget_demo.demo": "a pretend customer's page",
    "auth.login": "makes a session of the caller's own",
    "auth.register": "makes an account of the caller's own",
    "auth.forgotten_password": "only posts a letter; see tests/auth",
    "auth.reset_password": "the link of a letter is the proof; see tests/auth",
    "auth.confirm_address": "the link of a letter is the proof; see tests/auth",
    "account.email": "the caller's own account",
    "account.send_confirmation": "the caller's own address",
    "auth.second_step": "a code of one's own is the proof; see tests/auth",
    "account.two_factor_page": "the caller's own account",
    "account.begin_two_factor": "the caller's own account",
    "account.confirm_two_factor": "the caller's own account",
    "account.renew_recovery_codes": "the caller's own account",
    "account.end_two_factor": "the caller's own account",
    "account.profile": "the caller's own account",
    "account.security": "the caller's own account",
    "account.sessions": "the caller's own sessions; see tests/auth",
    "account.end_session": "the caller's own sessions, a foreign one is 404; see tests/auth",
    "account.end_other_sessions": "the caller's own sessions",
    "development.mail": "letters that were kept, development only",
    "development.letter": "letters that were kept, development only",
    "auth.logout": "ends the caller's own session",
    "auth.preferences": "the caller's own account",
    "team.leave": "ends the caller's own membership; see tests/team",
    "invitations.show": "the token is the proof; see tests/invitations",
    "invitations.accept": "the token is the proof, for one address; see tests/invitations",
    "workspaces.index": "lists the caller's own memberships; see tests/workspaces",
    "workspaces.create": "makes a workspace of the caller's own",
    "api.workspaces": "lists the caller's own memberships; see tests/api",
    "api.create_token": "a password is the proof; see tests/api",
    "api.refresh_token": "the token is the proof; see tests/api",
    "api.revoke_token": "the token is the proof; see tests/api",
    "widget_pages.loader": "the same file for everybody",
    "widget_pages.panel": "public by its site key; see tests/widget",
    "widget_pages.stylesheet": "public by its site key; see tests/widget",
    "widget.init": "public by its site key, and a token of another site is nobody's; see tests/widget",
}
