"""People, their requests for a call, and what sales makes of them."""

from advisor.leads.models.export import Export, Format
from advisor.leads.models.lead import OPEN, Employees, Lead, Status, Submission
from advisor.leads.models.notice import How, Notice
from advisor.leads.models.person import Person
from advisor.leads.models.pipeline import BY_HAND, REACHED, Event, EventKind, LeadWord, Salesperson, Tag

__all__ = [
    "BY_HAND",
    "OPEN",
    "REACHED",
    "Employees",
    "Event",
    "EventKind",
    "Export",
    "Format",
    "How",
    "Lead",
    "LeadWord",
    "Notice",
    "Person",
    "Salesperson",
    "Status",
    "Submission",
    "Tag",
]
