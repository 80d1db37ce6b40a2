"""The URL map of the product: every blueprint and where it hangs."""

from __future__ import annotations

from flask import Blueprint, Flask

from chatapp.api import views as api
from chatapp.attachments.views import dashboard as attachments
from chatapp.attachments.views import files
from chatapp.attributes import views as attributes
from chatapp.audit import views as audit
from chatapp.auth import views as auth
from chatapp.backoffice import views as backoffice
from chatapp.canned import views as canned
from chatapp.closures import views as closures
from chatapp.contacts import files as contact_files
from chatapp.contacts import identities as contact_identities
from chatapp.contacts import importing as contact_imports
from chatapp.contacts import merging as contact_merging
from chatapp.contacts import views as contacts
from chatapp.dashboard import development, operations
from chatapp.dashboard import views as dashboard
from chatapp.deliveries import views as deliveries
from chatapp.hours import views as hours
from chatapp.inbox import bulk, live, search
from chatapp.inbox import views as inbox
from chatapp.invitations import views as invitations
from chatapp.labels import views as labels
from chatapp.link_cards import views as link_cards
from chatapp.macros import views as macros
from chatapp.messages import views as messages
from chatapp.notifications import views as notifications
from chatapp.privacy import views as privacy
from chatapp.programs import views as programs
from chatapp.projects import views as projects
from chatapp.reshaping import views as reshaping
from chatapp.saved_views import views as saved_views
from chatapp.scheduled import views as scheduled
from chatapp.sla import views as sla
from chatapp.team import views as team
from chatapp.team.views import roles
from chatapp.transcripts import views as transcripts
from chatapp.undo import views as undo
from chatapp.widget import appearance
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
    (programs.bp, "/account"),
    (workspaces.bp, ""),
    (workspaces.settings_bp, WORKSPACE),
    (inbox.bp, WORKSPACE),
    (bulk.bp, WORKSPACE),
    (search.bp, WORKSPACE),
    (live.bp, WORKSPACE),
    (saved_views.bp, WORKSPACE),
    (messages.bp, WORKSPACE),
    (scheduled.bp, WORKSPACE),
    (transcripts.bp, WORKSPACE),
    (reshaping.bp, WORKSPACE),
    (notifications.bp, WORKSPACE),
    (notifications.outside_bp, ""),
    (contacts.bp, WORKSPACE),
    (contact_files.bp, WORKSPACE),
    (contact_imports.bp, WORKSPACE),
    (contact_identities.bp, WORKSPACE),
    (contact_merging.bp, WORKSPACE),
    (canned.bp, WORKSPACE),
    (macros.bp, WORKSPACE),
    (attachments.bp, WORKSPACE),
    (projects.bp, WORKSPACE),
    (appearance.bp, WORKSPACE),
    (team.bp, WORKSPACE),
    (roles.bp, WORKSPACE),
    (hours.bp, WORKSPACE),
    (labels.bp, WORKSPACE),
    (attributes.bp, WORKSPACE),
    (sla.bp, WORKSPACE),
    (audit.bp, WORKSPACE),
    (deliveries.bp, WORKSPACE),
    (closures.bp, WORKSPACE),
    (undo.bp, WORKSPACE),
    (privacy.bp, WORKSPACE),
    (invitations.bp, ""),
    (backoffice.bp, "/operator"),
    (backoffice.stand_in_bp, ""),
    (backoffice.metrics_bp, ""),
    (files.bp, ""),
    (link_cards.bp, ""),
    (widget.bp, ""),
    (widget_pages.bp, ""),
    (api.bp, "/api/v1"),
)

DEVELOPMENT: tuple[tuple[Blueprint, str], ...] = ((development.bp, ""), (widget_demo.bp, ""))


def register(app: Flask, *, with_development: bool) -> None:
    for blueprint, prefix in BLUEPRINTS + (DEVELOPMENT if with_development else ()):
        app.register_blueprint(blueprint, url_prefix=prefix)
