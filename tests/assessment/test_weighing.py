"""The result of a guide that decides about each role first: its own answer for each, what speaks for the advice and
what against it, and why it is not sure.
"""

import re

import pytest
from django.test import Client

from advisor.assessment.recommendation_text import THEY, doubts_in_words, evidence_in_words
from advisor.decision.guide import Evidence, Guide
from advisor.decision.recommendation import Reason, Recommendation, recommend
from tests.assessment.addresses import result
from tests.assessment.reading import Page, path_of, read, read_sent, text_of
from tests.conftest import GUIDE
from tests.content.making import freeze
from tests.decision.answer_sets import said
from tests.guide_with_needs import ALL_UNSURE, GUIDE_WITH_NEEDS, LEANING, MIXED, NOBODY, ONE_ROLE, QUERIES, TOO_MANY
from tests.guides import small_guide

pytestmark = pytest.mark.usefixtures("published")

EACH = pytest.mark.parametrize("query", QUERIES.values(), ids=QUERIES)


@pytest.fixture(autouse=True)
def _live(published: object) -> None:
    freeze(GUIDE_WITH_NEEDS)


def recommended(query: str, guide: Guide = GUIDE_WITH_NEEDS) -> Recommendation:
    return recommend(guide, said(query, guide))


def roles(page: Page) -> list[tuple[str, str, list[str]]]:
    """Of each role its heading, all of its words, and its points."""
    articles = page.all("section[@aria-labelledby='why']/article")
    return [
        (
            text_of(article.findall("./h3")[0]),
            text_of(article),
            [text_of(point) for point in article.findall(".//ul[@class='points']/li")],
        )
        for article in articles
    ]


def against(page: Page) -> dict[str, list[str]]:
    """What speaks against the advice, below its headings."""
    found: dict[str, list[str]] = {}
    for section in page.all("section[@aria-labelledby='against']"):
        heading = ""
        for element in section.findall("./details/*"):
            if element.tag == "h3":
                heading = text_of(element)
            found.setdefault(heading, []).extend(text_of(point) for point in element.findall("./li"))
    return {heading: points for heading, points in found.items() if points}


def is_shown(reason: Reason, points: list[str]) -> bool:
    """Whether one of these points is this reason."""
    names = [f"“{GUIDE_WITH_NEEDS.signal[key].name}”" for basis in reason.rests_on for key in basis.signals]
    asked = [GUIDE_WITH_NEEDS.question[basis.question].text for basis in reason.rests_on if basis.is_answer]
    return any(reason.text in point and all(words in point for words in names + asked) for point in points)


@EACH
def test_each_role_has_its_own_answer_with_what_it_rests_on(visitor: Client, query: str) -> None:
    expected = recommended(query)

    page = read(visitor, result(query))

    shown = roles(page)
    assert [heading for heading, _, _ in shown] == [
        f"{GUIDE_WITH_NEEDS.role[found.role].name}: {'' if found.is_needed else 'not '}needed, because"
        for found in expected.roles
    ]
    for article, found in zip(page.all("section[@aria-labelledby='why']/article"), expected.roles, strict=True):
        assert found.reason
        assert found.reason.text in text_of(article)
        links = [path_of(link.attrib["href"]) for link in article.findall("./ul[@class='rests']//a")]
        pages = [GUIDE_WITH_NEEDS.page_of[basis.question].key for basis in found.reason.rests_on]
        assert links == [f"/{GUIDE}/{key}/" for key in pages]


@EACH
def test_what_speaks_for_the_advice_stands_with_its_role_and_what_speaks_against_it_apart(
    visitor: Client, query: str
) -> None:
    expected = recommended(query)

    page = read(visitor, result(query))

    apart = against(page)
    for (_, words, points), found in zip(roles(page), expected.roles, strict=True):
        name, is_named = GUIDE_WITH_NEEDS.role[found.role].name, found.role in expected.outcome.roles
        fits, does_not = (
            (found.speaks_for, found.speaks_against) if is_named else (found.speaks_against, found.speaks_for)
        )
        assert all(is_shown(reason, [*points, words]) for reason in fits)
        assert not any(is_shown(reason, points) for reason in does_not)
        everywhere = [point for shown in apart.values() for point in shown]
        assert all(is_shown(reason, everywhere) for reason in does_not)
        assert (f"For a {name}" in apart) <= (not is_named)
        assert (f"Against a {name}" in apart) <= is_named


@EACH
def test_a_reason_is_decisive_or_supporting_as_the_decision_says(visitor: Client, query: str) -> None:
    expected = recommended(query)

    page = read(visitor, result(query))

    for (_, _, points), found in zip(roles(page), expected.roles, strict=True):
        for reason in (*found.speaks_for, *found.speaks_against):
            for point in points:
                if is_shown(reason, [point]):
                    assert ("Decisive" in point, "Supporting" in point) == (reason.is_decisive, not reason.is_decisive)
    assert not re.search("Decisive|Supporting", " ".join(point for shown in against(page).values() for point in shown))


def test_what_was_ticked_against_the_advice_is_not_among_its_reasons(visitor: Client) -> None:
    page = read(visitor, result(ONE_ROLE))

    (found,) = against(page)["For a Waiter"]
    assert "Because it slow." in found
    assert "Because it slow." not in page.text("section[@aria-labelledby='why']")


@EACH
def test_every_change_link_comes_straight_back(visitor: Client, query: str) -> None:
    page = read(visitor, result(query))

    for link in {href for words, href in page.links() if words.startswith("Change")}:
        asked = read(visitor, link)
        assert read_sent(visitor, asked.form.send(visitor), link).html == page.html


def test_facts_that_decide_only_together_are_named_together(visitor: Client) -> None:
    page = read(visitor, result(LEANING))

    assert page.texts("ul[@class='doubts']/li") == [
        TOO_MANY,
        (
            "You were not sure about “What about seats?” and “What about hours?”, "
            "and the answers could change the recommendation."
        ),
    ]


def test_a_fact_that_decides_alone_is_named_with_the_outcomes_it_decides_between(visitor: Client) -> None:
    page = read(visitor, result(LEANING.replace("hours=unsure", "hours=lunch")))

    assert (
        "You were not sure about “What about seats?”, and the answer decides between “A pair” and “One for both”."
    ) in page.texts("ul[@class='doubts']/li")


def test_a_fact_that_opens_another_page_does_not_decide_between_what_comes_before_it(visitor: Client) -> None:
    page = read(visitor, result("kitchen=yes&tables=no&signal=slow&both=unsure"))

    assert "You were not sure about “What about both?”, and the answer could change the recommendation." in page.texts(
        "ul[@class='doubts']/li"
    )


def test_one_contradiction_is_one_doubt_that_says_where_to_read_on(visitor: Client) -> None:
    page = read(visitor, result(MIXED))

    doubts = page.texts("ul[@class='doubts']/li")
    assert doubts[0] == "Two of your answers do not fit together; see “This does not fit together” below."
    assert "You ticked none of the 4 situations that speak for a Waiter." in doubts


def test_several_contradictions_are_one_doubt(visitor: Client) -> None:
    query = "kitchen=no&signal=burns&tables=no&signal=slow&both=both&seats=many&hours=day"

    doubts = read(visitor, result(query)).texts("ul[@class='doubts']/li")

    assert doubts[0] == "Several of your answers do not fit together; see “This does not fit together” below."
    assert sum("fit together" in doubt for doubt in doubts) == 1


def test_six_times_not_sure_does_not_read_as_clear(visitor: Client) -> None:
    page = read(visitor, result(ALL_UNSURE))

    doubts = page.texts("ul[@class='doubts']/li")
    assert page.one("main").get("data-certainty") == "leaning"
    assert sum("not sure" in doubt for doubt in doubts) == 1
    assert (
        "You were not sure about “What about kitchen?”, “What about tables?” and “What about both?”, "
        "and the answers could change the recommendation."
    ) in doubts
    # Not being sure speaks for nobody.
    assert not against(page)


@pytest.mark.parametrize(
    ("query", "doubt"),
    [
        ("kitchen=no&signal=burns&both=kitchen", "You answered “No” to “What about kitchen?”."),
        ("kitchen=unsure&signal=burns&both=kitchen", "You were not sure about “What about kitchen?”."),
        ("signal=burns&both=kitchen", "You did not answer “What about kitchen?”."),
    ],
)
def test_a_question_that_was_not_affirmed_is_named_with_what_was_answered(query: str, doubt: str) -> None:
    doubts = doubts_in_words(GUIDE_WITH_NEEDS, said(query, GUIDE_WITH_NEEDS), recommended(query))

    assert [words for words in doubts if "What about kitchen?" in words] == [doubt]


@EACH
def test_what_decisive_means_is_said_only_where_something_is_decisive(visitor: Client, query: str) -> None:
    page = read(visitor, result(query))

    marked = page.all("section[@aria-labelledby='why']//span[@class='weight decisive']")
    in_full = page.text("details[@class='in-full']")
    assert ("Without what is marked decisive below" in in_full) == bool(marked)


def test_a_doubt_says_how_many_situations_were_ticked_whatever_counts_as_evidence(visitor: Client) -> None:
    guide = small_guide(key=GUIDE, number=1, some_from=2, strong_from=3)
    query = "kitchen=yes&signal=burns&tables=no"

    doubts = doubts_in_words(guide, said(query, guide), recommended(query, guide))
    assert any(doubt.startswith("You ticked 1 of the 2 situations that speak for") for doubt in doubts)
    assert evidence_in_words(Evidence.NONE, 1) == "too little to count"
    assert evidence_in_words(Evidence.NONE, 0) == "no evidence"


@EACH
def test_for_somebody_else_the_doubts_speak_about_the_visitor(query: str) -> None:
    doubts = doubts_in_words(GUIDE_WITH_NEEDS, said(query, GUIDE_WITH_NEEDS), recommended(query), THEY)

    outside = " ".join(re.sub("“[^”]*”", "", doubt) for doubt in doubts)
    assert not re.search(r"\byour?\b", outside, re.IGNORECASE)


def test_what_was_not_ticked_is_named_and_does_not_deny_what_was(visitor: Client) -> None:
    page = read(visitor, result(ONE_ROLE))

    remark = page.one("article[@data-remark='no-burns']")
    assert [text_of(side) for side in remark.findall("./ul/li")] == [
        "You did not tick “Sign burns” Change: About kitchen"
    ]


def test_changes_stand_in_the_order_given_and_what_only_restates_in_one_line_at_the_end(visitor: Client) -> None:
    page = read(visitor, result(MIXED))

    section = page.one("section[@aria-labelledby='changes']")
    assert [[text_of(cell) for cell in row] for row in section.findall("./table/tbody/tr")] == [
        [
            "A waiter",
            (
                "“Sign burns” did not sound like you 2 more "
                "“Sign tastes-odd” did not sound like you “Sign cold” did not sound like you"
            ),
        ],
        ["A cook", "you answered “No” to “What about tables?”"],
    ]
    assert text_of(section[-1]) == (
        "So would another answer to “What about both?”: “Kitchen” (A cook), “Neither” (A cook)."
    )


def test_where_only_another_outcome_said_would_change_it_no_more_is_claimed(visitor: Client) -> None:
    page = read(visitor, result(ONE_ROLE))

    words = page.text("section[@aria-labelledby='changes']")
    assert words.startswith(
        "What would tip it Another answer to “What about both?” would lead elsewhere: “Both” (A pair, more is"
    )
    assert "Each of these" not in words
    assert "No single change" not in words


def test_without_a_role_it_says_what_to_watch_for_and_nothing_that_was_ticked(visitor: Client) -> None:
    page = read(visitor, result(NOBODY.replace("signal=none.tables", "signal=slow")))

    shown = page.texts("section[@aria-labelledby='watch']//strong")
    assert page.outcome == "nobody"
    assert shown == [f"{signal.name}." for signal in GUIDE_WITH_NEEDS.signals if signal.key != "slow"]


@pytest.mark.parametrize("query", [LEANING, MIXED, ONE_ROLE])
def test_with_a_role_there_is_nothing_to_watch_for(visitor: Client, query: str) -> None:
    assert not read(visitor, result(query)).all("section[@aria-labelledby='watch']")


@pytest.mark.parametrize("query", ["kitchen=yes&signal=burns&tables=no", "kitchen=no&tables=no&signal=none.tables"])
def test_a_guide_without_needs_keeps_its_page(visitor: Client, query: str) -> None:
    guide = small_guide(key=GUIDE, number=1)
    freeze(guide)
    expected = recommended(query, guide)

    page = read(visitor, result(query))

    assert len(page.all("ol[@class='reasons']/li")) == len(expected.reasons)
    assert not page.all("article[@class='role']")
    assert not page.all("section[@aria-labelledby='against']")
    assert not page.all("section[@aria-labelledby='watch']")


@pytest.mark.parametrize(
    ("guide", "query", "badge"),
    [
        (GUIDE_WITH_NEEDS, ONE_ROLE, "Needed"),
        (small_guide(key=GUIDE, number=1), "kitchen=yes&signal=burns&tables=no", "Recommended"),
    ],
    ids=["with needs", "an older one"],
)
def test_the_role_that_the_outcome_names_is_marked_by_what_was_decided(
    visitor: Client, guide: Guide, query: str, badge: str
) -> None:
    freeze(guide)

    page = read(visitor, result(query))

    assert set(page.texts("span[@class='badge']")) == {badge}
