"""How much speaks for calling a lead first: points, each with what they are for, 100 at most.

outcome 30 · certainty 20 · company size 25 · call 15 · details 10
"""

import msgspec

from advisor.decision.recommendation import Certainty
from advisor.leads.models.lead import Employees, Lead

ROLES = (0, 26, 30)
"""By how many roles the recommendation names; more than two count as two."""

CERTAINTY = {Certainty.CLEAR: 20, Certainty.LEANING: 12, Certainty.MIXED: 5}

SIZE = {
    Employees.UNDER_20: 8,
    Employees.TO_50: 25,
    Employees.TO_200: 25,
    Employees.TO_500: 25,
    Employees.OVER_500: 10,
}
"""Companies of 20 to 500 profit most."""

SIZE_UNKNOWN = 8
CALL = 15
DETAIL = 2
DETAILS = ("job_title", "phone", "employees", "message", "availability")
"""What a visitor may leave out. Who has booked a call need not say when it suits them."""


class Part(msgspec.Struct, frozen=True):
    """What one thing is worth: ``points`` of ``most``, and why, in words."""

    name: str
    words: str
    points: int
    most: int


def priority_parts(lead: Lead, *, has_call: bool) -> list[Part]:
    """What the priority of a lead is made of; ``has_call`` says whether it, or one merged into it, has a call."""
    named = min(lead.roles, len(ROLES) - 1)
    certainty = Certainty(lead.certainty)
    given = [name for name in DETAILS if getattr(lead, name) or (name == "availability" and has_call)]
    return [
        Part("Outcome", ("no role", "one role", "more than one role")[named], ROLES[named], max(ROLES)),
        Part("Certainty", certainty.value, CERTAINTY[certainty], max(CERTAINTY.values())),
        Part(
            "Company size",
            f"{lead.get_employees_display()} employees" if lead.employees else "not told",
            SIZE[Employees(lead.employees)] if lead.employees else SIZE_UNKNOWN,
            max(SIZE.values()),
        ),
        Part("Call", "booked" if has_call else "none", CALL if has_call else 0, CALL),
        Part("Details", f"{len(given)} of {len(DETAILS)} given", DETAIL * len(given), DETAIL * len(DETAILS)),
    ]


def points_of(lead: Lead, *, has_call: bool) -> int:
    """The sum, as it is stored."""
    return sum(part.points for part in priority_parts(lead, has_call=has_call))


def has_call(lead: Lead) -> bool:
    """Whether this lead, or one that was merged into it, has a call. Fetch ``merged`` along for several leads."""
    return lead.call_at is not None or any(other.call_at for other in lead.merged.all())
