"""The proof of a draft as a page."""

from collections.abc import Sequence
from typing import Any

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
from advisor.content.wording import answers_in_short, condition_in_short, condition_in_words
from advisor.decision import guide as decision
from advisor.decision.proof import Proof, TooLargeError, Uncovered, can_end
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
            if request.user.has_perm(EDIT):
                context |= proposals(guide, draft, found)
    return render_staff(request, "content/proof.html", guide, "Proof of the draft", context)


def proposals(guide: Guide, draft: decision.Guide, proof: Proof) -> dict[str, Any]:
    """What would close the outcome table, as its own page takes it; accepted, nothing of it is in the way later.

    ``proposal`` has the rows for gaps. Where there are none and the table has no row that ends it, ``last_rule`` can do
    without its condition, and ``without_condition`` is the table in which it does.
    """
    if proof.gaps:
        return {"proposal": proposal(guide, rows_proposed(proof))}
    if can_end(draft, proof):
        return {"last_rule": len(draft.rules), "without_condition": table_sent(guide, without_last_condition=True)}
    return {}


def rows_proposed(proof: Proof) -> list[Uncovered]:
    """The row that ends the table, and those that may come before it."""
    return [*([proof.ending] if proof.ending else []), *proof.rows_before_ending]


def proposal(guide: Guide, rows: Sequence[Uncovered]) -> list[tuple[str, str]]:
    """The outcome table as its own page takes it, with each of these rows, which is there once its key is sent too."""
    fields = table_sent(guide)
    for number, row in enumerate(rows, 1):
        fields += [(f"{NEW}{number}-{WHEN}{name}", ",".join(values)) for name, values in row.when.items()]
    return fields


def table_sent(guide: Guide, *, without_last_condition: bool = False) -> list[tuple[str, str]]:
    """The outcome table as its own page takes it, with nothing saved."""
    sheet = read_sheet(guide, RULES)
    if without_last_condition:
        last = sheet.rows[-1]
        last.values = {name: value for name, value in last.values.items() if not name.startswith(WHEN)}
    fields = [("do", "propose"), ("shown", write_shown({key: row.digest for key, row in sheet.saved.items()}))]
    fields += [("column", column) for column in sheet.columns]
    for row in sheet.rows:
        fields += [("row", row.key), *((f"{row.key}-{name}", value) for name, value in row.values.items())]
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
            (
                f"{NEW}{number}",
                row.count,
                answers_in_short((draft, row.example)),
                f"If {condition_in_short(draft, row.when)}" if row.when else "Otherwise, whatever was answered",
            )
            for number, row in enumerate(rows_proposed(proof), 1)
        ],
        "together": [
            (*(remarks[key].title for key in pair.keys), answers_in_short((draft, pair.example)))
            for pair in proof.together
        ],
        "outcomes": [
            (draft.outcome[found.key].name, found.count, share(found.count), answers_in_short((draft, found.example)))
            for found in proof.outcomes
        ],
        "rules": [
            (
                found.number,
                condition_in_words(draft, rule.when),
                draft.outcome[rule.outcome].name,
                found.count,
                share(found.count),
                answers_in_short((draft, found.example)),
                found.hidden_by,
            )
            for found, rule in zip(proof.rules, draft.rules, strict=True)
        ],
        "remarks": [
            (remarks[found.key], found.count, share(found.count), answers_in_short((draft, found.example)))
            for found in proof.remarks
        ],
    }


def scenarios_shown(document: decision.Guide, runs: list[Run]) -> list[tuple[Run, str]]:
    """Scenarios that were tried, each with its answers in words."""
    return [(run, answers_in_short((document, run.case.answers))) for run in runs]
