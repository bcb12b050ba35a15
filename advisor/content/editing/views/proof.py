"""The proof of a draft as a page."""

from collections.abc import Sequence
from typing import Any

from django.http import HttpRequest, HttpResponse
from django.views.decorators.http import require_safe
from django_htmx.http import HttpResponseClientRefresh
from msgspec.structs import replace

from advisor.content.drafts import read_draft
from advisor.content.editing.condition_table.sheet import NEEDS, NEW, RULES, WHEN, TableKind, read_sheet
from advisor.content.editing.pages import EDIT, READ, guide_page, render_staff
from advisor.content.editing.places import blockers_in_words
from advisor.content.models import Guide, Role
from advisor.content.publishing import Progress, proof_or_progress
from advisor.content.scenarios import Run, run_scenarios
from advisor.content.wording import answers_in_short, condition_in_short, condition_in_words
from advisor.decision import guide as decision
from advisor.decision.proof import NeedProof, Proof, RuleShare, TooLargeError, Uncovered, can_end
from advisor.decision.publish_checks import is_provable, publish_blockers
from advisor.stale import write_fingerprints


@require_safe
@guide_page(READ)
def proof(request: HttpRequest, guide: Guide) -> HttpResponse:
    """What every possible visitor would be told by the draft, and what is wrong with that."""
    draft = read_draft(guide)
    blockers = publish_blockers(draft)
    context: dict[str, Any] = {"unfinished": blockers_in_words(guide, blockers), "is_provable": is_provable(blockers)}
    if context["is_provable"]:
        context["scenarios"] = scenario_rows(draft, run_scenarios(guide, draft))
        try:
            found = proof_or_progress(draft)
        except TooLargeError as error:
            context["too_large"] = str(error)
        else:
            if not isinstance(found, Proof):
                return proving_page(request, guide, "Proof of the draft", found)
            if looks_again(request):
                return HttpResponseClientRefresh()
            context |= proof_context(guide, draft, found)
            context["needs"] = [need_context(guide, draft, found, need) for need in found.needs]
            if request.user.has_perm(EDIT):
                context |= proposal_context(guide, draft, found)
    return render_staff(request, "content/proof.html", guide, "Proof of the draft", context)


def proving_page(request: HttpRequest, guide: Guide, title: str, progress: Progress) -> HttpResponse:
    """How far a proof is, for whoever waits for it. The page looks again by itself (``looks_again``); once the proof is
    there, it has to be loaded whole, with its scripts.
    """
    done, of = progress
    return render_staff(request, "content/proving.html", guide, title, {"done": done, "of": of})


def looks_again(request: HttpRequest) -> bool:
    """Whether it is a page that waits for a proof that asks."""
    return "HX-Request" in request.headers


def proposal_context(guide: Guide, draft: decision.Guide, proof: Proof) -> dict[str, Any]:
    """What would close the outcome table, as its own page takes it; accepted, nothing of it is in the way later.

    ``proposal`` has the rows for gaps. Where there are none and the table has no row that ends it, ``last_rule`` can do
    without its condition, and ``without_condition`` is the table in which it does.
    """
    if proof.gaps:
        return {"proposal": proposal_fields(guide, RULES, proposed_rows(proof))}
    if can_end(draft, proof):
        without = table_fields(guide, RULES, without_last_condition=True)
        return {"last_rule": len(draft.rules), "without_condition": without}
    return {}


def need_context(guide: Guide, draft: decision.Guide, proof: Proof, need: NeedProof) -> dict[str, Any]:
    """What the table of one role's need says to every set of answers, and what would close it, as for the rules."""
    role, value = guide.role_set.get(key=need.role), draft.role[need.role]
    # Its gaps are closed as those of the outcome table are.
    proposed = proposed_rows(replace(proof, gaps=need.gaps, uncovered=need.uncovered))
    can_do_without = bool(value.need and all(row.when for row in value.need) and need.rows[-1].count)
    context = {
        "role": role,
        "needed": need.needed.count,
        "share": 100 * need.needed.count / proof.answer_sets,
        "uncovered": need.uncovered,
        "gaps": gap_rows(draft, proposed),
        "rows": row_shares(
            draft, proof, need.rows, [(row.when, "needed" if row.needed else "not needed") for row in value.need]
        ),
    }
    if need.gaps:
        return context | {"proposal": proposal_fields(role, NEEDS, proposed)}
    if can_do_without:
        return context | {"last": len(value.need), "fields": table_fields(role, NEEDS, without_last_condition=True)}
    return context


def proposed_rows(proof: Proof) -> list[Uncovered]:
    """The row that ends the table, and those that may come before it."""
    return [*([proof.ending] if proof.ending else []), *proof.rows_before_ending]


def proposal_fields(owner: Guide | Role, kind: TableKind, rows: Sequence[Uncovered]) -> list[tuple[str, str]]:
    """A table as its own page takes it, with each of these rows, which is there once its key is sent too."""
    fields = table_fields(owner, kind)
    for number, row in enumerate(rows, 1):
        fields += [(f"{NEW}{number}-{WHEN}{name}", ",".join(values)) for name, values in row.when.items()]
    return fields


def table_fields(
    owner: Guide | Role, kind: TableKind, *, without_last_condition: bool = False
) -> list[tuple[str, str]]:
    """A table as its own page takes it, with nothing saved."""
    sheet = read_sheet(owner, kind)
    if without_last_condition:
        last = sheet.rows[-1]
        last.values = {name: value for name, value in last.values.items() if not name.startswith(WHEN)}
    fields = [
        ("do", "propose"),
        ("shown", write_fingerprints({key: row.fingerprint for key, row in sheet.saved.items()})),
    ]
    fields += [("column", column) for column in sheet.columns]
    for row in sheet.rows:
        fields += [("row", row.key), *((f"{row.key}-{name}", value) for name, value in row.values.items())]
    return fields


def proof_context(guide: Guide, draft: decision.Guide, proof: Proof) -> dict[str, Any]:
    """A proof as its template shows it: with names for keys, shares in per cent, and each example in short."""

    def share(count: int) -> float:
        return 100 * count / proof.answer_sets

    remarks = {remark.key: remark for remark in draft.remarks}
    with_gaps = {"rules", *(f"roles {need.role} need" for need in proof.needs if need.gaps)}
    return {
        "proof": proof,
        # Gaps have a table of their own.
        "failures": blockers_in_words(
            guide, [blocker for blocker in proof.failures() if blocker.place not in with_gaps]
        ),
        "gaps": gap_rows(draft, proposed_rows(proof)),
        "together": [
            (*(remarks[key].title for key in pair.keys), answers_in_short((draft, pair.example)))
            for pair in proof.together
        ],
        "denied": [
            (
                draft.outcome[found.outcome].name,
                draft.role[found.role].name,
                found.count,
                answers_in_short((draft, found.example)),
            )
            for found in proof.denied
        ],
        "outcomes": [
            (draft.outcome[found.key].name, found.count, share(found.count), answers_in_short((draft, found.example)))
            for found in proof.outcomes
        ],
        "rules": row_shares(
            draft, proof, proof.rules, [(rule.when, draft.outcome[rule.outcome].name) for rule in draft.rules]
        ),
        "remarks": [
            (remarks[found.key], found.count, share(found.count), answers_in_short((draft, found.example)))
            for found in proof.remarks
        ],
    }


def gap_rows(draft: decision.Guide, rows: Sequence[Uncovered]) -> list[tuple[str, int, str, str]]:
    """Proposed rows as the template shows them: each with its key, its sets of answers, an example, and its words."""
    return [
        (
            f"{NEW}{number}",
            row.count,
            answers_in_short((draft, row.example)),
            f"If {condition_in_short(draft, row.when)}" if row.when else "Otherwise, whatever was answered",
        )
        for number, row in enumerate(rows, 1)
    ]


def row_shares(
    draft: decision.Guide,
    proof: Proof,
    shares: Sequence[RuleShare],
    rows: Sequence[tuple[decision.Condition, str]],
) -> list[tuple[Any, ...]]:
    """The rows of a table whose first row that holds decides, each with what it says and for how many."""
    return [
        (
            found.number,
            condition_in_words(draft, when),
            says,
            found.count,
            100 * found.count / proof.answer_sets,
            answers_in_short((draft, found.example)),
            found.hidden_by,
        )
        for found, (when, says) in zip(shares, rows, strict=True)
    ]


def scenario_rows(document: decision.Guide, runs: list[Run]) -> list[tuple[Run, str]]:
    """Scenarios that were tried, each with its answers in words."""
    return [(run, answers_in_short((document, run.case.answers))) for run in runs]
