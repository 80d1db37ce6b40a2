"""Who is called in a note: found in its words, kept as a reference, told once; only who may see the conversation."""

from __future__ import annotations

from uuid import UUID

import pytest
from flask import Flask
from flask.testing import FlaskClient
from sqlalchemy import delete

from chatapp.common import events
from chatapp.common.db import db
from chatapp.common.ids import uuid7
from chatapp.conversations import queries as conversations
from chatapp.messages import corrections, mentions, queries, services
from chatapp.messages.bodies import calls, rich_html_of
from chatapp.teams.models import TeamMember
from chatapp.workspaces import queries as workspaces
from tests.factories import Company, Inside, inside, make_company, make_role
from tests.support.web_client import log_in


@pytest.fixture
def acme(app: Flask) -> Company:
    """The agent is called Ada, the admin Ada Lovelace; the team is Support, with the agent in it."""
    made = make_company(app)
    with inside(app, made) as it:
        it.member("agent").user.name, it.member("admin").user.name = "Ada", "Ada Lovelace"
    return made


@pytest.fixture
def told(monkeypatch: pytest.MonkeyPatch) -> list[tuple[str, UUID]]:
    """Who was told of being called."""
    heard: list[tuple[str, UUID]] = []

    def emit(event: events.Event) -> None:
        heard.append((type(event).__name__, getattr(event, "user_id", None) or event.team_id))  # type: ignore[attr-defined]

    monkeypatch.setattr(mentions, "emit", emit)
    return heard


def note(it: Inside, text: str, *, role: str = "owner", private: bool = True) -> UUID:
    sent = services.send_reply(it.conversation, by=it.member(role), text=text, client_id=uuid7(), private=private)
    return sent.message.id


@pytest.mark.parametrize(
    ("text", "names"),
    [
        ("@Ada, look", ["Ada"]),
        ("(@ada lovelace) and @Support!", ["ada lovelace", "Support"]),
        ("ada@ada.example, @Adalbert, @ Ada, me@Support", []),
        ("@Ada Lovelacé", ["Ada"]),
        ("@Ada@Support", ["Ada"]),
    ],
)
def test_names_are_found_behind_an_at_and_not_inside_of_words(text: str, names: list[str]) -> None:
    assert [match.group(1) for match in calls(text, ["Ada", "Ada Lovelace", "Support"])] == names


def test_a_name_with_signs_of_patterns_and_of_html_is_a_name() -> None:
    html = rich_html_of("@<b>A.(* hi", (("7", "<b>A.(*"),))
    assert str(html) == '<span class="mention" data-id="7">@&lt;b&gt;A.(*</span> hi'


def test_members_and_teams_are_told_once_and_the_author_is_not(
    app: Flask, acme: Company, told: list[tuple[str, UUID]]
) -> None:
    with inside(app, acme) as it:
        message_id = note(it, "@Ada Lovelace and @Owner: ask @Support, @ada lovelace", role="owner")
        assert told == [("AgentMentioned", acme.members["admin"]), ("TeamMentioned", acme.team_id)]
        kept = {(one["kind"], one["name"]) for one in queries.message(message_id).mentions}
        assert kept == {("agent", "Ada Lovelace"), ("agent", "Owner"), ("team", "Support")}
        told.clear()
        edited = queries.message(message_id)
        corrections.edit(edited, text="@Ada Lovelace, and @Ada", last_edit=None, by=it.member("owner"))
        assert told == [("AgentMentioned", acme.members["agent"])]
        assert set(it.conversation.mentioned_ids) == {acme.members["admin"], acme.members["agent"]}
        corrections.delete(queries.message(message_id), by=it.member("owner"))
        assert it.conversation.mentioned_ids == []


def test_a_reply_calls_nobody(app: Flask, acme: Company, told: list[tuple[str, UUID]]) -> None:
    with inside(app, acme) as it:
        message_id = note(it, "Ask @Ada", private=False)
        assert (queries.message(message_id).mentions, told, it.conversation.mentioned_ids) == ([], [], [])


def test_only_who_may_see_the_conversation_can_be_called(
    app: Flask, acme: Company, told: list[tuple[str, UUID]]
) -> None:
    with inside(app, acme) as it:
        it.member("agent").take(make_role("Narrow", "conversations.reply", visibility="own"))
        workspaces.lock_workspace(acme.workspace_id).has_narrow_roles = True
    with inside(app, acme) as it:
        assert [one.name for one in mentions.callees(it.conversation)] == ["Ada Lovelace", "Owner", "Viewer"]
        note(it, "@Ada and @Support")
        assert told == []  # the team's only member does not see it either
        services.assign(it.conversation, to=it.member("agent"), by=it.member("owner"))
        note(it, "@Ada and @Support")
        assert told == [("AgentMentioned", acme.members["agent"]), ("TeamMentioned", acme.team_id)]


def test_the_view_holds_what_is_not_closed_and_counts_it(app: Flask, acme: Company) -> None:
    agent, admin = acme.members["agent"], acme.members["admin"]

    def shown(user_id: UUID) -> int:
        page = conversations.page_of("mentions", me=user_id)
        assert len(page.rows) == conversations.counts(user_id)["mentions"]
        return len(page.rows)

    with inside(app, acme) as it:
        assert (shown(agent), shown(admin)) == (0, 0)
        before = it.conversation.changed_at
        note(it, "@Support, twice: @support")
        assert it.conversation.changed_at > before  # or an inbox would keep the row that it has
        assert (shown(agent), shown(admin)) == (1, 0)
        services.snooze(it.conversation, until=None, by=it.member("owner"))
        assert shown(agent) == 1
        services.close(it.conversation, by=it.member("owner"))
        assert shown(agent) == 0
        services.reopen(it.conversation, by=it.member("owner"))
        db.session.execute(delete(TeamMember))
        assert shown(agent) == 0


def test_the_page_and_the_list_of_who_can_be_called(client: FlaskClient, app: Flask, acme: Company) -> None:
    with inside(app, acme) as it:
        note(it, "@Ada, please")
    log_in(client, acme.email("agent"))
    rows = client.get("/w/acme/inbox/rows?view=mentions").text
    assert f'data-mentions="{acme.members["agent"]}"' in rows
    thread = client.get(f"/w/acme/inbox/{acme.conversation_id}").text
    assert f'<span class="mention" data-id="{acme.members["agent"]}">@Ada</span>, please' in thread
    offers = client.get(f"/w/acme/conversations/{acme.conversation_id}/mentions").text
    assert 'data-text="@Ada Lovelace "' in offers
    assert 'data-text="@Support "' in offers
