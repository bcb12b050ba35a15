"""The words by which a lead is found, and how what is typed into the search becomes some of them.

"Müller-Schmidt & Co, anna@example.com" -> muller-schmidt, muller, schmidt, mullerschmidt, the same with mueller, co,
anna@example.com, example.com, anna; and, to be found from within, ~uller, ~ller, ~ler, ~chmidt, and so on.
"""

import re
from collections.abc import Iterable, Iterator
from unicodedata import normalize

from advisor.decision import result_code
from advisor.leads.models.details import Search
from advisor.leads.models.lead import DETAILS, Lead
from advisor.text import MIN_PHONE_DIGITS, clean_line, dialled, folded, plain_number, search_keys

MAX_WORD_LENGTH = 254
MAX_WORDS = 300
"""How many words are kept of who a lead is, of what they wrote, of each note about them, and of the numbers in one; a
message of the longest kind has some more. Each is counted for itself, so that a long text leaves no name out.
"""

NUMBER = re.compile(r"[\d\s()+./-]{5,}")

INFIX_MARK = "~"
"""What goes before a part of a word that is not its beginning: words themselves begin with a letter or a digit."""

MIN_INFIX_LENGTH = 3
"""Letters by which a word is found from within; fewer are in too many."""

MAX_INFIX_LENGTH = 24
"""Letters that are kept of what a word is found by from within."""

MAX_INFIXES = 60
"""Places in one word from which it is found."""

WITHOUT_SPACES = re.compile(
    "[\u0e00-\u0eff\u1000-\u109f\u1780-\u17ff\u3040-\u30ff\u3400-\u9fff\uf900-\ufaff\U00020000-\U0003ffff]"
)
"""Scripts that write words without spaces between them: each character may be the beginning of one."""

LEGAL_FORMS = {
    *("ab", "ag", "as", "bv", "co", "company", "corp", "corporation", "gmbh", "inc", "incorporated", "kft", "limited"),
    *("llc", "llp", "ltd", "nv", "oy", "ou", "plc", "sa", "sarl", "sas", "se", "sia", "sl", "srl", "spa", "uab"),
}
"""Left out of the name of a company where two are compared."""


def words_of(lead: Lead) -> list[str]:
    """What a lead is found by: its details as they are declared, the domain of its address, and its result code.

    Names and companies are found by parts of words as well, and so is everything in a script without spaces.
    """
    who = [word for text in _texts(lead, "identity") for word in _split(text)]
    written = [word for text in _texts(lead, "written") for word in _split(text)]
    ends = [end for number in _texts(lead, "number") for end in _phone_suffixes(number)]
    codes = [*_split(lead.result_code), result_code.symbols(lead.result_code).lower()]
    identity = _unique([joined(lead.company), domain_of(lead.email), *ends, *codes, *who, *_infix_keys(who)])
    message = _unique([*written, *_infix_keys(filter(WITHOUT_SPACES.search, written))])
    return [*dict.fromkeys([*identity, *message])]


def words_in(noted: str) -> list[str]:
    """What a lead is found by that stands in a note about it: phone numbers and words."""
    words = [*_split(noted)]
    numbers = NUMBER.findall(plain_number(noted))
    ends = [end for number in numbers for end in _phone_suffixes(number) if len(end) >= MIN_PHONE_DIGITS]
    within = _infix_keys(filter(WITHOUT_SPACES.search, words))
    return [*dict.fromkeys([*_unique(ends), *_unique([*words, *within])])]


def typed_words(query: str) -> list[str]:
    """What is looked for: each may be the beginning of a word.

    A number is one word, however it is grouped, and without the zeros that are dialled before it.
    """
    if NUMBER.fullmatch(plain_number(query)) and (number := _digits(query)):
        return [number.lstrip("0") or number]
    # Some characters are several words.
    chunks = normalize("NFKC", clean_line(query).casefold()).split()
    return [chunk for chunk in chunks if spellings(chunk)]


def spellings(word: str) -> list[str]:
    """How a word that is looked for may stand in a lead: Müller as muller and mueller, O’Brien as obrien, too."""
    keys = [_trimmed(key) for key in search_keys(word)]
    return [one for one in dict.fromkeys([*keys, *map(_run_together, keys)]) if one and " " not in one]


def infix_key(word: str) -> str:
    """The entry of the index that finds a word inside longer ones, marked as such; "" for a word too short for that."""
    is_searchable = len(word) >= MIN_INFIX_LENGTH or WITHOUT_SPACES.search(word)
    return f"{INFIX_MARK}{word[:MAX_INFIX_LENGTH]}" if is_searchable else ""


def domain_of(email: str) -> str:
    """What stands behind the @-sign."""
    return folded(email.rpartition("@")[2])[:MAX_WORD_LENGTH]


def company_words(company: str) -> list[str]:
    """The name without the form of company, for comparison."""
    return [word for word in re.findall(r"\w+", folded(company)) if word not in LEGAL_FORMS]


def joined(company: str) -> str:
    """The name as one word, by which those of the same company are found.

    It is cut, as a single character may be many letters when it is taken apart.
    """
    return "".join(company_words(company))[:MAX_WORD_LENGTH]


def _texts(lead: Lead, search: Search) -> list[str]:
    # Migrations give leads as they were, without details that came later.
    return [getattr(lead, name, "") for name, detail in DETAILS.items() if detail.search == search]


def _split(texts: str) -> Iterator[str]:
    for chunk in " ".join(search_keys(texts)).split():
        if whole := _trimmed(chunk):
            yield whole
            yield from re.findall(r"\w+", whole.partition("@")[0])
            if "@" not in whole:
                yield _run_together(whole)


def _infix_keys(words: Iterable[str]) -> Iterator[str]:
    for word in words:
        if word.isalnum():
            yield from filter(None, (infix_key(word[begin:]) for begin in range(1, min(len(word), MAX_INFIXES))))


def _unique(words: Iterable[str]) -> list[str]:
    """The first ``MAX_WORDS`` of them, each once."""
    return [word for word in dict.fromkeys(words) if word][:MAX_WORDS]


def _run_together(word: str) -> str:
    """Without the apostrophes and hyphens within it, which some leave out."""
    return re.sub("['-]", "", word)


def _phone_suffixes(phone: str) -> list[str]:
    """A number with its country code, without it, and by its last digits, as one remembers it."""
    number = _digits(phone)
    begins = range(max(1, len(number) - MIN_PHONE_DIGITS + 1))
    return [number[begin : begin + MAX_WORD_LENGTH] for begin in begins]


def _digits(number: str) -> str:
    """Those that are dialled, so that "+49 (0)30" and "+49 30" are the same; of what is no number, all."""
    return "".join(filter(str.isdecimal, dialled(number) or plain_number(number)))


def _trimmed(chunk: str) -> str:
    """Without the punctuation around it."""
    return re.sub(r"^\W+|\W+$", "", chunk)[:MAX_WORD_LENGTH]
