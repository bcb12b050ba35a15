"""How much speaks for calling a lead first: points, each with what they are for, 100 at most.

outcome 30 · certainty 20 · company size 25 · call 15 · details 10
"""

import msgspec

from advisor.decision.recommendation import Certainty
from advisor.leads.models.lead import Employees, Lead

ROLES_IN_WORDS = ("no role", "one role", "more than one role")
POINTS_BY_ROLES = (0, 26, 30)
"""By how many roles the recommendation names; more than two count as two."""

POINTS_BY_CERTAINTY = {Certainty.CLEAR: 20, Certainty.LEANING: 12, Certainty.MIXED: 5}

POINTS_OF_RECOGNISED = 12
"""For a mixed recommendation, where most of the situations that they ticked are those of a role that they need: what
they said disagrees with it, and that is what the call is about.
"""

POINTS_BY_SIZE = {
    Employees.UNDER_20: 8,
    Employees.TO_50: 25,
    Employees.TO_200: 25,
    Employees.TO_500: 25,
    Employees.OVER_500: 10,
}
"""Companies of 20 to 500 profit most."""

POINTS_OF_UNKNOWN_SIZE = 8
CALL_POINTS = 15
DETAIL_POINTS = 2
OPTIONAL_DETAILS = ("job_title", "phone", "employees", "message", "availability")
"""What a visitor may leave out. Who has booked a call need not say when it suits them."""


class Score(msgspec.Struct, frozen=True):
    """What one thing is worth: ``points`` of ``max_points``, and why, in words."""

    name: str
    words: str
    points: int
    max_points: int


def priority_scores(lead: Lead, *, has_call: bool) -> list[Score]:
    """What the priority of a lead is made of; ``has_call`` says whether it, or one merged into it, has a call."""
    roles = min(lead.roles, len(POINTS_BY_ROLES) - 1)
    given = [name for name in OPTIONAL_DETAILS if getattr(lead, name) or (name == "availability" and has_call)]
    return [
        Score("Outcome", ROLES_IN_WORDS[roles], POINTS_BY_ROLES[roles], max(POINTS_BY_ROLES)),
        Score("Certainty", *_certainty(lead), max(POINTS_BY_CERTAINTY.values())),
        Score(
            "Company size",
            f"{lead.get_employees_display()} employees" if lead.employees else "not told",
            POINTS_BY_SIZE[Employees(lead.employees)] if lead.employees else POINTS_OF_UNKNOWN_SIZE,
            max(POINTS_BY_SIZE.values()),
        ),
        Score("Call", "booked" if has_call else "none", CALL_POINTS if has_call else 0, CALL_POINTS),
        Score(
            "Details",
            f"{len(given)} of {len(OPTIONAL_DETAILS)} given",
            DETAIL_POINTS * len(given),
            DETAIL_POINTS * len(OPTIONAL_DETAILS),
        ),
    ]


def _certainty(lead: Lead) -> tuple[str, int]:
    """How sure it is in words, and the points for it."""
    certainty = Certainty(lead.certainty)
    # Leads from before a guide could say which role is needed have no needs and no balance.
    if certainty is Certainty.MIXED and lead.seen.get("needs", {}).get(lead.seen.get("balance")):
        return "mixed, but the situations point to a role that is needed", POINTS_OF_RECOGNISED
    return certainty.value, POINTS_BY_CERTAINTY[certainty]


def points_of(lead: Lead, *, has_call: bool) -> int:
    """The sum, as it is stored."""
    return sum(score.points for score in priority_scores(lead, has_call=has_call))


def has_call(lead: Lead) -> bool:
    """Whether this lead, or one that was merged into it, has a call. Fetch ``merged`` along for several leads."""
    return lead.call_at is not None or any(other.call_at for other in lead.merged.all())
