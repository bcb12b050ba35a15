"""One request of the walk: an edition, the answers in the address, what rides along, and every address from here."""

from dataclasses import dataclass
from functools import cached_property, lru_cache
from urllib.parse import urlencode

from django.http import QueryDict
from django.urls import reverse

from advisor.assessment.carried import carried_pairs, outside_host
from advisor.content.editions import (
    Published,
    UnknownEditionError,
    UnknownGuideError,
    UnreadableEditionError,
    shelf,
)
from advisor.decision import answers as reading
from advisor.decision.answers import Answers, Pair, Problem
from advisor.decision.guide import Guide, Page, Question
from advisor.decision.walk import asked_pages, open_page, split_stale
from advisor.funnel.models import Entrance
from advisor.http import HelpfulNotFound, HtmxHttpRequest


@dataclass(frozen=True)
class Visit:
    """Where a visitor is. ``pages`` are those that the answers lead through; ``answers`` those that count; ``stale``
    those to follow-ups that are not asked any more.
    """

    published: Published
    pages: tuple[Page, ...]
    answers: Answers
    stale: dict[str, str]
    problems: tuple[Problem, ...]
    carried: tuple[Pair, ...]

    @property
    def guide(self) -> Guide:
        return self.published.guide

    @property
    def token(self) -> str:
        """The preview link by which a draft is walked; "" for an edition."""
        return self.published.token

    @cached_property
    def given(self) -> Answers:
        """All that was answered, stale answers included: they come back when they are asked for again."""
        return Answers({**self.answers.choices, **self.stale}, self.answers.signals, self.answers.none_of)

    @cached_property
    def next_page(self) -> Page | None:
        """The first page that is open, or None when the result can be shown."""
        return open_page(self.pages, self.answers)

    def missing(self, page: Page) -> list[str]:
        """The questions of a page that have no answer and nothing else wrong with them."""
        wrong = {problem.question for problem in self.problems if not problem.is_about_signals}
        return [
            question.key
            for question in page.questions
            if question.key not in self.answers.choices and question.key not in wrong
        ]

    @property
    def stale_questions(self) -> list[tuple[Question, str]]:
        """The follow-ups that were answered and are not asked any more, each with what was chosen."""
        return [(self.guide.question[key], choice) for key, choice in self.stale.items()]

    def problems_on(self, page: Page) -> list[Problem]:
        """What is wrong with the answers given to a page."""
        keys = {question.key for question in page.questions}
        return [problem for problem in self.problems if problem.question in keys]

    def is_wrong_before(self, page: Page) -> bool:
        """Whether an answer to an earlier page cannot be used: it would be dropped on the way without a word."""
        earlier = self.pages[: self.pages.index(page)]
        return any(self.guide.page_of[problem.question] in earlier for problem in self.problems)

    @cached_property
    def tail(self) -> list[Pair]:
        """What every address carries beside the answers: the edition, unless it is a draft, and what rides along."""
        if self.token:
            return [*self.carried]
        return [("edition", str(self.published.number)), *self.carried]

    @cached_property
    def query(self) -> str:
        """Everything this visit carries, in canonical order."""
        return self._query(self.given)

    def hidden(self, page: Page) -> list[Pair]:
        """The same without what a page asks itself: the hidden part of its form."""
        return reading.pairs(self.guide, self.given, leaving_out=page) + self.tail

    def page_path(self, page: Page) -> str:
        """Where a page is asked."""
        return question_path(self.guide.key, page.key, self.token)

    def page_address(self, page: Page) -> str:
        """Where a page is asked, with all that was answered so far filled in."""
        return f"{self.page_path(page)}?{self.query}"

    @cached_property
    def result_address(self) -> str:
        """The result with everything that is carried."""
        return f"{result_path(self.guide.key, self.token)}?{self.query}"

    def result_with(self, answers: Answers) -> str:
        """The result that other answers would have, in the same edition."""
        return f"{result_path(self.guide.key, self.token)}?{self._query(answers)}"

    @cached_property
    def canonical_result(self) -> str:
        """The result's one address: the answers that count, and the edition."""
        answers = reading.query(self.guide, self.answers)
        return f"{result_path(self.guide.key)}?{answers}&edition={self.published.number}"

    @cached_property
    def todays_result(self) -> str:
        """The result these answers have in the live edition."""
        answers = reading.query(self.guide, self.answers)
        return "&".join(filter(None, [f"{result_path(self.guide.key)}?{answers}", urlencode(self.carried)]))

    @cached_property
    def fresh_address(self) -> str:
        """The landing to begin anew from: only what rides along stays."""
        return "?".join(filter(None, [landing_path(self.guide.key, self.token), urlencode(self.carried)]))

    @property
    def landing_address(self) -> str:
        """The landing, from where the walk begins with what was answered still there."""
        return f"{landing_path(self.guide.key, self.token)}?{self.query}"

    @cached_property
    def call_address(self) -> str:
        """Where to ask for a call with this result."""
        return f"{call_path(self.guide.key)}?{self.query}"

    def _query(self, answers: Answers) -> str:
        return "&".join(filter(None, [reading.query(self.guide, answers), self._tail_query]))

    @cached_property
    def _tail_query(self) -> str:
        return urlencode(self.tail)


@lru_cache(maxsize=64)
def landing_path(guide: str, token: str = "") -> str:
    return reverse("preview", args=[token]) if token else reverse("landing", args=[guide])


@lru_cache(maxsize=512)
def question_path(guide: str, question: str, token: str = "") -> str:
    return reverse("preview-question", args=[token, question]) if token else reverse("question", args=[guide, question])


@lru_cache(maxsize=64)
def result_path(guide: str, token: str = "") -> str:
    return reverse("preview-result", args=[token]) if token else reverse("result", args=[guide])


@lru_cache(maxsize=64)
def call_path(guide: str) -> str:
    return reverse("call", args=[guide])


def visit_of(request: HtmxHttpRequest, guide_key: str) -> Visit:
    """The visit that a request's address stands for.

    Raises ``HelpfulNotFound`` for an unknown guide or edition, ``UnreachableError`` when neither can be known.
    """
    return visit_in(edition_named(guide_key, request.GET), request)


def visit_in(published: Published, request: HtmxHttpRequest) -> Visit:
    """The visit in this edition, or draft, that a request's parameters stand for."""
    pairs = [(name, value) for name, values in request.GET.lists() for value in values]
    answers, problems = reading.read(published.guide, pairs)
    asked = asked_pages(published.guide, answers)
    current, stale = split_stale(asked, answers)
    keys = {question.key for page in asked for question in page.questions}
    problems = tuple(problem for problem in problems if problem.question in keys)
    carried = carried_pairs(pairs, came_from=came_from(request), entrance=entrance(request))
    return Visit(published, asked, current, stale, problems, carried)


def came_from(request: HtmxHttpRequest) -> str:
    """The host of another site whose link was followed to this page, or ""."""
    referrer = request.META.get("HTTP_REFERER", "")
    return outside_host(referrer, request.get_host()) if referrer else ""


def entrance(request: HtmxHttpRequest) -> str:
    """Whether this page stands in a frame of another, in the word that rides along; "" where it does not."""
    return Entrance.EMBEDDED.value if request.META.get("HTTP_SEC_FETCH_DEST") == "iframe" else ""


def edition_numbered(guide_number: int, number: int) -> Published:
    """The edition that a result code names. Raises as ``visit_of`` does."""
    try:
        return shelf.edition(shelf.by_number(guide_number).guide.key, number)
    except UnreadableEditionError:
        raise
    except (UnknownGuideError, UnknownEditionError):
        raise HelpfulNotFound(
            "This result code belongs to a guide or an edition that is not here. It may come from another site."
        ) from None


def edition_named(guide_key: str, query: QueryDict) -> Published:
    """The edition that the address names, or the live one."""
    named = query.get("edition", "")
    try:
        if not named:
            return shelf.live(guide_key)
        # More digits than an edition can have would only cost time to convert.
        number = int(named) if named.isascii() and named.isdigit() and len(named) < 10 else 0
        return shelf.edition(guide_key, number)
    except UnknownGuideError:
        raise HelpfulNotFound(
            "There is no guide at this address. It may have been mistyped, or cut off when it was copied."
        ) from None
    except UnreadableEditionError:
        raise
    except UnknownEditionError:
        raise HelpfulNotFound(
            "This link names an edition of the guide that does not exist. It may have been cut off when it was "
            "copied; you can answer the questions again in the current edition."
        ) from None
