"""A link keeps its words: it names its edition, and so does everything that follows from it."""

import pytest
from django.test import Client

from advisor.content.editions import LoadedEdition
from advisor.content.models import Choice, Outcome, Rule
from tests.assessment.addresses import LANDING, question, result
from tests.assessment.reading import FRAGMENT, Changes, query_of, read, read_sent
from tests.conftest import ANSWERS, GUIDE
from tests.content.making import draft, freeze_draft

pytestmark = pytest.mark.usefixtures("published")

QUERY = ANSWERS["fractional-cto"]


def publish_other_words() -> None:
    """Edition 2: another title, another name for an answer, and another outcome for those who say software."""
    guide = draft()
    guide.title = "In newer words?"
    guide.save()
    Choice.objects.filter(question__key="software", key="yes").update(label="Yes, by all means")
    Outcome.objects.filter(key="fractional-cto").update(title="Newer advice")
    Rule.objects.filter(outcome__key="fractional-cto").update(outcome=Outcome.objects.get(key="not-yet"))
    freeze_draft()


def test_a_link_of_an_older_edition_shows_the_words_and_the_outcome_it_showed_then(visitor: Client) -> None:
    address = f"{result(QUERY)}&edition=1"
    before = read(visitor, address)

    publish_other_words()
    after = read(visitor, address)

    assert after.outcome == before.outcome == "fractional-cto"
    assert after.text("h1") == before.text("h1")
    assert after.texts("code") == before.texts("code")
    assert "Newer advice" not in after.html
    assert "In newer words?" not in after.html


def test_it_offers_what_todays_edition_says(visitor: Client) -> None:
    publish_other_words()

    page = read(visitor, f"{result(QUERY)}&edition=1")
    today = read(visitor, page.link("See what today’s edition says"))

    assert today.outcome == "not-yet"
    assert "In newer words?" in today.title


def test_what_is_live_offers_no_other_edition(visitor: Client) -> None:
    publish_other_words()

    page = read(visitor, result(QUERY))

    assert page.outcome == "not-yet"
    assert not [words for words, _ in page.links() if "today" in words]
    assert "2, published 1 March 2027" in page.text("section[@aria-labelledby='keep']")


def test_an_address_without_an_edition_shows_the_live_one_and_gives_a_link_that_stays(visitor: Client) -> None:
    before = read(visitor, result(QUERY))
    canonical = before.one("link[@rel='canonical']").attrib["href"]

    publish_other_words()

    assert read(visitor, result(QUERY)).outcome == "not-yet"
    assert read(visitor, canonical).outcome == "fractional-cto"


def test_a_result_code_keeps_its_edition(visitor: Client) -> None:
    code = read(visitor, result(QUERY)).text("code")

    publish_other_words()
    page = read(visitor, f"/r/{code}/")

    assert page.outcome == "fractional-cto"
    assert page.text("code") == code
    assert query_of(page.address) == [*query_of(f"?{QUERY}"), ("edition", "1"), ("from", code)]


def test_a_walk_that_began_on_an_older_edition_stays_on_it_to_the_end(visitor: Client) -> None:
    page = read(visitor, read(visitor, LANDING).link("Start: 3 questions, two minutes"))

    publish_other_words()
    answers: list[Changes] = [
        {"software": "yes", "signal": ["messy-stack"]},
        {"ai": "no", "signal": ["none.ai"]},
        {"both": "software"},
    ]
    for given in answers:
        page = read_sent(visitor, page.form.send(visitor, given))
        assert ("edition", "1") in query_of(page.address)

    assert page.outcome == "fractional-cto"
    assert "In newer words?" not in page.html


def test_so_does_one_that_is_walked_with_htmx(visitor: Client) -> None:
    page = read(visitor, question("both", "software=yes&ai=no&edition=1"))

    publish_other_words()
    answer = page.form.send(visitor, {"both": "software"}, headers=FRAGMENT)

    assert ("edition", "1") in query_of(answer["HX-Push-Url"])
    assert 'data-outcome="fractional-cto"' in answer.content.decode()


@pytest.mark.parametrize("address", [LANDING, question("both", "software=yes&ai=no"), result(QUERY)])
def test_every_link_of_a_page_stays_on_the_edition_of_the_page(visitor: Client, address: str) -> None:
    publish_other_words()

    page = read(visitor, f"{address}{'&' if '?' in address else '?'}edition=1")

    onward = [
        (words, href)
        for words, href in page.links()
        if href.startswith(f"/{GUIDE}/") and "today" not in words and words != "Start again"
    ]
    assert onward
    assert [words for words, href in onward if ("edition", "1") not in query_of(href)] == []


def test_the_landing_of_an_older_edition_can_still_be_read(visitor: Client, published: LoadedEdition) -> None:
    publish_other_words()

    older, live = read(visitor, f"{LANDING}?edition=1"), read(visitor, LANDING)

    assert older.text("h1") == published.guide.title
    assert live.text("h1") == "In newer words?"
