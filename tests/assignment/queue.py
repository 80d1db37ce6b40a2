"""What tests of handing out look at."""

from __future__ import annotations

from uuid import UUID

from flask import Flask
from sqlalchemy import func, select

from chatapp.assignment import queries
from chatapp.common.clock import now
from chatapp.common.db import db
from chatapp.conversations.models import Conversation
from tests.factories import Company, inside


def online(app: Flask, company: Company, *roles: str) -> None:
    """These members have a tab open, and use it."""
    with inside(app, company) as it:
        for role in roles:
            member = it.member(role)
            member.seen_at = member.active_at = now()


def loads(app: Flask, company: Company) -> dict[UUID, int]:
    """How many open conversations each member has."""
    with inside(app, company):
        return queries.loads_of(list(company.members.values()))


def waiting_count(app: Flask, company: Company) -> int:
    """How many wait in the queues of the company's teams."""
    with inside(app, company):
        waiting = select(func.count(Conversation.id)).where(
            Conversation.status == "open", Conversation.assignee_id.is_(None), Conversation.team_id.is_not(None)
        )
        return db.session.scalar(waiting) or 0
