"""A page with a table of conditions, as its editor works it: with selects and buttons, saved as a whole."""

from django.test import Client

from tests.assessment.reading import Changes, Form, Page
from tests.content.admin_pages import read_admin


def form_of(page: Page) -> Form:
    return Form(page.one("form[@class='rows']"), page.address)


def press(client: Client, page: Page, button: str, changes: Changes | None = None) -> Page:
    """The page that comes after a button was pressed, with some fields changed before."""
    response = form_of(page).send(client, {**(changes or {}), "do": button})
    if "Location" in response:
        return read_admin(client, response["Location"])
    return Page(response, page.address, strict=False)


def keys(page: Page) -> list[str]:
    """The keys of the rows, in their order."""
    return [row.get("value", "") for row in page.all("input[@name='row']")]


def value(page: Page, name: str) -> str:
    """What a field of the page holds."""
    return dict(form_of(page).pairs())[name]
