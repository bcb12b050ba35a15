"""Adding a role and a guide as a member of Editors, by clicking and typing; each on a site of its own."""

import re
from collections.abc import Callable, Iterator, Mapping
from contextlib import ExitStack
from typing import Any

import pytest
from playwright.sync_api import Browser, BrowserContext, Page, expect

from tests.browser.conftest import NewVisitor
from tests.browser.staff import log_in, member
from tests.browser.test_editors import on_the_landing, publish
from tests.server import RunningSite
from tests.site.walks import GUIDE

pytestmark = [pytest.mark.once, pytest.mark.slow]


@pytest.fixture(scope="module")
def editors_site() -> Iterator[RunningSite]:
    """A site that editors change."""
    with RunningSite(workers=1) as running:
        yield running
        assert "Traceback" not in running.log


@pytest.fixture
def new_context(
    browser: Browser, browser_context_args: dict[str, Any], editors_site: RunningSite
) -> Iterator[Callable[..., BrowserContext]]:
    """Browsers that are at this site."""
    with ExitStack() as opened:

        def new(**options: Any) -> BrowserContext:
            context = browser.new_context(**browser_context_args | {"base_url": editors_site.url} | options)
            opened.callback(context.close)
            return context

        yield new


def one_of(group: str, new_visitor: NewVisitor, site: RunningSite, **options: Any) -> Page:
    """A member of a group at the front page of the admin."""
    page = new_visitor(expected=[404], may_abort=True, **options)
    log_in(page, member(site, group), site.url)
    return page


def fill(page: Page, words: Mapping[str, str]) -> None:
    for label, text in words.items():
        page.get_by_label(label, exact=True).fill(text)


def go_on(page: Page, then: str) -> None:
    """Save, and be at the page with this heading."""
    page.get_by_role("button", name="Save and go on").click()
    expect(page.get_by_role("heading", level=1)).to_have_text(re.compile(f"{then}$", re.IGNORECASE))
    assert page.evaluate("document.documentElement.scrollWidth <= innerWidth")


def add_role(page: Page, name: str) -> None:
    """From its first page to the last."""
    fill(
        page,
        {
            "Name": name,
            "Summary": f"{name}: makes numbers that people trust.",
            "Fits": "Companies with data and no one for it.",
            "Owns": "Reports",
            "Not theirs": "Models",
            "Own domain": "The warehouse",
        },
    )
    go_on(page, "its question")
    page.get_by_label("Question", exact=True).fill(f"Do you lack a {name}?")
    go_on(page, "its situations")
    for number in (1, 2, 3):
        line = page.get_by_role("group", name=f"Situation {number}")
        line.get_by_label("In a few words").fill(f"{name}, {number}")
        line.get_by_label("What the visitor ticks").fill(f"Report {number} never says what the others say.")
        line.get_by_label("Reason").fill(f"Someone has to say that number {number} is right.")
    go_on(page, "its column of the table")
    for cell in page.locator("form textarea").all():
        cell.fill("Data, and what it says")
    go_on(page, "when it is needed")
    fill(
        page,
        {
            "Why it is needed where enough situations are ticked": "You recognised most of what it is hired for.",
            "Why it is needed where the question is answered yes": "You said so yourself.",
            "Why it is not needed otherwise": "You named little of what it is hired for.",
        },
    )
    go_on(page, "its recommendation")
    fill(
        page,
        {
            "Recommendation": f"Hire a {name}",
            "Text": "Begin with one number that everybody believes.",
            "Why it is recommended then": "Your numbers disagree, and nothing can be decided on them.",
        },
    )
    page.get_by_role("button", name="Save and go on").click()


REACHABLE = """() => [...document.querySelectorAll("#content-main :is(a[href], button, summary, textarea, input)")]
    .filter(one => one.checkVisibility() && one.type !== "hidden" && !(one.type === "radio" && !one.checked))"""


def assert_reached_by_keyboard(page: Page) -> None:
    """Every control of the page gets the focus, in the order in which they stand."""
    controls = page.evaluate_handle(f"({REACHABLE})()")
    page.evaluate("controls => controls[0].focus()", controls)
    for number in range(page.evaluate("controls => controls.length", controls)):
        reached = page.evaluate("controls => controls.indexOf(document.activeElement)", controls)
        assert reached == number
        page.keyboard.press("Tab")


def test_a_third_role_takes_under_twenty_pages_until_nothing_is_open_and_is_recommended(
    new_visitor: NewVisitor, editors_site: RunningSite
) -> None:
    page = one_of("Editors", new_visitor, editors_site)
    page.locator(".guides a").first.click()
    expect(page.get_by_role("heading", level=1)).to_have_text("Everything about this guide")
    page.wait_for_load_state()
    loads: list[str] = []
    page.on("load", lambda loaded: loads.append(loaded.url))

    page.locator("#content-main").get_by_role("link", name="Add a role").first.click()
    add_role(page, "Head of Data")

    expect(page.get_by_role("heading", name="Nothing is open")).to_be_visible()
    assert len(loads) < 20
    # Back at the page with most controls.
    page.get_by_role("link", name="Its question").click()
    page.get_by_text("More words, which can be left for later").click()
    assert_reached_by_keyboard(page)
    publish(one_of("Publishers", new_visitor, editors_site), "A third role.")
    visitor = new_visitor()
    on_the_landing(visitor, "Head of Data")
    visitor.goto(
        f"/{GUIDE}/result/?software=no&signal=none.software&ai=no&signal=none.ai&both=neither"
        "&head-of-data=yes&signal=head-of-data-1&edition=2"
    )
    expect(visitor.locator("main")).to_have_attribute("data-outcome", "head-of-data")
    expect(visitor.get_by_role("heading", level=1)).to_have_text("Hire a Head of Data")


def test_a_second_guide_of_three_roles_is_made_on_a_phone_without_scripts_and_proved(
    new_visitor: NewVisitor, editors_site: RunningSite
) -> None:
    page = one_of("Editors", new_visitor, editors_site, width=360, scripts=False)
    page.get_by_role("link", name="Add a guide").first.click()
    fill(
        page,
        {
            "Title": "Which lawyer next?",
            "Summary": "You see which, and why.",
            "Audience": "Founders who need one.",
            "Why it matters": "The wrong one costs a year.",
        },
    )
    go_on(page, "how sure, and the call")
    go_on(page, "the rows of its table")
    fill(page, {"Rows of the table": "Focus\nCosts"})
    go_on(page, "where no role is needed")
    fill(
        page,
        {
            "Recommendation": "Wait with it",
            "Text": "Nothing is lost.",
            "Reason": "Nothing speaks for one of them yet.",
        },
    )
    for role in ("Patent lawyer", "Labour lawyer", "Tax lawyer"):
        page.get_by_role("button", name="Save and go on").or_(page.get_by_role("link", name="Add another role")).click()
        expect(page.get_by_role("heading", level=1)).to_have_text("Add a role: the role")
        add_role(page, role)
        expect(page.get_by_role("heading", name="Nothing is open")).to_be_visible()

    page.locator("#content-main").get_by_role("link", name="Proof").click()
    expect(page.locator("#content-main")).to_contain_text("The proof holds")
