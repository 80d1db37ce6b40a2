"""The only place that commits. A request, job or socket frame is one transaction; what it emitted goes out after."""

from __future__ import annotations

from collections.abc import Iterator
from contextlib import contextmanager
from uuid import UUID

from flask import Flask
from flask.typing import ResponseReturnValue
from flask.wrappers import Response

from chatapp.common import events, tenancy
from chatapp.common.db import db

_LAST_SUCCESS = 399


@contextmanager
def unit_of_work(workspace_id: UUID | None = None) -> Iterator[None]:
    """Run the block as one transaction of its own, inside the given workspace; publish its events after the commit.

    For jobs, socket frames and commands. Needs an application context, and gives the connection back at the end.
    """
    db.session.remove()
    if workspace_id is not None:
        tenancy.enter(workspace_id)
    try:
        yield
        commit()
    except BaseException:
        db.session.rollback()
        raise
    finally:
        db.session.remove()


def commit() -> None:
    """Commit, then let the committed events go out. Only this module calls it."""
    emitted = events.take_emitted()
    db.session.commit()
    events.dispatch(emitted)


class UnitOfWorkFlask(Flask):
    """A Flask application whose requests are units of work: 2xx and 3xx commit, anything else rolls back.

    The commit happens while errors can still become an answer, so a failed commit is never acknowledged.
    """

    def dispatch_request(self) -> ResponseReturnValue:
        response: Response = self.make_response(super().dispatch_request())
        if response.status_code <= _LAST_SUCCESS:
            commit()
        else:
            db.session.rollback()
        return response

    def handle_user_exception(self, e: Exception) -> ResponseReturnValue:
        db.session.rollback()
        return super().handle_user_exception(e)
