"""The pages that show a guide to its editors: they break no rule, fit every screen, and print on one page."""

import re
from collections.abc import Callable, Iterator
from contextlib import ExitStack
from typing import Any

import pytest
from playwright.sync_api import Browser, BrowserContext, Page, expect

from tests.browser.conftest import NewVisitor
from tests.browser.staff import log_in, member
from tests.browser.test_accessibility import violations
from tests.conftest import ANSWERS
from tests.server import RunningSite
from tests.site.walks import GUIDE as KEY

pytestmark = pytest.mark.once

GUIDE = "/admin/content/guide/1"
PAGES = {
    "overview": f"{GUIDE}/",
    "proof": f"{GUIDE}/proof/",
    "publish": f"{GUIDE}/publish/",
    "editions": f"{GUIDE}/editions/",
    "edition": f"{GUIDE}/editions/2/",
    "publish again": f"{GUIDE}/editions/1/publish/",
    "previews": f"{GUIDE}/previews/",
    "drawing": f"{GUIDE}/drawing/",
    "drawing of an edition": f"{GUIDE}/editions/1/drawing/",
    "sheet": f"{GUIDE}/sheet/",
    "sheet of an edition": f"{GUIDE}/editions/1/sheet/",
    "copy": f"{GUIDE}/copy/",
    "begin a guide": "/admin/content/guide/begin/",
    "walk: situations": f"{GUIDE}/roles/fractional-cto/situations/",
    "walk: recommendation": f"{GUIDE}/roles/fractional-cto/outcome/",
    "walk: open": f"{GUIDE}/roles/fractional-cto/done/",
    "import": "/admin/content/guide/import/",
    "scenario": "/admin/content/scenario/1/change/",
    "proof with gaps": "/admin/content/guide/2/proof/",
    "publish with gaps": "/admin/content/guide/2/publish/",
    "retire": "/admin/content/guide/2/state/retire/",
}

PREPARE = """
from django.utils import timezone
from advisor.content.actions import publish
from advisor.content.drafts import read_draft
from advisor.content.models import Guide, Rule, Scenario
from advisor.content.previews import make_link
from advisor.content.scenarios import cases_of
from advisor.content.drafts import write_guide

now = timezone.now()
first = Guide.objects.get(pk=1)
make_link(guide=first, by="someone", purpose="For a colleague", days=7, now=now)
sixth, seventh = Rule.objects.get(guide=first, position=6), Rule.objects.get(guide=first, position=7)
sixth.outcome, seventh.outcome = seventh.outcome, sixth.outcome
sixth.save(), seventh.save()
Scenario.objects.update(expected_to_change=True)
publish(guide=first, by="someone", note="Two rules changed places.", now=now)

second = write_guide(value=read_draft(first), key="with-gaps", title="With gaps", cases=cases_of(first))
publish(guide=second, by="someone", note="Before the gaps.", now=now)
Rule.objects.filter(guide=second, position__gt=6).delete()
"""
"""An edition that changed results, a link to the draft, and a second guide whose draft has gaps."""

GAPS_IN_NEEDS = """
from advisor.content.models import NeedRow

NeedRow.objects.filter(role__guide=second, position=9).delete()
"""
"""The needs of the second guide have gaps, too."""


@pytest.fixture(scope="module")
def prepared() -> Iterator[RunningSite]:
    """A site of its own, as two guides are published on it."""
    with RunningSite(workers=1) as running:
        running.manage("shell", "--no-imports", "--command", PREPARE + GAPS_IN_NEEDS)
        yield running
        assert "Traceback" not in running.log


@pytest.fixture
def new_context(
    browser: Browser, browser_context_args: dict[str, Any], prepared: RunningSite
) -> Iterator[Callable[..., BrowserContext]]:
    """Browsers that are at this site."""
    with ExitStack() as opened:

        def new(**options: Any) -> BrowserContext:
            context = browser.new_context(**browser_context_args | {"base_url": prepared.url} | options)
            opened.callback(context.close)
            return context

        yield new


@pytest.fixture(scope="module")
def publisher(prepared: RunningSite) -> str:
    """The name of someone who edits and publishes."""
    return member(prepared, "Publishers")


@pytest.fixture
def page(new_visitor: NewVisitor, publisher: str) -> Page:
    """A publisher, logged in."""
    page = new_visitor(expected=[404], may_abort=True)
    log_in(page, publisher)
    return page


@pytest.mark.parametrize("name", PAGES)
def test_a_page_about_a_guide_breaks_no_rule_and_fits_the_screen(page: Page, name: str) -> None:
    page.goto(PAGES[name])
    expect(page.locator("#content")).to_be_visible()

    wide = violations(page, "light")
    page.set_viewport_size({"width": 360, "height": 800})
    narrow = violations(page, "dark")

    assert wide + narrow == []
    assert page.evaluate("document.documentElement.scrollWidth") == 360


@pytest.mark.parametrize("name", ["proof", "proof with gaps", "edition", "publish with gaps"])
def test_a_wide_table_is_scrolled_by_keyboard_and_says_what_it_is(page: Page, name: str) -> None:
    page.set_viewport_size({"width": 360, "height": 800})
    page.goto(PAGES[name])
    regions = page.locator(".scrolls")

    expect(regions.first).to_be_visible()
    for region in regions.all():
        region.focus()
        expect(region).to_be_focused()
        assert region.get_attribute("role") == "region"
        assert region.get_attribute("aria-label")
    assert regions.first.evaluate("region => getComputedStyle(region).overflowX") == "auto"


@pytest.mark.parametrize("name", ["sheet", "sheet of an edition", "drawing", "drawing of an edition"])
def test_a_paper_of_the_first_guide_is_one_page(page: Page, name: str) -> None:
    page.goto(PAGES[name])

    paper = page.pdf(prefer_css_page_size=True)

    assert len(re.findall(rb"/Type\s*/Page\b", paper)) == 1
    assert b"/MediaBox [0 0 594.95" in paper


@pytest.mark.parametrize("name", ["sheet", "drawing"])
def test_a_paper_uses_the_width_of_its_page_and_can_be_read(page: Page, name: str) -> None:
    page.goto(PAGES[name])
    page.emulate_media(media="print")
    page.set_viewport_size({"width": 1000, "height": 1200})

    widths = page.evaluate(
        "[...document.querySelectorAll('.columns, section:not(.remarks) > .logic')].map(found => found.clientWidth)"
    )
    texts = page.locator(".sign-off :is(p, li, dt, dd)")
    sizes = texts.evaluate_all("found => found.map(text => parseFloat(getComputedStyle(text).fontSize))")

    assert min(widths) > 900
    assert all(size >= 6.5 * 96 / 72 for size in sizes)


def test_the_row_of_a_gap_is_put_into_the_outcome_table_where_its_outcome_is_chosen(page: Page) -> None:
    page.goto(PAGES["proof with gaps"])

    page.get_by_role("button", name="Add this row").first.click()

    expect(page.get_by_text("Not saved yet.")).to_be_visible()
    expect(page.locator("#new-1-outcome")).to_be_in_viewport()


def test_text_that_turns_the_direction_does_not_turn_links_and_buttons(page: Page) -> None:
    page.goto(f"/{KEY}/result/?{ANSWERS['fractional-cto']}")
    turned = page.evaluate(
        "[...document.querySelectorAll('a, button')].filter(e => getComputedStyle(e).unicodeBidi !== 'isolate').length"
    )

    assert turned == 0
