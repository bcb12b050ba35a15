"""The words by which a lead is found, and how what is typed into the search becomes some of them.

"Müller-Schmidt & Co, anna@example.com" -> muller-schmidt, muller, schmidt, co, anna@example.com, example.com, anna
"""

import re
import unicodedata
from collections.abc import Iterator

from advisor.leads.models.lead import Lead

LONGEST = 254
MOST = 300
"""How many words of a lead are kept; a message of the longest kind has some more."""

NUMBER = re.compile(r"[\d\s()+./-]{5,}")
ENOUGH_OF_A_NUMBER = 5
"""Digits at the end of a phone number that find it; fewer are in too many."""

LEGAL_FORMS = {
    *("ab", "ag", "as", "bv", "co", "company", "corp", "corporation", "gmbh", "inc", "incorporated", "kft", "limited"),
    *("llc", "llp", "ltd", "nv", "oy", "ou", "plc", "sa", "sarl", "sas", "se", "sia", "sl", "srl", "spa", "uab"),
}
"""Left out of the name of a company where two are compared."""


def folded(text: str) -> str:
    """In small letters, without accents."""
    apart = unicodedata.normalize("NFKD", text.casefold())
    return "".join(character for character in apart if unicodedata.category(character) != "Mn")


def words_of(lead: Lead) -> list[str]:
    """What a lead is found by: name, company, address, its domain, phone, result code, and what they wrote."""
    number = _digits(lead.phone)
    # With its country code, without it, and by its last digits, as one remembers it.
    ends = [number[begin:] for begin in range(max(1, len(number) - ENOUGH_OF_A_NUMBER + 1))]
    texts = f"{lead.name} {lead.company} {lead.email} {lead.result_code} {lead.job_title} {lead.message}"
    found = dict.fromkeys([joined(lead.company), domain_of(lead.email), *ends, *_in(texts)])
    return [word for word in found if word][:MOST]


def typed_words(query: str) -> list[str]:
    """What is looked for: each may be the beginning of a word.

    A number is one word, however it is grouped, and without the zeros that are dialled before it.
    """
    query = query.strip()
    if NUMBER.fullmatch(query) and (number := _digits(query)):
        return [number.lstrip("0") or number]
    return [word for chunk in folded(query).split() if (word := _trimmed(chunk))]


def domain_of(email: str) -> str:
    """What stands behind the sign."""
    return folded(email.rpartition("@")[2])[:LONGEST]


def company_words(company: str) -> list[str]:
    """The name without the form of company, for comparison."""
    return [word for word in re.findall(r"\w+", folded(company)) if word not in LEGAL_FORMS]


def joined(company: str) -> str:
    """The name as one word, by which those of the same company are found. A single sign may be many letters apart."""
    return "".join(company_words(company))[:LONGEST]


def _in(texts: str) -> Iterator[str]:
    for chunk in folded(texts).split():
        if whole := _trimmed(chunk):
            yield whole
            if "@" not in whole:
                yield from re.findall(r"\w+", whole)
            else:
                yield from re.findall(r"\w+", whole.partition("@")[0])


def _digits(text: str) -> str:
    return "".join(filter(str.isdecimal, text))


def _trimmed(chunk: str) -> str:
    """Without the punctuation around it."""
    return re.sub(r"^\W+|\W+$", "", chunk)[:LONGEST]
