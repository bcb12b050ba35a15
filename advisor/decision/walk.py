"""Where in the walk a visitor with certain answers is: which pages are asked, which is open, what is left over."""

from collections.abc import Sequence

from advisor.decision.answers import Answers
from advisor.decision.guide import Guide, Page
from advisor.decision.logic import logic_of


def asked_pages(guide: Guide, answers: Answers) -> tuple[Page, ...]:
    """The pages that these answers lead through, in order."""
    logic = logic_of(guide)
    holding = logic.holding(logic.situation(answers))
    return tuple(page for page in guide.pages if logic.is_asked(page, holding))


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
