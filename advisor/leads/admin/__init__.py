"""Leads as sales works with them, people, and who is given what."""

from advisor.leads.admin.erasing import ErasingAdmin
from advisor.leads.admin.lead import LeadAdmin
from advisor.leads.admin.notices import NoticeAdmin
from advisor.leads.admin.people import PersonAdmin
from advisor.leads.admin.team import SalespersonAdmin, TagAdmin

__all__ = ["ErasingAdmin", "LeadAdmin", "NoticeAdmin", "PersonAdmin", "SalespersonAdmin", "TagAdmin"]
