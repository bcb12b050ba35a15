"""One request of the walk: an edition, the answers in its address, its attribution, and every address it links to."""

from collections.abc import Iterable
from dataclasses import dataclass
from functools import cached_property, lru_cache
from urllib.parse import urlencode

from django.conf import settings
from django.http import QueryDict
from django.urls import reverse

from advisor.assessment.attribution import attribution
from advisor.assessment.others import SENT, carried, others_of
from advisor.content.editions import (
    LoadedEdition,
    UnknownEditionError,
    UnknownGuideError,
    UnreadableEditionError,
    edition_cache,
)
from advisor.decision import answers as reading
from advisor.decision import result_code
from advisor.decision.answers import Answers, Pair, Problem
from advisor.decision.guide import Guide, Page, Question
from advisor.decision.recommendation import Recommendation, recommend
from advisor.decision.walk import asked_pages, open_page, split_stale
from advisor.http import HelpfulNotFound, HtmxHttpRequest


@dataclass(frozen=True)
class Visit:
    """Where a visitor is. ``pages`` are the pages that the answers lead through. ``answers`` are those that count, and
    ``stale`` those to follow-ups that are not asked any more. ``others`` are the result codes of those whose answers
    these are going to be compared with; they ride along as part of the attribution. ``sent`` is the one in a link that
    somebody passed on.
    """

    published: LoadedEdition
    pages: tuple[Page, ...]
    answers: Answers
    stale: dict[str, str]
    problems: tuple[Problem, ...]
    attribution: tuple[Pair, ...]
    others: tuple[str, ...] = ()
    sent: str = ""

    @property
    def guide(self) -> Guide:
        return self.published.guide

    @property
    def token(self) -> str:
        """The preview link by which a draft is walked; "" for an edition."""
        return self.published.token

    @cached_property
    def recommendation(self) -> Recommendation:
        """The recommendation for these answers, computed once."""
        return recommend(self.guide, self.answers)

    @cached_property
    def all_answers(self) -> Answers:
        """Every answer, including stale ones: they count again as soon as their follow-up is asked again."""
        return Answers({**self.answers.choices, **self.stale}, self.answers.signals, self.answers.none_of)

    @cached_property
    def next_page(self) -> Page | None:
        """The first page with an open question, or None if the result can be shown."""
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
    def fixed_params(self) -> list[Pair]:
        """The parameters of every address beside the answers: the edition (of a draft none) and the attribution."""
        if self.token:
            return [*self.attribution]
        return [("edition", str(self.published.number)), *self.attribution]

    @cached_property
    def query(self) -> str:
        """All parameters of this visit, in canonical order."""
        return self.query_with(self.all_answers)

    def hidden_params(self, page: Page) -> list[Pair]:
        """All parameters but the answers that a page asks for: the hidden fields of its form."""
        return reading.pairs(self.guide, self.all_answers, leaving_out=page) + self.fixed_params

    def page_path(self, page: Page) -> str:
        """Where a page is asked."""
        return question_path(self.guide.key, page.key, self.token)

    def page_address(self, page: Page) -> str:
        """Where a page is asked, with all answers so far filled in."""
        return f"{self.page_path(page)}?{self.query}"

    @cached_property
    def result_address(self) -> str:
        """The result with all parameters of this visit."""
        return f"{result_path(self.guide.key, self.token)}?{self.query}"

    @cached_property
    def canonical_result(self) -> str:
        """The result's one address: the answers that count, and the edition."""
        answers = reading.query(self.guide, self.answers)
        return f"{result_path(self.guide.key)}?{answers}&edition={self.published.number}"

    @cached_property
    def code(self) -> str:
        """The result code; "" for a draft, which has no number."""
        return "" if self.token else result_code.write(self.guide, self.published.number, self.answers)

    @property
    def is_sent(self) -> bool:
        """Whether these are the answers that somebody passed on, and not yet those of whoever reads them."""
        return bool(self.sent) and self.sent == self.code

    @property
    def own_start(self) -> str:
        """The first question for whoever answers to compare: no answers, the same edition, and whatever rides along."""
        page = self.guide.pages[0]
        return f"{self.page_path(page)}?{self._fixed_query}"

    @cached_property
    def todays_result(self) -> str:
        """The result these answers have in the live edition."""
        answers = reading.query(self.guide, self.answers)
        return "&".join(filter(None, [f"{result_path(self.guide.key)}?{answers}", urlencode(self.attribution)]))

    @cached_property
    def fresh_address(self) -> str:
        """The landing to start again from: only the attribution stays."""
        return "?".join(filter(None, [landing_path(self.guide.key, self.token), urlencode(self.attribution)]))

    @property
    def landing_address(self) -> str:
        """The landing, from where the walk begins with all answers still there."""
        return f"{landing_path(self.guide.key, self.token)}?{self.query}"

    @cached_property
    def call_address(self) -> str:
        """Where to ask for a call with this result."""
        return f"{call_path(self.guide.key)}?{self.query}"

    def query_with(self, answers: Answers) -> str:
        """The query with other answers in place of these."""
        return "&".join(filter(None, [reading.query(self.guide, answers), self._fixed_query]))

    @cached_property
    def _fixed_query(self) -> str:
        return urlencode(self.fixed_params)


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
def together_path(guide: str) -> str:
    return reverse("together", args=[guide])


def together_address(guide: str, codes: Iterable[str], *, you: int = 0, attribution: Iterable[Pair] = ()) -> str:
    """Where the answers behind these result codes stand side by side, or with one code, where another person is asked
    for theirs. ``you`` is the place of the reader's own among them, from 1.
    """
    parameters = [*(("code", code) for code in codes), *([("you", str(you))] if you else []), *attribution]
    return f"{together_path(guide)}?{urlencode(parameters)}"


@lru_cache(maxsize=512)
def short_path(code: str) -> str:
    """The shortest way to the result of a code."""
    return reverse("result-code", args=[code])


def address_beside_result(name: str, visit: Visit, *, attribution: Iterable[Pair] = ()) -> str:
    """A page or file about a result, by the name of its address: the answers that count, and the edition. A page from
    which one may go on to a call carries the attribution along.
    """
    _, _, query = visit.canonical_result.partition("?")
    parameters = [query, urlencode(list(attribution))]
    return f"{path_beside_result(name, visit.guide.key)}?{'&'.join(filter(None, parameters))}"


@lru_cache(maxsize=512)
def path_beside_result(name: str, guide: str) -> str:
    return reverse(name, args=[guide])


@lru_cache(maxsize=512)
def card_address(guide: str, edition: int, outcome: str = "") -> str:
    """The picture beside a link to a guide, or to a result with this outcome: whole, as others fetch it."""
    path = reverse("outcome-card", args=[guide, outcome]) if outcome else reverse("card", args=[guide])
    return f"{settings.SITE_URL}{path}?edition={edition}"


@lru_cache(maxsize=64)
def call_path(guide: str) -> str:
    return reverse("call", args=[guide])


def visit_of(request: HtmxHttpRequest, guide_key: str) -> Visit:
    """The visit that a request's address stands for.

    Raises ``HelpfulNotFound`` for an unknown guide or edition, ``UnreachableError`` when neither can be known.
    """
    return visit_in(edition_named(guide_key, request.GET), request)


def visit_by_code(code: str) -> Visit:
    """The visit that a result code stands for. Raises ``MistypedCodeError``, and otherwise as ``visit_of`` does."""
    guide_number, number, digits = result_code.read_header(code)
    published = edition_numbered(guide_number, number)
    return visit_with(published, result_code.read_answers(published.guide, digits))


def visit_with(published: LoadedEdition, given: Answers, problems: tuple[Problem, ...] = ()) -> Visit:
    """A visit with these answers and nothing else in its address."""
    asked = asked_pages(published.guide, given)
    return Visit(published, asked, *split_stale(asked, given), problems, ())


def pairs_of(request: HtmxHttpRequest) -> list[Pair]:
    """All parameters of the address, in order."""
    return [(name, value) for name, values in request.GET.lists() for value in values]


def visit_in(published: LoadedEdition, request: HtmxHttpRequest) -> Visit:
    """The visit in this edition, or draft, that a request's parameters stand for."""
    return visit_at(published, request.GET)


def visit_at(published: LoadedEdition, query: QueryDict) -> Visit:
    """The visit in this edition, or draft, that these parameters stand for."""
    pairs = [(name, value) for name, values in query.lists() for value in values]
    answers, problems = reading.read(published.guide, pairs)
    asked = asked_pages(published.guide, answers)
    current, stale = split_stale(asked, answers)
    keys = {question.key for page in asked for question in page.questions}
    problems = tuple(problem for problem in problems if problem.question in keys)
    others = () if published.token else others_of(published.guide, pairs)
    sent = others[-1] if others and SENT in query else ""
    rides_along = (*attribution(pairs), *carried(others))
    return Visit(published, asked, current, stale, problems, rides_along, others, sent)


def edition_numbered(guide_number: int, number: int) -> LoadedEdition:
    """The edition that a result code names. Raises as ``visit_of`` does."""
    try:
        return edition_cache.edition(edition_cache.by_number(guide_number).guide.key, number)
    except UnreadableEditionError:
        raise
    except (UnknownGuideError, UnknownEditionError):
        raise HelpfulNotFound(
            "This result code belongs to a guide or an edition that is not here. It may come from another site."
        ) from None


def edition_named(guide_key: str, query: QueryDict) -> LoadedEdition:
    """The edition that the address names, or the live one."""
    named = query.get("edition", "")
    try:
        if not named:
            return edition_cache.live(guide_key)
        # More digits than an edition can have would only cost time to convert.
        number = int(named) if named.isascii() and named.isdigit() and len(named) < 10 else 0
        return edition_cache.edition(guide_key, number)
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
