"""The URL map of the product: every blueprint and where it hangs."""

from __future__ import annotations

from flask import Blueprint, Flask

from chatapp.api import views as api
from chatapp.audit import views as audit
from chatapp.auth import views as auth
from chatapp.dashboard import development, operations
from chatapp.dashboard import views as dashboard
from chatapp.inbox import live
from chatapp.inbox import views as inbox
from chatapp.invitations import views as invitations
from chatapp.messages import views as messages
from chatapp.projects import views as projects
from chatapp.team import views as team
from chatapp.widget import demo as widget_demo
from chatapp.widget import pages as widget_pages
from chatapp.widget import views as widget
from chatapp.workspaces import views as workspaces

WORKSPACE = "/w/<slug>"

BLUEPRINTS: tuple[tuple[Blueprint, str], ...] = (
    (operations.bp, ""),
    (dashboard.bp, ""),
    (auth.bp, ""),
    (auth.account_bp, "/account"),
    (workspaces.bp, ""),
    (inbox.bp, WORKSPACE),
    (live.bp, WORKSPACE),
    (messages.bp, WORKSPACE),
    (projects.bp, WORKSPACE),
    (team.bp, WORKSPACE),
    (audit.bp, WORKSPACE),
    (invitations.bp, ""),
    (widget.bp, ""),
    (widget_pages.bp, ""),
    (api.bp, "/api/v1"),
)

DEVELOPMENT: tuple[tuple[Blueprint, str], ...] = ((development.bp, ""), (widget_demo.bp, ""))


def register(app: Flask, *, with_development: bool) -> None:
    for blueprint, prefix in BLUEPRINTS + (DEVELOPMENT if with_development else ()):
        app.register_blueprint(blueprint, url_prefix=prefix)
