"""Counts equal what visitors did, exactly; and what one visitor does twice is counted once, as far as one can tell."""

from collections import Counter
from datetime import datetime

import pytest
import time_machine
from django.test import Client

from advisor.content.editions import LoadedEdition
from advisor.funnel.models import Count, Total
from advisor.funnel.spans import Span
from advisor.leads.models import Lead
from tests.assessment.addresses import BOTH, LANDING, call, question, result
from tests.conftest import ANSWERS, CALL, GUIDE
from tests.content.making import publish_draft
from tests.funnel.walking import HERE, Browser, Steps, counted, expected, walk
from tests.load.visitors import Addresses, walks

WALKS = 1000

CTO = ANSWERS["fractional-cto"]
ONE = ("result", "fractional-cto", "clear")

BOTH_BROWSERS = pytest.mark.parametrize("scripts", [False, True], ids=["without scripts", "with scripts"])


@pytest.fixture
def browser(visitor: Client, published: LoadedEdition) -> Browser:
    """Without scripts."""
    return Browser(visitor)


def names(steps: Steps) -> set[str]:
    return {step for step, _, _ in steps}


@BOTH_BROWSERS
def test_walks_are_counted_exactly(visitor: Client, published: LoadedEdition, *, scripts: bool) -> None:
    to, wanted = Addresses(published.guide, published.number), Counter[tuple[str, str, str]]()

    for one in walks(published.guide, WALKS, seed=1):
        walk(Browser(visitor, scripts=scripts), to, one)
        wanted += expected(published.guide, one)

    assert counted() == wanted
    assert {"landing", "shown", "answered", "result", "signal", "contradiction"} == names(wanted)
    for span in Span:
        totals = Total.objects.filter(span=span).values_list("step", "about", "certainty", "number")
        assert {(step, about, certainty): number for step, about, certainty, number in totals} == wanted


def test_a_script_that_names_no_page_before_is_counted_alike(visitor: Client, published: LoadedEdition) -> None:
    to = Addresses(published.guide, published.number)
    [one] = walks(published.guide, 1, seed=2)
    browser = Browser(visitor)

    for address in (f"/{GUIDE}/", to.page(one.steps[0].page, one.steps[0].before), *map(to.sent, one.steps)):
        browser.open(address)

    assert counted() == expected(published.guide, one)


@BOTH_BROWSERS
def test_who_goes_back_and_answers_anew_is_counted_once(
    visitor: Client, published: LoadedEdition, *, scripts: bool
) -> None:
    browser = Browser(visitor, scripts=scripts)
    browser.open(LANDING)
    browser.follow(question("software", "edition=1"))
    browser.send(question("software", "edition=1&software=yes&asked=software"))
    # Back on the page, and forward again with another answer.
    browser.follow(question("software", "software=yes&edition=1"))

    browser.send(question("software", "edition=1&software=no&asked=software"))

    assert counted() == Counter(
        [("landing", "", ""), ("shown", "software", ""), ("answered", "software", ""), ("shown", "ai", "")]
    )


@BOTH_BROWSERS
def test_a_change_counts_neither_the_answer_nor_the_result_again(
    visitor: Client, published: LoadedEdition, *, scripts: bool
) -> None:
    browser = Browser(visitor, scripts=scripts)
    browser.open(result(f"{CTO}&edition=1"))
    before = counted()
    browser.follow(question("both", f"{CTO}&edition=1"))

    answer = browser.send(question("both", f"{CTO.replace('both=software', 'both=neither')}&edition=1&asked=both"))

    assert 'data-outcome="fractional-cto"' not in answer.content.decode()
    assert counted() == before == Counter([ONE, ("signal", "messy-stack", "")])


def test_a_change_is_told_by_the_answers_after_it_where_no_page_before_is_named(browser: Browser) -> None:
    browser.open(question("software", f"{CTO}&edition=1&asked=software"))

    assert "answered" not in names(counted())


@BOTH_BROWSERS
def test_a_form_that_is_refused_counts_when_it_is_complete_and_once(
    visitor: Client, published: LoadedEdition, *, scripts: bool
) -> None:
    browser = Browser(visitor, scripts=scripts)
    browser.open(question("team-size", f"{BOTH}&edition=1"))
    partly = f"{BOTH}&edition=1&asked=team-size&team-size=unsure"
    browser.send(question("team-size", partly))

    browser.send(question("team-size", f"{partly}&ai-place=unsure&scope=unsure"))

    found = counted()
    assert (found["shown", "team-size", ""], found["answered", "team-size", ""]) == (1, 1)


def test_a_result_is_not_counted_again_when_it_is_come_back_to_from_the_call_page(browser: Browser) -> None:
    browser.open(result(f"{CTO}&edition=1"))
    browser.follow(call(f"{CTO}&edition=1"))
    browser.follow(result(f"{CTO}&edition=1"))

    assert counted()[ONE] == 1


def test_a_result_that_was_passed_on_is_counted_for_each_who_opens_it(browser: Browser) -> None:
    browser.open(result(CTO))
    browser.open(result(CTO))

    assert counted()[ONE] == 2


@pytest.mark.parametrize("before", ["/r/222-QMW-3QF/", f"/{GUIDE}/together/?code=222-QMW-3QF"])
def test_whoever_answers_after_somebody_else_is_counted_from_the_first_question(browser: Browser, before: str) -> None:
    browser.open(before)
    opened = counted()

    browser.follow(question("software", "edition=1&compare=222-QMW-3QF"))

    assert counted() - opened == Steps({("shown", "software", ""): 1})


def test_the_call_page_is_counted_once_however_many_times_are_looked_at(browser: Browser) -> None:
    browser.open(call())
    browser.follow(f"{call()}&zone=Europe/Riga&week=2026-12-07")
    browser.follow(call(), HX_Request="true")

    assert counted() == Counter([("call-page", "fractional-cto", "clear")])


def test_a_request_is_counted_at_once_and_stays_when_its_person_is_erased(
    visitor: Client, published: LoadedEdition
) -> None:
    visitor.post(f"{call()}&utm_source=Newsletter", CALL | {"key": "key-of-the-form"})
    in_the_database = list(Count.objects.values_list("step", "about", "certainty", "source", "number"))

    Lead.objects.get().person.delete()

    assert in_the_database == [("lead", "fractional-cto", "clear", "newsletter", 1)]
    assert counted() == Counter([("lead", "fractional-cto", "clear")])


def test_the_same_form_sent_again_and_one_that_is_refused_count_nothing_more(
    visitor: Client, published: LoadedEdition
) -> None:
    for _ in range(2):
        visitor.post(call(), CALL | {"key": "key-of-the-form"})
    visitor.post(call(), CALL | {"key": "key-of-another", "email": "nobody"})
    visitor.post(call(), CALL | {"key": "key-of-the-form", "company": "Another"})

    assert counted() == Counter([("lead", "fractional-cto", "clear")])


def test_each_edition_has_its_own_counts(browser: Browser) -> None:
    browser.open(LANDING)
    publish_draft()
    browser.open(LANDING)

    assert counted(edition=1) == counted(edition=2) == Counter([("landing", "", "")])


def test_a_day_ends_at_midnight_utc(browser: Browser) -> None:
    for hour in ("2026-11-27T23:59:59+00:00", "2026-11-28T01:00:00+02:00", "2026-11-28T00:00:00+00:00"):
        with time_machine.travel(datetime.fromisoformat(hour), tick=False):
            browser.open(LANDING)
    counted()

    days = {count.day.isoformat(): count.number for count in Count.objects.all()}
    assert days == {"2026-11-27": 2, "2026-11-28": 1}


def test_the_source_is_the_first_that_the_address_names_and_else_the_site_before(browser: Browser) -> None:
    browser.open(f"{LANDING}?utm_source=News%20%20Letter&ref=club&utm_source=later")
    browser.open(f"{LANDING}?ref=club")
    browser.open(LANDING, Referer="https://search.example.org/?q=private+words")
    browser.open(f"{LANDING}?utm_source={'x' * 100}")
    counted()

    sources = Count.objects.values_list("source", flat=True)
    assert sorted(sources) == ["(other)", "club", "news letter", "search.example.org"]


@BOTH_BROWSERS
def test_a_walk_that_begins_in_a_frame_is_embedded_to_its_end(
    visitor: Client, published: LoadedEdition, *, scripts: bool
) -> None:
    browser = Browser(visitor, scripts=scripts)
    browser.open(question("software"), Sec_Fetch_Dest="iframe")
    page = browser.send(question("software", "utm_entrance=embedded&edition=1&software=yes&asked=software"))

    assert "utm_entrance=embedded" in page.content.decode()
    assert counted(entrance="own") == Counter()
    assert names(counted(entrance="embedded")) == {"shown", "answered"}


@pytest.mark.parametrize("before", ["http://[", "https://elsewhere.example.com/cto-or-head-of-ai/result/", f"{HERE}/"])
def test_a_page_before_that_says_nothing_is_none(browser: Browser, before: str) -> None:
    browser.open(result(CTO), Referer=before)

    assert counted()[ONE] == 1
