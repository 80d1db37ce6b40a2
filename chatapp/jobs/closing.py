"""What the clock does about closed workspaces: remind their owners, and delete what nobody wanted back."""

from __future__ import annotations

from chatapp.closures import queries, services
from chatapp.common.unit_of_work import unit_of_work

_BATCHES = 5


def remind() -> None:
    with unit_of_work():
        due = queries.due_to_remind()
    for workspace_id in due:
        with unit_of_work(workspace_id):
            services.remind()


def purge() -> None:
    """A few batches of one workspace, so that the clock's other work never waits long; the rest at the next tick."""
    with unit_of_work():
        due = queries.due_to_purge()
    for _batch in range(_BATCHES if due else 0):
        with unit_of_work(due):
            if not services.purge_some():
                return
