"""A company whose later lane has run, and ways to see what its members were told."""

from __future__ import annotations

from dataclasses import dataclass
from uuid import UUID

import pytest
from flask import Flask
from sqlalchemy import select

from chatapp.common.db import db
from chatapp.jobs.drain import drain
from chatapp.notifications.models import Notification
from tests.factories import Company, inside, make_company


@dataclass
class Told:
    """Who was told what, by role; the worker works when asked."""

    app: Flask
    company: Company

    def work(self) -> None:
        with self.app.app_context():
            drain(str(self.company.workspace_id))

    def of(self, role: str) -> list[dict[str, int]]:
        """The counts of the member's unread lines, the latest first."""
        self.work()
        with inside(self.app, self.company) as it:
            unread = (Notification.user_id == it.company.members[role], Notification.read_at.is_(None))
            newest = select(Notification).where(*unread).order_by(Notification.latest_at.desc())
            return [line.counts for line in db.session.scalars(newest)]

    def line(self, role: str) -> UUID:
        with inside(self.app, self.company):
            mine = Notification.user_id == self.company.members[role]
            return db.session.scalars(select(Notification.id).where(mine)).one()

    def forget(self) -> None:
        """From here on nobody has been told of anything."""
        self.work()
        with inside(self.app, self.company):
            for line in db.session.scalars(select(Notification)):
                db.session.delete(line)


@pytest.fixture
def acme(app: Flask) -> Company:
    return make_company(app)


@pytest.fixture
def told(app: Flask, acme: Company) -> Told:
    """Nobody has been told of anything yet."""
    made = Told(app, acme)
    made.forget()
    return made
