"""Six roles side by side: two of them are chosen, on a phone and on a desk, without scripts; paper has all."""

from collections.abc import Iterator

import pytest
from playwright.sync_api import Page, expect

from tests.browser.conftest import NewVisitor
from tests.browser.scenes import add_guide_of_six
from tests.browser.test_accessibility import assert_fits, violations
from tests.browser.test_memo import UNFOLD
from tests.guide_of_six import NAMES, OF_CFO, SIX
from tests.server import RunningSite

pytestmark = pytest.mark.once

RESULT = f"/{SIX}/result/?{OF_CFO}"
FIRST_SCREEN = 740


@pytest.fixture(scope="module")
def site_of_six() -> Iterator[RunningSite]:
    """A site with the guide of six roles beside the first."""
    with RunningSite(workers=1) as site:
        add_guide_of_six(site)
        yield site
        assert "Traceback" not in site.log


def columns(page: Page) -> list[str]:
    """The roles that can be seen at the head of each table."""
    heads = page.locator(".compare thead th:visible").all()
    return [" ".join(head.inner_text().split()).removesuffix(" Recommended") for head in heads]


def test_two_of_six_roles_are_compared_on_a_phone_without_scripts(
    new_visitor: NewVisitor, site_of_six: RunningSite
) -> None:
    page = new_visitor(width=360, scripts=False)
    page.goto(site_of_six.url + RESULT)
    assert columns(page) == [NAMES["cfo"], NAMES["cto"]]
    page.locator("summary", has_text="more row").click()

    page.get_by_label("with").select_option(NAMES["cmo"])
    assert columns(page) == [NAMES["cfo"], NAMES["cmo"]] * 2
    page.get_by_label("Compare").select_option(NAMES["cpo"])

    assert columns(page) == [NAMES["cpo"], NAMES["cmo"]] * 2
    # As many cells as heads in each of the six rows, and each below its head.
    cells = page.locator(".compare td:visible")
    expect(cells).to_have_count(12)
    for left, right in zip(cells.all()[::2], cells.all()[1::2], strict=True):
        one, other = left.bounding_box(), right.bounding_box()
        assert one
        assert other
        assert (one["y"], one["width"]) == (other["y"], other["width"])
        assert one["x"] + one["width"] == other["x"]
    expect(page.get_by_role("cell", name="Being found, understood and chosen")).to_be_visible()


def test_the_result_of_six_roles_breaks_no_rule_and_fits_every_screen(
    new_visitor: NewVisitor, site_of_six: RunningSite
) -> None:
    page = new_visitor(width=360)
    page.goto(site_of_six.url + RESULT)
    actions = page.locator(".two-actions a").last.bounding_box()
    assert actions
    assert actions["y"] + actions["height"] <= FIRST_SCREEN

    page.evaluate(UNFOLD)

    assert violations(page, "light") == []
    for width in (320, 360, 768, 1280):
        assert_fits(page, width)
    assert len(columns(page)) == 4
    page.emulate_media(media="print")
    assert len(columns(page)) == 12
