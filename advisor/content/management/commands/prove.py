import sys
from typing import Any

import msgspec
from django.core.management.base import BaseCommand, CommandError, CommandParser

from advisor.content.drafts import read_draft
from advisor.content.models import Guide
from advisor.content.publishing import newest_edition
from advisor.content.scenarios import Run, run_scenarios
from advisor.decision import guide as decision
from advisor.decision.guide import decode
from advisor.decision.proof import Proof, TooLargeError, prove
from advisor.decision.unfinished import Gap, unfinished


class Command(BaseCommand):
    """``manage.py prove cto-or-head-of-ai``: exit status 0 when the proof holds and every scenario passes."""

    help = "Asks a guide for every possible set of answers and says what is wrong."

    def add_arguments(self, parser: CommandParser) -> None:
        parser.add_argument("guide", help="The guide's key.")
        parser.add_argument("--draft", action="store_true", help="The draft instead of the live edition.")
        parser.add_argument("--json", action="store_true", help="One JSON object instead of words.")

    def handle(self, *args: Any, **options: Any) -> None:
        guide = self._guide(options["guide"])
        document = read_draft(guide) if options["draft"] else self._live(guide)
        gaps = unfinished(document)
        proof = None if gaps else self._proof(document)
        runs = run_scenarios(guide, document) if proof else []
        if options["json"]:
            self.stdout.write(msgspec.json.encode(as_object(gaps, proof, runs)).decode())
        else:
            self.stdout.write("\n".join(report(document, gaps, proof, runs)))
        if proof is None or not proof.holds or any(not run.passed and not run.allowed for run in runs):
            sys.exit(1)

    def _guide(self, key: str) -> Guide:
        try:
            return Guide.objects.get(key=key)
        except Guide.DoesNotExist:
            known = ", ".join(Guide.objects.values_list("key", flat=True)) or "none yet"
            raise CommandError(f"There is no guide “{key}”. Guides: {known}.") from None

    def _live(self, guide: Guide) -> decision.Guide:
        edition = newest_edition(guide)
        if edition is None:
            raise CommandError("Nothing of this guide is published yet; --draft proves the draft.")
        return decode(edition.document)

    def _proof(self, document: decision.Guide) -> Proof:
        try:
            return prove(document, progress=self._show_progress if self.stderr.isatty() else None)
        except TooLargeError as error:
            raise CommandError(str(error)) from None

    def _show_progress(self, done: int, of: int) -> None:
        """A bar that stays on its line, and is gone at the end."""
        bar = "█" * (30 * done // of)
        self.stderr.write(f"\r{bar:<30} {done} of {of}" if done < of else f"\r{'':<60}\r", ending="")


def as_object(gaps: list[Gap], proof: Proof | None, runs: list[Run]) -> dict[str, Any]:
    """The findings as one JSON object; of an unfinished guide only what is unfinished."""
    found: dict[str, Any] = {
        "unfinished": gaps,
        "scenarios": [{"title": run.scenario.title, "passed": run.passed, "message": run.message} for run in runs],
    }
    if proof:
        found |= {
            "holds": proof.holds,
            "answer_sets": proof.answer_sets,
            "outcomes": {share.key: {"count": share.count, "example": share.example} for share in proof.outcomes},
            "rules": proof.rules,
            "remarks": {share.key: {"count": share.count, "example": share.example} for share in proof.remarks},
            "gaps": proof.gaps,
            "unreachable": proof.unreachable,
            "dead_rules": proof.dead_rules,
            "silent_signals": proof.silent_signals,
            "silent_questions": proof.silent_questions,
            "silent_remarks": proof.silent_remarks,
            "together": proof.together,
        }
    return found


def report(document: decision.Guide, gaps: list[Gap], proof: Proof | None, runs: list[Run]) -> list[str]:
    """The same for people."""
    if proof is None:
        return ["The guide is unfinished:", *(f"  {gap.place}: {gap.message}" for gap in gaps)]
    failures = proof.failures()
    lines = [f"{document.title}", f"{proof.answer_sets:,} possible sets of answers", ""]
    lines += [
        f"  {share.count:>12,}  {100 * share.count / proof.answer_sets:5.1f} %  {document.outcome[share.key].name}"
        for share in proof.outcomes
    ]
    lines += ["", "The proof fails:" if failures else "The proof holds."]
    lines += [f"  {gap.place}: {gap.message}" for gap in failures]
    lines += [f"{sum(run.passed for run in runs)} of {len(runs)} scenarios pass."]
    lines += [f"  “{run.scenario.title}”: {run.message}" for run in runs if not run.passed]
    return lines
