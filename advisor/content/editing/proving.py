"""The proof of a draft as a page."""

from collections.abc import Sequence
from typing import Any
from urllib.parse import parse_qsl

from django.http import HttpRequest, HttpResponse
from django.views.decorators.http import require_safe

from advisor.content.drafts import read_draft
from advisor.content.editing.pages import EDIT, READ, guide_page, render_staff
from advisor.content.editing.places import linked
from advisor.content.editing.sheet import NEW, RULES, WHEN, read_sheet
from advisor.content.editing.shown import write_shown
from advisor.content.models import Guide
from advisor.content.publishing import proof_of
from advisor.content.scenarios import Run, run_scenarios
from advisor.content.wording import condition_in_short, condition_in_words
from advisor.decision import guide as decision
from advisor.decision.answers import read
from advisor.decision.proof import Proof, TooLargeError, Uncovered
from advisor.decision.unfinished import is_provable, unfinished


@require_safe
@guide_page(READ)
def proof(request: HttpRequest, guide: Guide) -> HttpResponse:
    """What every possible visitor would be told by the draft, and what is wrong with that."""
    draft = read_draft(guide)
    gaps = unfinished(draft)
    context: dict[str, Any] = {"unfinished": linked(guide, gaps), "is_provable": is_provable(gaps)}
    if context["is_provable"]:
        context["scenarios"] = scenarios_shown(draft, run_scenarios(guide, draft))
        try:
            found = proof_of(draft)
        except TooLargeError as error:
            context["too_large"] = str(error)
        else:
            context |= shown(guide, draft, found)
            if found.gaps and request.user.has_perm(EDIT):
                context["proposal"] = proposal(guide, found.gaps)
    return render_staff(request, "content/proof.html", guide, "Proof of the draft", context)


def proposal(guide: Guide, gaps: Sequence[Uncovered]) -> list[tuple[str, str]]:
    """The outcome table as its own page takes it, with a row for each gap that is there once its key is sent too."""
    sheet = read_sheet(guide, RULES)
    fields = [("do", "propose"), ("shown", write_shown({key: row.digest for key, row in sheet.saved.items()}))]
    fields += [("column", column) for column in sheet.columns]
    for row in sheet.rows:
        fields += [("row", row.key), *((f"{row.key}-{name}", value) for name, value in row.values.items())]
    for number, gap in enumerate(gaps, 1):
        fields += [(f"{NEW}{number}-{WHEN}{name}", ",".join(values)) for name, values in gap.when.items()]
    return fields


def shown(guide: Guide, draft: decision.Guide, proof: Proof) -> dict[str, Any]:
    """A proof as its template shows it: with names for keys, shares in per cent, and each example in short."""

    def share(count: int) -> float:
        return 100 * count / proof.answer_sets

    remarks = {remark.key: remark for remark in draft.remarks}
    return {
        "proof": proof,
        # Gaps have a table of their own.
        "failures": linked(guide, [gap for gap in proof.failures() if gap.place != "rules"]),
        "gaps": [
            (f"{NEW}{number}", gap.count, in_short(draft, gap.example), condition_in_short(draft, gap.when))
            for number, gap in enumerate(proof.gaps, 1)
        ],
        "together": [
            (*(remarks[key].title for key in pair.keys), in_short(draft, pair.example)) for pair in proof.together
        ],
        "outcomes": [
            (draft.outcome[found.key].name, found.count, share(found.count), in_short(draft, found.example))
            for found in proof.outcomes
        ],
        "rules": [
            (
                found.number,
                condition_in_words(draft, rule.when),
                draft.outcome[rule.outcome].name,
                found.count,
                share(found.count),
                in_short(draft, found.example),
                found.hidden_by,
            )
            for found, rule in zip(proof.rules, draft.rules, strict=True)
        ],
        "remarks": [
            (remarks[found.key], found.count, share(found.count), in_short(draft, found.example))
            for found in proof.remarks
        ],
    }


def scenarios_shown(document: decision.Guide, runs: list[Run]) -> list[tuple[Run, str]]:
    """Scenarios that were tried, each with its answers in words."""
    return [(run, in_short(document, run.case.answers)) for run in runs]


def in_short(draft: decision.Guide, query: str) -> str:
    """An example in a line: "Running software: Yes. Both: Unsure. Messy stack, AI risks"."""
    answers, _ = read(draft, parse_qsl(query))
    chosen = [
        f"{draft.question[question].name}: {choice.label}."
        for question, key in answers.choices.items()
        if (choice := draft.question[question].choice(key))
    ]
    return " ".join([*chosen, ", ".join(signal.name for signal in draft.signals if signal.key in answers.signals)])
