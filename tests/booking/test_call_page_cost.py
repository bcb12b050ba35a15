"""What the call page does for a request: few queries, a form rendered once, and of other times the times alone."""

from datetime import timedelta
from xml.etree.ElementTree import tostring

import pytest
import time_machine
from crispy_forms.utils import render_crispy_form
from django.test import Client
from django.utils.safestring import SafeString
from pytest_django import DjangoAssertNumQueries

from advisor.assessment.visit import visit_by_code
from advisor.booking import availability
from advisor.booking.forms import BookingForm, unfilled
from advisor.booking.models import Call, Host
from tests.assessment.addresses import call
from tests.assessment.reading import FRAGMENT, Page, read
from tests.booking.conftest import Book
from tests.booking.hosts import half_hour, value
from tests.clock import NOW
from tests.conftest import ANSWERS, database_down
from tests.leads.asking import EVERYTHING

OTHER_TIMES = FRAGMENT | {"HX-Target": "times"}
"""How htmx asks for the times of another zone, clock or week."""


def times(page: Page) -> str:
    return tostring(page.one("fieldset[@id='times']"), encoding="unicode").strip()


def test_of_other_times_only_the_times_are_sent(visitor: Client, host: Host) -> None:
    address = f"{call()}&zone=America/New_York"

    whole, fragment = read(visitor, address), visitor.get(address, headers=OTHER_TIMES)

    page = Page(fragment)
    assert times(page) == times(whole)
    assert not page.all("select")
    assert not page.all("form")
    assert page.title == whole.title
    assert "HX-Target" in fragment["Vary"]
    assert len(fragment.content) < len(visitor.get(address).content) / 3


def test_to_move_a_call_as_well(visitor: Client, host: Host, book: Book) -> None:
    address = f"{book(0).path}change/?zone=America/New_York"

    page = Page(visitor.get(address, headers=OTHER_TIMES))

    assert times(page) == times(read(visitor, address))
    assert not page.all("form")


def test_it_asks_for_hosts_their_hours_exceptions_and_calendars_and_for_calls(
    visitor: Client, host: Host, django_assert_num_queries: DjangoAssertNumQueries
) -> None:
    with django_assert_num_queries(5):
        visitor.get(call())


@pytest.fixture
def crowd(monkeypatch: pytest.MonkeyPatch) -> None:
    """So many visitors that hosts are not read for each of them."""
    monkeypatch.setattr(availability, "MAX_HOSTS_AGE", timedelta(seconds=5))
    monkeypatch.setattr(availability, "_read_lately", {})


@pytest.mark.usefixtures("crowd")
def test_in_a_crowd_hosts_are_read_once_in_five_seconds_and_calls_for_every_visitor(
    visitor: Client, host: Host, django_assert_num_queries: DjangoAssertNumQueries
) -> None:
    for seconds, queries in ((0, 5), (1, 1), (4.9, 1), (5, 5)):
        with time_machine.travel(NOW + timedelta(seconds=seconds), tick=False), django_assert_num_queries(queries):
            visitor.get(call())


@pytest.mark.usefixtures("crowd")
def test_who_books_is_judged_by_the_hosts_as_they_are_now(visitor: Client, host: Host) -> None:
    shown = read(visitor, call())
    Host.objects.update(is_active=False)

    shown.form.send(visitor, {"slot": value(half_hour(0)), **EVERYTHING})

    assert value(half_hour(0)) in times(shown)
    assert not Call.objects.exists()


@pytest.mark.usefixtures("crowd")
def test_where_nobody_knows_which_times_are_taken_the_form_comes_without_times(visitor: Client, host: Host) -> None:
    with_times = read(visitor, call())

    with database_down():
        without = read(visitor, call())

    assert with_times.all("*[@id='times']")
    assert not without.all("*[@id='times']")
    assert without.one("form[@method='post']") is not None


def test_the_form_is_the_same_as_if_it_were_rendered_for_this_visitor(host: Host) -> None:
    visit = visit_by_code("222-QMW-3QF")
    initial = {"key": "a-key", "stamp": "a-stamp"}
    form = BookingForm(visit, initial=initial, has_times=False)

    rendered = render_crispy_form(form, context={"csrf_token": "a-token"})
    assert unfilled(visit, initial, "a-token", SafeString("")) == rendered


@pytest.mark.parametrize("answers", ["fractional-cto", "both-roles"])
def test_every_visitor_gets_a_key_of_their_own_and_the_address_of_their_answers(host: Host, answers: str) -> None:
    pages = [read(Client(), call(ANSWERS[answers])) for _ in range(2)]

    keys = {page.one("input[@name='key']").get("value") for page in pages}
    tokens = {page.one("input[@name='csrfmiddlewaretoken']").get("value") for page in pages}
    actions = {page.one("form[@method='post']").get("data-hx-post") for page in pages}
    assert len(keys) == len(tokens) == 2
    assert actions == {f"{call(ANSWERS[answers])}&edition=1"}
    assert not any("hole-" in page.text("main") for page in pages)


@pytest.mark.usefixtures("crowd")
def test_a_time_that_is_taken_is_not_shown_again_from_memory(visitor: Client, host: Host, book: Book) -> None:
    address = f"{call()}&zone=America/New_York"
    before = read(visitor, address)

    taken = book(0)

    after = read(visitor, address)
    assert value(taken.begins_at) in times(before)
    assert value(taken.begins_at) not in times(after)
