"""No click lands where it was not meant: whatever can be pressed on a public page is pressed twice, and right after
something was typed, and it comes to the same as one deliberate click.
"""

import re
from collections.abc import Callable, Iterator
from dataclasses import asdict
from itertools import cycle, product
from uuid import uuid4

import pytest
from playwright.sync_api import Page, expect

from tests.browser.conftest import NewVisitor
from tests.browser.presses import GAPS, PRESSABLE, UNFOLD, WIDTHS, Control, Hand, Outcome
from tests.browser.states import fill_in_call
from tests.browser.steps import option
from tests.server import RunningSite
from tests.site.client import ask, document, open_form
from tests.site.hosting import add_host, free
from tests.site.walks import CTO, FOLLOW_UP, GUIDE, NOT_YET, ONE_LEADER, together

pytestmark = [pytest.mark.once, pytest.mark.slow]

LATENCIES = (0, 200)
ANY_ADDRESS = re.compile("[0-9a-f-]{36}@")
PUBLIC = f"{PRESSABLE}, .said > div:first-child .change, .weeks a, main a[href^='#']"
"""What is pressed: buttons, and links that lead from one step to another or to another part of the page, of several
that are alike the first.
"""
SHORT, LONG = cycle(GAPS[1:3]), cycle(GAPS[3:])
PLACES = cycle(product(WIDTHS, LATENCIES))
WIDTH = cycle(WIDTHS)
"""In turn, over all pages and with scripts and without: each with each would be thousands of presses."""


class Caller:
    """Someone with a call that has been booked, and what has come of it."""

    def __init__(self, site: RunningSite) -> None:
        self.site = site
        self.email = self.thanks = self.path = ""

    def new(self) -> str:
        """An address that nobody has used; what is counted from now on is what comes of it."""
        self.email = f"{uuid4()}@example.com"
        return self.email

    def book(self) -> None:
        """Have a call that was just booked."""
        if self.path and self.count() == (1, [("booked", 0)]):
            return
        sent = open_form(self.site, f"{CTO.call}&zone=UTC").send(
            self.site, email=self.new(), zone="UTC", slot=free(self.site)[0]
        )
        self.thanks = sent.location
        told = document(ask(self.site, sent.location).text)
        links = [link for link in told.iter("a") if link.get("href").startswith("/calls/")]
        (self.path,) = (link.get("href") for link in links if link.get("download") is None)

    def count(self) -> object:
        """The requests of this address, and how often its calls were changed."""
        leads = "SELECT id FROM leads_lead WHERE email = ?"
        (requests,) = self.site.database.query(f"SELECT count(*) FROM ({leads}) AS found", self.email)
        changes = self.site.database.query(
            f"SELECT status, sequence FROM booking_call WHERE lead_id IN ({leads})", self.email
        )
        return requests, changes


@pytest.fixture(scope="module")
def hosted() -> Iterator[RunningSite]:
    """A site with a host."""
    with RunningSite(workers=1) as running:
        add_host(running)
        yield running
        assert "Traceback" not in running.log


@pytest.fixture
def caller(hosted: RunningSite) -> Caller:
    return Caller(hosted)


def at(path: str, *ticked: tuple[str, str]) -> Callable[[Page, Caller], None]:
    """A page, with some answers given on it."""

    def go(page: Page, caller: Caller) -> None:
        page.goto(caller.site.url + path)
        for name, value in ticked:
            option(page, name, value).check()

    return go


def filled_in_call(page: Page, caller: Caller) -> None:
    """The form for a call, ready to be sent."""
    page.goto(f"{caller.site.url}{CTO.call}&zone=Europe/Riga")
    page.locator("#times input:visible").first.check()
    fill_in_call(page, email=caller.new())


def own(part: str) -> Callable[[Page, Caller], None]:
    """A page of a call that was just booked."""

    def go(page: Page, caller: Caller) -> None:
        caller.book()
        page.goto(caller.site.url + caller.path + part)
        if part == "change/":
            page.locator("#times input:visible").first.check()

    return go


def thanks(page: Page, caller: Caller) -> None:
    """What is shown after a call was booked."""
    caller.book()
    page.goto(caller.site.url + caller.thanks)


PAGES = {
    "landing": at("/"),
    "question": at(CTO.at("software"), ("software", "yes"), ("signal", "messy-stack")),
    "question without an answer": at(CTO.at("ai")),
    "last question": at(CTO.at("both"), ("both", "software")),
    "question that leads to a follow-up": at(ONE_LEADER.at("both"), ("both", "unsure")),
    "follow-up": at(
        ONE_LEADER.at(FOLLOW_UP), ("team-size", "under-ten"), ("ai-place", "feature"), ("scope", "strategy")
    ),
    "question that is changed": at(f"/{GUIDE}/ai/?{CTO.query}&edition=1", ("ai", "yes")),
    "question with an error": at(f"{CTO.at('software')}&signal=messy-stack&asked=software"),
    "result": at(NOT_YET.result),
    "code": at("/r/"),
    "mistyped code": at("/r/AAA-AAA-AAA/"),
    "asked to answer": at(together("fractional-cto")),
    "two people side by side": at(together("fractional-cto", "head-of-ai")),
    "four people side by side": at(together("fractional-cto", "head-of-ai", "both-roles", "not-yet", you=3)),
    "call": filled_in_call,
    "call with nothing filled in": at(f"{CTO.call}&zone=Europe/Riga"),
    "thanks": thanks,
    "own call": own(""),
    "another time": own("change/"),
    "cancelling": own("cancel/"),
    "unknown page": at("/nothing/at/all/here/"),
}
"""Every public page on which something can be pressed, as it is just before."""

every_page = pytest.mark.parametrize("name", PAGES)
scripts_or_not = pytest.mark.parametrize("scripts", [True, False], ids=["scripts", "no scripts"])


@pytest.fixture
def hand(new_visitor: NewVisitor, caller: Caller, name: str, *, scripts: bool) -> Hand:
    page = new_visitor(scripts=scripts, expected=[404], may_abort=True, permissions=["clipboard-write"])
    page.add_init_script("window.print = () => {}")
    return Hand(page, lambda page: PAGES[name](page, caller), count=caller.count, pressable=PUBLIC, in_folds=True)


def difference(expected: Outcome, seen: Outcome) -> dict[str, object]:
    """What came of it that should not have. Which times are free differs, as each case takes one."""
    wanted, got = comparable(expected), comparable(seen)
    return {name: value for name, value in got.items() if value != wanted[name]}


def comparable(outcome: Outcome) -> dict[str, object]:
    times = [field for field in outcome.fields if field.startswith("slot: ")]
    chosen = sum(field.endswith(" true") for field in times)
    # Each case has an address of its own.
    fields = [ANY_ADDRESS.sub("…@", field) for field in outcome.fields if field not in times]
    return asdict(outcome) | {"fields": fields, "chosen": chosen, "unfolded": len(outcome.unfolded)}


def twice(hand: Hand, control: Control, expected: Outcome, gap: int, width: int, latency: int) -> list[object]:
    """What went astray in a double press."""
    hand.latency = latency
    hand.page.set_viewport_size({"width": width, "height": 800})
    found = difference(expected, hand.press_twice(control, gap))
    return [(control.name, f"{gap} ms", width, f"latency {latency}", found)] if found else []


@every_page
@scripts_or_not
def test_a_double_press_is_one_press(hand: Hand, *, scripts: bool) -> None:
    astray = []

    for control in hand.controls():
        hand.latency = 0
        expected = hand.press_once(control)
        for gap in (next(SHORT), next(LONG)):
            astray += twice(hand, control, expected, gap, *next(PLACES))

    assert astray == []


# Three ways in which something else comes to lie under the pointer: another page, a jump, and a jump to a field.
@pytest.mark.parametrize(
    ("name", "pressed"),
    [("question", "Continue"), ("result", "What would tip it"), ("question with an error", "lease choose")],
)
@scripts_or_not
def test_a_double_press_of_any_gap_is_one_press_on_any_screen(hand: Hand, pressed: str, *, scripts: bool) -> None:
    control = next(control for control in hand.controls() if pressed in control.name)
    expected = hand.press_once(control)
    places = cycle(product(WIDTHS, LATENCIES))

    astray = [found for gap in GAPS * 2 for found in twice(hand, control, expected, gap, *next(places))]

    assert astray == []


@pytest.mark.parametrize("words", ["Memo as PDF", "Look again in 90 days"])
def test_a_link_to_a_file_leaves_the_page_as_it_was(new_visitor: NewVisitor, hosted: RunningSite, words: str) -> None:
    page = new_visitor(may_abort=True)
    page.goto(hosted.url + NOT_YET.result)
    link = page.locator("main").get_by_role("link", name=words)
    link.evaluate(UNFOLD)

    with page.expect_download():
        link.click()

    expect(link).not_to_have_attribute("aria-busy", "true", timeout=1)


@every_page
@scripts_or_not
def test_a_press_right_after_typing_is_a_press(hand: Hand, *, scripts: bool) -> None:
    lost = []

    for control in hand.controls():
        if not control.fields:
            continue
        width = next(WIDTH)
        hand.page.set_viewport_size({"width": width, "height": 800})
        expected = hand.press_once(control, typed=True)
        if found := difference(expected, hand.press_after_typing(control)):
            lost.append((control.name, width, found))

    assert lost == [], "\n".join(map(repr, lost))
