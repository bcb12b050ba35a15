"""What a guide says of itself before it is begun is true for everyone: questions, time, and what may follow."""

import pytest
from django.test import Client
from msgspec import structs

from advisor.assessment.effort import effort_of, progress
from advisor.decision.guide import Guide, encode
from tests.assessment.reading import Page
from tests.conftest import ANSWERS, GUIDE
from tests.content.making import store_edition
from tests.guides import first_guide, follow_up, question, rule, small_guide

ONE = small_guide(
    questions=(question("kitchen", "yes", "no", role="cook"),),
    follow_ups=(),
    rules=(rule({"kitchen": ("yes",)}, "a-cook"), rule({}, "nobody")),
    remarks=(),
)
WITH_TWO_FOLLOW_UPS = small_guide(
    questions=(
        *small_guide().questions,
        question("terrace", "shade", "sun", follow_up="outside"),
        question("garden", "yes", "no", follow_up="outside"),
    ),
    follow_ups=(*small_guide().follow_ups, follow_up("outside", {"tables": ("yes",)})),
)
LONG = small_guide(questions=tuple(question(f"q{number}", "yes", "no") for number in range(40)), follow_ups=())


@pytest.mark.parametrize(
    ("guide", "questions", "time", "more"),
    [
        (first_guide(), "3 questions", "two minutes", "Some answers lead to one more page, with 3 questions."),
        (small_guide(), "2 questions", "one minute", "Some answers lead to one more page, with 1 question."),
        (ONE, "1 question", "one minute", ""),
        (
            WITH_TWO_FOLLOW_UPS,
            "2 questions",
            "one minute",
            "Some answers lead to up to two more pages, with 3 questions in all.",
        ),
        (LONG, "40 questions", "10 minutes", ""),
    ],
    ids=["first", "small", "one question", "two follow-ups", "long"],
)
def test_what_is_asked_is_counted_and_the_time_is_that_of_the_guide(
    guide: Guide, questions: str, time: str, more: str
) -> None:
    effort = effort_of(guide)

    assert (effort.questions, effort.time, effort.more) == (questions, time, more)


def test_the_second_button_says_how_many_questions_there_are_to_answer() -> None:
    said = [effort_of(guide).answer for guide in (ONE, first_guide())]

    assert said == ["Answer the question", "Answer the 3 questions"]


def test_the_progress_counts_the_pages_that_are_certain_and_those_that_may_follow() -> None:
    kitchen, tables, seats, *_ = WITH_TWO_FOLLOW_UPS.pages
    everyones = [page for page in WITH_TWO_FOLLOW_UPS.pages if not page.follow_up]

    open_still = progress(WITH_TWO_FOLLOW_UPS, kitchen, everyones, may_follow=True)
    known = progress(WITH_TWO_FOLLOW_UPS, kitchen, [kitchen, tables, seats], may_follow=False)
    further = progress(WITH_TWO_FOLLOW_UPS, seats, [kitchen, tables, seats], may_follow=True)

    assert open_still == "Page 1 of 2 to 4"
    assert known == "Page 1 of 3"
    assert further == "Page 3 of 3 or 4"


def test_a_guide_without_follow_ups_promises_no_more_pages() -> None:
    said = progress(ONE, ONE.pages[0], ONE.pages, may_follow=True)

    assert said == "Page 1 of 1"


@pytest.mark.django_db
def test_the_landing_says_what_everyone_and_what_some_are_asked(visitor: Client) -> None:
    page = Page(visitor.get(f"/{GUIDE}/"))

    assert page.link("Start: 3 questions, two minutes")
    assert "Some answers lead to one more page, with 3 questions." in page.text("section[@class='hero']")


@pytest.mark.django_db
def test_a_guide_of_one_question_speaks_of_one_question(visitor: Client) -> None:
    store_edition(encode(structs.replace(ONE, key=GUIDE, number=1)))

    page = Page(visitor.get(f"/{GUIDE}/"))

    assert page.link("Start: 1 question, one minute")
    assert page.link("Answer the question")


@pytest.mark.django_db
def test_whoever_changes_an_answer_is_not_told_of_pages_that_are_answered(visitor: Client) -> None:
    page = Page(visitor.get(f"/{GUIDE}/software/?{ANSWERS['both-roles']}"))

    assert page.text("p[@class='progress']") == "Page 1 of 4"


def test_the_estimate_is_the_same_for_the_same_questions() -> None:
    assert effort_of(structs.replace(first_guide(), title="Whom?")).time == "two minutes"
