"""Finding leads by the beginnings of words, through an index that is the same on both databases."""

import msgspec
from django.db.models import QuerySet

from advisor.leads.models import LeadWord
from advisor.leads.words import typed_words

MOST = 1000
"""How many words that begin like the one typed are looked at; of the same word those of the newest leads first."""

WORDS = 6
"""How many words are looked for; a question in prose is none."""


class Found(msgspec.Struct, frozen=True):
    """The keys of leads that have all words. ``is_cut`` where there may be more, as every word is a common one."""

    keys: list[int]
    is_cut: bool


def matching(query: str) -> Found:
    """The leads with words that begin like each of those typed.

    The rarest word finds them and the others only sort out, so that the time does not grow with the table.
    """
    words = typed_words(query)[:WORDS]
    if not words:
        return Found([], is_cut=False)
    by_word = {word: _newest(_beginning(word)) for word in words}
    rarest = min(by_word, key=lambda word: (by_word[word].is_cut, len(by_word[word].keys)))
    keys = by_word[rarest].keys
    for word, others in by_word.items():
        if word == rarest:
            continue
        if others.is_cut:
            having = set(_beginning(word).filter(lead__in=keys).values_list("lead", flat=True))
        else:
            having = set(others.keys)
        keys = [key for key in keys if key in having]
    return Found(keys, is_cut=by_word[rarest].is_cut)


def _beginning(word: str) -> QuerySet[LeadWord]:
    """Words are kept in the order of their bytes, and no character comes after the last one."""
    return LeadWord.objects.filter(word__gte=word, word__lt=f"{word}\U0010ffff")


def _newest(words: QuerySet[LeadWord]) -> Found:
    """Their leads, each once: of the exact word the newest first, then of longer ones.

    A lead may have several that begin alike, so whether there are more shows in the words and not in the leads.
    """
    found = list(words.order_by("word", "-lead").values_list("lead", flat=True)[: MOST + 1])
    return Found(list(dict.fromkeys(found[:MOST])), is_cut=len(found) > MOST)
