"""Two agents, one of whom sees only what is theirs: what is given away goes from their screen at once."""

from collections.abc import Callable

from playwright.sync_api import BrowserContext, WebSocket, expect

from chatapp.messages import services as messages
from chatapp.team import services as team
from chatapp.workspaces import queries
from chatapp.workspaces import services as workspaces
from tests.factories import Company, inside, make_role, visitor_writes
from tests.support.browser import PageFaults
from tests.support.inbox_page import InboxPage, enter
from tests.support.live import LiveServer


def test_a_team_that_is_deleted_is_gone_from_every_inbox_at_once(
    new_context: Callable[..., BrowserContext], live_server: LiveServer, company: Company, page_faults: PageFaults
) -> None:
    page_faults.allow("status of 404")  # how the page learns that the view is gone
    app = live_server.app
    with inside(app, company) as it:
        it.member("viewer").take(make_role("Waiting only", "conversations.reply", visibility="unassigned"))
        queries.lock_workspace(company.workspace_id).has_narrow_roles = True
        it.conversation.team_id = company.team_id
    narrow = InboxPage.of(new_context(), live_server, company, "viewer")
    wide = InboxPage.of(new_context(), live_server, company, "owner")
    agent = InboxPage.of(new_context(), live_server, company, "agent")
    wide.open_conversation("Ada")
    agent.open(f"?view=team:{company.team_id}")
    expect(narrow.rows).to_have_count(0)
    expect(wide.row("Ada")).to_contain_text("Support")

    with inside(app, company) as it:
        team.delete_team(it.team, by=it.member("owner"))
    expect(narrow.names).to_have_text(["Ada"], timeout=5_000)
    expect(wide.row("Ada")).not_to_contain_text("Support")
    expect(wide.page.locator(".thread__head")).not_to_contain_text("Support")
    expect(agent.page.get_by_role("heading", name="All")).to_be_visible()


def test_a_conversation_that_is_given_away_is_gone_and_nothing_more_of_it_arrives(
    new_context: Callable[..., BrowserContext], live_server: LiveServer, company: Company, page_faults: PageFaults
) -> None:
    page_faults.allow("status of 404")  # how the page learns that it is gone
    app = live_server.app
    visitor_writes(app, company, "mine to answer", name="Grace")
    visitor_writes(app, company, "never for these eyes", name="Linus")
    with inside(app, company) as it:
        role = make_role("Own only", "conversations.reply", "conversations.assign", visibility="own")
        it.member("viewer").take(role)
        queries.lock_workspace(company.workspace_id).has_narrow_roles = True
        messages.assign(it.conversation, to=it.member("viewer"), by=it.member("owner"))

    context = new_context()
    enter(context, live_server, company.email("viewer"))
    narrow = InboxPage(context.new_page(), live_server, company)
    heard: list[str] = []

    def listen(socket: WebSocket) -> None:
        socket.on("framereceived", lambda payload: heard.append(str(payload)))

    narrow.page.on("websocket", listen)
    narrow.open()
    wide = InboxPage.of(new_context(), live_server, company, "agent")
    expect(narrow.names).to_have_text(["Ada"])
    expect(narrow.view_count("All")).to_have_text("1")
    narrow.open_conversation("Ada")
    expect(wide.names).to_have_count(3)

    wide.open_conversation("Ada")
    wide.assign("Take it myself")
    expect(narrow.page.get_by_text("This conversation has gone to somebody else")).to_be_visible()
    expect(narrow.rows).to_have_count(0)
    expect(narrow.view_count("All")).to_have_text("0")
    assert str(company.conversation_id) not in narrow.page.url

    visitor_writes(app, company, "a word behind their back")
    wide.expect_said(["hello acme", "a word behind their back"])
    with inside(app, company) as it:
        messages.assign(
            it.another_conversation("for you now", name="Margaret"), to=it.member("viewer"), by=it.member("owner")
        )
    expect(narrow.names).to_have_text(["Margaret"])
    narrow.open_conversation("Margaret")
    narrow.assign("Nobody: back to “Unassigned”")
    expect(narrow.page.get_by_text("This conversation has gone to somebody else")).to_be_visible()
    expect(narrow.rows).to_have_count(0)
    expect(wide.names.first).to_have_text("Margaret")
    assert narrow.page.evaluate("document.body.textContent").find("behind their back") == -1

    heard_before = list(heard)
    with inside(app, company) as it:
        workspaces.change_role(company.members["viewer"], role="agent", by=it.member("owner"))
    expect(narrow.names).to_have_text(["Margaret", "Ada", "Linus", "Grace"])  # the page loads anew by itself
    assert not any(
        words in frame for frame in heard_before for words in ("behind their back", "Linus", "Grace", "never for")
    )
    assert any("Margaret" in frame for frame in heard_before)
