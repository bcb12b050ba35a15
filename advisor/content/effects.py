"""What one document changes against another: its words, and the outcomes of answers, told in sentences.

18,432 of 897,665 possible sets of answers get another outcome, 2.1 %.
"""

from collections.abc import Iterable, Iterator
from dataclasses import dataclass
from functools import lru_cache
from urllib.parse import parse_qsl

from advisor.content.differences import TextDifference, differences
from advisor.content.past_answers import past_answers
from advisor.content.wording import answers_in_short
from advisor.decision.answers import Answers, read
from advisor.decision.comparison import Comparison, OutcomeChange, OutcomeCount, compare, outcomes_for
from advisor.decision.diagrams import TooLargeError
from advisor.decision.guide import Guide, decode, encode
from advisor.decision.plurals import pluralize

MAX_LEADS_COMPARED = 200
"""How many of the newest leads a comparison asks about."""


@dataclass(frozen=True)
class Effect:
    """What one document changes against another: in words, for all sets of answers, and for those who asked lately.

    ``comparison`` is None where there is too much to ask; ``too_large`` says so. Of ``leads`` so many would be told
    something else for certain, and so many depending on what they would answer to what is new.
    """

    texts: list[TextDifference]
    comparison: Comparison | None
    too_large: str
    leads: int
    leads_changed: int
    leads_perhaps: int


def effect_of(old: Guide, new: Guide) -> Effect:
    """What changes with ``new`` in place of ``old``; the references of both are sound."""
    comparison, too_large = None, ""
    try:
        comparison = compare_documents(old, new)
    except TooLargeError as error:
        too_large = str(error)
    told = [
        _change_for(old, new, read(old, parse_qsl(query))[0]) for query in past_answers(new.key, MAX_LEADS_COMPARED)
    ]
    return Effect(differences(old, new), comparison, too_large, len(told), told.count("changed"), told.count("perhaps"))


def changes_for_leads(old: Guide, new: Guide) -> Iterator[str]:
    """For how many of the newest leads something would change, as a line; none without leads."""
    effect = effect_of(old, new)
    if effect.leads:
        perhaps = f", and {effect.leads_perhaps} perhaps" if effect.leads_perhaps else ""
        leads = pluralize(effect.leads, "lead")
        yield f"Of the last {leads}, {effect.leads_changed} would be told something else{perhaps}."


def compare_documents(old: Guide, new: Guide) -> Comparison:
    """The comparison of two documents, kept by what they say. Raises ``TooLargeError``."""
    return _compare_documents(encode(old), encode(new))


@lru_cache(maxsize=8)
def _compare_documents(old: str, new: str) -> Comparison:
    return compare(decode(old), decode(new))


def _change_for(old: Guide, new: Guide, said: Answers) -> str:
    """Whether someone who gave these answers is told something else by the new document."""
    try:
        before, after = outcomes_for(old, old, said), outcomes_for(old, new, said)
    except TooLargeError:
        return "perhaps"
    if before == after:
        return "the same"
    return "changed" if before.isdisjoint(after) else "perhaps"


def changes_for_people(old: Guide, new: Guide) -> Iterator[str]:
    """For how many sets of answers the outcome changes, and from what to what, as lines."""
    try:
        found = compare_documents(old, new)
    except TooLargeError as error:
        yield str(error)
        return
    yield from sentences(old, new, found)
    for move in found.moves:
        was, now, example = move_in_words(old, new, move)
        yield f"  {move.count:>12,}  from “{was}” to “{now}”, for example {example}"


def sentences(old: Guide, new: Guide, found: Comparison) -> list[str]:
    """What changes for how many sets of answers, the most important first."""
    return [_headline(found), *_needs(new, found), *_asked_by_one(old, new), *_held_by_one(old, new, found)]


def _headline(found: Comparison) -> str:
    number = f"{pluralize(found.answer_sets, 'possible set')} of answers"
    if not found.answer_sets:
        return "No set of answers can be put to both, as they share no answers to a question that both ask."
    if not found.changed:
        return f"None of {number} gets another outcome."
    gets = "gets" if found.changed == 1 else "get"
    return f"{found.changed:,} of {number} {gets} another outcome, {_percent(found.changed, found.answer_sets)}."


def _needs(new: Guide, found: Comparison) -> Iterator[str]:
    """For how many sets of answers the table of a role says something else."""
    for need in found.needs:
        changes = [(need.now, "is needed now and was not before"), (need.no_more, "is not needed any more")]
        for count, words in changes:
            if count:
                sets = f"{count:,} of {pluralize(found.answer_sets, 'possible set')} of answers"
                yield f"For {sets}, {_percent(count, found.answer_sets)}, “{new.role[need.role].name}” {words}."


def _percent(part: int, of: int) -> str:
    share = 100 * part / of
    if 0 < share < 0.1:
        return "less than 0.1 %"
    if 99.9 < share < 100:
        return "more than 99.9 %"
    return f"{share:.1f} %"


def _asked_by_one(old: Guide, new: Guide) -> Iterator[str]:
    """What only one of the two asks, and how it is counted."""
    if more := _asked_beside(new, old):
        yield f"New: {more}. Every way to answer what is new is counted, with every way to answer the rest."
    if less := _asked_beside(old, new):
        yield f"Gone: {less}. Every way to answer what is gone is counted, with every way to answer the rest."


def _asked_beside(guide: Guide, other: Guide) -> str:
    """The questions and the signals that a guide asks for and another does not."""
    questions = [f"“{question.name}”" for question in guide.questions if question.key not in other.question]
    known = {signal.key for role in other.question_about for signal in other.signals_of.get(role, ())}
    signals = [
        f"“{signal.name}”"
        for role in guide.question_about
        for signal in guide.signals_of.get(role, ())
        if signal.key not in known
    ]
    return "; ".join(filter(None, [_listed("question", questions), _listed("signal", signals)]))


def _listed(noun: str, names: list[str]) -> str:
    return f"{noun}{'s' if len(names) > 1 else ''} {', '.join(names)}" if names else ""


def _held_by_one(old: Guide, new: Guide, found: Comparison) -> Iterator[str]:
    """Sets of answers with a choice that only one of the two has."""
    if number := sum(reached.count for reached in found.added):
        has = pluralize(number, "set of answers has", "sets of answers have")
        yield f"Besides, {has} an answer that could not be given before: {_reached(new, found.added)}."
    if number := sum(reached.count for reached in found.gone):
        has = pluralize(number, "set of answers has", "sets of answers have")
        yield f"Besides, {has} an answer that cannot be given any more: {_reached(old, found.gone)}."


def _reached(guide: Guide, found: Iterable[OutcomeCount]) -> str:
    return ", ".join(f"{reached.count:,} “{outcome_name(guide, reached.outcome)}”" for reached in found)


def outcome_name(guide: Guide, outcome: str) -> str:
    """An outcome as staff call it; "" is none."""
    return guide.outcome[outcome].name if outcome else "No outcome"


def move_in_words(old: Guide, new: Guide, move: OutcomeChange) -> tuple[str, str, str]:
    """From which outcome, to which, and with which answers for example."""
    example = answers_in_short((old, move.example), (new, move.example_after))
    return outcome_name(old, move.before), outcome_name(new, move.after), example
