"""Keeping the words by which a lead is found in step with what it says."""

from advisor.leads.models import Lead, LeadWord
from advisor.leads.words import words_of


def index(lead: Lead) -> None:
    """Have a lead found by what it says now, and by nothing that it said before."""
    lead.words.all().delete()
    LeadWord.objects.bulk_create(LeadWord(lead=lead, word=word) for word in words_of(lead))
