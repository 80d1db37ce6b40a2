"""Reads about projects."""

from __future__ import annotations

from collections.abc import Sequence
from uuid import UUID

from sqlalchemy import func, select
from sqlalchemy.orm import contains_eager

from chatapp.common.db import db
from chatapp.common.errors import not_found
from chatapp.common.tenancy import across_tenants
from chatapp.projects.models import Project
from chatapp.workspaces.models import Workspace


def project_by_site_key(site_key: str) -> Project | None:
    """The project that a snippet names, with its workspace, whichever that is; None for that of a closed one."""
    with across_tenants(reason="a visitor's browser knows nothing but the site key"):
        return db.session.scalar(
            select(Project)
            .join(Project.workspace)
            .where(Project.site_key == site_key, Workspace.closed_at.is_(None))
            .options(contains_eager(Project.workspace))
            .execution_options(populate_existing=True)
        )


def projects() -> Sequence[Project]:
    return db.session.scalars(select(Project).order_by(Project.name, Project.id)).all()


def count_in_use() -> int:
    return db.session.scalar(select(func.count()).select_from(Project).where(Project.archived_at.is_(None))) or 0


def project(project_id: UUID) -> Project:
    """A project of the current workspace. Raises `AppError` 404."""
    found = db.session.scalar(select(Project).where(Project.id == project_id))
    if found is None:
        raise not_found()
    return found


def logo(token: str) -> bytes | None:
    """The logo at this address."""
    with across_tenants(reason="a visitor's browser knows nothing but the address"):
        return db.session.scalar(select(Project.logo).where(Project.logo_token == token))
