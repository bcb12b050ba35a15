"""Which pages the answers lead through, where the walk stands, and what is left over from earlier answers."""

import pytest
from hypothesis import given, settings

from advisor.decision.answers import Answers
from advisor.decision.guide import Guide, Page
from advisor.decision.walk import asked_pages, open_page, split_stale
from tests.decision import brief
from tests.decision.answer_sets import complete, possible, said, subsets, whatever_was_said
from tests.guides import first_guide, follow_up, question, small_guide


def asked(query: str, guide: Guide | None = None) -> list[str]:
    guide = guide or first_guide()
    return [page.key for page in asked_pages(guide, said(query, guide))]


def where(query: str) -> str:
    """The key of the page that is open, or ""."""
    answers = said(query)
    page = open_page(asked_pages(first_guide(), answers), answers)
    return page.key if page else ""


def test_the_follow_up_is_asked_of_exactly_those_for_whom_it_matters() -> None:
    of_cto = [frozenset(brief.CTO_SIGNALS[:number]) for number in (0, 1, 3)]
    answer_sets = [
        Answers(choices, of_ai | ticked)
        for choices in possible(brief.CHOICES)
        for of_ai in subsets(brief.AI_SIGNALS)
        for ticked in of_cto
    ]

    walks = [[page.key for page in asked_pages(first_guide(), answers)] for answers in answer_sets]

    for answers, walk in zip(answer_sets, walks, strict=True):
        matters = brief.facts_are_asked(answers)
        assert walk == ["software", "ai", "both"] + ["team-size"] * matters, answers


def test_the_three_facts_are_asked_on_one_page() -> None:
    answers = said("both=both")

    pages = asked_pages(first_guide(), answers)

    assert [question.key for question in pages[3].questions] == ["team-size", "ai-place", "scope"]
    assert pages[3].follow_up == first_guide().follow_ups[0]


@pytest.mark.parametrize(
    ("query", "page"),
    [
        ("", "software"),
        ("signal=messy-stack", "software"),
        ("ai=no&both=software", "software"),
        ("software=yes", "ai"),
        ("software=yes&both=both", "ai"),
        ("software=yes&ai=no", "both"),
        ("software=yes&ai=no&both=software", ""),
        ("software=yes&ai=no&both=unsure", ""),
        ("software=yes&ai=yes&both=unsure", "team-size"),
        ("software=yes&ai=yes&both=both&team-size=unsure", "team-size"),
        ("software=yes&ai=yes&both=both&team-size=unsure&scope=unsure", "team-size"),
        ("software=yes&ai=yes&both=both&team-size=unsure&scope=unsure&ai-place=core", ""),
        ("team-size=unsure&scope=unsure&ai-place=core", "software"),
    ],
)
def test_the_first_page_without_an_answer_is_open(query: str, page: str) -> None:
    reached = where(query)

    assert reached == page


@settings(deadline=None, max_examples=200)
@given(complete(may_be_stale=True))
def test_nothing_is_open_once_everything_was_answered(answers: Answers) -> None:
    pages = asked_pages(first_guide(), answers)

    page = open_page(pages, answers)

    assert page is None


def test_a_walk_without_pages_is_at_its_end() -> None:
    pages: list[Page] = []

    page = open_page(pages, Answers())

    assert page is None


def test_answers_to_a_follow_up_that_is_no_longer_asked_are_set_apart() -> None:
    answers = said("software=yes&signal=messy-stack&ai=no&signal=none.ai&both=software&team-size=unsure&scope=hands-on")

    current, stale = split_stale(asked_pages(first_guide(), answers), answers)

    assert current == said("software=yes&signal=messy-stack&ai=no&signal=none.ai&both=software")
    assert stale == {"team-size": "unsure", "scope": "hands-on"}


@settings(deadline=None, max_examples=300)
@given(whatever_was_said())
def test_nothing_is_lost_when_answers_are_set_apart(answers: Answers) -> None:
    pages = asked_pages(first_guide(), answers)

    current, stale = split_stale(pages, answers)

    assert {**current.choices, **stale} == answers.choices
    assert not current.choices.keys() & stale.keys()
    assert (current.signals, current.none_of) == (answers.signals, answers.none_of)
    assert asked_pages(first_guide(), current) == pages
    assert open_page(pages, current) == open_page(pages, answers)


@settings(deadline=None, max_examples=200)
@given(complete())
def test_of_a_set_of_answers_nothing_is_left_over(answers: Answers) -> None:
    pages = asked_pages(first_guide(), answers)

    current, stale = split_stale(pages, answers)

    assert current == answers
    assert stale == {}


def test_a_follow_up_can_hang_on_another() -> None:
    guide = small_guide(
        questions=(
            question("kitchen", "yes", "no", role="cook"),
            question("seats", "few", "many", follow_up="size"),
            question("terrace", "shade", "sun", follow_up="outside"),
            question("tables", "yes", "no", role="waiter"),
        ),
        follow_ups=(follow_up("size", {"kitchen": ("yes",)}), follow_up("outside", {"seats": ("many",)})),
    )

    walks = {query: asked(query, guide) for query in ("kitchen=no&seats=many", "kitchen=yes", "kitchen=yes&seats=many")}

    assert walks == {
        "kitchen=no&seats=many": ["kitchen", "tables"],
        "kitchen=yes": ["kitchen", "seats", "tables"],
        "kitchen=yes&seats=many": ["kitchen", "seats", "terrace", "tables"],
    }


@pytest.mark.parametrize(
    ("query", "pages"),
    [
        ("signal=burns", ["kitchen", "tables"]),
        ("signal=burns&signal=tastes-odd", ["kitchen", "tables", "seats"]),
        ("kitchen=no", ["kitchen", "tables"]),
        ("kitchen=no&signal=spills", ["kitchen", "tables", "seats"]),
    ],
)
def test_a_follow_up_can_hang_on_evidence_and_on_one_of_several_conditions(query: str, pages: list[str]) -> None:
    guide = small_guide(
        follow_ups=(follow_up("size", {"evidence:cook": ("strong",)}, {"kitchen": ("no",), "signal:spills": ("yes",)}),)
    )

    walk = asked(query, guide)

    assert walk == pages
