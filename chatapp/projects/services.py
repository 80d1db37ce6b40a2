"""Create projects, change them, and note that their site was seen."""

from __future__ import annotations

import secrets
from collections.abc import Mapping
from datetime import timedelta
from uuid import UUID

from chatapp.auth.models import User
from chatapp.common import audit
from chatapp.common.clock import now
from chatapp.common.db import db
from chatapp.common.events import emit
from chatapp.common.pictures import Picture
from chatapp.hours import queries as hours_queries
from chatapp.plans import queries as plans
from chatapp.projects import queries
from chatapp.projects.appearance import Appearance
from chatapp.projects.events import ProjectSeen
from chatapp.projects.models import Project
from chatapp.teams import queries as team_queries
from chatapp.workspaces.models import Workspace

_KEY_BYTES = 12
_SEEN_AGAIN_AFTER = timedelta(minutes=5)
_MAX_URL = 500


def create(
    workspace: Workspace, *, name: str, allowed_domains: list[str], site_key: str | None = None, by: User | None = None
) -> Project:
    """Make a project. Its site key is new and random unless demo data names one. Raises `AppError` 402."""
    plans.held_plan(workspace.id).demand_project(taken=queries.count_in_use())
    project = Project(
        workspace_id=workspace.id,
        name=name,
        allowed_domains=allowed_domains,
        locale=workspace.locale,
        site_key=site_key or secrets.token_urlsafe(_KEY_BYTES),
    )
    db.session.add(project)
    db.session.flush()
    audit.record("project.created", by=by, target_id=project.id, target_name=name)
    return project


def change(project: Project, *, name: str, hours_id: UUID | None, by: User) -> None:
    """Without `hours_id` the workspace's default hours hold. Raises `AppError` 404 for hours that are not there."""
    before, after = (hours_queries.schedule(one).name if one else None for one in (project.hours_id, hours_id))
    changes = {"name": (project.name, name), "hours": (before, after)}
    project.name = name
    project.hours_id = hours_id
    _record(project, by, changes)


def allow_domains(project: Project, domains: list[str], *, by: User) -> None:
    """Only on these sites does the widget open from now on."""
    _record(project, by, {"domains": (", ".join(project.allowed_domains), ", ".join(domains))})
    project.allowed_domains = domains


def send_to_team(project: Project, *, team_id: UUID | None, by: User) -> None:
    """Say which team new conversations go to; those that exist stay where they are. Raises `AppError` 404."""
    before, after = (team_queries.team(one).name if one else None for one in (project.team_id, team_id))
    _record(project, by, {"team": (before, after)})
    project.team_id = team_id


def dress(project: Project, appearance: Appearance, *, by: User) -> None:
    """Its widget looks and speaks like this from now on. Raises `AppError` 404 for a team that is not there."""
    if appearance.faces_team_id is not None:
        team_queries.team(appearance.faces_team_id)
    before, after = (look.plain for look in (Appearance.of(project), appearance))
    changes = {field: (before[field], after[field]) for field in after if field not in ("words", "faces_team_id")}
    changes["words"] = _listed(before["words"]), _listed(after["words"])
    _record(project, by, changes)
    for field in after:
        setattr(project, field, getattr(appearance, field))


def _listed(words: Mapping[str, Mapping[str, str]]) -> str:
    return "; ".join(text.replace("\n", " ") for said in words.values() for text in said.values())


def change_logo(project: Project, picture: Picture | None, *, by: User) -> None:
    """Another logo has another address; the old one leads nowhere from now on."""
    if picture is None and project.logo_token is None:
        return
    action = "project.logo_changed" if picture else "project.logo_removed"
    audit.record(action, by=by, target_id=project.id, target_name=project.name)
    project.logo, project.logo_token = (picture.content, picture.token) if picture else (None, None)


def archive(project: Project, *, by: User) -> None:
    """Visitors are not let in any more; what was said stays. Done again, it changes nothing."""
    if project.is_archived:
        return
    project.archived_at = now()
    audit.record("project.archived", by=by, target_id=project.id, target_name=project.name)


def restore(project: Project, *, by: User) -> None:
    """In use again. Done again, it changes nothing. Raises `AppError` 402."""
    if not project.is_archived:
        return
    plans.held_plan(project.workspace_id).demand_project(taken=queries.count_in_use())
    project.archived_at = None
    audit.record("project.restored", by=by, target_id=project.id, target_name=project.name)


def note_seen(project: Project, *, url: str | None) -> None:
    """The widget was opened on a page. Recorded at most every five minutes, so that views do not become writes."""
    moment = now()
    if project.last_seen_at is not None and moment - project.last_seen_at < _SEEN_AGAIN_AFTER:
        return
    project.last_seen_at = moment
    project.last_seen_url = url[:_MAX_URL] if url else None
    emit(ProjectSeen(workspace_id=project.workspace_id, project_id=project.id))


def note_reply_time(project: Project, *, seconds: int) -> None:
    """Keep what visitors are told about waiting: the typical time to a first answer."""
    project.reply_seconds = seconds


def _record(project: Project, by: User, changes: Mapping[str, tuple[object, object]]) -> None:
    audit.record("project.changed", by=by, target_id=project.id, target_name=project.name, changes=changes)
