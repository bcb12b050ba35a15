"""What staff typed and did not save: they are warned before it goes, and the tab keeps long texts."""

import time
from collections.abc import Callable
from uuid import uuid4

import pytest
from playwright.sync_api import Dialog, Locator, Page, Route, expect

from tests.browser.conftest import NewVisitor
from tests.browser.staff import chief, log_in, member
from tests.browser.states import fill_in_call, send_call
from tests.browser.steps import heading
from tests.browser.test_accessibility import violations
from tests.server import RunningSite, wait_for
from tests.site.walks import CTO

pytestmark = pytest.mark.once

GUIDE = "/admin/content/guide/1"
FRONT = "/admin/"

MAKE_HOST = """
from datetime import time
from django.contrib.auth.models import User
from advisor.booking.models import Host, WeeklyWindow
user, _ = User.objects.get_or_create(username="someone-who-calls", is_staff=True)
host, made = Host.objects.get_or_create(user=user, defaults=dict(
    name="The host", email="host@example.com", zone="Europe/Riga", place="phone", place_details="We call you.",
    is_active=False,
))
if made:
    WeeklyWindow.objects.create(host=host, weekday=0, begins=time(9), ends=time(12))
print(host.pk)
"""
MAKE_ENDPOINT = """
from advisor.delivery.models import Endpoint
print(Endpoint.objects.get_or_create(name="The CRM", address="https://203.0.113.1/hook", events=["lead.created"])[0].pk)
"""

NO_DRAFTS = "!Object.keys(sessionStorage).some(key => key.startsWith('draft'))"
AGE = """hours => {
    for (const key of Object.keys(sessionStorage).filter(key => key.startsWith("draft "))) {
        const draft = JSON.parse(sessionStorage.getItem(key));
        sessionStorage.setItem(key, JSON.stringify({ ...draft, at: draft.at - hours * 60 * 60 * 1000 }));
    }
}"""
FILL = """([number, length]) => {
    const draft = JSON.parse(Object.entries(sessionStorage).find(([key]) => key.startsWith("draft "))[1]);
    for (let place = 0; place < number; place++) {
        const older = { ...draft, text: "x".repeat(length), at: draft.at - 1000 * (number - place) };
        sessionStorage.setItem(`draft /elsewhere/${place}`, JSON.stringify(older));
    }
}"""
TYPE_AFTER_SENDING = """() => addEventListener("submit", ({ target }) => setTimeout(() => {
    const note = target.querySelector("textarea");
    note.value += " Or by July.";
    note.dispatchEvent(new Event("input", { bubbles: true }));
}, 100))"""
FORM_BESIDE = """action => {
    const form = document.createElement("form");
    const token = document.querySelector("#lead_form [name=csrfmiddlewaretoken]").cloneNode();
    form.method = "post";
    form.action = action;
    form.innerHTML = "<input type=hidden name=shown value=new><button name=status value=contacted>Beside</button>";
    form.append(token);
    document.querySelector("#lead_form").after(form);
}"""


@pytest.fixture(scope="module")
def staff(site: RunningSite) -> str:
    """The name of someone who edits and sells."""
    return member(site, "Publishers", "Sales")


@pytest.fixture
def page(new_visitor: NewVisitor, staff: str) -> Page:
    """Logged in, before the front page of the admin."""
    page = new_visitor(expected=[404], may_abort=True)
    log_in(page, staff)
    return page


@pytest.fixture
def lead(new_visitor: NewVisitor, page: Page) -> str:
    """The address of a lead."""
    visitor, company = new_visitor(), f"Looms {uuid4().hex[:8]}"
    visitor.goto(CTO.call)
    fill_in_call(visitor, company=company)
    send_call(visitor)
    expect(heading(visitor)).to_have_text("Thank you")
    page.goto("/admin/leads/lead/")
    return page.get_by_role("link", name=company).get_attribute("href") or ""


def leaves(page: Page, leave: Callable[[], object]) -> list[str]:
    """The kinds of questions that come before a page is left; each is answered with "Leave"."""
    asked: list[str] = []

    def accept(dialog: Dialog) -> None:
        asked.append(dialog.type)
        dialog.accept()

    page.on("dialog", accept)
    leave()
    page.remove_listener("dialog", accept)
    return asked


def go(page: Page, path: str = FRONT) -> Callable[[], object]:
    return lambda: page.goto(path)


def go_by_link(page: Page, path: str) -> Callable[[], object]:
    """As by a link, which the next page knows of."""

    def follow() -> None:
        with page.expect_navigation():
            page.evaluate("path => { location.href = path }", path)

    return follow


def type_more(field: Locator, words: str = " more") -> None:
    field.focus()
    field.press("End")
    field.press_sequentially(words)


FIELDS = {
    f"{GUIDE}/table/": "td textarea",
    f"{GUIDE}/rules/": "form.rows textarea",
    f"{GUIDE}/remarks/": "form.rows input[type=text]",
    f"{GUIDE}/change/": "#id_title",
    "/admin/content/role/1/change/": "#id_summary",
    "/admin/content/role/add/?guide=1": "#id_name",
    "/admin/content/signal/1/change/": "#id_text",
    f"{GUIDE}/copy/": "#id_title",
    f"{GUIDE}/previews/": "#id_purpose",
}


@pytest.mark.parametrize("path", FIELDS)
def test_who_leaves_a_page_of_the_editor_with_something_typed_is_asked(page: Page, path: str) -> None:
    page.goto(path)
    page.locator("h1").first.click()
    unchanged = leaves(page, go(page))
    page.goto(path)
    field = page.locator(FIELDS[path]).first

    type_more(field)
    changed = leaves(page, go(page))
    page.goto(path)
    type_more(field, " ")
    field.press("Backspace")
    changed_back = leaves(page, go(page))

    assert (unchanged, changed, changed_back) == ([], ["beforeunload"], [])


@pytest.mark.parametrize(
    ("path", "change"),
    {
        f"{GUIDE}/rules/": lambda page: page.get_by_label("Outcome, rule 1", exact=True).press("ArrowDown"),
        "/admin/content/rule/1/change/": lambda page: page.locator(".condition input").first.press("Space"),
        "/admin/content/question/1/change/": lambda page: page.locator("#id_choice_set-0-DELETE").press("Space"),
        "/admin/content/signal/1/change/": lambda page: page.locator("#id_speaks_to_add_all").press("Enter"),
        "/admin/content/scenario/1/change/": lambda page: page.locator(".condition select").first.press("End"),
    }.items(),
)
def test_choices_ticks_and_lists_count_as_what_is_typed(page: Page, path: str, change: Callable[[Page], None]) -> None:
    page.goto(path)
    page.locator("h1").first.click()
    unchanged = leaves(page, go(page))
    page.goto(path)

    change(page)

    assert (unchanged, leaves(page, go(page))) == ([], ["beforeunload"])


def test_a_row_that_was_added_is_asked_about_and_an_example_that_was_tried_is_not(page: Page) -> None:
    page.goto(f"{GUIDE}/rules/")
    page.get_by_role("button", name="Which rule is hit?").click()
    expect(page.get_by_text(" is hit. The outcome is")).to_be_visible()
    page.locator("select[name=try-software]").press("ArrowDown")
    tried = leaves(page, go(page))
    page.goto(f"{GUIDE}/rules/")

    pressed = leaves(page, page.get_by_role("button", name="Add a rule at the end").click)
    expect(page.get_by_text("Not saved yet.")).to_be_visible()
    page.wait_for_load_state()

    assert (tried, pressed, leaves(page, go(page))) == ([], [], ["beforeunload"])


def test_saving_asks_nothing_and_a_save_that_was_refused_leaves_it_unsaved(page: Page) -> None:
    page.goto(f"{GUIDE}/table/")
    cells = page.locator("td textarea")
    kept = cells.first.input_value()

    cells.first.fill("")
    refused = leaves(page, page.get_by_role("button", name="Save the table").click)
    expect(page.get_by_role("alert")).to_be_visible()
    left = leaves(page, go(page))
    page.goto(f"{GUIDE}/table/")
    type_more(cells.first, "!")
    saved = leaves(page, page.get_by_role("button", name="Save the table").click)
    expect(page.get_by_text("1 cell was saved")).to_be_visible()
    after = leaves(page, go(page))

    assert kept
    assert (refused, left, saved, after) == ([], ["beforeunload"], [], [])


def test_a_lead_is_not_left_with_a_note_unsaved_and_writing_a_mail_does_not_leave_it(page: Page, lead: str) -> None:
    page.goto(lead)
    page.get_by_label("Note", exact=True).press_sequentially("They need it by June.")

    written = leaves(page, page.locator("a[href^='mailto:']").click)
    left = leaves(page, page.get_by_role("link", name="Home").click)

    assert (written, left) == ([], ["beforeunload"])


def test_ticked_leads_are_not_left_without_a_question(page: Page, lead: str) -> None:
    page.goto("/admin/leads/lead/")
    page.locator("[name=_selected_action]").first.press("Space")

    assert leaves(page, page.get_by_role("link", name="Board").click) == ["beforeunload"]


def test_a_host_is_not_left_with_hours_unsaved(new_visitor: NewVisitor, site: RunningSite) -> None:
    page = new_visitor(expected=[404], may_abort=True)
    log_in(page, chief(site))
    number = site.manage("shell", "--no-imports", "--command", MAKE_HOST).split()[-1]
    page.goto(f"/admin/booking/host/{number}/change/")
    page.locator("h1").first.click()
    unchanged = leaves(page, go(page))
    page.goto(f"/admin/booking/host/{number}/change/")

    page.locator("#exceptions-group").get_by_text("Add another").click()
    page.locator("#exceptions-0 input[type=text]").first.press_sequentially("2027-01-01")

    assert (unchanged, leaves(page, go(page))) == ([], ["beforeunload"])


def test_a_button_that_does_not_save_asks_first(new_visitor: NewVisitor, site: RunningSite) -> None:
    number = site.manage("shell", "--no-imports", "--command", MAKE_ENDPOINT).split()[-1]
    page = new_visitor(expected=[404], may_abort=True)
    log_in(page, chief(site))
    page.goto(f"/admin/delivery/endpoint/{number}/change/")
    type_more(page.locator("#id_name"))

    assert leaves(page, page.get_by_role("button", name="Switch off").click) == ["beforeunload"]


def test_a_text_that_was_not_saved_is_offered_back_and_is_gone_once_it_is_saved(page: Page, lead: str) -> None:
    page.goto(lead)
    note = page.get_by_label("Note", exact=True)
    note.press_sequentially("They need it by June.\nAsk for the budget.")
    page.goto(FRONT)

    page.goto(lead)
    expect(note).to_have_value("")
    offer = page.get_by_role("group", name="Unsaved text for: Note")
    expect(offer).to_contain_text("You typed this here before and did not save it:")
    expect(offer).to_contain_text("Ask for the budget.")
    found = violations(page, "light") + violations(page, "dark")
    at = page.get_by_role("button", name="Save", exact=True).bounding_box()
    offer.get_by_role("button", name="Put it back").click()
    expect(note).to_have_value("They need it by June.\nAsk for the budget.")
    still_at = page.get_by_role("button", name="Save", exact=True).bounding_box()
    found += violations(page, "light")
    page.get_by_role("button", name="Save", exact=True).click()
    expect(page.locator(".timeline")).to_contain_text("Ask for the budget.")

    page.goto(lead)
    expect(note).to_have_value("")
    expect(offer).to_have_count(0)
    assert found == []
    assert at == still_at


def test_a_text_can_be_thrown_away(page: Page, lead: str) -> None:
    page.goto(lead)
    page.get_by_label("Note", exact=True).press_sequentially("Nothing.")
    page.goto(lead)

    page.get_by_role("button", name="Throw it away").click()
    expect(page.get_by_text("Thrown away:")).to_be_visible()
    page.goto(lead)

    expect(page.locator("#lead_form")).to_be_visible()
    expect(page.locator(".draft")).to_have_count(0)


def test_a_refused_save_keeps_the_draft_and_does_not_offer_what_it_shows(page: Page, lead: str) -> None:
    page.goto(lead)
    note = page.get_by_label("Note", exact=True)
    note.press_sequentially("They need it by June.")
    page.get_by_label("Next step").press_sequentially("Call")
    page.get_by_role("button", name="Save", exact=True).click()

    expect(page.get_by_role("alert")).to_contain_text("Nothing was saved.")
    expect(note).to_have_value("They need it by June.")
    expect(page.locator(".draft")).to_have_count(0)
    page.goto(lead)

    expect(page.locator(".draft")).to_contain_text("They need it by June.")


def test_a_save_after_the_session_ended_keeps_the_draft_for_the_same_account(page: Page, lead: str, staff: str) -> None:
    page.goto(lead)
    page.get_by_label("Note", exact=True).press_sequentially("They need it by June.")
    page.context.clear_cookies(name="sessionid")
    page.get_by_role("button", name="Save", exact=True).click()
    page.get_by_label("Username").wait_for()
    log_in(page, staff)

    page.goto(lead)

    expect(page.locator(".draft")).to_contain_text("They need it by June.")


def test_the_next_account_in_the_tab_sees_no_draft_and_leaves_none_behind(
    page: Page, lead: str, site: RunningSite
) -> None:
    page.goto(lead)
    page.get_by_label("Note", exact=True).press_sequentially("They need it by June.")
    page.goto(FRONT)
    page.context.clear_cookies()

    log_in(page, member(site, "Sales"))
    page.goto(lead)
    expect(page.locator("#lead_form")).to_be_visible()

    expect(page.locator(".draft")).to_have_count(0)
    assert page.evaluate(NO_DRAFTS)


def test_logging_out_leaves_no_draft_in_the_tab(page: Page, lead: str, site: RunningSite) -> None:
    name = member(site, "Sales", "Editors")
    page.context.clear_cookies()
    log_in(page, name)
    page.goto(lead)
    page.get_by_label("Note", exact=True).press_sequentially("They need it by June.")
    page.goto(FRONT)

    page.get_by_role("button", name="Log out").click()
    expect(page.get_by_role("link", name="Log in again")).to_be_visible()

    wait_for(lambda: page.evaluate(NO_DRAFTS))


def test_logging_out_in_another_tab_ends_the_drafts_of_all_tabs(page: Page, lead: str, site: RunningSite) -> None:
    name = member(site, "Sales", "Editors")
    page.context.clear_cookies()
    log_in(page, name)
    page.goto(lead)
    note = page.get_by_label("Note", exact=True)
    note.press_sequentially("They need it by June.")
    other = page.context.new_page()
    other.goto(FRONT)

    other.get_by_role("button", name="Log out").click()
    expect(other.get_by_role("link", name="Log in again")).to_be_visible()
    wait_for(lambda: page.evaluate(NO_DRAFTS))
    # The page that was not left knows that it is out of date.
    type_more(note)
    assert page.evaluate(NO_DRAFTS)
    log_in(other, name)
    type_more(note)
    page.goto(lead)

    expect(page.locator("#lead_form")).to_be_visible()
    expect(page.locator(".draft")).to_have_count(0)
    assert page.evaluate(NO_DRAFTS)
    type_more(note)
    page.goto(lead)
    expect(page.locator(".draft")).to_contain_text("more")


def test_a_tab_that_slept_through_a_logout_offers_nothing(page: Page, lead: str, staff: str) -> None:
    page.goto(lead)
    page.get_by_label("Note", exact=True).press_sequentially("They need it by June.")
    slept = page.evaluate("({...sessionStorage})")
    page.goto(FRONT)
    page.get_by_role("button", name="Log out").click()
    expect(page.get_by_role("link", name="Log in again")).to_be_visible()
    page.evaluate("slept => Object.assign(sessionStorage, slept)", slept)

    log_in(page, staff)
    page.goto(lead)

    expect(page.locator("#lead_form")).to_be_visible()
    expect(page.locator(".draft")).to_have_count(0)
    assert page.evaluate(NO_DRAFTS)


def test_logging_out_after_the_session_ended_leaves_no_draft(page: Page, lead: str) -> None:
    page.goto(lead)
    page.get_by_label("Note", exact=True).press_sequentially("They need it by June.")
    page.goto(FRONT)
    page.context.clear_cookies(name="sessionid")

    page.get_by_role("button", name="Log out").click()
    page.get_by_label("Username").wait_for()

    assert page.evaluate(NO_DRAFTS)


def test_another_account_in_another_tab_ends_the_drafts_of_the_one_before(
    page: Page, lead: str, staff: str, site: RunningSite
) -> None:
    page.goto(lead)
    note = page.get_by_label("Note", exact=True)
    note.press_sequentially("They need it by June.")
    page.context.clear_cookies()
    other = page.context.new_page()

    log_in(other, member(site, "Sales"))
    wait_for(lambda: page.evaluate(NO_DRAFTS))
    # Who types here now, nobody knows.
    type_more(note)
    page.context.clear_cookies()
    log_in(other, staff)
    page.goto(lead)

    expect(page.locator("#lead_form")).to_be_visible()
    expect(page.locator(".draft")).to_have_count(0)


@pytest.mark.parametrize("hours", [25, -25], ids=["a day ago", "by a clock that was wrong"])
def test_a_draft_is_forgotten_after_a_day_whoever_is_logged_in(page: Page, lead: str, hours: int) -> None:
    page.goto(lead)
    page.get_by_label("Note", exact=True).press_sequentially("They need it by June.")
    page.evaluate(AGE, hours)
    page.context.clear_cookies(name="sessionid")

    page.goto(lead)
    page.get_by_label("Username").wait_for()

    assert page.evaluate(NO_DRAFTS)


def test_each_form_has_a_draft_of_its_own(page: Page) -> None:
    field = page.locator("#id_summary")
    paths = ["/admin/content/role/add/?guide=1", "/admin/content/role/add/", "/admin/content/role/1/change/"]
    for path in paths:
        page.goto(path)
        field.fill(f"For {path}")

    offered = []
    for path in paths:
        page.goto(path)
        offered.append(page.locator(".draft blockquote").inner_text())

    assert offered == [f"For {path}" for path in paths]


def test_a_form_that_is_saved_leaves_the_draft_of_the_one_beside_it(page: Page, lead: str) -> None:
    page.goto(lead)
    page.get_by_label("Note", exact=True).press_sequentially("They need it by June.")
    page.evaluate(FORM_BESIDE, lead.replace("/change/", "/move/"))

    page.get_by_role("button", name="Beside").click()
    expect(page.locator(".messagelist")).to_contain_text("is Contacted now")
    page.goto(lead)

    expect(page.locator(".draft")).to_contain_text("They need it by June.")


@pytest.mark.parametrize(("number", "length"), [(200, 1), (3, 400_000)], ids=["many", "long"])
def test_the_oldest_drafts_make_room_for_new_ones(page: Page, lead: str, number: int, length: int) -> None:
    page.goto(lead)
    note = page.get_by_label("Note", exact=True)
    note.press_sequentially("They")
    page.evaluate(FILL, [number, length])

    type_more(note)

    kept = page.evaluate("Object.keys(sessionStorage).filter(key => key.startsWith('draft ')).sort()")
    assert "draft /elsewhere/0" not in kept
    assert f"draft /elsewhere/{number - 1}" in kept
    assert len(kept) == number
    page.goto(lead)
    expect(page.locator(".draft")).to_contain_text("They more")


def test_a_text_that_is_too_long_pushes_no_other_out(page: Page, lead: str) -> None:
    page.goto(f"{GUIDE}/table/")
    type_more(page.locator("td textarea").first, "A cell")
    page.goto(lead)

    page.get_by_label("Note", exact=True).fill("word " * 250_000)
    page.goto(f"{GUIDE}/table/")

    expect(page.locator(".draft")).to_contain_text("A cell")


def stop_by_a_script(page: Page) -> None:
    page.evaluate("addEventListener('submit', event => event.preventDefault(), { once: true })")


def answer_nothing(page: Page) -> None:
    page.route("**/change/", lambda route: route.fulfill(status=204), times=1)


@pytest.mark.parametrize("stop", [stop_by_a_script, answer_nothing])
def test_what_was_sent_and_did_not_leave_the_page_is_unsaved_as_before(
    page: Page, lead: str, stop: Callable[[Page], None]
) -> None:
    page.goto(lead)
    note = page.get_by_label("Note", exact=True)
    note.press_sequentially("They need it by June.")
    stop(page)

    page.get_by_role("button", name="Save", exact=True).click()
    page.wait_for_timeout(1100)
    expect(note).to_have_value("They need it by June.")
    # This address leads on to another, as a form does that is saved.
    asked = leaves(page, go_by_link(page, FRONT.rstrip("/")))
    page.goto(lead)

    assert asked == ["beforeunload"]
    expect(page.locator(".draft")).to_contain_text("They need it by June.")


def test_a_connection_that_fails_while_saving_loses_no_draft(new_visitor: NewVisitor, lead: str, staff: str) -> None:
    page = new_visitor(expected=[404], may_abort=True, loses_connection=True)
    log_in(page, staff)
    page.goto(lead)
    page.get_by_label("Note", exact=True).press_sequentially("They need it by June.")
    page.route("**/change/", lambda route: route.abort("failed"), times=1)
    page.get_by_role("button", name="Save", exact=True).click()
    page.wait_for_url("chrome-error://**")

    page.goto(FRONT.rstrip("/"))
    page.goto(lead)

    expect(page.locator(".draft")).to_contain_text("They need it by June.")


def test_what_is_typed_while_a_form_is_on_its_way_is_not_taken_for_saved(page: Page, lead: str) -> None:
    def answer_late(route: Route) -> None:
        time.sleep(0.5)
        route.continue_()

    page.goto(lead)
    page.get_by_label("Note", exact=True).press_sequentially("They need it by June.")
    page.route("**/change/", answer_late, times=1)
    page.evaluate(TYPE_AFTER_SENDING)

    page.get_by_role("button", name="Save", exact=True).click()

    expect(page.locator(".timeline")).to_contain_text("They need it by June.")
    expect(page.locator(".draft")).to_contain_text("They need it by June. Or by July.")


def test_secrets_and_short_fields_leave_no_draft(page: Page) -> None:
    page.goto(f"{GUIDE}/change/")
    type_more(page.locator("#id_title"))
    page.goto("/admin/password_change/")
    page.locator("#id_old_password").press_sequentially("a-secret")

    assert page.evaluate("JSON.stringify(sessionStorage)").count("secret") == 0
    assert page.evaluate(NO_DRAFTS)
