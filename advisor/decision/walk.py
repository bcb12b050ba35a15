"""Where in the walk a visitor with certain answers is: which pages are asked, which is open, what is left over."""

from collections.abc import Sequence
from urllib.parse import parse_qsl

from advisor.decision.answers import Answers, read
from advisor.decision.guide import Guide, Page
from advisor.decision.logic import logic_of


def asked_pages(guide: Guide, answers: Answers) -> tuple[Page, ...]:
    """The pages that these answers lead through, in order."""
    logic = logic_of(guide)
    return logic.course(logic.answer_bits(answers)).pages


def open_page(asked: Sequence[Page], answers: Answers) -> Page | None:
    """The first of the asked pages with a question that has no answer, or None when the answers are complete."""
    for page in asked:
        if any(question.key not in answers.choices for question in page.questions):
            return page
    return None


def split_stale(asked: Sequence[Page], answers: Answers) -> tuple[Answers, dict[str, str]]:
    """The answers without those to follow-ups that are not asked, and these apart, by question."""
    keys = {question.key for page in asked for question in page.questions}
    stale = {question: choice for question, choice in answers.choices.items() if question not in keys}
    if not stale:
        return answers, stale
    current = {question: choice for question, choice in answers.choices.items() if question in keys}
    return Answers(current, answers.signals, answers.none_of), stale


def example_answers(guide: Guide) -> Answers | None:
    """The answers of the guide's example, pasted as the address of a result or its query; None if they are not there,
    not complete, or not all of them answers.
    """
    pairs = parse_qsl(guide.example.strip().rpartition("?")[2])
    answers, problems = read(guide, pairs)
    asked = asked_pages(guide, answers)
    if problems or not answers.choices or open_page(asked, answers):
        return None
    return split_stale(asked, answers)[0]
