"""What a recommendation consists of."""

from enum import StrEnum

import msgspec

from advisor.decision.guide import Evidence, Remark, Signal


class Certainty(StrEnum):
    """How sure the recommendation is. Never a made-up percentage."""

    CLEAR = "clear"
    LEANING = "leaning"
    MIXED = "mixed"


class DoubtKind(StrEnum):
    """What keeps a recommendation from being clear."""

    NOT_AFFIRMED = "not-affirmed"
    NO_EVIDENCE = "no-evidence"
    OTHER_AFFIRMED = "other-affirmed"
    OTHER_EVIDENCE = "other-evidence"
    CONTRADICTION = "contradiction"
    MISSING_FACT = "missing-fact"
    ROW = "row"


class Doubt(msgspec.Struct, frozen=True):
    """One thing that keeps the recommendation from being clear.

    ``about`` is the key of a role or, for a missing fact, of a question that the outcome turns on and that was left
    open; the title of a contradiction; or the doubt of a row in the guide's own words.
    """

    kind: DoubtKind
    about: str


class Basis(msgspec.Struct, frozen=True):
    """What a reason or remark rests on: one answer, one signal, or the evidence for one role.

    ``question`` is where it can be changed. ``choice`` is the answer given there (for an answer), ``signals``
    the ticked signals (for a signal or evidence; none ticked is a basis too). ``not_ticked`` is the single signal that
    it rests on not being ticked, which says nothing of the role's others.
    """

    question: str
    choice: str = ""
    role: str = ""
    signals: tuple[str, ...] = ()
    not_ticked: str = ""

    @property
    def is_answer(self) -> bool:
        """Whether it is the answer to the question itself rather than what was ticked below it."""
        return not self.role


class Reason(msgspec.Struct, frozen=True):
    """A sentence and what it rests on. An answer that speaks for itself has no sentence (``text`` is "").

    ``role`` is the role it speaks about ("" for the rule that decided). It is decisive when without everything that it
    rests on the outcome would be another: answers not given, situations not ticked. Otherwise it supports the outcome.
    """

    text: str
    rests_on: tuple[Basis, ...]
    role: str = ""
    is_decisive: bool = False


class RoleAnswer(msgspec.Struct, frozen=True):
    """Whether one role is needed, and why.

    ``row`` of the role's own table decided, counted from 1, and ``reason`` is what it says. A role without a table is
    needed when the outcome names it: 0, and no reason. ``speaks_for`` and ``speaks_against`` need it, whatever was
    decided: answers and ticked situations.
    """

    role: str
    is_needed: bool
    row: int
    reason: Reason | None
    speaks_for: tuple[Reason, ...]
    speaks_against: tuple[Reason, ...]


class ShownRemark(msgspec.Struct, frozen=True):
    """A remark that was collected and what it rests on: for a contradiction, both of its sides."""

    remark: Remark
    rests_on: tuple[Basis, ...]


class RoleEvidence(msgspec.Struct, frozen=True):
    """How many of a role's signals are ticked, and what that amounts to."""

    role: str
    ticked: tuple[Signal, ...]
    of: int
    level: Evidence


class Change(msgspec.Struct, frozen=True):
    """One change that leads to another outcome: another choice, or one signal ticked or unticked.

    ``asks_more`` says that the changed answers open a follow-up, so that the outcome named is the one before it
    is answered. ``restates`` marks another answer to a question that asks which of the roles it is: whoever gives it
    says the outcome themselves.
    """

    question: str
    outcome: str
    choice: str = ""
    signal: str = ""
    ticked: bool = False
    asks_more: bool = False
    restates: bool = False
