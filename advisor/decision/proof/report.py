"""What a proof says: how many sets of answers get which outcome, and what is wrong with a guide."""

from collections.abc import Iterator, Sequence

import msgspec

from advisor.decision.guide import Condition, Guide
from advisor.decision.plurals import pluralize
from advisor.decision.publish_checks import Blocker


class Share(msgspec.Struct, frozen=True):
    """How many sets of answers get an outcome or a remark, and one of them as a query string ("" for none)."""

    key: str
    count: int
    example: str


class RuleShare(msgspec.Struct, frozen=True):
    """How many sets of answers a rule, or a row of a need, decides. For one that decides none, ``hidden_by`` has the
    earlier ones that take the sets it would match; it is empty where it cannot match at all.
    """

    number: int
    count: int
    example: str
    hidden_by: tuple[int, ...]


class Uncovered(msgspec.Struct, frozen=True):
    """Sets of answers that no row matches, and the condition of a row that would match them and no others."""

    count: int
    example: str
    when: Condition


class Together(msgspec.Struct, frozen=True):
    """Two pieces of advice that can be given to one visitor: staff see to it that they do not contradict."""

    keys: tuple[str, str]
    example: str


class Denied(msgspec.Struct, frozen=True):
    """Sets of answers whose outcome names a role that its own table calls not needed, and one of them. It is no
    failure: an outcome may have its reasons.
    """

    outcome: str
    role: str
    count: int
    example: str


class NeedProof(msgspec.Struct, frozen=True):
    """The table that says whether a role is needed. ``needed`` and ``not_needed`` have the sets of answers for which it
    says so; those that no row matches are ``uncovered``, and among ``not_needed``.
    """

    role: str
    rows: tuple[RuleShare, ...]
    needed: Share
    not_needed: Share
    uncovered: int
    gaps: tuple[Uncovered, ...]

    def failures(self) -> Iterator[Blocker]:
        """Everything that is wrong with it, each with its place."""
        place = f"roles {self.role} need"
        yield from _failures_of_table(place, "row", self.rows, self.gaps)
        if not self.needed.count:
            yield Blocker(place, "Nobody needs this role: no row that says yes ever decides.")
        if not self.not_needed.count:
            yield Blocker(place, "Everybody needs this role: no row that says no ever decides.")


class Work(msgspec.Struct, frozen=True):
    """How much a proof took: nodes that were worked out, of how many at most."""

    done: int
    most: int

    @property
    def percent(self) -> float:
        """How much of what it may take."""
        return 100 * self.done / self.most


class Proof(msgspec.Struct, frozen=True):
    """The result of every possible visitor. ``uncovered`` counts the sets of answers that no rule matches, of which
    ``gaps`` has the first. ``needs`` are those of the roles that have a table of their own.
    """

    answer_sets: int
    needs: tuple[NeedProof, ...]
    outcomes: tuple[Share, ...]
    rules: tuple[RuleShare, ...]
    remarks: tuple[Share, ...]
    uncovered: int
    gaps: tuple[Uncovered, ...]
    silent_signals: tuple[str, ...]
    silent_questions: tuple[str, ...]
    together: tuple[Together, ...]
    denied: tuple[Denied, ...]
    work: Work

    @property
    def unreachable(self) -> tuple[str, ...]:
        """The outcomes that nobody gets."""
        return tuple(share.key for share in self.outcomes if not share.count)

    @property
    def dead_rules(self) -> tuple[int, ...]:
        """The rules that never decide."""
        return tuple(rule.number for rule in self.rules if not rule.count)

    @property
    def silent_remarks(self) -> tuple[str, ...]:
        """The remarks that are never made."""
        return tuple(share.key for share in self.remarks if not share.count)

    @property
    def ending(self) -> Uncovered | None:
        """The row that ends the table and matches whatever no rule matches; None where nothing is left for it."""
        return Uncovered(self.uncovered, self.gaps[0].example, {}) if self.gaps else None

    @property
    def rows_before_ending(self) -> tuple[Uncovered, ...]:
        """Rows for gaps that may get an outcome of their own. Whichever of them are accepted, they leave something to
        the row that ends the table: with one for each gap it would never decide.
        """
        is_all = sum(gap.count for gap in self.gaps) == self.uncovered
        return self.gaps[:-1] if is_all else self.gaps

    @property
    def holds(self) -> bool:
        """Whether nothing is wrong."""
        return not self.failures()

    def failures(self) -> list[Blocker]:
        """Everything that is wrong, each with its place."""
        return [*self._failures()]

    def _failures(self) -> Iterator[Blocker]:
        for need in self.needs:
            yield from need.failures()
        yield from _failures_of_table("rules", "rule", self.rules, self.gaps)
        for key in self.unreachable:
            yield Blocker(f"outcomes {key}", "No set of answers leads to this outcome.")
        for key in self.silent_signals:
            yield Blocker(
                f"signals {key}", "Whether it is ticked changes neither a need, the outcome nor a remark for anyone."
            )
        for key in self.silent_questions:
            yield Blocker(f"questions {key}", "Its answer changes nothing for anyone.")
        for key in self.silent_remarks:
            yield Blocker(f"remarks {key}", "No set of answers leads to this remark.")


def _failures_of_table(
    place: str, called: str, rows: Sequence[RuleShare], gaps: Sequence[Uncovered]
) -> Iterator[Blocker]:
    """What is wrong with a table whose first matching row decides; its rows are called ``row`` or ``rule``."""
    for gap in gaps:
        sets = pluralize(gap.count, "set")
        yield Blocker(place, f"No {called} matches {sets} of answers, for example {gap.example}.")
    for row in rows:
        if not row.count:
            numbers = ", ".join(map(str, row.hidden_by))
            reason = f"what it asks for is taken by {called} {numbers}" if numbers else "what it asks for cannot be"
            yield Blocker(f"{place} {row.number}", f"This {called} never decides: {reason}.")


def can_end(guide: Guide, proof: Proof) -> bool:
    """Whether nothing ends the table, and its last rule could: without its condition it decides for the same sets."""
    return bool(guide.rules and all(rule.when for rule in guide.rules) and proof.rules[-1].count and not proof.gaps)
