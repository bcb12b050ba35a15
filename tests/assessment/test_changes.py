"""What would change the result: said on the page, and true when it is followed."""

import re
from xml.etree.ElementTree import Element

import pytest
from django.test import Client

from advisor.assessment.recommendation_text import change_in_words
from advisor.content.editions import LoadedEdition
from advisor.content.models import Outcome, Remark, Rule, Scenario
from advisor.decision.answers import Answers
from advisor.decision.guide import Guide
from advisor.decision.recommendation import recommend
from advisor.decision.walk import asked_pages, split_stale
from tests.assessment.addresses import question, result
from tests.assessment.reading import Page, path_of, read, text_of
from tests.assessment.test_result import QUERIES
from tests.conftest import ANSWERS
from tests.content.making import freeze_draft
from tests.decision.answer_sets import said

pytestmark = pytest.mark.usefixtures("published")

SAMPLE = {
    **QUERIES,
    "a follow-up left over": f"{ANSWERS['one-leader']}".replace("both=both", "both=software"),
    "part of a follow-up left over": f"{ANSWERS['fractional-cto']}&team-size=under-ten&scope=strategy",
    "none of these on both sides": (
        "software=unsure&signal=none.software&ai=unsure&signal=none.ai&both=unsure"
        "&team-size=under-ten&ai-place=feature&scope=strategy"
    ),
    "on the edge of strong": ("software=no&signal=fundraising&signal=messy-stack&ai=yes&signal=ai-risks&both=unsure"),
    "nothing changes it": "software=yes&ai=no&both=software",
}
EACH = pytest.mark.parametrize("query", SAMPLE.values(), ids=SAMPLE)


def shown_changes(page: Page) -> list[tuple[str, str, str, bool]]:
    """The outcome's name, the words, the address, and whether more is asked first, of each change on the page."""
    section = page.one("section[@aria-labelledby='changes']")
    found = []
    for row in section.findall("./table/tbody/tr"):
        (name,) = map(text_of, row.findall("./th"))
        for entry in row.findall(".//li"):
            (link,) = entry.findall("./a")
            found.append((name, text_of(link), link.attrib["href"], "asked first" in text_of(entry)))
    for line in section.findall("./p[@class='restated']"):
        found += restated_changes(line)
    return found


def restated_changes(line: Element) -> list[tuple[str, str, str, bool]]:
    """The same of the line at the end, in words as above: “Both” (Both roles, more is asked first)."""
    (question,) = re.findall("nother answer to “(.+?)”", text_of(line))
    found = []
    for link in line.findall("./a"):
        name, more = re.findall(r"^ \((.+?)(, more is asked first)?\)", link.tail or "")[0]
        found.append((name, f"you answered {text_of(link)} to “{question}”", link.attrib["href"], bool(more)))
    return found


def counted(guide: Guide, query: str) -> Answers:
    """The answers that count: without those to a follow-up that is not asked."""
    answers = said(query, guide)
    return split_stale(asked_pages(guide, answers), answers)[0]


@EACH
def test_it_names_every_change_that_leads_elsewhere_and_no_other(
    visitor: Client, published: LoadedEdition, query: str
) -> None:
    guide = published.guide
    changes = recommend(guide, counted(guide, query)).changes

    page = read(visitor, result(query))

    shown = {(name, words, asks_more) for name, words, _, asks_more in shown_changes(page)}
    assert shown == {
        (guide.outcome[change.outcome].name, change_in_words(guide, change), change.asks_more) for change in changes
    }
    assert len(shown_changes(page)) == len(changes)


@EACH
def test_each_change_followed_leads_where_it_says(visitor: Client, published: LoadedEdition, query: str) -> None:
    page = read(visitor, result(query))
    names = {outcome.key: outcome.name for outcome in published.guide.outcomes}

    for name, words, address, asks_more in shown_changes(page):
        after = read(visitor, address)

        if asks_more:
            assert path_of(after.address) == path_of(question("team-size")), words
            assert after.errors == []
        else:
            assert names[after.outcome] == name, words
            assert after.outcome != page.outcome


def test_each_change_followed_can_be_taken_back(visitor: Client) -> None:
    page = read(visitor, result(ANSWERS["head-of-ai"]))
    (answer,) = [address for _, words, address, _ in shown_changes(page) if "“Neither” to" in words]

    after = read(visitor, answer)

    back = [address for name, words, address, _ in shown_changes(after) if words.startswith("you answered “Mostly AI”")]
    assert read(visitor, back[0]).html == page.html


def test_the_changes_are_introduced(visitor: Client) -> None:
    page = read(visitor, result(ANSWERS["fractional-cto"]))

    # Of these answers only what restates the outcome changes it, and of the others something else does.
    words = page.text("section[@aria-labelledby='changes']")
    assert "nother answer to “" in words or "Each of these alone would lead to another" in words


def test_where_no_single_change_would_it_says_so(visitor: Client) -> None:
    Scenario.objects.all().delete()
    Remark.objects.all().delete()
    Rule.objects.exclude(outcome__key="not-yet").delete()
    Outcome.objects.exclude(key="not-yet").delete()
    freeze_draft()

    page = read(visitor, result(ANSWERS["fractional-cto"]))

    assert page.outcome == "not-yet"
    assert shown_changes(page) == []
    assert "No single change would" in page.text("section[@aria-labelledby='changes']")
