"""A guide's tables compiled once, so that an outcome costs one pass over whole numbers.

See ``conditions`` for the encoding. A ``Situation`` is where one visitor stands: what holds for everyone
(questions, signals, evidence) and, apart from it, what the follow-ups contribute if they are asked.
"""

from functools import lru_cache

import msgspec

from advisor.decision.answers import Answers
from advisor.decision.conditions import EVIDENCE, OUTCOME, SIGNAL, Bits, guide_vocabulary
from advisor.decision.guide import NOT_ANSWERED, Choice, Evidence, Guide, Page, Question, Signal, Ticked


class Situation(msgspec.Struct, frozen=True):
    """``everyone`` holds whatever is asked; ``given[i]`` holds if the i-th follow-up page is asked."""

    everyone: int
    given: tuple[int, ...]


class Logic:
    """The compiled tables of one guide."""

    def __init__(self, guide: Guide) -> None:
        self.guide = guide
        bits = Bits(guide_vocabulary(guide))
        self.bit = bits.bit
        self.input_bits = bits.input_bits
        self.forbidden = bits.forbidden
        self.rules = tuple((bits.forbidden(rule.when), rule.outcome) for rule in guide.rules)
        self.remarks = tuple((bits.forbidden(remark.when), remark) for remark in guide.remarks)
        self.place = {name: place for place, name in enumerate(bits.input_bits)}
        self.follow_ups = tuple(
            (
                page,
                tuple(bits.forbidden(when) for when in page.follow_up.asked_when),
                sum(self.bit[question.key, NOT_ANSWERED] for question in page.questions),
            )
            for page in guide.pages
            if page.follow_up
        )
        self.signal_bits = {
            signal.key: (self.bit[SIGNAL + signal.key, Ticked.YES], self.bit[SIGNAL + signal.key, Ticked.NO])
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

    def evidence(self, ticked: int) -> Evidence:
        """The evidence that this many ticked signals of one role amount to."""
        if ticked >= self.guide.strong_from:
            return Evidence.STRONG
        return Evidence.SOME if ticked >= self.guide.some_from else Evidence.NONE

    def situation(self, answers: Answers) -> Situation:
        """Where a visitor with these answers stands."""
        guide, bit, choices = self.guide, self.bit, answers.choices
        everyone = 0
        for question in guide.questions:
            if not question.follow_up:
                everyone |= bit[question.key, choices.get(question.key, NOT_ANSWERED)]
        for role, levels in self.evidence_bits.items():
            ticked = 0
            for signal in guide.signals_of[role]:
                yes, no = self.signal_bits[signal.key]
                if signal.key in answers.signals:
                    ticked += 1
                    everyone |= yes
                else:
                    everyone |= no
            everyone |= levels[ticked]
        return Situation(
            everyone,
            tuple(
                sum(bit[question.key, choices.get(question.key, NOT_ANSWERED)] for question in page.questions)
                for page, _, _ in self.follow_ups
            ),
        )

    def with_choice(self, situation: Situation, question: Question, choice: Choice) -> Situation:
        """The situation after another choice for one question."""
        others, chosen = ~self.input_bits[question.key], self.bit[question.key, choice.key]
        if not question.follow_up:
            return Situation(situation.everyone & others | chosen, situation.given)
        return Situation(
            situation.everyone,
            tuple(
                given & others | chosen if question in page.questions else given
                for (page, _, _), given in zip(self.follow_ups, situation.given, strict=True)
            ),
        )

    def with_signal_turned(self, situation: Situation, signal: Signal) -> Situation:
        """The situation after one signal was ticked that was not, or the other way round."""
        yes, no = self.signal_bits[signal.key]
        everyone = situation.everyone ^ yes ^ no
        ticked = (everyone & self.ticked_bits[signal.role]).bit_count()
        evidence = self.input_bits[EVIDENCE + signal.role]
        return Situation(everyone & ~evidence | self.evidence_bits[signal.role][ticked], situation.given)

    def holding(self, situation: Situation) -> int:
        """All bits that hold: a follow-up that is not asked counts as not answered, whatever was given."""
        everyone = situation.everyone
        for (_, conditions, unanswered), given in zip(self.follow_ups, situation.given, strict=True):
            for forbidden in conditions:
                if not everyone & forbidden:
                    everyone |= given
                    break
            else:
                everyone |= unanswered
        return everyone

    def outcome(self, holding: int) -> tuple[int, str]:
        """The first rule that holds, counted from 1, and its outcome."""
        for number, (forbidden, outcome) in enumerate(self.rules, 1):
            if not holding & forbidden:
                return number, outcome
        raise LookupError("No rule matches; a guide is published only when its last rule matches anything.")

    def is_asked(self, page: Page, holding: int) -> bool:
        """Whether this page is asked of a visitor for whom these bits hold."""
        return page.follow_up is None or any(
            not holding & forbidden
            for follow_up, conditions, _ in self.follow_ups
            if follow_up is page
            for forbidden in conditions
        )


@lru_cache(maxsize=64)
def logic_of(guide: Guide) -> Logic:
    """The compiled tables of a guide, kept for the guides in use."""
    return Logic(guide)
