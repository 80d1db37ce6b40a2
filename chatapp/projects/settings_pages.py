"""The pages of a project's settings, in the order of the list beside them. Whoever adds one adds a line.

Whoever sees projects sees all of them; to change something there they need `permissions.MANAGE`.
"""

from __future__ import annotations

from dataclasses import dataclass

from flask_babel import lazy_gettext as _l
from flask_babel.speaklater import LazyString


@dataclass(frozen=True)
class ProjectPage:
    """`name` is what its template sets as `page`; the view of `endpoint` takes a `project_id`."""

    name: str
    title: LazyString
    icon: str
    endpoint: str


PAGES = (
    ProjectPage("general", _l("General"), "sliders-horizontal", "projects.general"),
    ProjectPage("appearance", _l("Appearance"), "palette", "appearance.show"),
    ProjectPage("widget", _l("Widget"), "code", "projects.widget_settings"),
)
