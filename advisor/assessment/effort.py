"""What a guide asks of a visitor, said before they begin: how many questions, how long it takes, and what may follow.

The time is a plain estimate, for the longest way through the guide: so many seconds for each question, to read and to
decide, and for each situation that may be ticked. It is rounded to minutes. The first guide has six questions, three of
them asked only of some, and ten situations: 130 seconds, two minutes.
"""

from collections.abc import Sequence
from functools import lru_cache

import msgspec
from django.contrib.humanize.templatetags.humanize import apnumber

from advisor.decision.guide import Guide, Page
from advisor.decision.plurals import pluralize

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
        questions=pluralize(number, "question"),
        time=f"{apnumber(minutes)} {'minute' if minutes == 1 else 'minutes'}",
        more=_more(guide),
        answer="Answer the question" if number == 1 else f"Answer the {pluralize(number, 'question')}",
    )


def _more(guide: Guide) -> str:
    further = [page for page in guide.pages if page.follow_up]
    if not further:
        return ""
    questions = [len(page.questions) for page in further]
    if len(further) == 1:
        return f"Some answers lead to one more page, with {pluralize(questions[0], 'question')}."
    return f"Some answers lead to up to {apnumber(len(further))} more pages, with {sum(questions)} questions in all."


def progress(guide: Guide, page: Page, asked: Sequence[Page], *, may_follow: bool) -> str:
    """Where a page stands: "Page 2 of 3 or 4". ``asked`` are the pages that the answers so far lead through;
    ``may_follow`` is said while it is not known yet what will be asked.
    """
    place = asked.index(page) + 1
    if not may_follow:
        return f"Page {place} of {len(asked)}"
    everyones = sum(other.follow_up is None for other in guide.pages)
    fewest = everyones + sum(other.follow_up is not None for other in asked[:place])
    further = sum(other.follow_up is not None for other in guide.pages[guide.pages.index(page) + 1 :])
    most = f" {'or' if further == 1 else 'to'} {fewest + further}" if further else ""
    return f"Page {place} of {fewest}{most}"
