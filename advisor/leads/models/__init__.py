"""People, their requests for a call, and what sales makes of them."""

from advisor.leads.models.export import Export, Format
from advisor.leads.models.lead import DETAILS, OPEN, Employees, Lead, Status, Submission
from advisor.leads.models.person import Person
from advisor.leads.models.pipeline import (
    AUTOMATIC,
    BY_HAND,
    RESPONSE_KINDS,
    VISITOR,
    Event,
    EventKind,
    Frequency,
    LeadAlert,
    LeadWord,
    Salesperson,
    Tag,
)

__all__ = [
    "AUTOMATIC",
    "BY_HAND",
    "DETAILS",
    "OPEN",
    "RESPONSE_KINDS",
    "VISITOR",
    "Employees",
    "Event",
    "EventKind",
    "Export",
    "Format",
    "Frequency",
    "Lead",
    "LeadAlert",
    "LeadWord",
    "Person",
    "Salesperson",
    "Status",
    "Submission",
    "Tag",
]
