"""The links of a result: each leads where it says, and every change comes straight back."""

from typing import Any
from urllib.parse import urlsplit

import pytest

from tests.server import RunningSite
from tests.site.client import ask, document, follow, typed_into, words
from tests.site.walks import CODES, FOLLOW_UP, GUIDE, WALKS, Walk

every_walk = pytest.mark.parametrize("walk", WALKS, ids=lambda walk: walk.outcome)
NAMES = {
    "Fractional CTO": "fractional-cto",
    "Fractional Head of AI": "head-of-ai",
    "Both roles": "both-roles",
    "One leader for both": "one-leader",
    "Neither role yet": "not-yet",
}


def region(page: Any, heading: str) -> Any:
    """The section that this heading stands above."""
    return next(
        section for section in page.iter("section") if any(words(found) == heading for found in section.iter("h2"))
    )


def outcome(page: Any) -> str | None:
    found: str | None = page.find("body/main").get("data-outcome")
    return found


@every_walk
def test_each_reason_can_be_changed_where_it_stands(site: RunningSite, walk: Walk) -> None:
    page = document(ask(site, walk.result).text)
    changes = [
        link.get("href")
        for heading in ("Why", "Your answers")
        for link in region(page, heading).iter("a")
        if words(link).startswith("Change")
    ]

    questions = {address: document(ask(site, address).text) for address in changes}

    assert len(changes) > len(walk.pages)
    for address, question in questions.items():
        given = typed_into(question)
        assert outcome(question) is None
        assert given.keys() & {"software", "ai", "both", "team-size"}
        asked = urlsplit(address)
        back = follow(site, f"{asked.path}?{asked.query}&asked={asked.path.split('/')[2]}")
        assert outcome(document(back.text)) == walk.outcome


@every_walk
def test_each_single_change_leads_to_the_outcome_it_names(site: RunningSite, walk: Walk) -> None:
    section = region(document(ask(site, walk.result).text), "What would tip it")
    promised = [
        (NAMES[words(row.find("th"))], link.get("href"))
        for row in section.findall("table/tbody/tr")
        for link in row.iter("a")
    ]

    # What only restates the outcome is told in a line: “Mostly software” (Fractional CTO, more is asked first).
    promised += [
        (NAMES[(link.tail or "").partition("(")[2].partition(")")[0].partition(",")[0]], link.get("href"))
        for line in section.findall("p[@class='restated']")
        for link in line.iter("a")
    ]

    reached = [document(follow(site, address).text) for _, address in promised]

    assert promised or "No single change would" in words(section)
    for (named, address), page in zip(promised, reached, strict=True):
        assert named != walk.outcome
        if outcome(page) is None:
            # It opens the follow-up, as the result says.
            assert page.find("body/main//form").get("action") == f"/{GUIDE}/{FOLLOW_UP}/", address
        else:
            assert outcome(page) == named, address


@every_walk
def test_the_link_and_the_code_of_a_result_lead_to_the_same_result(site: RunningSite, walk: Walk) -> None:
    page = document(ask(site, walk.result).text)
    link = page.find("head/link[@rel='canonical']").get("href")
    code = words(next(page.find("body/main").iter("code")))

    by_code = ask(site, f"/r/{code}/")

    assert code == CODES[walk.outcome]
    assert link == site.url + walk.result
    assert by_code.status == 302
    assert by_code.location == f"{walk.result}&from={code}"
