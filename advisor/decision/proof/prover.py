"""``prove(guide)``: every count of a proof, worked out on diagrams."""

from collections.abc import Callable, Iterable, Iterator, Mapping, Sequence
from itertools import combinations

from advisor.decision.answer_space import AnswerSpace, Remarked, Variable, by_use, diagrams_of, once, variables_of
from advisor.decision.conditions import NEED, OUTCOME, SIGNAL, guide_vocabulary
from advisor.decision.diagrams import BEYOND, FALSE, TRUE, Assignment, Node, TooLargeError
from advisor.decision.guide import NOT_ANSWERED, Condition, Guide, RemarkKind, YesNo
from advisor.decision.plurals import pluralize
from advisor.decision.proof.report import Denied, NeedProof, Proof, RuleShare, Share, Together, Uncovered, Work

MAX_NODES = 1_500_000
"""Nodes of diagrams that a proof works out at most. They take some ten seconds."""

MAX_PROPOSED_ROWS = 20
"""Rows proposed for sets of answers that no row matches."""


def prove(guide: Guide, *, progress: Callable[[int, int], None] | None = None) -> Proof:
    """Ask a guide for every set of answers. ``progress`` is told how many of how many tables and remarks are done.

    Raises ``TooLargeError`` when that takes more than ``MAX_NODES``, in either of two orders of the variables.
    """
    at = ""
    # The order of the guide suits tables of needs, in which what belongs together stands together; the other one suits
    # rules that name the same questions again and again.
    orders = [variables_of(guide), by_use(guide, variables_of(guide))]
    for variables in orders if any(role.need for role in guide.roles) else reversed(orders):
        prover = _Prover(guide, variables, progress or (lambda done, of: None))
        try:
            return prover.proof()
        except BEYOND:
            at = prover.at
    raise TooLargeError(_too_large(guide, at))


def _too_large(guide: Guide, at: str) -> str:
    signals = pluralize(sum(signal.role in guide.question_about for signal in guide.signals), "signal")
    return (
        f"This guide is too large to be proved: it takes more than {MAX_NODES:,} nodes, as its "
        f"{pluralize(len(guide.rules), 'rule')} and {pluralize(len(guide.remarks), 'remark')} tell apart too many "
        f"combinations of {pluralize(len(guide.questions), 'question')} and {signals}. It came as far as {at}. Let "
        "a role’s own table say whether it is needed, and let rules ask for that instead of single answers; let rows "
        "name fewer single signals; or let more rows name the same questions."
    )


type Table = tuple[tuple[RuleShare, ...], int, tuple[Uncovered, ...]]
"""What is found of a table: its rows, how many sets of answers none of them matches, and the first of these."""


class _Prover:
    """A guide, and how far its proof is. ``at`` names what is worked out, for people."""

    def __init__(self, guide: Guide, variables: Sequence[Variable], progress: Callable[[int, int], None]) -> None:
        self.guide, self.progress, self.done, self.at = guide, progress, 0, "the first table"
        # The rules, and the advice that is given together, are one each.
        self.of = sum(bool(role.need) for role in guide.roles) + len(guide.remarks) + 2
        self.diagrams = diagrams_of(variables, MAX_NODES)
        self.space = AnswerSpace(guide, variables, self.diagrams, self._begin)

    def _begin(self, place: str) -> None:
        """Before each table and each remark."""
        if self.done:
            self.progress(self.done, self.of)
        self.done += 1
        self.at = place

    def proof(self) -> Proof:
        guide, space = self.guide, self.space
        self.once = once(space)
        needs = tuple(self._need(role.key) for role in guide.roles if role.need)
        rules, uncovered, gaps = self._table(space.rule, [rule.when for rule in guide.rules])
        outcomes = self._shares(space.outcome, {outcome.key: outcome.key for outcome in guide.outcomes})
        remarks = {}
        for remark in guide.remarks:
            self._begin(f"remarks {remark.key}")
            remarks[remark.key] = space.remarked(remark.when)
        shares = tuple(self._share(key, made) for key, made in remarks.items())
        self._begin("advice that is given together")
        together = tuple(self._together(remarks))
        silent_signals, silent_questions = self._silent(remarks.values())
        self.progress(self.of, self.of)
        return Proof(
            answer_sets=self._counts(TRUE)[True],
            needs=needs,
            outcomes=outcomes,
            rules=rules,
            remarks=shares,
            uncovered=uncovered,
            gaps=gaps,
            silent_signals=silent_signals,
            silent_questions=silent_questions,
            together=together,
            denied=tuple(self._denied()),
            work=Work(self.diagrams.work, self.diagrams.max_nodes),
        )

    def _counts(self, node: Node) -> dict[object, int]:
        """How many sets of answers give what."""
        counts = self.diagrams.counts(self.diagrams.if_then_else(self.once, node, self.diagrams.terminal(None)))
        return {result: counts.get(result, 0) for result in self.diagrams.results(node)}

    def _examples(self, node: Node) -> dict[object, str]:
        """One set of answers for each result."""
        return {result: self.space.answers(found) for result, found in self.diagrams.examples(node).items()}

    def _shares(self, node: Node, results: Mapping[str, object]) -> tuple[Share, ...]:
        """For each key how many sets of answers give its result."""
        counts, examples = self._counts(node), self._examples(node)
        return tuple(Share(key, counts.get(result, 0), examples.get(result, "")) for key, result in results.items())

    def _share(self, key: str, made: Remarked) -> Share:
        """For how many sets of answers a remark is made."""
        return Share(key, self.space.count(made, self.once), self.space.both_made(made, made))

    def _need(self, role: str) -> NeedProof:
        whens = [row.when for row in self.guide.role[role].need]
        rows, uncovered, gaps = self._table(self.space.row_of_need(role), whens)
        says = {value.value: value.value for value in YesNo}
        needed, not_needed = self._shares(self.space.input(NEED + role), says)
        return NeedProof(role, rows, needed, not_needed, uncovered, gaps)

    def _table(self, deciding: Node, whens: Sequence[Condition]) -> Table:
        """``deciding`` gives the number of the row, 0 where none matches."""
        counts, examples = self._counts(deciding), self._examples(deciding)
        rows = tuple(
            RuleShare(
                number,
                counts.get(number, 0),
                examples.get(number, ""),
                () if counts.get(number) else self._hidden_by(deciding, when),
            )
            for number, when in enumerate(whens, 1)
        )
        return rows, counts.get(0, 0), tuple(self._gaps(deciding, whens))

    def _hidden_by(self, deciding: Node, when: Condition) -> tuple[int, ...]:
        return tuple(sorted(self.diagrams.results_where(self.space.condition(when), deciding)))

    def _gaps(self, deciding: Node, whens: Sequence[Condition]) -> Iterator[Uncovered]:
        """Sets that no row matches, each time as many as one row can match without matching any other."""
        diagrams, space = self.diagrams, self.space
        covered = diagrams.translate(deciding, lambda number: number != 0)
        uncovered = diagrams.negation(covered)
        for _ in range(MAX_PROPOSED_ROWS):
            if uncovered == FALSE:
                return
            found = diagrams.examples(uncovered)[True]
            when = self._widest(found, covered, whens)
            row = space.condition(when)
            yield Uncovered(self._counts(diagrams.both(row, uncovered))[True], space.answers(found), when)
            uncovered = diagrams.if_then_else(row, FALSE, uncovered)

    def _widest(self, found: Assignment, covered: Node, whens: Sequence[Condition]) -> dict[str, tuple[str, ...]]:
        """What holds for an assignment, without what can be left out so that still nothing covered is matched."""
        diagrams, space = self.diagrams, self.space
        named = {
            name: _alike(name, str(diagrams.value(space.input(name), found)), values, whens)
            for name, values in guide_vocabulary(self.guide).items()
            if any(name in when for when in whens)
        }
        for name in list(named):
            others = {other: values for other, values in named.items() if other != name}
            if diagrams.common_example(space.condition(others), covered) is None:
                named = others
        return named

    def _together(self, remarks: Mapping[str, Remarked]) -> Iterator[Together]:
        """The pairs of advice that someone is given."""
        advice = [remark for remark in self.guide.remarks if remark.kind is RemarkKind.ADVICE]
        for one, other in combinations(advice, 2):
            shared = one.when.keys() & other.when.keys()
            # What both ask for keeps most pairs apart, which is known without a look at the answers.
            if all({*one.when[name]} & {*other.when[name]} for name in shared):
                example = self.space.both_made(remarks[one.key], remarks[other.key])
                if example:
                    yield Together((one.key, other.key), example)

    def _denied(self) -> Iterator[Denied]:
        for outcome in self.guide.outcomes:
            for role in outcome.roles:
                if self.guide.role[role].need:
                    node = self.space.condition({OUTCOME: (outcome.key,), NEED + role: (YesNo.NO.value,)})
                    if count := self._counts(node).get(True, 0):
                        yield Denied(outcome.key, role, count, self._examples(node)[True])

    def _silent(self, remarks: Iterable[Remarked]) -> tuple[tuple[str, ...], tuple[str, ...]]:
        """The signals and the questions that matter to nobody. The answer to a question about a role always does, as it
        says how sure the recommendation is.
        """
        guide, space = self.guide, self.space
        remarks = [remarked for remarked in remarks if remarked.node != FALSE]
        functions = [space.outcome, *(remarked.node for remarked in remarks)]
        functions += [space.input(NEED + role.key) for role in guide.roles if role.need]
        functions += [space.asked(question.key) for question in guide.questions]
        places = self.diagrams.variables(functions)
        matter = {name for name, place in space.place.items() if place in places}
        matter |= {SIGNAL + key for remarked in remarks for key in remarked.ticked | remarked.unticked}
        return (
            tuple(signal.key for signal in guide.signals if SIGNAL + signal.key not in matter),
            tuple(question.key for question in guide.questions if not question.role and question.key not in matter),
        )


def _alike(name: str, value: str, values: Sequence[str], whens: Sequence[Condition]) -> tuple[str, ...]:
    """The values of an input that every row allows or forbids together with this one."""
    rows = [when[name] for when in whens if name in when]
    return tuple(
        other
        for other in values
        if (other == NOT_ANSWERED) == (value == NOT_ANSWERED)
        and all((other in allowed) == (value in allowed) for allowed in rows)
    )
