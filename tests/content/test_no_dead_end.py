"""No link and no button of a page of staff leads anyone to “forbidden”: what one may not do is not offered."""

from collections.abc import Iterator
from datetime import timedelta
from typing import Any
from urllib.parse import parse_qsl, urljoin, urlsplit
from xml.etree.ElementTree import Element

import pytest
import time_machine
from django.db import transaction
from django.test import Client
from django.urls import resolve

from advisor.content.editions import edition_cache
from advisor.leads.actions.merging import merge
from advisor.leads.models import Lead
from tests.assessment.reading import Form, Page, Response
from tests.conftest import member_of
from tests.content.making import NOON
from tests.leads.asking import ask

pytestmark = [pytest.mark.django_db, pytest.mark.usefixtures("something_of_everything", "superuser")]

GROUPS = ["Editors", "Publishers", "Sales", "Owners"]
ENDS_THE_SESSION = "/admin/logout/"
OF_DJANGO = {"_facets", "_changelist_filters", "_popup", "_to_field", "o", "p", "all"}
"""Parameters by which Django shows the same page in another way."""


@pytest.fixture
def merged(lead: Lead, visitor: Client) -> Lead:
    """A request that became a part of another one, which has a page of its own kind."""
    other = ask(visitor, email="second@example.com")
    merge(keep=lead, other=other, by="seller", now=NOON)
    return other


def kind(address: str) -> tuple[Any, ...]:
    """What makes two addresses one page for this: the view, and by what it is narrowed down, not to which."""
    parts = urlsplit(address)
    query = parse_qsl(parts.query, keep_blank_values=True)
    names = sorted({name for name, _ in query} - OF_DJANGO)
    # Each filter by itself: of all of them together there are thousands.
    return resolve(parts.path).view_name, *(names if len(names) < 2 else ["several"]), dict(query).get("view", "")


def is_ours(address: str) -> bool:
    return address.startswith("/admin/") and not address.startswith(ENDS_THE_SESSION)


def read(answer: Response, address: str) -> Page | None:
    if answer.status_code == 200 and not answer.streaming and "html" in answer["Content-Type"]:
        return Page(answer, address, strict=False)
    return None


def sendings(form: Element, page: Page) -> Iterator[tuple[str, list[tuple[str, str]]]]:
    """Where a form goes, and what it holds, once for each of its buttons and for each action of a list."""
    filled = Form(form, page.address)
    buttons = [one for one in form.iter() if one.get("type") in {"submit", "image"} or one.tag == "button"]
    names = {button.get("name") for button in buttons}
    pairs = [pair for pair in filled.pairs() if pair[0] not in names]
    boxes = [one for one in form.iter("input") if one.get("name") == "_selected_action"]
    chosen = [("_selected_action", box.get("value", "")) for box in boxes[:1]]
    actions = [one for one in form.iter("select") if one.get("name") == "action"]
    for button in buttons:
        pressed = [(str(button.get("name")), button.get("value", ""))] if button.get("name") else []
        action = button.get("formaction")
        goes = urljoin(page.address, action) if action else filled.action
        yield goes, [*pairs, *pressed]
        for option in (one for select in actions for one in select.iter("option") if one.get("value")):
            others = [pair for pair in pairs if pair[0] != "action"]
            yield goes, [*others, *pressed, ("action", option.get("value", "")), *chosen]


def send(client: Client, method: str, address: str, pairs: list[tuple[str, str]]) -> int:
    """The status of sending a form, whose effect is taken back."""
    data: dict[str, list[str]] = {}
    for name, value in pairs:
        data.setdefault(name, []).append(value)
    with transaction.atomic():
        answer = client.post(address, data) if method == "post" else client.get(address, data)
        transaction.set_rollback(rollback=True)
    edition_cache.clear()
    return answer.status_code


def dead_ends(client: Client, start: str = "/admin/") -> tuple[set[str], int]:
    """What is forbidden of all that can be reached, with the page that leads there; and how many pages that are."""
    found, seen, sent, waiting = set(), {kind(start)}, set(), [("", start)]
    pages = 0
    while waiting:
        before, address = waiting.pop()
        answer = client.get(address)
        if answer.status_code == 403:
            seen.discard(kind(address))
            found.add(f"{before} leads to {address}")
        if (page := read(answer, address)) is None:
            continue
        pages += 1
        for link in page.all("a[@href]"):
            goes = urljoin(address, link.attrib["href"]).partition("#")[0]
            if is_ours(goes) and (one := kind(goes)) not in seen:
                seen.add(one)
                waiting.append((address, goes))
        for form in page.all("form"):
            for goes, pairs in sendings(form, page):
                what = kind(goes), tuple(value for name, value in pairs if name in {"action", "status"}), len(pairs)
                if not is_ours(goes) or what in sent:
                    continue
                sent.add(what)
                if send(client, form.get("method", "get").lower(), goes, pairs) == 403:
                    found.add(f"{address} offers to send to {goes}")
    return found, pages


@pytest.mark.usefixtures("merged")
@pytest.mark.parametrize("group", GROUPS)
def test_nothing_that_is_offered_is_forbidden(group: str) -> None:
    with time_machine.travel(NOON - timedelta(days=1), tick=False):
        client = member_of(group)
        client.raise_request_exception = False

        found, pages = dead_ends(client)

    assert found == set()
    assert pages > 15


def test_the_crawl_notices_what_is_forbidden(owner: Client) -> None:
    """The control: the pages of sales, for someone who only reads."""
    found, _ = dead_ends(owner, "/admin/auth/user/")

    assert found == {" leads to /admin/auth/user/"}
