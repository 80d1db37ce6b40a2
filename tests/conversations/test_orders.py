"""The orders of lists: each page goes on where the one before ended, and indexes lead through all of them."""

from datetime import timedelta
from uuid import UUID

import pytest
from flask import Flask
from flask.testing import FlaskClient

from chatapp.common.errors import AppError
from chatapp.conversations import queries
from chatapp.conversations.models import PRIORITIES, Conversation
from chatapp.messages import services as messages
from tests.factories import Company, Inside, inside, make_company
from tests.support.web_client import log_in, post


@pytest.fixture
def acme(app: Flask) -> Company:
    return make_company(app)


def furnish(here: Inside) -> list[Conversation]:
    """Twelve conversations, the oldest first; some wait, some are due, all priorities are there more than once."""
    start = here.conversation.created_at
    found = [here.conversation, *(here.another_conversation() for _number in range(11))]
    for number, row in enumerate(found):
        row.priority = number * 7 % 5
        row.last_message_at = start + timedelta(minutes=number * 5 % 12)
        row.created_at = start + timedelta(seconds=number)
        row.waiting_since = start + timedelta(minutes=number * 11 % 12) if number % 3 else None
        row.sla_due_at = start + timedelta(minutes=number * 7 % 12) if number % 4 == 0 else None
    return found


def walk(order: str, view: str = "all", limit: int = 2) -> list[UUID]:
    """Every page, one after the other."""
    seen: list[UUID] = []
    cursor = None
    while True:
        page = queries.page_of(view, me=UUID(int=0), order=order, cursor=cursor, limit=limit)
        assert len(page.rows) <= limit
        seen += [row.id for row in page.rows]
        cursor = page.next_cursor
        if cursor is None:
            return seen


def latest_first(rows: list[Conversation]) -> list[Conversation]:
    return sorted(rows, key=lambda row: (row.last_message_at, row.id), reverse=True)


def expected(order: str, rows: list[Conversation]) -> list[Conversation]:
    """Written a second time, in plain Python."""
    if order in ("newest", "oldest"):
        return sorted(rows, key=lambda row: row.created_at, reverse=order == "newest")
    if order == "priority":
        return sorted(latest_first(rows), key=lambda row: -row.priority)
    if order in ("waiting", "due"):
        moment = {"waiting": "waiting_since", "due": "sla_due_at"}[order]
        having = [row for row in rows if getattr(row, moment)]
        return sorted(having, key=lambda row: (getattr(row, moment), row.id)) + latest_first(
            [row for row in rows if not getattr(row, moment)]
        )
    return latest_first(rows)


@pytest.mark.parametrize("limit", [1, 2, 5, 30])
@pytest.mark.parametrize("order", queries.ORDERS)
def test_pages_follow_each_other_without_gap_or_repeat(app: Flask, acme: Company, order: str, limit: int) -> None:
    with inside(app, acme) as here:
        rows = furnish(here)
        here.conversation  # noqa: B018  # writes what was arranged, before it is asked for
        assert walk(order, limit=limit) == [row.id for row in expected(order, rows)]


def test_the_views_of_what_waits_and_what_is_due_hold_nothing_else(app: Flask, acme: Company) -> None:
    with inside(app, acme) as here:
        rows = furnish(here)
        here.conversation  # noqa: B018
        waiting, due = expected("waiting", rows)[:8], expected("due", rows)[:3]
        assert walk("activity", "unattended") == [row.id for row in latest_first(waiting)]
        assert walk("waiting", "unattended") == [row.id for row in waiting]
        assert walk("priority", "due") == [row.id for row in due]


@pytest.mark.parametrize("cursor_of", ["priority", "waiting"])
def test_a_cursor_of_another_order_harms_nothing(app: Flask, acme: Company, cursor_of: str) -> None:
    with inside(app, acme) as here:
        furnish(here)
        here.conversation  # noqa: B018
        pages = [queries.page_of("all", me=UUID(int=0), order=cursor_of, limit=11)]
        assert queries.page_of("all", me=UUID(int=0), order="activity", cursor=pages[0].next_cursor, limit=2)


def test_a_damaged_stretch_is_a_400(app: Flask, acme: Company) -> None:
    with inside(app, acme), pytest.raises(AppError) as refused:
        queries.page_of("all", me=UUID(int=0), order="priority", cursor="WyIyMDI2IiwgIngiLCAieCJd")
    assert refused.value.status == 400


def test_whoever_chooses_an_order_has_it_in_every_view_that_can(app: Flask, client: FlaskClient, acme: Company) -> None:
    with inside(app, acme) as here:
        urgent = here.another_conversation(name="Urgent")
        messages.set_priority(here.conversation, to=PRIORITIES[-1], by=here.member("owner"))
        top = here.conversation.id
    log_in(client, acme.email("agent"))
    answer = post(client, "/w/acme/inbox/order?view=all", {"order": "priority"}, HX_Request="true")
    assert answer.headers["HX-Redirect"] == "/w/acme/inbox?view=all"
    page = client.get("/w/acme/inbox?view=all").text
    assert page.index(f"row-{top}") < page.index(f"row-{urgent.id}")
    assert 'data-by="priority"' in page
    assert 'data-by="due"' in client.get("/w/acme/inbox?view=due").text
    assert post(client, "/w/acme/inbox/order", {"order": "due"}).status_code == 303
    assert "data-by" not in client.get("/w/acme/inbox?view=closed").text
    assert post(client, "/w/acme/inbox/order", {"order": "luck"}).status_code == 422
    assert post(client, "/w/acme/inbox/order?view=nowhere", {"order": "due"}).status_code == 404
