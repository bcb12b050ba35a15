"""A slow site, one that is away, a browser that is offline: a click is heard, nothing is lost, one press sends it."""

import re
from collections.abc import Callable, Iterator

import pytest
from playwright.sync_api import Locator, Page, Route, expect

from tests.browser.conftest import NewVisitor
from tests.browser.states import fill_in_call, send_call, unfold_call
from tests.browser.steps import (
    begin,
    expect_outcome,
    expect_page,
    fill_in,
    go_on,
    heading,
    option,
    summary,
    with_and_without_scripts,
)
from tests.browser.test_call import leads, someone
from tests.server import RunningSite, wait_for
from tests.site.walks import CTO

pytestmark = pytest.mark.once

TYPED = {"message": "Where do we begin?\nWith the team?", "job_title": "CEO", "phone": "+371 2000 0000"}

Fail = Callable[[Page], None]


def lose_connection(page: Page) -> None:
    page.context.set_offline(True)


def take_site_away(page: Page) -> None:
    page.route("**/*", lambda route: route.abort("failed"), times=1)


def break_site(page: Page) -> None:
    page.route("**/*", lambda route: route.fulfill(status=500, body="<!doctype html><p>Broken"), times=1)


every_failure = pytest.mark.parametrize(
    ("fail", "words"),
    [
        (lose_connection, "You are offline. Nothing is lost: please try again."),
        (take_site_away, "We cannot reach the site just now. Nothing is lost: please try again."),
        (break_site, "Something on our side is not available. Nothing is lost: please try again."),
    ],
    ids=["offline", "site away", "site broken"],
)


def status(page: Page) -> Locator:
    """What is said to those who listen."""
    return page.get_by_role("status")


def told(page: Page) -> Locator:
    """What is said beside the button that was pressed."""
    return page.locator("main form:not(.zone) .says")


def busy(page: Page) -> Locator:
    return page.locator("[aria-busy=true]")


@pytest.fixture
def held(new_visitor: NewVisitor) -> Iterator[tuple[Page, list[Route]]]:
    """A visitor at the first question, whose next requests get no answer until the test lets them."""
    page = new_visitor(may_abort=True, loses_connection=True)
    begin(page)
    fill_in(page, CTO.pages["software"])
    routes: list[Route] = []

    def hold(route: Route) -> None:
        routes.append(route)

    page.route(re.compile("asked="), hold)
    yield page, routes
    page.unroute_all()


def test_a_press_is_shown_at_once_and_sent_once(held: tuple[Page, list[Route]]) -> None:
    page, routes = held

    go_on(page)
    expect(status(page)).to_have_text("One moment …")
    expect(told(page)).to_have_text("One moment …")
    expect(page.locator("main[aria-busy=true] form[aria-busy=true]")).to_be_visible()
    button = page.get_by_role("button", name="Continue")
    expect(button).to_be_focused()
    expect(button).to_be_enabled()
    button.click()
    page.keyboard.press("Enter")
    # Nothing is changed that was sent already.
    option(page, "software", "no").dispatch_event("click")
    expect(option(page, "software", "yes")).to_be_checked()
    routes.pop().continue_()

    expect_page(page, CTO.at("ai"))
    assert routes == []
    expect(busy(page)).to_have_count(0)
    expect(status(page)).to_be_empty()


def test_it_is_said_when_it_takes_long(new_visitor: NewVisitor) -> None:
    page = new_visitor(may_abort=True)
    page.clock.install()
    begin(page)
    page.route(re.compile("asked="), lambda _: None)
    go_on(page)
    expect(status(page)).to_have_text("One moment …")

    page.clock.run_for(5000)

    expect(status(page)).to_have_text("This is taking longer than usual. Please stay on this page.")
    expect(told(page)).to_have_text("This is taking longer than usual. Please stay on this page.")
    page.unroute_all()


def test_one_may_leave_what_takes_long(held: tuple[Page, list[Route]]) -> None:
    page, _ = held
    go_on(page)
    expect(busy(page)).not_to_have_count(0)

    page.get_by_role("link", name="Privacy").click()

    expect(heading(page)).to_have_text("Privacy")


@every_failure
def test_what_was_answered_stays_and_one_press_tries_again(new_visitor: NewVisitor, fail: Fail, words: str) -> None:
    page = new_visitor(loses_connection=True, expected=[500])
    begin(page)
    fill_in(page, CTO.pages["software"])
    fail(page)

    go_on(page)
    expect(told(page)).to_have_text(words)
    expect(status(page)).to_have_text(words)
    expect(busy(page)).to_have_count(0)
    expect(page.get_by_role("button", name="Continue")).to_be_focused()
    assert page.locator("main input:checked").count() == 3
    # An answer that is changed now is not sent before it is meant.
    option(page, "signal", "messy-stack").uncheck()
    page.context.set_offline(False)
    option(page, "signal", "messy-stack").check()
    expect_page(page, CTO.at("software"))
    go_on(page)

    expect_page(page, CTO.at("ai"))
    expect(status(page)).to_be_empty()


def test_a_step_of_the_walk_goes_on_by_itself_when_there_is_a_connection_again(new_visitor: NewVisitor) -> None:
    page = new_visitor(loses_connection=True)
    page.goto(CTO.at("both"))
    fill_in(page, CTO.pages["both"])
    page.context.set_offline(True)
    go_on(page)
    expect(told(page)).to_contain_text("You are offline.")

    page.context.set_offline(False)

    expect_outcome(page, CTO)


def test_a_link_says_that_one_is_offline(new_visitor: NewVisitor) -> None:
    page = new_visitor(loses_connection=True)
    page.goto("/")
    page.context.set_offline(True)

    link = page.get_by_role("main").get_by_role("link", name=re.compile("^Start"))
    link.click()
    expect(page.locator("main .says")).to_have_text("You are offline. Nothing is lost: please try again.")
    page.context.set_offline(False)

    expect_page(page, CTO.at("software"))


def test_no_answer_at_all_is_said_too(held: tuple[Page, list[Route]]) -> None:
    page, _ = held
    page.evaluate("htmx.config.timeout = 100")

    go_on(page)

    expect(told(page)).to_have_text("There was no answer. Nothing is lost: please try again.")
    expect(busy(page)).to_have_count(0)


@every_failure
def test_a_request_for_a_call_is_kept_and_sent_by_one_more_press(
    new_visitor: NewVisitor, site: RunningSite, fail: Fail, words: str
) -> None:
    page = new_visitor(loses_connection=True, expected=[500])
    email = someone()
    page.goto(CTO.call)
    fill_in_call(page, email=email, **TYPED)
    fail(page)

    send_call(page)
    expect(told(page)).to_have_text(words)
    assert {name: page.locator(f"main [name={name}]").input_value() for name in TYPED} == TYPED
    # It is not sent behind anybody's back.
    page.context.set_offline(False)
    page.wait_for_timeout(200)
    assert leads(site, email) == 0
    send_call(page)

    expect(heading(page)).to_have_text("Thank you")
    assert leads(site, email) == 1


PROXY_FORM = "<!doctype html><form><button>Prove that you are human</button></form>"


@pytest.mark.parametrize(
    ("status_code", "body", "words"),
    [
        (413, "<h1>Request Entity Too Large</h1>", "This was not taken."),
        (404, '<main id="main"><h1>Gone</h1><p>It was withdrawn.</p></main>', "This was not taken. It was withdrawn."),
        (403, PROXY_FORM, "This was not taken."),
        (503, PROXY_FORM, "Something on our side is not available."),
        (200, PROXY_FORM, "This was not taken."),
    ],
    ids=["refused by a proxy", "refused by a page", "proxy asks", "proxy asks later", "network asks"],
)
def test_a_request_that_is_refused_without_its_form_stays_as_it_was_typed(
    new_visitor: NewVisitor, site: RunningSite, status_code: int, body: str, words: str
) -> None:
    page = new_visitor(expected=[status_code])
    email = someone()
    page.goto(CTO.call)
    fill_in_call(page, email=email, **TYPED)
    page.route("**/*", lambda route: route.fulfill(status=status_code, body=body), times=1)

    send_call(page)
    expect(told(page)).to_have_text(f"{words} Nothing is lost: please try again.")
    expect(busy(page)).to_have_count(0)
    assert {name: page.locator(f"main [name={name}]").input_value() for name in TYPED} == TYPED
    send_call(page)

    expect(heading(page)).to_have_text("Thank you")
    assert leads(site, email) == 1


def test_a_step_of_the_walk_that_is_refused_leads_to_the_page_that_says_so(new_visitor: NewVisitor) -> None:
    page = new_visitor(expected=[404])
    begin(page)
    fill_in(page, CTO.pages["software"])
    refusal = '<main id="main"><h1>It was withdrawn</h1></main>'
    page.route(re.compile("asked="), lambda route: route.fulfill(status=404, content_type="text/html", body=refusal))

    go_on(page)

    expect(heading(page)).to_have_text("It was withdrawn")
    page.unroute_all()


def test_back_from_the_thank_you_page_is_the_same_request(new_visitor: NewVisitor, site: RunningSite) -> None:
    page = new_visitor()
    email = someone()
    page.goto(CTO.call)
    fill_in_call(page, email=email, **TYPED)
    send_call(page)
    expect(heading(page)).to_have_text("Thank you")

    page.go_back()
    expect(page.locator("[name=email]")).to_have_value(email)
    expect(busy(page)).to_have_count(0)
    assert {name: page.locator(f"main [name={name}]").input_value() for name in TYPED} == TYPED
    send_call(page)

    expect(heading(page)).to_have_text("Thank you")
    assert leads(site, email) == 1


@pytest.mark.parametrize("way", ["back", "reload"])
def test_back_and_reload_after_a_refusal_show_everything_that_was_typed(new_visitor: NewVisitor, way: str) -> None:
    page = new_visitor()
    page.goto(CTO.call)
    fill_in_call(page, **TYPED)
    page.locator("[name=email]").fill("not an address")
    send_call(page)
    expect(summary(page)).to_be_focused()

    if way == "back":
        page.get_by_role("link", name="Back to the result").click()
        expect(heading(page)).not_to_have_text("Book a call")
        page.go_back()
    else:
        page.reload()

    expect(page.locator("[name=email]")).to_have_value("not an address")
    for name, value in TYPED.items():
        expect(page.locator(f"main [name={name}]")).to_have_value(value)
    expect(page.locator("[name=consent]")).to_be_checked()


COUNT_CHANGES = """
window.changes = 0;
const replaceState = history.replaceState.bind(history);
history.replaceState = (...given) => { window.changes += 1; replaceState(...given); };
"""


def test_typing_changes_the_history_only_now_and_then(new_visitor: NewVisitor) -> None:
    page = new_visitor()
    page.add_init_script(COUNT_CHANGES)
    page.goto(CTO.call)
    unfold_call(page)
    before = page.evaluate("changes")

    # Safari takes a hundred changes in half a minute, and then throws an error.
    page.locator("main [name=message]").press_sequentially("Where do we begin? " * 10)
    wait_for(lambda: len(dict(page.evaluate("history.state.typed"))["message"]) > 180)

    assert page.evaluate("changes") - before < 20


@with_and_without_scripts
def test_what_was_typed_is_there_again_after_a_look_at_another_page(new_visitor: NewVisitor, *, scripts: bool) -> None:
    page = new_visitor(scripts=scripts)
    page.goto(CTO.call)
    fill_in_call(page, **TYPED)

    page.get_by_role("link", name="Privacy").click()
    expect(heading(page)).to_have_text("Privacy")
    page.go_back()

    for name, value in TYPED.items():
        expect(page.locator(f"main [name={name}]")).to_have_value(value)
    expect(page.locator("[name=consent]")).to_be_checked()
    # By the browser itself: nothing is written down anywhere.
    assert page.evaluate("({...localStorage, ...sessionStorage})") == {}


def test_without_scripts_the_page_of_the_browser_sends_it_again(new_visitor: NewVisitor, site: RunningSite) -> None:
    page = new_visitor(scripts=False, loses_connection=True)
    email = someone()
    page.goto(CTO.call)
    fill_in_call(page, email=email, **TYPED)
    page.context.set_offline(True)
    send_call(page)
    page.wait_for_url("chrome-error://**")
    page.context.set_offline(False)

    page.reload()

    expect(heading(page)).to_have_text("Thank you")
    assert leads(site, email) == 1
