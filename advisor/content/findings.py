"""What commands find out about a document: whether it could be published, and what it says to whom."""

from collections.abc import Callable, Iterable, Iterator
from dataclasses import dataclass, field
from typing import Any

from django.core.management.base import OutputWrapper

from advisor.content.models.scenario import Case
from advisor.content.scenarios import Run, run_case
from advisor.content.wording import condition_in_words
from advisor.decision import guide as decision
from advisor.decision.plurals import pluralize
from advisor.decision.proof import Proof, TooLargeError, prove
from advisor.decision.publish_checks import Blocker, is_provable, publish_blockers


class _ProgressBar:
    """How far a proof is, on a line that stays, and is gone at the end. It is no error, and not shown as one."""

    def __init__(self, stream: OutputWrapper) -> None:
        self.stream = stream

    def __call__(self, done: int, of: int) -> None:
        bar = "█" * (30 * done // of)
        line = f"\r{bar:<30} {done} of {of}" if done < of else f"\r{'':<60}\r"
        self.stream.write(line, style_func=str, ending="")
        self.stream.flush()


def progress_bar(stream: OutputWrapper) -> Callable[[int, int], None] | None:
    """A progress bar where somebody looks at it."""
    return _ProgressBar(stream) if stream.isatty() else None


@dataclass
class Findings:
    """What was found out about a document. ``proof`` is None where nothing can be asked of it, or too much."""

    document: decision.Guide
    blockers: list[Blocker]
    runs: list[Run] = field(default_factory=list)
    proof: Proof | None = None
    too_large: str = ""

    @property
    def all_is_well(self) -> bool:
        """Whether the document could be published as it is."""
        passed = all(run.passed or run.allowed for run in self.runs)
        return self.proof is not None and self.proof.holds and passed and not self.blockers


def find_out(
    document: decision.Guide, cases: Iterable[Case], progress: Callable[[int, int], None] | None = None
) -> Findings:
    """Ask a document for everything that a command says about it; ``cases`` are the scenarios that it is tried by."""
    findings = Findings(document, publish_blockers(document))
    if is_provable(findings.blockers):
        findings.runs = [run_case(case, document) for case in cases]
        try:
            findings.proof = prove(document, progress=progress)
        except TooLargeError as error:
            findings.too_large = str(error)
    return findings


def as_object(findings: Findings) -> dict[str, Any]:
    """The findings as one JSON object; without a proof it says only why there is none."""
    found: dict[str, Any] = {
        "unfinished": findings.blockers,
        "too_large": findings.too_large,
        "scenarios": [{"title": run.case.title, "passed": run.passed, "message": run.message} for run in findings.runs],
    }
    if proof := findings.proof:
        found |= {
            "holds": proof.holds,
            "answer_sets": proof.answer_sets,
            "outcomes": {share.key: {"count": share.count, "example": share.example} for share in proof.outcomes},
            "rules": proof.rules,
            "remarks": {share.key: {"count": share.count, "example": share.example} for share in proof.remarks},
            "uncovered": proof.uncovered,
            "gaps": proof.gaps,
            "unreachable": proof.unreachable,
            "dead_rules": proof.dead_rules,
            "silent_signals": proof.silent_signals,
            "silent_questions": proof.silent_questions,
            "silent_remarks": proof.silent_remarks,
            "together": proof.together,
            "needs": proof.needs,
            "work": proof.work,
        }
    return found


def report(findings: Findings, where: Callable[[str], str] = str, *, pairs: bool = True) -> list[str]:
    """The same for people; ``where`` says how they find a place, ``pairs`` whether they read which advice meets."""
    document, proof, lines = findings.document, findings.proof, [findings.document.title]
    if findings.blockers:
        lines += [
            "",
            "The guide is unfinished:",
            *(f"  {where(blocker.place)}: {blocker.message}" for blocker in findings.blockers),
        ]
    if proof:
        lines += ["", *_proof_in_words(document, proof, where)]
        if pairs:
            lines += _pairs_in_words(document, proof)
        lines.append(f"It took {proof.work.percent:.1f} % of the work that a proof may take.")
    else:
        lines += ["", findings.too_large or "It cannot be proved before what is named there exists."]
    if findings.runs:
        lines += [
            "",
            f"{sum(run.passed for run in findings.runs)} of {pluralize(len(findings.runs), 'scenario')} passed.",
        ]
        lines += [f"  “{run.case.title}”: {run.message}" for run in findings.runs if not run.passed]
    return lines


def _proof_in_words(document: decision.Guide, proof: Proof, where: Callable[[str], str]) -> Iterator[str]:
    failures = proof.failures()
    yield f"{pluralize(proof.answer_sets, 'possible set')} of answers"
    for share in proof.outcomes:
        percent = 100 * share.count / proof.answer_sets
        yield f"  {share.count:>12,}  {percent:5.1f} %  {document.outcome[share.key].name}"
    for need in proof.needs:
        percent = 100 * need.needed.count / proof.answer_sets
        yield f"  {need.needed.count:>12,}  {percent:5.1f} %  {document.role[need.role].name} is needed"
    yield ""
    yield "The proof fails:" if failures else "The proof holds."
    yield from (f"  {where(blocker.place)}: {blocker.message}" for blocker in failures)
    if proof.ending:
        yield f"  One row ends the table and matches all of them: otherwise ({proof.uncovered:,})"
    for gap in proof.rows_before_ending:
        yield f"  A row before it that would match {gap.count:,} of them: if {condition_in_words(document, gap.when)}"


def _pairs_in_words(document: decision.Guide, proof: Proof) -> Iterator[str]:
    titles = {remark.key: remark.title for remark in document.remarks}
    if proof.together:
        yield "Advice that is given together to someone; see that it does not contradict itself:"
    for pair in proof.together:
        one, other = (titles[key] for key in pair.keys)
        yield f"  “{one}” and “{other}”, for example {pair.example}"
