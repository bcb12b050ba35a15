"""Coming back: a file that reminds of it, and what has changed since, edition against edition."""

from datetime import date, timedelta
from urllib.parse import parse_qsl

import pytest
import vobject
from django.test import Client
from icalendar import Calendar
from msgspec.structs import replace
from pytest_django import DjangoAssertNumQueries

from advisor.assessment.then_and_now import answers_today
from advisor.content.editions import LoadedEdition, edition_cache
from advisor.content.models import Choice, Outcome, Question, Rule, Signal
from advisor.decision import result_code
from tests.assessment.addresses import result
from tests.assessment.reading import read
from tests.assessment.soundness import flaws
from tests.clock import NOW
from tests.conftest import ANSWERS, GUIDE
from tests.content.making import draft, freeze_draft
from tests.decision.answer_sets import said

pytestmark = pytest.mark.usefixtures("published")

QUERY = ANSWERS["fractional-cto"]
OLD = f"{result(QUERY)}&edition=1"
SINCE = f"/{GUIDE}/result/since/?{QUERY}&edition=1"
LOOK_AGAIN = f"/{GUIDE}/result/look-again.ics?{QUERY}&edition=1"


# The file


def test_the_file_is_a_whole_day_in_ninety_days_with_the_short_link_and_what_to_watch_for(
    visitor: Client, published: LoadedEdition
) -> None:
    code = result_code.write(published.guide, 1, said(QUERY))

    response = visitor.get(read(visitor, OLD).link("Look again in 90 days (a file for your calendar)"))

    assert response["Content-Type"] == "text/calendar; charset=utf-8"
    assert response["X-Robots-Tag"] == "noindex, nofollow"
    (event,) = Calendar.from_ical(response.content).walk("VEVENT")
    day: date = event.decoded("dtstart")
    assert day == (NOW + timedelta(days=90)).date()
    assert event.decoded("dtend") == day + timedelta(days=1)
    assert event.decoded("dtstamp") == NOW
    assert event["transp"] == "TRANSPARENT"
    assert str(event["url"]) == f"http://testserver/r/{code}/"
    words = str(event["description"])
    assert f"http://testserver/r/{code}/" in words
    assert "Three months ago the advice was: Hire a fractional CTO." in words
    assert "The advice would be another if\n- " in words
    # And by a reader that has nothing to do with what wrote it.
    again = vobject.readOne(response.content.decode())
    assert again.vevent.dtstart.value == day


@pytest.mark.parametrize("outcome", ANSWERS)
def test_every_result_has_such_a_file(visitor: Client, outcome: str) -> None:
    response = visitor.get(f"/{GUIDE}/result/look-again.ics?{ANSWERS[outcome]}&edition=1")

    assert len(Calendar.from_ical(response.content).walk("VEVENT")) == 1


def test_without_complete_answers_there_is_no_file_yet(visitor: Client) -> None:
    for address in (f"/{GUIDE}/result/look-again.ics?software=yes", f"/{GUIDE}/result/since/?software=yes"):
        page = read(visitor, address)
        assert page.outcome == ""
        assert page.all("main//form")


# What has changed


def test_while_the_edition_is_the_one_of_today_nothing_has_changed(visitor: Client) -> None:
    assert "published anew" not in read(visitor, OLD).html
    assert "Nothing: the guide is still as it was when you answered." in read(visitor, SINCE).text("main")


def test_whoever_opens_an_old_code_reads_the_advice_then_and_now_and_what_reads_differently(
    visitor: Client, published: LoadedEdition, django_assert_num_queries: DjangoAssertNumQueries
) -> None:
    code = result_code.write(published.guide, 1, said(QUERY))
    Question.objects.filter(key="software").update(text="Is your core problem building software?")
    Choice.objects.filter(question__key="software", key="yes").update(label="Yes, by all means")
    Choice.objects.filter(question__key="software", key="no").update(label="By no means")
    Signal.objects.filter(key="messy-stack").update(text="Everything is deployed by hand.")
    Signal.objects.filter(key="ai-risks").update(text="They did not tick this.")
    Rule.objects.filter(outcome__key="fractional-cto").update(outcome=Outcome.objects.get(key="not-yet"))
    freeze_draft()

    first = read(visitor, f"/r/{code}/")
    assert "This guide has been published anew since." in first.text("main")
    assert "it now says: Neither role is clearly needed yet." in first.text("main")
    with django_assert_num_queries(0):
        page = read(visitor, first.link("What has changed for you"))

    words = page.text("main")
    assert "To the same answers the guide now gives other advice." in words
    assert "Hire a fractional CTO How sure: clear" in words
    assert "Neither role is clearly needed yet" in words
    assert "Yes, by all means" in page.texts("ins")
    assert "software?" in page.texts("ins")
    assert "and running software reliably?" in page.texts("del")
    assert "“Messy stack”" in words
    assert "By no means" not in words
    assert "They did not tick this" not in words
    assert flaws(page) == []
    assert read(visitor, page.link("See the result of today")).outcome == "not-yet"
    assert read(visitor, page.link("Back to the result then")).outcome == "fractional-cto"


def test_the_same_advice_in_the_same_words_is_said_to_be_the_same(visitor: Client) -> None:
    guide = draft()
    guide.title = "In newer words?"
    guide.save()
    freeze_draft()

    words = read(visitor, SINCE).text("main")

    assert "The advice is the same." in words
    assert "Nothing of what you answered, or of the advice you were given." in words
    assert "it now says" not in read(visitor, OLD).text("main")


def test_nothing_is_concluded_where_more_is_asked(visitor: Client) -> None:
    question = draft().question_set.create(key="budget", name="Budget", text="Is there a budget?", position=90)
    for position, key in enumerate(("yes", "no"), 1):
        question.choice_set.create(key=key, label=key.title(), position=position)
    freeze_draft()

    page = read(visitor, SINCE)

    assert "The guide now asks more than you were asked" in page.text("main")
    assert "Now, published" not in page.text("main")
    assert "it now says" not in read(visitor, OLD).text("main")
    assert read(visitor, page.link("Answer what has changed")).text("h1") == "Is there a budget?"


def test_nothing_is_concluded_where_an_answer_is_not_known_any_more(published: LoadedEdition) -> None:
    gone = replace(published.guide.signals[0], key="gone")
    then = replace(published.guide, signals=(*published.guide.signals, gone))

    found = answers_today(then, published, parse_qsl(f"{QUERY}&signal=gone"))

    assert found.lost
    assert not found.can_be_relied_on
    assert answers_today(then, published, parse_qsl(QUERY)).can_be_relied_on


def test_of_a_guide_that_is_not_offered_any_more_nothing_is_said_to_have_changed(visitor: Client) -> None:
    guide = draft()
    guide.is_retired, guide.is_default = True, False
    guide.save()
    freeze_draft()
    edition_cache.clear()

    assert "published anew" not in read(visitor, OLD).html
