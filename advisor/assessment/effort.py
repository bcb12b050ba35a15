"""What a guide asks of a visitor, said before they begin: how many questions, how long it takes, and what may follow.

The time is a plain estimate, for the longest way through the guide: so many seconds for each question, to read and to
decide, and for each situation that may be ticked. It is rounded to minutes. The first guide has six questions, three of
them asked only of some, and ten situations: 130 seconds, two minutes.
"""

from functools import lru_cache

import msgspec
from django.contrib.humanize.templatetags.humanize import apnumber

from advisor.decision.counted import counted
from advisor.decision.guide import Guide, Page

SECONDS_A_QUESTION = 15
SECONDS_A_SIGNAL = 4


class Effort(msgspec.Struct, frozen=True):
    """What a guide asks, in words. ``more`` is a sentence about what only some are asked; "" where nobody is."""

    questions: str
    time: str
    more: str
    answer: str
    """What the second button says."""


@lru_cache(maxsize=64)
def effort_of(guide: Guide) -> Effort:
    """What everyone is asked, what some are asked beside, and about how long all of it takes."""
    number = sum(page.follow_up is None for page in guide.pages)
    signals = sum(len(guide.signals_of[question.role]) for question in guide.questions if question.role)
    minutes = max(1, round((len(guide.questions) * SECONDS_A_QUESTION + signals * SECONDS_A_SIGNAL) / 60))
    return Effort(
        questions=counted(number, "question"),
        time=f"{apnumber(minutes)} {'minute' if minutes == 1 else 'minutes'}",
        more=_more(guide),
        answer="Answer the question" if number == 1 else f"Answer the {counted(number, 'question')}",
    )


def _more(guide: Guide) -> str:
    further = [page for page in guide.pages if page.follow_up]
    if not further:
        return ""
    questions = [len(page.questions) for page in further]
    if len(further) == 1:
        return f"Some answers lead to one more page, with {counted(questions[0], 'question')}."
    return f"Some answers lead to up to {apnumber(len(further))} more pages, with {sum(questions)} questions in all."


def progress(guide: Guide, page: Page, *, may_follow: bool) -> str:
    """Where a page stands: "Question 2 of 3, perhaps one more page". ``may_follow`` is said while it is not known yet
    what will be asked; a follow-up is not counted, as not everyone is asked.
    """
    if page.follow_up:
        return f"One more page: {counted(len(page.questions), 'question')}"
    asked_of_all = [other for other in guide.pages if other.follow_up is None]
    place = f"Question {asked_of_all.index(page) + 1} of {len(asked_of_all)}"
    further = len(guide.pages) - len(asked_of_all)
    if not may_follow or not further:
        return place
    return f"{place}, perhaps {'one more page' if further == 1 else f'up to {apnumber(further)} more pages'}"
