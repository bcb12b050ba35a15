"""Sets of answers to the first guide: by hand, all of them, and generated ones."""

from collections.abc import Iterable, Iterator, Mapping
from itertools import combinations, cycle, product
from urllib.parse import parse_qsl

from hypothesis import strategies as st

from advisor.decision.answers import Answers, read
from advisor.decision.guide import Guide
from tests.decision import brief
from tests.guides import first_guide


def said(query: str, guide: Guide | None = None) -> Answers:
    """The answers in a query string, to the first guide or to another one."""
    answers, problems = read(guide or first_guide(), parse_qsl(query))
    assert not problems, problems
    return answers


def starts() -> Iterator[Answers]:
    """Every way to answer the three questions and to tick the ten signals: 45 times 1,024."""
    for choices in combinations_of(brief.CHOICES):
        for of_cto in subsets(brief.CTO_SIGNALS):
            for of_ai in subsets(brief.AI_SIGNALS):
                yield Answers(choices, of_cto | of_ai)


def all_facts() -> list[dict[str, str]]:
    """Every way to answer the follow-up."""
    return list(combinations_of(brief.FACTS))


def with_facts_in_turn() -> Iterator[Answers]:
    """The same ways with the follow-up answered where it is asked; its 36 ways take turns, each hundreds of times."""
    facts = cycle(all_facts())
    for start in starts():
        yield with_facts(start, next(facts)) if brief.facts_are_asked(start) else start


def with_facts(start: Answers, facts: Mapping[str, str]) -> Answers:
    """A set of answers: those up to the follow-up, and those to it."""
    return Answers({**start.choices, **facts}, start.signals)


def combinations_of(questions: Mapping[str, Iterable[str]]) -> Iterator[dict[str, str]]:
    for choices in product(*questions.values()):
        yield dict(zip(questions, choices, strict=True))


def subsets(keys: Iterable[str]) -> list[frozenset[str]]:
    keys = tuple(keys)
    return [frozenset(chosen) for size in range(len(keys) + 1) for chosen in combinations(keys, size)]


def possible(questions: Mapping[str, Iterable[str]]) -> list[dict[str, str]]:
    """Every way to answer these questions, each of them or not."""
    ways = combinations_of({question: (*choices, "") for question, choices in questions.items()})
    return [{question: choice for question, choice in choices.items() if choice} for choices in ways]


OF_CTO, OF_AI = (st.sampled_from(subsets(keys)) for keys in (brief.CTO_SIGNALS, brief.AI_SIGNALS))
NONE_OF = st.sampled_from(subsets(("software", "ai")))
THREE_ANSWERS = st.sampled_from(list(combinations_of(brief.CHOICES)))
SOME_ANSWERS = st.sampled_from(possible(brief.CHOICES))
FACTS = st.sampled_from(all_facts())
SOME_FACTS = st.sampled_from(possible(brief.FACTS))


@st.composite
def whatever_was_said(draw: st.DrawFn) -> Answers:
    """What the engine must take: any answer may be missing, and the follow-up answered although it is not asked."""
    return with_signals(draw, {**draw(SOME_ANSWERS), **draw(SOME_FACTS)})


@st.composite
def complete(draw: st.DrawFn, *, may_be_stale: bool = False) -> Answers:
    """What a visitor can submit, "none of these" included; with follow-ups that are no longer asked if wanted."""
    start = with_signals(draw, draw(THREE_ANSWERS))
    facts = {}
    if brief.facts_are_asked(start):
        facts = draw(FACTS)
    elif may_be_stale:
        facts = draw(SOME_FACTS)
    return Answers({**start.choices, **facts}, start.signals, start.none_of)


def with_signals(draw: st.DrawFn, choices: dict[str, str]) -> Answers:
    """These choices with some signals, or with "none of these" where there are none."""
    of_cto, of_ai = draw(OF_CTO), draw(OF_AI)
    without = {question for question, ticked in (("software", of_cto), ("ai", of_ai)) if not ticked}
    return Answers(choices, of_cto | of_ai, draw(NONE_OF) & without)
