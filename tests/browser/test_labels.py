"""What it is about and how urgent: picked by keys in one window, seen in the other without a reload."""

from collections.abc import Callable

from playwright.sync_api import BrowserContext, expect

from tests.factories import Company, visitor_writes
from tests.support.inbox_page import InboxPage
from tests.support.inspection import inspect
from tests.support.live import LiveServer


def test_labels_are_picked_made_and_taken_off_by_keys_and_the_other_window_sees_it(
    new_context: Callable[..., BrowserContext], live_server: LiveServer, company: Company
) -> None:
    admin = InboxPage.of(new_context(), live_server, company, "admin")
    agent = InboxPage.of(new_context(viewport={"width": 390, "height": 844}), live_server, company)
    agent.open(f"?view=label:{company.label_id}")
    expect(agent.page.get_by_text("Nothing open has this label")).to_be_visible()

    admin.open_conversation("Ada")
    keys, picker = admin.page.keyboard, admin.page.get_by_role("dialog", name="Labels")
    keys.press("l")
    expect(admin.page.get_by_role("searchbox", name="Search labels")).to_be_focused()
    expect(picker.get_by_role("button", name="billing")).to_be_visible()
    assert inspect(admin.page, "label picker", thorough=False) == []
    keys.type("bil")
    keys.press("Enter")
    expect(picker.get_by_role("button", name="billing")).to_have_attribute("aria-pressed", "true")
    expect(admin.activities).to_have_text(["Admin added the label billing"])
    expect(admin.page.locator(".contact .label-chip")).to_have_text(["billing"])

    # It came into the view of the label in the other window, with its mark.
    expect(agent.names).to_have_text(["Ada"])
    expect(agent.row("Ada").locator(".label-chip")).to_have_text(["billing"])

    # What nobody is called yet is made, and stays in the picker with the others.
    admin.page.get_by_role("searchbox", name="Search labels").fill("Returns")
    keys.press("Enter")
    expect(admin.activities).to_have_text(["Admin added the label billing", "Admin added the label Returns"])
    expect(agent.row("Ada").locator(".row__more")).to_have_text("+1 Returns")
    admin.page.get_by_role("searchbox", name="Search labels").fill("")
    picker.get_by_role("button", name="billing").click()
    expect(agent.page.get_by_text("Nothing open has this label")).to_be_visible()
    keys.press("Escape")
    expect(picker).to_be_hidden()
    expect(admin.page.locator("#views").get_by_role("link", name="Returns")).to_contain_text("1")


def test_the_priority_is_set_by_a_key_and_marks_the_row_everywhere(
    new_context: Callable[..., BrowserContext], live_server: LiveServer, company: Company
) -> None:
    owner = InboxPage.of(new_context(), live_server, company, "owner")
    agent = InboxPage.of(new_context(viewport={"width": 390, "height": 844}), live_server, company)
    owner.open_conversation("Ada")
    keys, menu = owner.page.keyboard, owner.page.get_by_role("menu", name="Priority")
    keys.press("p")
    expect(menu.get_by_role("menuitem", name="Urgent")).to_be_focused()
    keys.press("Enter")
    expect(menu).to_be_hidden()
    expect(owner.activities).to_have_text(["Owner set the priority to urgent"])
    expect(agent.row("Ada").locator(".priority--urgent")).to_have_text("Urgent")

    # A phone has it in the contact panel.
    agent.row("Ada").get_by_role("link").click()
    agent.page.get_by_role("button", name="Contact panel").click()
    agent.page.get_by_title("Change the priority").click()
    agent.page.get_by_role("menuitem", name="Low").click()
    expect(owner.row("Ada").locator(".priority--low")).to_have_count(1)
    expect(owner.page.locator(".contact").get_by_title("Change the priority")).to_contain_text("Low")


def test_a_list_is_sorted_stays_so_and_moves_live(
    new_context: Callable[..., BrowserContext], live_server: LiveServer, company: Company
) -> None:
    for name in ("Bruno", "Clara"):
        visitor_writes(live_server.app, company, f"I am {name}.", name=name)
    agent = InboxPage.of(new_context(), live_server, company)
    owner = InboxPage.of(new_context(), live_server, company, "owner")
    expect(agent.names).to_have_text(["Clara", "Bruno", "Ada"])
    agent.page.get_by_role("button", name="Sort by").focus()
    agent.page.keyboard.press("Enter")
    expect(agent.page.get_by_role("menuitemradio").first).to_be_focused()
    agent.page.keyboard.press("ArrowDown")
    agent.page.keyboard.press("ArrowDown")
    expect(agent.page.get_by_role("menuitemradio", name="Oldest")).to_be_focused()
    assert inspect(agent.page, "order menu", thorough=False) == []
    agent.page.keyboard.press("Enter")
    expect(agent.names).to_have_text(["Ada", "Bruno", "Clara"])
    agent.expect_state("live")
    visitor_writes(live_server.app, company, "I am Dora.", name="Dora")
    expect(agent.names).to_have_text(["Ada", "Bruno", "Clara", "Dora"])

    agent.page.get_by_role("button", name="Sort by").click()
    agent.page.get_by_role("menuitemradio", name="Priority").click()
    expect(agent.names).to_have_text(["Dora", "Clara", "Bruno", "Ada"])
    agent.expect_state("live")
    owner.open_conversation("Bruno")
    owner.page.keyboard.press("p")
    owner.page.get_by_role("menuitem", name="High").click()
    expect(agent.names).to_have_text(["Bruno", "Dora", "Clara", "Ada"])
    agent.open("?view=unassigned")
    expect(agent.names).to_have_text(["Bruno", "Dora", "Clara", "Ada"])
    expect(owner.names).to_have_text(["Dora", "Clara", "Bruno", "Ada"])


def test_a_label_that_is_renamed_is_renamed_in_every_open_inbox(
    new_context: Callable[..., BrowserContext], live_server: LiveServer, company: Company
) -> None:
    context = new_context()
    owner = InboxPage.of(context, live_server, company, "owner")
    owner.open_conversation("Ada")
    owner.page.keyboard.press("l")
    owner.page.get_by_role("dialog", name="Labels").get_by_role("button", name="billing").click()
    expect(owner.row("Ada").locator(".label-chip")).to_have_text(["billing"])

    settings = context.new_page()
    settings.goto(f"{live_server.url}/w/acme/settings/labels")
    settings.get_by_role("link", name="Change “billing”").click()
    settings.get_by_label("Name").fill("Invoices")
    settings.get_by_label("Red").check(force=True)
    settings.get_by_role("button", name="Save").click()
    expect(settings.get_by_text("The label is saved.")).to_be_visible()
    expect(owner.row("Ada").locator(".label-chip")).to_have_text(["Invoices"])
    expect(owner.page.locator(".contact .label-chip")).to_have_text(["Invoices"])

    settings.get_by_role("button", name="Delete “Invoices”").click()
    settings.get_by_role("dialog").get_by_role("button", name="Delete", exact=True).click()
    expect(settings.get_by_text("No labels yet")).to_be_visible()
    expect(owner.row("Ada").locator(".label-chip")).to_have_count(0)
