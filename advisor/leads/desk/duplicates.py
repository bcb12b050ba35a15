"""Leads that may be the same as another one. They are suggested; whether they are is for people to say."""

import re
from collections.abc import Iterator
from difflib import SequenceMatcher

import msgspec

from advisor.leads.models import Lead, LeadWord
from advisor.leads.search.words import company_words, domain_of, joined
from advisor.text import folded

MAX_COMPARED = 100
"""How many of the newest leads with the same domain, or company, are compared."""

COMPARED_FIELDS = ("name", "email", "company", "requested_at", "status", "merged_into")
"""What it takes to compare and to show them; the rest of so many would cost more than the comparison."""

MAX_SUGGESTIONS = 10
MIN_SIMILARITY = 0.8
"""How alike two names are, of 1, to be one: it lets pass a letter or two."""

PUBLIC_DOMAINS = {
    *("gmail.com", "googlemail.com", "outlook.com", "hotmail.com", "live.com", "yahoo.com", "icloud.com", "me.com"),
    *("gmx.de", "gmx.net", "web.de", "proton.me", "protonmail.com", "aol.com", "mail.ru", "yandex.ru", "inbox.lv"),
}
"""Domains that strangers share."""


class Suggestion(msgspec.Struct, frozen=True):
    """A lead, and why it may be the same."""

    lead: Lead
    why: str


def suggestions(lead: Lead) -> list[Suggestion]:
    """Other requests of the same person, and of a similar name at the same company; none that is merged already."""
    by_key: dict[int, Suggestion] = {}
    for suggestion in _possible(lead):
        if suggestion.lead.pk != lead.pk and not suggestion.lead.merged_into_id:
            by_key.setdefault(suggestion.lead.pk, suggestion)
    return list(by_key.values())[:MAX_SUGGESTIONS]


def _possible(lead: Lead) -> Iterator[Suggestion]:
    for other in Lead.objects.filter(person=lead.person_id, merged_into=None).order_by("-pk")[: MAX_SUGGESTIONS + 1]:
        yield Suggestion(other, "the same address")
    name = _name(lead)
    domain = domain_of(lead.email)
    if domain not in PUBLIC_DOMAINS:
        for other in _leads_with_word(domain):
            if domain_of(other.email) == domain and _similar(name, _name(other)):
                yield Suggestion(other, f"a similar name at {domain}")
    company = company_words(lead.company)
    if company:
        for other in _leads_with_word(joined(lead.company)):
            if company_words(other.company) == company and _similar(name, _name(other)):
                yield Suggestion(other, f"a similar name at {other.company}")


def _leads_with_word(word: str) -> list[Lead]:
    newest = LeadWord.objects.filter(word=word).order_by("-lead").values_list("lead", flat=True)[:MAX_COMPARED]
    return list(Lead.objects.filter(pk__in=list(newest)).only(*COMPARED_FIELDS).order_by("-pk"))


def _name(lead: Lead) -> str:
    """The parts of a name in one order, whichever was written first."""
    return " ".join(sorted(folded(lead.name).split()))


def _similar(one: str, other: str) -> bool:
    """A letter may be mistyped; a number that differs is meant."""
    if re.findall(r"\d+", one) != re.findall(r"\d+", other):
        return False
    return SequenceMatcher(None, one, other).ratio() >= MIN_SIMILARITY
