"""How a recommendation is found: one visitor, and where each change of their answers would lead."""

from collections.abc import Iterable, Iterator, Mapping
from functools import cached_property
from math import prod

from advisor.decision.answers import Answers
from advisor.decision.guide import NOT_ANSWERED, Evidence, Guide, Remark, RemarkKind, Signal
from advisor.decision.logic import Logic, logic_of
from advisor.decision.polarity import Polarity, restating_questions, said_about_roles
from advisor.decision.recommendation.values import (
    Basis,
    Certainty,
    Change,
    Doubt,
    DoubtKind,
    Reason,
    RoleAnswer,
    RoleEvidence,
    ShownRemark,
)
from advisor.decision.sources import SourceKind, sources_of

MAX_WAYS = 2_000
"""Ways to answer what was left open that are tried at most. The first guide has up to 1,215; 2,000 take some two
milliseconds.
"""


class Recommendation:
    """What one visitor gets: the outcome, and the number of the rule that decided, counted from 1.

    Everything else is found when somebody asks for it, and once: who only needs the outcome does not wait for what a
    whole page says about it.
    """

    def __init__(self, logic: Logic, answers: Answers) -> None:
        self._logic, self._given = logic, answers
        self._answer_bits = logic.answer_bits(answers)
        self._active_bits = logic.active_bits(self._answer_bits)
        self.rule, outcome = logic.outcome(self._active_bits)
        self.outcome = logic.guide.outcome[outcome]

    @cached_property
    def certainty(self) -> Certainty:
        """How sure it is: mixed beside a contradiction, leaning beside any other doubt."""
        if any(doubt.kind is DoubtKind.CONTRADICTION for doubt in self.doubts):
            return Certainty.MIXED
        return Certainty.LEANING if self.doubts else Certainty.CLEAR

    @cached_property
    def evidence(self) -> tuple[RoleEvidence, ...]:
        """What was ticked for each role."""
        return tuple(self._evidence())

    @cached_property
    def doubts(self) -> tuple[Doubt, ...]:
        """Why the recommendation is not clear; nothing if it is.

        Clear is an outcome each of whose roles has its question affirmed and some evidence, while no other role has its
        question affirmed or strong evidence; for an outcome without roles, while no role has any evidence. No row that
        decided carries a doubt, and no fact that the outcome turns on was left open.
        """
        return tuple(self._doubts())

    @cached_property
    def remarks(self) -> tuple[ShownRemark, ...]:
        """The remarks that were collected, in the guide's order."""
        return tuple([ShownRemark(remark, self._bases(remark.when)) for remark in self._collected])

    @cached_property
    def roles(self) -> tuple[RoleAnswer, ...]:
        """The answer for each role."""
        return tuple([self._role(role) for role in said_about_roles(self._logic.guide)])

    @cached_property
    def reasons(self) -> tuple[Reason, ...]:
        """What speaks for the outcome: the rule's reason, then for each role that it names the reason of its own table
        and the ticked signals. Where a guide has no such tables, a rule that names nothing rests on every answer.
        """
        return tuple(self._reasons())

    @cached_property
    def changes(self) -> tuple[Change, ...]:
        """Every single change of an answer that was asked for, or of a signal, that leads to another outcome. They are
        ordered by how likely somebody is to reconsider them.
        """
        return tuple(sorted(self._changes(), key=self._reluctance))

    @cached_property
    def watch_for(self) -> tuple[Signal, ...]:
        """The situations that were not ticked, where the outcome names no role."""
        if self.outcome.roles:
            return ()
        asked, ticked = self._logic.signal_bits, self._given.signals
        return tuple(signal for signal in self._logic.guide.signals if signal.key in asked and signal.key not in ticked)

    @cached_property
    def _asked(self) -> list[str]:
        """The questions that are asked."""
        pages = self._logic.course(self._answer_bits).pages
        return [question.key for page in pages for question in page.questions]

    @cached_property
    def _counted(self) -> dict[str, str]:
        """The choices, without those to follow-ups that are not asked."""
        choices = self._given.choices
        return {question: choices[question] for question in self._asked if question in choices}

    @cached_property
    def _left_open(self) -> list[str]:
        """The questions that are asked, can be left open, and were."""
        counted, leaving_open = self._counted, self._logic.guide.leaving_open
        return [question for question in self._asked if counted.get(question, NOT_ANSWERED) in leaving_open[question]]

    @cached_property
    def _ticked(self) -> dict[str, tuple[str, ...]]:
        """Role to its ticked signals."""
        return {found.role: tuple([signal.key for signal in found.ticked]) for found in self.evidence}

    @cached_property
    def _by_choice(self) -> dict[str, dict[str, str]]:
        """Of the questions that are asked, the outcome that each choice would lead to."""
        return {question: self._logic.reached_by_choice(self._answer_bits, question) for question in self._asked}

    @cached_property
    def _by_flip(self) -> dict[str, str]:
        """The outcome that each signal would lead to, ticked or not, whichever it is not."""
        return self._logic.reached_by_flip(self._answer_bits)

    @cached_property
    def _collected(self) -> list[Remark]:
        """The remarks whose condition holds."""
        with_outcome = self._active_bits | self._logic.outcome_bits[self.outcome.key]
        return [remark for excluded_bits, remark in self._logic.remarks if not with_outcome & excluded_bits]

    @cached_property
    def _rows(self) -> dict[str, int]:
        """The row that decided about each role that has a table of its own; 0 where none did."""
        return {table.role: table.row(self._active_bits) for table in self._logic.needs}

    def _evidence(self) -> Iterator[RoleEvidence]:
        for role in self._logic.evidence_bits:
            signals = self._logic.guide.signals_of[role]
            ticked = tuple([signal for signal in signals if signal.key in self._given.signals])
            yield RoleEvidence(role, ticked, len(signals), self._logic.evidence(len(ticked)))

    def _role(self, role: str) -> RoleAnswer:
        """The answer for one role: by its own table, or by the outcome where it has none."""
        guide = self._logic.guide
        table = self._logic.need_of.get(role)
        row = self._rows.get(role, 0)
        reason = None
        if row:
            decided = guide.role[role].need[row - 1]
            reason = self._reason(decided.reason, self._bases(decided.when), role)
        speaks_for, speaks_against = self._points(role)
        return RoleAnswer(
            role,
            is_needed=table.is_needed(row) if table else role in self.outcome.roles,
            row=row,
            reason=reason,
            speaks_for=tuple(speaks_for),
            speaks_against=tuple(speaks_against),
        )

    def _points(self, role: str) -> tuple[list[Reason], list[Reason]]:
        """What speaks for a role, and what against it, in the guide's order."""
        ticked, outcome = self._given.signals, self.outcome.key
        points: dict[Polarity, list[Reason]] = {Polarity.FOR: [], Polarity.AGAINST: []}
        for said in said_about_roles(self._logic.guide)[role]:
            question = said.question
            choice = self._counted.get(question, "")
            if polarity := said.choices.get(choice):
                is_decisive = self._by_choice[question][NOT_ANSWERED] != outcome
                points[polarity].append(Reason("", (Basis(question, choice),), role, is_decisive))
            for signal, polarity in said.signals:
                key = signal.key
                if key in ticked:
                    # Its sentence argues for its own role, and for no other.
                    text = signal.reason if signal.role == role else ""
                    basis = Basis(question, "", signal.role, (key,))
                    points[polarity].append(Reason(text, (basis,), role, self._by_flip[key] != outcome))
        return points[Polarity.FOR], points[Polarity.AGAINST]

    def _reasons(self) -> Iterator[Reason]:
        rule = self._logic.guide.rules[self.rule - 1]
        everything = () if self._logic.needs else self._counted
        yield self._reason(rule.reason, self._bases(rule.when or everything))
        for found in self.roles:
            if found.role in self.outcome.roles:
                if found.is_needed and found.reason:
                    yield found.reason
                yield from (reason for reason in found.speaks_for if reason.text)

    def _reason(self, text: str, rests_on: tuple[Basis, ...], role: str = "") -> Reason:
        return Reason(text, rests_on, role, self._is_decisive(rests_on))

    def _is_decisive(self, rests_on: tuple[Basis, ...]) -> bool:
        """Whether the outcome is another without all of these."""
        logic, changed = self._logic, self._answer_bits
        for signal in {key for basis in rests_on for key in basis.signals}:
            changed = logic.with_signal_flipped(changed, signal)
        for basis in rests_on:
            if basis.choice:
                changed = logic.with_choice(changed, basis.question, NOT_ANSWERED)
        return logic.reached(changed) != self.outcome.key

    def _bases(self, inputs: Iterable[str]) -> tuple[Basis, ...]:
        """What the inputs of a condition stand for in these answers, each once, in the guide's order."""
        choices, ticked, found = self._counted, self._ticked, list[Basis]()
        for kind, question, role, signal in sources_of(self._logic).of(tuple(inputs)):
            if kind is SourceKind.ANSWER:
                basis = Basis(question, choices.get(question, ""))
            elif kind is SourceKind.SIGNAL:
                is_ticked = signal in ticked[role]
                basis = Basis(question, "", role, (signal,)) if is_ticked else Basis(question, "", role, (), signal)
            elif ticked[role] or kind is SourceKind.EVIDENCE:
                basis = Basis(question, "", role, ticked[role])
            else:
                continue
            if basis not in found:
                found.append(basis)
        return tuple(found)

    def _doubts(self) -> Iterator[Doubt]:
        guide = self._logic.guide
        for remark in self._collected:
            if remark.kind is RemarkKind.CONTRADICTION:
                yield Doubt(DoubtKind.CONTRADICTION, remark.title)
        rows = [guide.role[role].need[row - 1] for role, row in self._rows.items() if row]
        for doubt in (guide.rules[self.rule - 1].doubt, *(row.doubt for row in rows)):
            if doubt:
                yield Doubt(DoubtKind.ROW, doubt)
        for question in self._missing_facts():
            yield Doubt(DoubtKind.MISSING_FACT, question)
        for found in self.evidence:
            asked = guide.question_about[found.role]
            affirmed = self._counted.get(asked.key) in guide.affirming[asked.key]
            if found.role in self.outcome.roles:
                if not affirmed:
                    yield Doubt(DoubtKind.NOT_AFFIRMED, found.role)
                if found.level is Evidence.NONE:
                    yield Doubt(DoubtKind.NO_EVIDENCE, found.role)
            else:
                if affirmed:
                    yield Doubt(DoubtKind.OTHER_AFFIRMED, found.role)
                if found.level is Evidence.STRONG or (not self.outcome.roles and found.level is not Evidence.NONE):
                    yield Doubt(DoubtKind.OTHER_EVIDENCE, found.role)

    def _missing_facts(self) -> Iterator[str]:
        """The questions that were asked and left open, and that the outcome turns on: alone, or together with others.
        Where these can be answered in more than ``MAX_WAYS``, all of them count: each may turn it.
        """
        sizes = {key: len(self._logic.guide.question[key].choices) for key in self._left_open}
        if prod(sizes.values()) > MAX_WAYS:
            yield from self._left_open
        elif sizes:
            yield from self._turning(sizes)

    def _turning(self, sizes: Mapping[str, int]) -> Iterator[str]:
        """Those of several questions whose answer changes the outcome, whatever is answered to the others. ``sizes``
        has how many choices each of them has.
        """
        reached = self._logic.reached_by_combination(self._answer_bits, sizes)
        # Combinations that differ in one question alone, by one choice, are so many places apart.
        apart = len(reached)
        for question, choices in sizes.items():
            block = apart
            apart //= choices
            if any(
                reached[start : start + block - apart] != reached[start + apart : start + block]
                for start in range(0, len(reached), block)
            ):
                yield question

    def _changes(self) -> Iterator[Change]:
        logic, bits, now = self._logic, self._answer_bits, self.outcome.key
        restating = restating_questions(logic.guide)
        for question, by_choice in self._by_choice.items():
            for choice, outcome in by_choice.items():
                if outcome not in ("", now) and choice not in (self._counted.get(question), NOT_ANSWERED):
                    yield Change(
                        question,
                        outcome,
                        choice=choice,
                        asks_more=self._asks_more(logic.with_choice(bits, question, choice)),
                        restates=question in restating,
                    )
            for signal in logic.guide.signals_of.get(logic.guide.question[question].role, ()):
                outcome = self._by_flip[signal.key]
                if outcome not in ("", now):
                    yield Change(
                        question,
                        outcome,
                        signal=signal.key,
                        ticked=signal.key not in self._given.signals,
                        asks_more=self._asks_more(logic.with_signal_flipped(bits, signal.key)),
                    )

    def _reluctance(self, change: Change) -> int:
        """The place of a change: first what was left open, then single signals, then what was answered for sure; last
        what only restates the outcome.
        """
        if change.restates:
            return 3
        if change.signal:
            return 1
        return 0 if change.question in self._left_open else 2

    def _asks_more(self, answer_bits: int) -> bool:
        """Whether with these answers something would be asked that has no answer yet."""
        follow_ups, given = self._logic.course(answer_bits).follow_ups, self._given.choices
        return any(question.key not in given for page in follow_ups for question in page.questions)


def recommend(guide: Guide, answers: Answers) -> Recommendation:
    """The recommendation for these answers; any of them may be missing.

    Raises ``LookupError`` when no rule matches, which a guide that passes ``publish_checks`` cannot bring about.
    """
    return Recommendation(logic_of(guide), answers)
