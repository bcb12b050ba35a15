"""The brief of the first guide, typed in again by hand: what its fixture and the engine are compared with.

Nothing here is read from the fixture or uses the engine; both would only agree with themselves.
"""

from collections.abc import Iterator
from dataclasses import dataclass
from itertools import product

from advisor.decision.answers import Answers

CHOICES = {
    "software": ("yes", "no", "unsure"),
    "ai": ("yes", "no", "unsure"),
    "both": ("both", "software", "ai", "neither", "unsure"),
}
FACTS = {
    "team-size": ("under-ten", "ten-or-more", "unsure"),
    "ai-place": ("core", "feature", "none", "unsure"),
    "scope": ("strategy", "hands-on", "unsure"),
}
CTO_SIGNALS = ("directionless-team", "fundraising", "messy-stack", "first-vp-engineering", "no-ai-component")
AI_SIGNALS = ("ai-is-the-product", "failed-ai-attempt", "strong-cto-no-ai", "strategy-before-team", "ai-risks")

OF_CTO, OF_AI = frozenset(CTO_SIGNALS), frozenset(AI_SIGNALS)

ANSWER_SETS = 897_665
"""How many there are."""


@dataclass(frozen=True)
class Side:
    """One role, and what its table of needs looks at: the same for both roles, with the sides exchanged.

    ``mine`` and ``theirs`` are its question and the other role's; ``without_work`` is the signal that leaves it nothing
    to do.
    """

    role: str
    mine: str
    theirs: str
    signals: frozenset[str]
    without_work: str


CTO = Side("fractional-cto", "software", "ai", OF_CTO, "strong-cto-no-ai")
AI = Side("head-of-ai", "ai", "software", OF_AI, "no-ai-component")
SIDES = (CTO, AI)

NEEDED = {1: True, 2: True, 3: False, 4: False, 5: True, 6: False, 7: True, 8: True, 9: False}
"""What each row of a table of needs says."""

OUTCOMES = {
    1: "one-leader",
    2: "both-roles",
    3: "both-roles",
    4: "both-roles",
    5: "both-roles",
    6: "fractional-cto",
    7: "head-of-ai",
    8: "not-yet",
}
ROW_IN_DOUBT = 5
ROLES = {
    "fractional-cto": {"fractional-cto"},
    "head-of-ai": {"head-of-ai"},
    "both-roles": {"fractional-cto", "head-of-ai"},
    "one-leader": {"fractional-cto", "head-of-ai"},
    "not-yet": set[str](),
}
CONTRADICTIONS = {
    "no-ai-but-product",
    "no-ai-but-failed-attempt",
    "no-ai-but-ai-place",
    "no-ai-but-ai-problem",
    "no-ai-but-both",
    "product-but-ai-place",
    "strong-cto-but-directionless",
    "strong-cto-but-messy-stack",
    "strong-cto-but-software",
    "software-no-but-both",
    "ai-no-but-both",
    "neither-but-software",
    "neither-but-ai",
    "said-ai-recognised-software",
    "said-neither-recognised-software",
    "said-no-recognised-software",
    "said-software-recognised-ai",
    "said-neither-recognised-ai",
    "said-no-recognised-ai",
}
CAUTIONS = {
    "thin-evidence-software",
    "thin-evidence-ai",
    "some-software-not-needed",
    "some-ai-not-needed",
    "one-leader-until",
    "as-much-on-either-side",
}
ADVICE = {
    "cto-first",
    "cto-first-team",
    "cto-first-stack",
    "start-together",
    "report-to-cto",
    "no-cto-first",
    "bridge-until-vp",
    "investor-narrative",
    "compliance-at-the-table",
}


def evidence(ticked: int) -> str:
    """What so many ticked signals of a role amount to."""
    return "none" if ticked == 0 else "some" if ticked <= 2 else "strong"


def evidence_for(side: Side, answers: Answers) -> str:
    """What the ticked signals say for one role."""
    return evidence(len(answers.signals & side.signals))


def is_open(choice: str | None) -> bool:
    """Whether a question was left open: not sure, or not answered."""
    return choice is None or choice == "unsure"


def need_row(side: Side, answers: Answers, third: int = 0) -> int:
    """The row of one role's table of needs that is the first to match; ``third`` situations are ticked for a third
    role, where a test has one.
    """
    own = len(answers.signals & side.signals)
    others = len(answers.signals) - own
    found = evidence(own)
    mine, both = answers.choices.get(side.mine), answers.choices.get("both")
    named, elsewhere = both in ("both", side.mine), both in (side.theirs, "neither")
    if found == "strong":
        return 1
    if found == "none" and mine == "yes" and both == side.mine:
        return 2
    if found == "none" and side.without_work in answers.signals:
        return 3
    if found == "none" and mine == "no" and named:
        return 4
    if named:
        return 5
    if elsewhere:
        return 6
    if mine == "yes":
        return 7
    if found == "some" and is_open(mine) and own > max(others, third):
        return 8
    return 9


def needed(answers: Answers, third: int = 0) -> tuple[bool, bool]:
    """Whether a CTO is needed, and a Head of AI."""
    return NEEDED[need_row(CTO, answers, third)], NEEDED[need_row(AI, answers, third)]


def facts_are_asked(answers: Answers) -> bool:
    """Whether the follow-up is asked."""
    return needed(answers) == (True, True)


def row(answers: Answers) -> int:
    """The row of the outcome table that is the first to match."""
    said = answers.choices.get
    return row_of(needed(answers), said("team-size"), said("ai-place"), said("scope"))


def row_of(needed: tuple[bool, bool], team_size: str | None, ai_place: str | None, scope: str | None) -> int:
    """The same by what is needed and the three facts, which count only where both roles are needed."""
    cto, head = needed
    if cto and head:
        if (team_size, ai_place, scope) == ("under-ten", "feature", "strategy"):
            return 1
        if team_size == "ten-or-more":
            return 2
        if ai_place == "core":
            return 3
        if scope == "hands-on":
            return 4
        return 5
    return 6 if cto else 7 if head else 8


def remarks(answers: Answers) -> set[str]:
    """The keys of the remarks that are collected."""
    said, ticked = answers.choices.get, answers.signals
    software, ai, both = said("software"), said("ai"), said("both")
    needs_cto, needs_ai = needed(answers)
    outcome = OUTCOMES[row_of((needs_cto, needs_ai), said("team-size"), said("ai-place"), said("scope"))]
    ai_place = said("ai-place") if needs_cto and needs_ai else None
    cto, head = evidence_for(CTO, answers), evidence_for(AI, answers)
    named = ROLES[outcome]
    both_roles, only_ai = outcome == "both-roles", outcome == "head-of-ai"
    no_ai, ai_product, has_cto = (key in ticked for key in ("no-ai-component", "ai-is-the-product", "strong-cto-no-ai"))
    no_direction, messy = "directionless-team" in ticked, "messy-stack" in ticked
    as_much = len(ticked & OF_CTO) == len(ticked & OF_AI)
    collected = {
        "no-ai-but-product": no_ai and ai_product,
        "no-ai-but-failed-attempt": no_ai and "failed-ai-attempt" in ticked,
        "no-ai-but-ai-place": no_ai and ai_place in ("core", "feature"),
        "no-ai-but-ai-problem": no_ai and ai == "yes",
        "no-ai-but-both": no_ai and both in ("both", "ai"),
        "product-but-ai-place": ai_product and ai_place in ("feature", "none"),
        "strong-cto-but-directionless": has_cto and no_direction,
        "strong-cto-but-messy-stack": has_cto and messy,
        "strong-cto-but-software": has_cto and software == "yes",
        "software-no-but-both": software == "no" and both in ("both", "software"),
        "ai-no-but-both": ai == "no" and both in ("both", "ai"),
        "neither-but-software": both == "neither" and software == "yes",
        "neither-but-ai": both == "neither" and ai == "yes",
        # One disagreement is said once: by the last question, or else by the role's own.
        "said-ai-recognised-software": cto == "strong" and both == "ai",
        "said-neither-recognised-software": cto == "strong" and both == "neither",
        "said-no-recognised-software": cto == "strong" and software == "no" and both not in ("ai", "neither"),
        "said-software-recognised-ai": head == "strong" and both == "software",
        "said-neither-recognised-ai": head == "strong" and both == "neither",
        "said-no-recognised-ai": head == "strong" and ai == "no" and both not in ("software", "neither"),
        "thin-evidence-software": software == "yes" and cto == "none",
        "thin-evidence-ai": ai == "yes" and head == "none",
        "some-software-not-needed": cto == "some" and not needs_cto,
        "some-ai-not-needed": head == "some" and not needs_ai,
        "one-leader-until": outcome == "one-leader",
        "as-much-on-either-side": outcome == "not-yet" and as_much and cto != "none",
        "cto-first": both_roles and cto == "strong",
        "cto-first-team": both_roles and cto != "strong" and no_direction,
        "cto-first-stack": both_roles and cto != "strong" and not no_direction and messy,
        "start-together": both_roles and cto != "strong" and not no_direction and not messy,
        "report-to-cto": only_ai and has_cto,
        "no-cto-first": only_ai and cto == "none" and not has_cto,
        "bridge-until-vp": "fractional-cto" in named and "first-vp-engineering" in ticked,
        "investor-narrative": "fractional-cto" in named and "fundraising" in ticked,
        "compliance-at-the-table": "head-of-ai" in named and "ai-risks" in ticked,
    }
    return {key for key, holds in collected.items() if holds}


def missing_facts(answers: Answers) -> set[str]:
    """The questions that were asked and left open although the outcome turns on them: for some answers to what else was
    left open, two answers to such a question lead to different outcomes.
    """
    asked = {**CHOICES, **(FACTS if facts_are_asked(answers) else {})}
    left_open = {key: choices for key, choices in asked.items() if is_open(answers.choices.get(key))}
    missing = set()
    for key, choices in left_open.items():
        for others in _ways_to_answer({other: left_open[other] for other in left_open if other != key}):
            filled = [{**answers.choices, **others, key: choice} for choice in choices]
            if len({OUTCOMES[row(Answers(given, answers.signals))] for given in filled}) > 1:
                missing.add(key)
                break
    return missing


def _ways_to_answer(questions: dict[str, tuple[str, ...]]) -> Iterator[dict[str, str]]:
    for choices in product(*questions.values()):
        yield dict(zip(questions, choices, strict=True))


def certainty(answers: Answers) -> str:
    """How sure the page is."""
    if remarks(answers) & CONTRADICTIONS:
        return "mixed"
    decided = row(answers)
    named = ROLES[OUTCOMES[decided]]
    if decided == ROW_IN_DOUBT or missing_facts(answers):
        return "leaning"
    for side in SIDES:
        affirmed, found = answers.choices.get(side.mine) == "yes", evidence_for(side, answers)
        if side.role in named:
            fits = affirmed and found != "none"
        elif named:
            fits = not affirmed and found != "strong"
        else:
            fits = not affirmed and found == "none"
        if not fits:
            return "leaning"
    return "clear"
