"""The index of the words by which leads are found: kept in step with what they say, and asked by what was typed.

It is a table of ours, so that parts of words are found alike on both databases.
"""

import re
from collections.abc import Iterable
from functools import reduce
from operator import or_

import msgspec
from django.db.models import Q, QuerySet

from advisor.assessment.code_input import extract_code
from advisor.decision import result_code
from advisor.leads.models import BY_HAND, Event, EventKind, Lead, LeadWord
from advisor.leads.search.words import infix_key, spellings, typed_words, words_in, words_of
from advisor.text import clean_line

REASON_SEPARATORS = {EventKind.STATUS: ": ", EventKind.CANCELLED: ": ", EventKind.CORRECTED: ". "} | dict.fromkeys(
    (EventKind.HELD, EventKind.NO_SHOW), ": "
)
"""What stands before the reason that somebody typed, in the words of such an event."""

PLANNED = re.compile(r"(.*), (?:by|until) \d{1,2} \w+ \d{4}")
"""A next step and its day, in the words of such an event; before December 2026 it was written with "until"."""

MAX_MATCHES = 1000
"""How many words that begin like the one typed are looked at; of the same word those of the newest leads first."""

MAX_QUERY_WORDS = 6
"""How many words are looked for; a question in prose is none."""


def index(lead: Lead) -> None:
    """Have a lead found by what it says now, and by nothing that it said before."""
    lead.words.all().delete()
    noted = (word for event in lead.events.all() for word in words_in(typed_in(event)))
    add_words(lead, dict.fromkeys([*words_of(lead), *noted]))


def index_event(lead: Lead, event: Event) -> None:
    """Have it found by what was noted about it as well."""
    if words := words_in(typed_in(event)):
        known = set(lead.words.filter(word__in=words).values_list("word", flat=True))
        add_words(lead, (word for word in words if word not in known))


def add_words(lead: Lead, words: Iterable[str]) -> None:
    """Have a lead found by these, which it is not found by yet."""
    LeadWord.objects.bulk_create(LeadWord(lead=lead, word=word) for word in words)


def typed_in(event: Event) -> str:
    """What somebody typed of the words of an event: a note, a next step, a reason; "" where it was nothing."""
    kind, words = EventKind(event.kind), event.words
    if kind in BY_HAND:
        return words
    if kind == EventKind.NEXT_STEP:
        planned = PLANNED.fullmatch(words)
        return planned[1] if planned else words.partition(": ")[2]
    return words.partition(REASON_SEPARATORS[kind])[2] if kind in REASON_SEPARATORS else ""


class Matches(msgspec.Struct, frozen=True):
    """The keys of leads that have all words. ``is_cut`` where there may be more, as every word is a common one."""

    keys: list[int]
    is_cut: bool


def find_leads(query: str) -> Matches:
    """The leads with the result code that was typed, then those with words that begin like each of those typed, or
    hold it: a company may be called like a code.
    """
    query = query.replace("\0", "")
    with_code = _with_code(clean_line(extract_code(query)))
    matches = _with_words(typed_words(query)[:MAX_QUERY_WORDS])
    return Matches(list(dict.fromkeys([*with_code, *matches.keys])), is_cut=matches.is_cut)


def _with_words(words: list[str]) -> Matches:
    """The leads that have all of them. The rarest word finds them and the others only sort out, so that the time does
    not grow with the table.
    """
    if not words:
        return Matches([], is_cut=False)
    by_word = {word: _leads_with_word_like(word) for word in words}
    rarest = min(by_word, key=lambda word: (by_word[word].is_cut, len(by_word[word].keys)))
    keys = by_word[rarest].keys
    for word, others in by_word.items():
        if word == rarest:
            continue
        if others.is_cut:
            rows = LeadWord.objects.filter(reduce(or_, _places(word)), lead__in=keys)
            having = set(rows.values_list("lead", flat=True))
        else:
            having = set(others.keys)
        keys = [key for key in keys if key in having]
    return Matches(keys, is_cut=by_word[rarest].is_cut)


def _with_code(query: str) -> list[int]:
    """The leads with this result code, whichever way it was typed."""
    symbols = result_code.symbols(query)
    if len(symbols) < result_code.MIN_SYMBOLS or not set(symbols) <= set(result_code.SYMBOLS):
        return []
    return _newest(LeadWord.objects.filter(word=symbols.lower())).keys


def _places(word: str) -> list[Q]:
    """Where a word stands in the index: as the beginning of others in any of its spellings, then inside of others.

    Words are kept in the order of their bytes, and no character comes after the last one.
    """
    begun = spellings(word)
    inside = [part for one in begun if (part := infix_key(one))]
    return [Q(word__gte=one, word__lt=f"{one}\U0010ffff") for one in [*begun, *inside]]


def _leads_with_word_like(word: str) -> Matches:
    """The leads in the order of these places. Once there are enough, the places that follow are not looked at."""
    keys: dict[int, None] = {}
    for place in _places(word):
        matches = _newest(LeadWord.objects.filter(place))
        keys |= dict.fromkeys(matches.keys)
        if matches.is_cut or len(keys) > MAX_MATCHES:
            return Matches(list(keys)[:MAX_MATCHES], is_cut=True)
    return Matches(list(keys), is_cut=False)


def _newest(words: QuerySet[LeadWord]) -> Matches:
    """Their leads, each once: of the exact word the newest first, then of longer ones.

    A lead may have several that begin alike, so whether there are more shows in the words and not in the leads.
    """
    leads = list(words.order_by("word", "-lead").values_list("lead", flat=True)[: MAX_MATCHES + 1])
    return Matches(list(dict.fromkeys(leads[:MAX_MATCHES])), is_cut=len(leads) > MAX_MATCHES)
