"""The pages of a workspace's settings, in the order of the list beside them. Whoever adds one adds a line.

The rail leads to the first that the member may see, and has no entry for whoever may see none.
"""

from __future__ import annotations

from dataclasses import dataclass

from flask_babel import lazy_gettext as _l
from flask_babel.speaklater import LazyString


@dataclass(frozen=True)
class SettingsPage:
    """`name` is what its template sets as `page`; `permission` is what its view demands."""

    name: str
    title: LazyString
    icon: str
    endpoint: str
    permission: str


PAGES = (
    SettingsPage("general", _l("General"), "sliders-horizontal", "workspace_settings.general", "workspace.manage"),
    SettingsPage("canned", _l("Canned replies"), "square-slash", "canned.index", "canned.view"),
    SettingsPage("macros", _l("Macros"), "zap", "macros.index", "macros.view"),
    SettingsPage("hours", _l("Business hours"), "clock", "hours.index", "hours.view"),
    SettingsPage("labels", _l("Labels"), "tag", "labels.index", "labels.view"),
    SettingsPage("attributes", _l("Attributes"), "list-checks", "attributes.index", "attributes.view"),
    SettingsPage("closing", _l("Auto-close"), "timer", "workspace_settings.closing", "workspace.manage"),
    SettingsPage("sla", _l("Targets"), "alarm-clock", "sla.index", "sla.view"),
    SettingsPage("security", _l("Security"), "shield-check", "workspace_settings.security", "workspace.manage"),
    SettingsPage("privacy", _l("Privacy"), "lock", "privacy.index", "privacy.manage"),
    SettingsPage("audit", _l("Audit log"), "clipboard-list", "audit.index", "audit.view"),
    SettingsPage("deliveries", _l("Delivery problems"), "shield-alert", "deliveries.index", "deliveries.manage"),
    SettingsPage("deletion", _l("Delete workspace"), "trash-2", "closures.show", "workspace.own"),
)
