"""What the engine says to every set of answers of the first guide, held against the brief in one go."""

from collections import Counter
from dataclasses import dataclass, field
from functools import cache

from advisor.decision.answers import Answers
from advisor.decision.guide import RemarkKind
from advisor.decision.logic import logic_of
from tests.decision import brief
from tests.decision.answer_sets import every_answer_set
from tests.guides import first_guide


@dataclass
class Survey:
    """How often each rule was the first, each outcome reached and each remark collected; and where the brief differs.

    ``alike`` has one set of answers for everything that certainty may depend on: whether a contradiction was
    collected, the outcome, and each role's answer and evidence.
    """

    answer_sets: int = 0
    rules: Counter[int] = field(default_factory=Counter)
    outcomes: Counter[str] = field(default_factory=Counter)
    remarks: Counter[str] = field(default_factory=Counter)
    another_outcome: list[Answers] = field(default_factory=list)
    other_remarks: list[Answers] = field(default_factory=list)
    alike: dict[tuple[object, ...], Answers] = field(default_factory=dict)


@cache
def survey() -> Survey:
    """Ask the compiled tables for all 512,000 sets of answers; ``recommend`` itself takes ten times as long.

    That ``recommend`` says the same is tested beside it, on generated answers and on one set of each class.
    """
    logic = logic_of(first_guide())
    found = Survey()
    collected: Counter[int] = Counter()
    remarks = [(1 << place, forbidden, remark) for place, (forbidden, remark) in enumerate(logic.remarks)]
    contradictions = sum(place for place, _, remark in remarks if remark.kind is RemarkKind.CONTRADICTION)
    by_the_brief = {remark.key: place for place, _, remark in remarks}
    for answers in every_answer_set():
        holding = logic.holding(logic.situation(answers))
        rule, outcome = logic.outcome(holding)
        with_outcome = holding | logic.outcome_bits[outcome]
        places = sum([place for place, forbidden, _ in remarks if not with_outcome & forbidden])

        row = brief.row(answers)
        if (rule, outcome) != (row, brief.OUTCOMES[row]):
            found.another_outcome.append(answers)
        if places != sum([by_the_brief[key] for key in brief.remarks(answers)]):
            found.other_remarks.append(answers)

        found.answer_sets += 1
        found.rules[rule] += 1
        found.outcomes[outcome] += 1
        collected[places] += 1
        of_cto = brief.evidence(len(answers.signals & brief.OF_CTO))
        of_ai = brief.evidence(len(answers.signals & brief.OF_AI))
        alike = (
            places & contradictions > 0,
            outcome,
            answers.choices["software"],
            answers.choices["ai"],
            of_cto,
            of_ai,
        )
        if alike not in found.alike:
            found.alike[alike] = answers
    for places, times in collected.items():
        found.remarks.update({remark.key: times for place, _, remark in remarks if places & place})
    return found
