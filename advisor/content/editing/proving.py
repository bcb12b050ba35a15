"""The proof of a draft as a page."""

from typing import Any
from urllib.parse import parse_qsl

from django.http import HttpRequest, HttpResponse
from django.views.decorators.http import require_safe

from advisor.content.drafts import read_draft
from advisor.content.editing.pages import READ, guide_page, render_staff
from advisor.content.editing.places import linked
from advisor.content.models import Guide
from advisor.content.publishing import proof_of
from advisor.content.scenarios import run_scenarios
from advisor.content.wording import condition_in_words
from advisor.decision import guide as decision
from advisor.decision.answers import read
from advisor.decision.proof import Proof, TooLargeError
from advisor.decision.unfinished import unfinished


@require_safe
@guide_page(READ)
def proof(request: HttpRequest, guide: Guide) -> HttpResponse:
    """What every possible visitor would be told by the draft, and what is wrong with that."""
    draft = read_draft(guide)
    context: dict[str, Any] = {"unfinished": linked(guide, unfinished(draft))}
    if not context["unfinished"]:
        context["scenarios"] = run_scenarios(guide, draft)
        try:
            context |= shown(guide, draft, proof_of(draft))
        except TooLargeError as error:
            context["too_large"] = str(error)
    return render_staff(request, "content/proof.html", guide, "Proof of the draft", context)


def shown(guide: Guide, draft: decision.Guide, proof: Proof) -> dict[str, Any]:
    """A proof as its template shows it: with names for keys, shares in per cent, and each example in short."""

    def share(count: int) -> float:
        return 100 * count / proof.answer_sets

    remarks = {remark.key: remark for remark in draft.remarks}
    return {
        "proof": proof,
        "failures": linked(guide, proof.failures()),
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


def in_short(draft: decision.Guide, query: str) -> str:
    """An example in a line: "Running software: Yes. Both: Unsure. Messy stack, AI risks"."""
    answers, _ = read(draft, parse_qsl(query))
    chosen = [
        f"{draft.question[question].name}: {choice.label}."
        for question, key in answers.choices.items()
        if (choice := draft.question[question].choice(key))
    ]
    return " ".join([*chosen, ", ".join(signal.name for signal in draft.signals if signal.key in answers.signals)])
