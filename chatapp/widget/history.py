"""The messages a visitor asks for: what is new, what is older, and waiting for what comes."""

from __future__ import annotations

from dataclasses import dataclass
from typing import Any

from chatapp.common.db import db
from chatapp.common.realtime import topics
from chatapp.common.realtime.hub import hub
from chatapp.common.unit_of_work import unit_of_work
from chatapp.conversations import queries as conversation_queries
from chatapp.conversations.models import Conversation
from chatapp.messages import queries
from chatapp.widget import answers
from chatapp.widget.payloads import Payload, whole_number

LONGEST_WAIT = 25


@dataclass(frozen=True)
class Range:
    """`since` a revision (waiting up to `wait` seconds for something), or `before` a place, or the latest."""

    since: int | None
    before: int | None
    wait: int

    @classmethod
    def of(cls, query: Payload) -> Range:
        """Raises `AppError` 400."""
        since, before, wait = (whole_number(query, name) for name in ("since", "before", "wait"))
        return cls(since, before, min(wait or 0, LONGEST_WAIT))


def page(conversation: Conversation, wanted: Range) -> dict[str, Any]:
    ahead = conversation_queries.waiting_before(conversation)
    if wanted.since is not None:
        rows = queries.since(conversation.id, wanted.since, for_visitor=True)
        is_complete = len(rows) < queries.CATCH_UP_LIMIT
        return answers.page_json(conversation, rows, is_complete=is_complete, has_older=False, ahead=ahead)
    rows = queries.latest(conversation.id, before=wanted.before, for_visitor=True)
    has_older = len(rows) > queries.PAGE_SIZE
    shown = rows[1:] if has_older else rows
    return answers.page_json(conversation, shown, is_complete=True, has_older=has_older, ahead=ahead)


def page_or_news(conversation: Conversation, wanted: Range) -> dict[str, Any]:
    """Long polling: listen first, then look, then wait without holding a database connection, then look again."""
    if not wanted.wait or wanted.since is None:
        return page(conversation, wanted)
    with hub.listen([topics.visitor(conversation.workspace_id, conversation.reader_id)]) as waiter:
        found = page(conversation, wanted)
        if found["messages"] or found["seq"] > wanted.since:
            return found
        workspace_id, conversation_id, visitor_id = conversation.workspace_id, conversation.id, conversation.reader_id
        db.session.remove()
        waiter.wait(wanted.wait)
    with unit_of_work(workspace_id):
        return page(conversation_queries.conversation_of_visitor(conversation_id, visitor_id), wanted)
