"""The brief of the first guide, typed in again by hand: what its fixture and the engine are compared with.

Nothing here is read from the fixture or uses the engine; both would only agree with themselves.
"""

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

OUTCOMES = {
    1: "one-leader",
    2: "both-roles",
    3: "fractional-cto",
    4: "head-of-ai",
    5: "not-yet",
    6: "one-leader",
    7: "both-roles",
    8: "both-roles",
    9: "both-roles",
    10: "fractional-cto",
    11: "head-of-ai",
    12: "one-leader",
    13: "both-roles",
    14: "fractional-cto",
    15: "head-of-ai",
    16: "fractional-cto",
    17: "head-of-ai",
    18: "not-yet",
}
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
    "product-but-ai-place",
    "strong-cto-but-directionless",
    "strong-cto-but-messy-stack",
    "software-no-but-both",
    "ai-no-but-both",
    "neither-but-software",
    "neither-but-ai",
    "no-ai-but-ai-problem",
}


def facts_are_asked(software: str | None, ai: str | None, both: str | None) -> bool:
    """Whether the follow-up is asked."""
    return both == "both" or (both == "unsure" and software != "no" and ai != "no")


def evidence(ticked: int) -> str:
    """What so many ticked signals of a role amount to."""
    return "none" if ticked == 0 else "some" if ticked <= 2 else "strong"


def row(answers: Answers) -> int:
    """The row of the outcome table that is the first to match."""
    said = answers.choices.get
    software, ai, both = said("software"), said("ai"), said("both")
    one_person = (
        said("team-size") == "under-ten"
        and said("ai-place") == "feature"
        and said("scope") == "strategy"
        and facts_are_asked(software, ai, both)
    )
    cto, head = evidence(len(answers.signals & OF_CTO)), evidence(len(answers.signals & OF_AI))
    if both == "both" and one_person:
        return 1
    if both == "both":
        return 2
    if both == "software":
        return 3
    if both == "ai":
        return 4
    if both == "neither":
        return 5
    if software == "yes" and ai == "yes" and one_person:
        return 6
    if software == "yes" and ai == "yes":
        return 7
    if software == "yes" and head == "strong":
        return 8
    if ai == "yes" and cto == "strong":
        return 9
    if software == "yes":
        return 10
    if ai == "yes":
        return 11
    if one_person and cto == "strong" and head == "strong":
        return 12
    if cto == "strong" and head == "strong":
        return 13
    if cto == "strong":
        return 14
    if head == "strong":
        return 15
    if cto == "some" and head == "none":
        return 16
    if cto == "none" and head == "some":
        return 17
    return 18


def remarks(answers: Answers) -> set[str]:
    """The keys of the remarks that are collected."""
    said, ticked = answers.choices.get, answers.signals
    software, ai, both = said("software"), said("ai"), said("both")
    ai_place = said("ai-place") if facts_are_asked(software, ai, both) else None
    cto, head = evidence(len(ticked & OF_CTO)), evidence(len(ticked & OF_AI))
    outcome = OUTCOMES[row(answers)]
    no_ai, ai_product = "no-ai-component" in ticked, "ai-is-the-product" in ticked
    collected = {
        "no-ai-but-product": no_ai and ai_product,
        "no-ai-but-failed-attempt": no_ai and "failed-ai-attempt" in ticked,
        "no-ai-but-ai-place": no_ai and (ai_place == "core" or ai_place == "feature"),
        "product-but-ai-place": ai_product and (ai_place == "feature" or ai_place == "none"),
        "strong-cto-but-directionless": "strong-cto-no-ai" in ticked and "directionless-team" in ticked,
        "strong-cto-but-messy-stack": "strong-cto-no-ai" in ticked and "messy-stack" in ticked,
        "software-no-but-both": software == "no" and (both == "both" or both == "software"),
        "ai-no-but-both": ai == "no" and (both == "both" or both == "ai"),
        "neither-but-software": both == "neither" and software == "yes",
        "neither-but-ai": both == "neither" and ai == "yes",
        "no-ai-but-ai-problem": no_ai and ai == "yes",
        "thin-evidence-software": software == "yes" and cto == "none",
        "thin-evidence-ai": ai == "yes" and head == "none",
        "neither-but-strong-cto": both == "neither" and cto == "strong",
        "neither-but-strong-ai": both == "neither" and head == "strong",
        "one-leader-until": outcome == "one-leader",
        "cto-first": outcome == "both-roles" and cto == "strong",
        "start-together": outcome == "both-roles" and cto != "strong",
        "report-to-cto": "strong-cto-no-ai" in ticked,
        "bridge-until-vp": "first-vp-engineering" in ticked,
        "investor-narrative": "fundraising" in ticked,
        "no-cto-first": outcome == "head-of-ai" and cto == "none",
        "compliance-at-the-table": "ai-risks" in ticked,
    }
    return {key for key, holds in collected.items() if holds}


def certainty(answers: Answers) -> str:
    """How sure the page is."""
    if remarks(answers) & CONTRADICTIONS:
        return "mixed"
    yes_to = {
        "fractional-cto": answers.choices.get("software") == "yes",
        "head-of-ai": answers.choices.get("ai") == "yes",
    }
    found = {
        "fractional-cto": evidence(len(answers.signals & OF_CTO)),
        "head-of-ai": evidence(len(answers.signals & OF_AI)),
    }
    named = ROLES[OUTCOMES[row(answers)]]
    if not named:
        return "clear" if not any(yes_to.values()) and set(found.values()) == {"none"} else "leaning"
    for role in ("fractional-cto", "head-of-ai"):
        if role in named and not (yes_to[role] and found[role] != "none"):
            return "leaning"
        if role not in named and (yes_to[role] or found[role] == "strong"):
            return "leaning"
    return "clear"
