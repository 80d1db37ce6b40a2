"""Lists of conversations: views, counts and pages."""

from datetime import timedelta

import pytest
from flask import Flask

from chatapp.common.errors import AppError
from chatapp.common.ids import uuid7
from chatapp.conversations import queries
from chatapp.endusers import services as endusers
from chatapp.messages import services as messages
from tests.factories import Company, inside, make_company


@pytest.fixture
def acme(app: Flask) -> Company:
    return make_company(app)


def test_pages_follow_each_other_without_gap_or_repeat_even_at_equal_times(app: Flask, acme: Company) -> None:
    with inside(app, acme) as here:
        moment = here.conversation.last_message_at - timedelta(days=1)
        for _ in range(7):
            sent = messages.receive(here.project, endusers.ensure(uuid7()), text="hi", client_id=uuid7())
            queries.conversation(sent.message.conversation_id).last_message_at = moment
    with inside(app, acme):
        seen, cursor = [], None
        while True:
            page = queries.page_of("all", me=acme.members["agent"], cursor=cursor, limit=3)
            seen += [row.id for row in page.rows]
            cursor = page.next_cursor
            if cursor is None:
                break
        assert len(seen) == len(set(seen)) == 8
        assert seen[0] == acme.conversation_id


def filled(counts: dict[str, int]) -> dict[str, int]:
    return {view: count for view, count in counts.items() if count}


def test_who_waits_longest_for_an_answer_stands_on_top(app: Flask, acme: Company) -> None:
    with inside(app, acme) as here:
        first, second = here.conversation, here.another_conversation()
        messages.send_reply(second, by=here.member("agent"), text="hi", client_id=uuid7())
        third = here.another_conversation()
        messages.receive(here.project, first.end_user, text="still here", client_id=uuid7())
        page = queries.page_of("unattended", me=acme.members["agent"], limit=1)
        assert [row.id for row in page.rows] == [first.id]
        rest = queries.page_of("unattended", me=acme.members["agent"], cursor=page.next_cursor)
        assert [row.id for row in rest.rows] == [third.id]


def test_each_view_holds_what_its_name_says(app: Flask, acme: Company) -> None:
    me = acme.members["agent"]
    with inside(app, acme) as here:
        assert filled(queries.counts(me)) == {"unassigned": 1, "unattended": 1, "all": 1}
        messages.assign(here.conversation, to=here.member("agent"), by=here.member("agent"))
        assert filled(queries.counts(me)) == {"mine": 1, "unattended": 1, "participating": 1, "all": 1}
        messages.snooze(here.conversation, until=None, by=here.member("agent"))
        assert filled(queries.counts(me)) == {"snoozed": 1}
        messages.set_pending(here.conversation, by=here.member("agent"))
        assert filled(queries.counts(me)) == {"pending": 1}
        messages.close(here.conversation, by=here.member("agent"))
        assert filled(queries.counts(me)) == {}
        assert [row.id for row in queries.page_of("closed", me=me).rows] == [acme.conversation_id]


@pytest.mark.parametrize("cursor", ["x", "bm90IGpzb24", "W10", "WyIyMDI2LTExLTIyIiwgIngiXQ"])
def test_a_damaged_cursor_is_a_400(app: Flask, acme: Company, cursor: str) -> None:
    with inside(app, acme), pytest.raises(AppError) as refused:
        queries.page_of("all", me=acme.members["agent"], cursor=cursor)
    assert refused.value.status == 400


def test_the_typical_first_response_is_the_median_once_there_are_enough(app: Flask, acme: Company) -> None:
    with inside(app, acme) as here:
        for minutes in (1, 2, 3, 60, 90):
            assert queries.typical_first_response(acme.project_id) is None
            sent = messages.receive(here.project, endusers.ensure(uuid7()), text="hi", client_id=uuid7())
            conversation = queries.conversation(sent.message.conversation_id)
            conversation.first_response_at = conversation.created_at + timedelta(minutes=minutes)
    with inside(app, acme):
        assert queries.typical_first_response(acme.project_id) == 180
