"""Finding leads by words and parts of words, through an index that is the same on both databases."""

from functools import reduce
from operator import or_

import msgspec
from django.db.models import Q, QuerySet

from advisor.assessment.pasted import code_in
from advisor.decision import result_code
from advisor.leads.models import LeadWord
from advisor.leads.words import spellings, typed_words, within
from advisor.text import clean_line

MOST = 1000
"""How many words that begin like the one typed are looked at; of the same word those of the newest leads first."""

WORDS = 6
"""How many words are looked for; a question in prose is none."""


class Found(msgspec.Struct, frozen=True):
    """The keys of leads that have all words. ``is_cut`` where there may be more, as every word is a common one."""

    keys: list[int]
    is_cut: bool


def matching(query: str) -> Found:
    """The leads with words that begin like each of those typed, or hold it; or the one of a result code.

    The rarest word finds them and the others only sort out, so that the time does not grow with the table.
    """
    query = clean_line(code_in(query.replace("\0", "")))
    if keys := _with_code(query):
        return Found(keys, is_cut=False)
    words = typed_words(query)[:WORDS]
    if not words:
        return Found([], is_cut=False)
    by_word = {word: _holding(word) for word in words}
    rarest = min(by_word, key=lambda word: (by_word[word].is_cut, len(by_word[word].keys)))
    keys = by_word[rarest].keys
    for word, others in by_word.items():
        if word == rarest:
            continue
        if others.is_cut:
            found = LeadWord.objects.filter(reduce(or_, _places(word)), lead__in=keys)
            having = set(found.values_list("lead", flat=True))
        else:
            having = set(others.keys)
        keys = [key for key in keys if key in having]
    return Found(keys, is_cut=by_word[rarest].is_cut)


def _with_code(query: str) -> list[int]:
    """The leads with this result code, whichever way it was typed."""
    symbols = result_code.symbols(query)
    if len(symbols) < result_code.SHORTEST or not set(symbols) <= set(result_code.SYMBOLS):
        return []
    return _newest(LeadWord.objects.filter(word=symbols.lower())).keys


def _places(word: str) -> list[Q]:
    """Where a word stands in the index: as the beginning of others in any of its spellings, then inside of others.

    Words are kept in the order of their bytes, and no character comes after the last one.
    """
    begun = spellings(word)
    inside = [part for one in begun if (part := within(one))]
    return [Q(word__gte=one, word__lt=f"{one}\U0010ffff") for one in [*begun, *inside]]


def _holding(word: str) -> Found:
    """The leads in the order of these places. Once there are enough, the places that follow are not looked at."""
    keys: dict[int, None] = {}
    for place in _places(word):
        found = _newest(LeadWord.objects.filter(place))
        keys |= dict.fromkeys(found.keys)
        if found.is_cut or len(keys) > MOST:
            return Found(list(keys)[:MOST], is_cut=True)
    return Found(list(keys), is_cut=False)


def _newest(words: QuerySet[LeadWord]) -> Found:
    """Their leads, each once: of the exact word the newest first, then of longer ones.

    A lead may have several that begin alike, so whether there are more shows in the words and not in the leads.
    """
    found = list(words.order_by("word", "-lead").values_list("lead", flat=True)[: MOST + 1])
    return Found(list(dict.fromkeys(found[:MOST])), is_cut=len(found) > MOST)
