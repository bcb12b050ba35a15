"""A guide's tables compiled once, so that an outcome costs one pass over whole numbers.

    answers -> evidence, balance -> needs -> which follow-ups are asked -> outcome

See ``conditions`` for the encoding. The **answer bits** of a visitor are those of all that was said: questions,
signals, evidence and the balance. The **active bits** are those that rules are read with: needs are added, and the
questions of a follow-up that is not asked count as not answered, whatever was answered to them.
"""

from collections.abc import Iterable, Mapping
from functools import lru_cache

import msgspec

from advisor.decision.answers import Answers
from advisor.decision.conditions import BALANCE, EVIDENCE, NEED, OUTCOME, SIGNAL, Bits, guide_vocabulary
from advisor.decision.guide import EVEN, NOT_ANSWERED, Condition, Evidence, Guide, Page, YesNo

CACHE_SIZE = 4096
"""Results of a table that are kept, by the bits of the inputs that it names. The first guide has some 900."""


class Course(msgspec.Struct, frozen=True):
    """What follows from the answers to needs and follow-ups: the pages that are asked, of them the follow-ups, and what
    that makes of the answer bits: ``kept`` of them stay, ``added`` are the needs and what counts as not answered.
    """

    pages: tuple[Page, ...]
    follow_ups: tuple[Page, ...]
    kept: int
    added: int


class NeedTable(msgspec.Struct, frozen=True):
    """The compiled table of one role: of each row the excluded bits and whether it says yes; the bits of yes and no."""

    role: str
    rows: tuple[tuple[int, bool], ...]
    yes: int
    no: int

    def row(self, active_bits: int) -> int:
        """The first row that holds, counted from 1; 0 where none does, and the role is not needed."""
        for number, (excluded_bits, _) in enumerate(self.rows, 1):
            if not active_bits & excluded_bits:
                return number
        return 0

    def is_needed(self, row: int) -> bool:
        """What a row says."""
        return row > 0 and self.rows[row - 1][1]

    def bit(self, row: int) -> int:
        """The bit of what a row says."""
        return self.yes if self.is_needed(row) else self.no


class FollowUpTable(msgspec.Struct, frozen=True):
    """When a follow-up is asked, by the excluded bits of each condition; the bits of its questions, and of none of them
    being answered.
    """

    conditions: tuple[int, ...]
    questions: int
    unanswered: int


class Logic:
    """The compiled tables of one guide."""

    def __init__(self, guide: Guide) -> None:
        self.guide = guide
        bits = Bits(guide_vocabulary(guide))
        self.bit = bits.bit
        self.input_bits = bits.input_bits
        self.excluded_bits = bits.excluded_bits
        self.rules = tuple((bits.excluded_bits(rule.when), rule.outcome) for rule in guide.rules)
        self.needs = tuple(
            NeedTable(
                role.key,
                tuple((bits.excluded_bits(row.when), row.needed) for row in role.need),
                self.bit[NEED + role.key, YesNo.YES],
                self.bit[NEED + role.key, YesNo.NO],
            )
            for role in guide.roles
            if role.need
        )
        self.need_of = {table.role: table for table in self.needs}
        self.remarks = tuple((bits.excluded_bits(remark.when), remark) for remark in guide.remarks)
        self.place = {name: place for place, name in enumerate(bits.input_bits)}
        self.follow_ups = {
            page.key: FollowUpTable(
                tuple(bits.excluded_bits(when) for when in page.follow_up.asked_when),
                sum(self.input_bits[question.key] for question in page.questions),
                sum(self.bit[question.key, NOT_ANSWERED] for question in page.questions),
            )
            for page in guide.pages
            if page.follow_up
        }
        self.signal_bits = {
            signal.key: (self.bit[SIGNAL + signal.key, YesNo.YES], self.bit[SIGNAL + signal.key, YesNo.NO])
            for signal in guide.signals
            if signal.role in guide.question_about
        }
        self.evidence_bits = {
            role.key: tuple(
                self.bit[EVIDENCE + role.key, self.evidence(ticked)]
                for ticked in range(len(guide.signals_of[role.key]) + 1)
            )
            for role in guide.roles
            if role.key in guide.question_about
        }
        self.ticked_bits = {
            role.key: sum(self.signal_bits[signal.key][0] for signal in guide.signals_of[role.key])
            for role in guide.roles
            if role.key in guide.question_about
        }
        self.outcome_bits = {outcome.key: self.bit[OUTCOME, outcome.key] for outcome in guide.outcomes}
        self.values_of = {
            question.key: {
                choice: self.bit[question.key, choice]
                for choice in (*(choice.key for choice in question.choices), NOT_ANSWERED)
            }
            for question in guide.questions
        }
        self.balance_bits = self._balance_bits()
        self._all_ticked = sum(self.ticked_bits.values())
        self._all_questions = sum(self.input_bits[question.key] for question in guide.questions)
        needs = [row.when for role in guide.roles for row in role.need]
        rules = [rule.when for rule in guide.rules]
        asked = [when for follow_up in guide.follow_ups for when in follow_up.asked_when]
        self._of_rules = self._named_bits(*rules)
        self._of_course = self._named_bits(*needs, *asked)
        self._cached_course = lru_cache(CACHE_SIZE)(self._course)
        self._cached_outcome = lru_cache(CACHE_SIZE)(self._outcome)
        self._cached_signals = lru_cache(CACHE_SIZE)(self._signals)

    def _named_bits(self, *conditions: Condition) -> int:
        """All bits of the inputs that conditions name."""
        named = {name for when in conditions for name in when}
        return sum(self.input_bits[name] for name in named)

    def _balance_bits(self) -> Mapping[str, int]:
        """The bits of the balance by role, or ``EVEN``; none where no condition names it."""
        guide = self.guide
        conditions = [row.when for role in guide.roles for row in role.need]
        conditions += [when for follow_up in guide.follow_ups for when in follow_up.asked_when]
        conditions += [rule.when for rule in guide.rules]
        conditions += [remark.when for remark in guide.remarks]
        if BALANCE in guide.question or not any(BALANCE in when for when in conditions):
            return {}
        return {role: self.bit[BALANCE, role] for role in (*self.evidence_bits, EVEN)}

    def evidence(self, ticked: int) -> Evidence:
        """The evidence that this many ticked signals of one role amount to."""
        if ticked >= self.guide.strong_from:
            return Evidence.STRONG
        return Evidence.SOME if ticked >= self.guide.some_from else Evidence.NONE

    def balance(self, ticked: Mapping[str, int]) -> str:
        """The role with more ticked signals than every other, or ``EVEN``; ``ticked`` counts them by role."""
        most = max(ticked.values(), default=0)
        leading = [role for role, number in ticked.items() if number == most]
        return leading[0] if len(leading) == 1 and most else EVEN

    def _signals(self, ticked_bits: int) -> int:
        """The bits of all signals, the evidence and the balance, by the bits of the ticked signals."""
        found = ticked_bits
        for yes, no in self.signal_bits.values():
            found |= 0 if ticked_bits & yes else no
        ticked = {role: (ticked_bits & bits).bit_count() for role, bits in self.ticked_bits.items()}
        for role, levels in self.evidence_bits.items():
            found |= levels[ticked[role]]
        return found | self.balance_bits[self.balance(ticked)] if self.balance_bits else found

    def answer_bits(self, answers: Answers) -> int:
        """The bits of these answers, those to follow-ups included whether they are asked or not."""
        choices = answers.choices
        ticked = sum([self.signal_bits[key][0] for key in answers.signals if key in self.signal_bits])
        found = self._cached_signals(ticked)
        for question, bits in self.values_of.items():
            found |= bits[choices.get(question, NOT_ANSWERED)]
        return found

    def with_choice(self, answer_bits: int, question: str, choice: str) -> int:
        """The bits after another choice for one question, or after none (``NOT_ANSWERED``)."""
        return answer_bits & ~self.input_bits[question] | self.bit[question, choice]

    def with_signal_flipped(self, answer_bits: int, signal: str) -> int:
        """The bits after one signal was ticked that was not, or the other way round."""
        ticked = answer_bits & self._all_ticked ^ self.signal_bits[signal][0]
        return answer_bits & self._all_questions | self._cached_signals(ticked)

    def course(self, answer_bits: int) -> Course:
        """What is needed and what is asked, with these answers."""
        return self._cached_course(answer_bits & self._of_course)

    def _course(self, answer_bits: int) -> Course:
        kept, added = -1, sum(table.bit(table.row(answer_bits)) for table in self.needs)
        pages, follow_ups = [], []
        for page in self.guide.pages:
            if follow_up := self.follow_ups.get(page.key):
                # Its conditions may ask for follow-ups before it.
                active_bits = answer_bits & kept | added
                if all(active_bits & excluded_bits for excluded_bits in follow_up.conditions):
                    kept &= ~follow_up.questions
                    added |= follow_up.unanswered
                    continue
                follow_ups.append(page)
            pages.append(page)
        return Course(tuple(pages), tuple(follow_ups), kept, added)

    def active_bits(self, answer_bits: int) -> int:
        """The bits that rules, remarks and the tables of needs are read with."""
        course = self.course(answer_bits)
        return answer_bits & course.kept | course.added

    def outcome(self, active_bits: int) -> tuple[int, str]:
        """The first rule that holds, counted from 1, and its outcome. Raises ``LookupError`` where none does."""
        number, outcome = self._cached_outcome(active_bits & self._of_rules)
        if not number:
            raise LookupError("No rule matches; a guide is published only when its last rule matches anything.")
        return number, outcome

    def _outcome(self, active_bits: int) -> tuple[int, str]:
        for number, (excluded_bits, outcome) in enumerate(self.rules, 1):
            if not active_bits & excluded_bits:
                return number, outcome
        return 0, ""

    def reached(self, answer_bits: int) -> str:
        """The outcome that these answers lead to; "" where no rule matches."""
        return self._reached([answer_bits])[0]

    def reached_by_choice(self, answer_bits: int, question: str) -> dict[str, str]:
        """The outcome with each choice of a question, and without any (``NOT_ANSWERED``)."""
        others, choices = answer_bits & ~self.input_bits[question], self.values_of[question]
        return dict(zip(choices, self._reached([others | bit for bit in choices.values()]), strict=True))

    def reached_by_combination(self, answer_bits: int, questions: Iterable[str]) -> list[str]:
        """The outcome with every combination of choices of several questions; those of the last vary first."""
        combinations = [answer_bits]
        for question in questions:
            others, (*choices, _) = ~self.input_bits[question], self.values_of[question].values()
            combinations = [bits & others | bit for bits in combinations for bit in choices]
        return self._reached(combinations)

    def reached_by_flip(self, answer_bits: int) -> dict[str, str]:
        """The outcome with each signal, by its key, ticked that was not, or the other way round."""
        choices, ticked, signals = (
            answer_bits & self._all_questions,
            answer_bits & self._all_ticked,
            self._cached_signals,
        )
        flipped = [choices | signals(ticked ^ yes) for yes, _ in self.signal_bits.values()]
        return dict(zip(self.signal_bits, self._reached(flipped), strict=True))

    def _reached(self, sets: Iterable[int]) -> list[str]:
        """The outcome that each of these sets of answer bits leads to."""
        course_of, of_course, outcome_of, of_rules = (
            self._cached_course,
            self._of_course,
            self._cached_outcome,
            self._of_rules,
        )
        found = []
        for answer_bits in sets:
            course = course_of(answer_bits & of_course)
            found.append(outcome_of((answer_bits & course.kept | course.added) & of_rules)[1])
        return found


@lru_cache(maxsize=64)
def logic_of(guide: Guide) -> Logic:
    """The compiled tables of a guide, kept for the guides in use."""
    return Logic(guide)
