"""From a place in a guide, as ``unfinished`` and the proof name it, to the page where staff change it.

rules 3 -> the outcome table        signals messy-stack -> the page of that signal
"""

from django.urls import reverse

from advisor.content.models import Guide
from advisor.decision.unfinished import Gap

PARTS = {
    "roles": "role",
    "signals": "signal",
    "questions": "question",
    "follow_ups": "followup",
    "outcomes": "outcome",
    "remarks": "remark",
}
"""The parts that have a key and a page of their own: where they stand in the document, and their model."""

NAMES = {
    "roles": "Role",
    "dimensions": "Table",
    "signals": "Signal",
    "questions": "Question",
    "follow_ups": "Follow-up",
    "outcomes": "Outcome",
    "rules": "Rule",
    "remarks": "Remark",
    "scenarios": "Scenario",
    "shared_concerns": "Shared concern",
    "frequent_questions": "Question people ask",
}


def address_of(guide: Guide, place: str) -> str:
    """The page where what stands at a place is changed; the guide's words for a place that has no page of its own."""
    kind, _, rest = place.partition(" ")
    key = rest.partition(" ")[0]
    if kind == "dimensions":
        return reverse("admin:content_guide_table", args=[guide.pk])
    if kind == "rules":
        return reverse("admin:content_guide_rules", args=[guide.pk])
    if kind == "scenarios":
        return reverse("admin:content_scenario_change", args=[key])
    if kind in PARTS:
        part = getattr(guide, f"{PARTS[kind]}_set").filter(key=key).first()
        if part:
            return reverse(f"admin:content_{PARTS[kind]}_change", args=[part.pk])
        return f"{reverse(f'admin:content_{PARTS[kind]}_changelist')}?guide__id__exact={guide.pk}"
    return reverse("admin:content_guide_change", args=[guide.pk])


def in_words(place: str) -> str:
    """A place as staff call it: ``rules 3`` is "Rule 3"."""
    kind, _, rest = place.partition(" ")
    if kind == "scenarios":
        return NAMES[kind]
    return f"{NAMES.get(kind, kind.replace('_', ' ').capitalize())} {rest.replace('_', ' ')}".strip()


def linked(guide: Guide, gaps: list[Gap]) -> list[tuple[str, str, str]]:
    """Each gap as its place in words, what is wrong, and where to change it."""
    return [(in_words(gap.place), gap.message, address_of(guide, gap.place)) for gap in gaps]
