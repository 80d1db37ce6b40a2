"""Reads about projects."""

from __future__ import annotations

from collections.abc import Sequence
from uuid import UUID

from sqlalchemy import select

from chatapp.common.db import db
from chatapp.common.errors import not_found
from chatapp.common.tenancy import across_tenants
from chatapp.projects.models import Project


def project_by_site_key(site_key: str) -> Project | None:
    """The project that a snippet names, whichever workspace it belongs to."""
    with across_tenants(reason="a visitor's browser knows nothing but the site key"):
        return db.session.scalar(select(Project).where(Project.site_key == site_key))


def project_by_id_anywhere(project_id: UUID) -> Project | None:
    """The project that a signed visitor token names."""
    with across_tenants(reason="a visitor token names its project"):
        return db.session.get(Project, project_id)


def projects() -> Sequence[Project]:
    return db.session.scalars(select(Project).order_by(Project.name, Project.id)).all()


def project(project_id: UUID) -> Project:
    """A project of the current workspace. Raises `AppError` 404."""
    found = db.session.scalar(select(Project).where(Project.id == project_id))
    if found is None:
        raise not_found()
    return found
