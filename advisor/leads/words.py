"""The words by which a lead is found, and how what is typed into the search becomes some of them.

"Müller-Schmidt & Co, anna@example.com" -> muller-schmidt, muller, schmidt, mullerschmidt, the same with mueller, co,
anna@example.com, example.com, anna; and, to be found from within, ~uller, ~ller, ~ler, ~chmidt, and so on.
"""

import re
from collections.abc import Iterable, Iterator
from unicodedata import normalize

from advisor.decision import result_code
from advisor.leads.models.lead import Lead
from advisor.text import ENOUGH_OF_A_NUMBER, clean_line, folded, search_keys

LONGEST = 254
MOST = 300
"""How many words of a lead are kept, and of each note about it; a message of the longest kind has some more."""

NUMBER = re.compile(r"[\d\s()+./-]{5,}")

INSIDE = "~"
"""What goes before a part of a word that is not its beginning: words themselves begin with a letter or a digit."""

SHORTEST_INSIDE = 3
"""Letters by which a word is found from within; fewer are in too many."""

LONGEST_INSIDE = 24
"""Letters that are kept of what a word is found by from within."""

MOST_INSIDE = 60
"""Places in one word from which it is found."""

WITHOUT_SPACES = re.compile(
    "[\u0e00-\u0eff\u1000-\u109f\u1780-\u17ff\u3040-\u30ff\u3400-\u9fff\uf900-\ufaff\U00020000-\U0003ffff]"
)
"""Scripts that write words without spaces between them: each sign may be the beginning of one."""

LEGAL_FORMS = {
    *("ab", "ag", "as", "bv", "co", "company", "corp", "corporation", "gmbh", "inc", "incorporated", "kft", "limited"),
    *("llc", "llp", "ltd", "nv", "oy", "ou", "plc", "sa", "sarl", "sas", "se", "sia", "sl", "srl", "spa", "uab"),
}
"""Left out of the name of a company where two are compared."""


def words_of(lead: Lead) -> list[str]:
    """What a lead is found by: name, company, address, its domain, phone, result code, and what they wrote.

    Those who are somebody, and where they work, are found from within a word as well; and so is everything in a script
    without spaces.
    """
    ends = _ends(lead.phone)
    who = [*_in(f"{lead.name} {lead.company} {lead.email} {lead.job_title}")]
    codes = [*_in(lead.result_code), result_code.symbols(lead.result_code).lower()]
    written = [*_in(lead.message)]
    found = [joined(lead.company), domain_of(lead.email), *ends, *who, *codes, *written]
    within = [*_within(who), *_within(filter(WITHOUT_SPACES.search, written))]
    return [word for word in dict.fromkeys([*found, *within]) if word][:MOST]


def words_in(noted: str) -> list[str]:
    """What a lead is found by of a note about it: its words, and the numbers of phones in it."""
    found = [*_in(noted)]
    ends = [end for number in NUMBER.findall(noted) for end in _ends(number) if len(end) >= ENOUGH_OF_A_NUMBER]
    within = _within(filter(WITHOUT_SPACES.search, found))
    return [word for word in dict.fromkeys([*found, *ends, *within]) if word][:MOST]


def typed_words(query: str) -> list[str]:
    """What is looked for: each may be the beginning of a word.

    A number is one word, however it is grouped, and without the zeros that are dialled before it.
    """
    query = query.strip()
    if NUMBER.fullmatch(query) and (number := _digits(query)):
        return [number.lstrip("0") or number]
    # Some signs are several words.
    chunks = normalize("NFKC", clean_line(query).casefold()).split()
    return [chunk for chunk in chunks if spellings(chunk)]


def spellings(word: str) -> list[str]:
    """How a word that is looked for may stand in a lead: Müller as muller and mueller, O’Brien as obrien, too."""
    found = [_trimmed(key) for key in search_keys(word)]
    return [one for one in dict.fromkeys([*found, *map(_run_together, found)]) if one and " " not in one]


def within(word: str) -> str:
    """As what holds the word inside of another one is kept; "" for a word that is too short for it."""
    is_long = len(word) >= SHORTEST_INSIDE or WITHOUT_SPACES.search(word)
    return f"{INSIDE}{word[:LONGEST_INSIDE]}" if is_long else ""


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
    for chunk in " ".join(search_keys(texts)).split():
        if whole := _trimmed(chunk):
            yield whole
            yield from re.findall(r"\w+", whole.partition("@")[0])
            if "@" not in whole:
                yield _run_together(whole)


def _within(words: Iterable[str]) -> Iterator[str]:
    for word in words:
        if word.isalnum():
            yield from filter(None, (within(word[begin:]) for begin in range(1, min(len(word), MOST_INSIDE))))


def _run_together(word: str) -> str:
    """Without the apostrophes and hyphens within it, which some leave out."""
    return re.sub("['-]", "", word)


def _ends(phone: str) -> list[str]:
    """A number with its country code, without it, and by its last digits, as one remembers it."""
    number = _digits(phone)
    return [number[begin:] for begin in range(max(1, len(number) - ENOUGH_OF_A_NUMBER + 1))]


def _digits(text: str) -> str:
    return "".join(filter(str.isdecimal, text))


def _trimmed(chunk: str) -> str:
    """Without the punctuation around it."""
    return re.sub(r"^\W+|\W+$", "", chunk)[:LONGEST]
