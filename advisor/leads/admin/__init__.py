"""Leads as sales works with them, people, and who is given what."""

from advisor.leads.admin.erasure import ErasingAdmin
from advisor.leads.admin.lead import LeadAdmin
from advisor.leads.admin.people import PersonAdmin
from advisor.leads.admin.team import LeadAlertAdmin, SalespersonAdmin, TagAdmin

__all__ = ["ErasingAdmin", "LeadAdmin", "LeadAlertAdmin", "PersonAdmin", "SalespersonAdmin", "TagAdmin"]
