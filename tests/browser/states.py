"""Every public page and state, and how a visitor gets there."""

from collections.abc import Callable
from uuid import uuid4

from playwright.sync_api import Page, expect

from tests.browser.steps import begin, follow, go_on, heading, summary
from tests.site.walks import CTO, MISSING, PAGES


def open_questions(page: Page) -> None:
    """The landing with every answer unfolded."""
    page.goto("/")
    for question in page.locator("main summary").all():
        question.click()


def unfold_call(page: Page) -> None:
    """Show what nobody has to say."""
    page.locator("details.fold:not([open]) > summary").click()


def fill_in_call(page: Page, **fields: str) -> None:
    """What the form for a call has to have."""
    if fields.keys() & {"job_title", "phone", "employees", "message"}:
        unfold_call(page)
    typed = {"name": "Firmas dibinātāja", "email": f"{uuid4()}@example.com", "company": "Kalns & Bērzs"} | fields
    for name, value in typed.items():
        page.locator(f"main [name={name}]").fill(value)
    page.locator("[name=consent]").check()


def send_call(page: Page) -> None:
    """The one button of the form."""
    page.get_by_role("main").locator("form").get_by_role("button").click()


def empty_call(page: Page) -> None:
    """The form for a call, sent as it is."""
    page.goto(CTO.call)
    send_call(page)
    expect(summary(page)).to_be_focused()


def thanks(page: Page) -> None:
    """The page after a request."""
    page.goto(CTO.call)
    fill_in_call(page)
    send_call(page)
    expect(heading(page)).to_have_text("Thank you")


def swapped_error(page: Page) -> None:
    """A question that was sent without an answer, put in by htmx."""
    begin(page)
    go_on(page)
    expect(summary(page)).to_be_focused()


def swapped_result(page: Page) -> None:
    """A result at the end of a walk, put in by htmx."""
    follow(page, CTO)


def at(path: str) -> Callable[[Page], None]:
    """A page that an address alone leads to."""

    def go(page: Page) -> None:
        page.goto(path)

    return go


# Pages that differ from another one by a sentence only.
ALIKE = {"landing", "question with an unknown answer", "unknown guide", "unknown question", "unknown edition"}

STATES: dict[str, Callable[[Page], None]] = {
    **{name: at(path) for name, path in {**PAGES, **MISSING}.items() if name not in ALIKE},
    "landing with all answers": open_questions,
    "call with errors": empty_call,
    "thanks": thanks,
    "question without an answer, swapped in": swapped_error,
    "result, swapped in": swapped_result,
}
