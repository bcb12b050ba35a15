"""What one can do with a result: keep it, pass it on, compare it, and say whether it fits."""

from functools import lru_cache
from typing import Any
from urllib.parse import quote, urlencode

from django.conf import settings

from advisor.assessment import partials
from advisor.assessment.fit import given_reasons
from advisor.assessment.others import OTHERS
from advisor.assessment.partial_cache import concatenated
from advisor.assessment.then_and_now import today_of
from advisor.assessment.visit import Visit, address_beside_result, card_address, short_path, together_address
from advisor.content.editions import edition_cache

Context = dict[str, Any]

ASKING = "I have answered these questions. Please answer them as well, before you see mine; then we can compare."
"""Begins a mail to whoever is asked to answer."""

SENDING = "I answered a few questions, and this is what came out: {outcome}."
"""Begins a mail that passes a result on."""


def outcome_card(visit: Visit) -> Context:
    """The picture that messengers show beside its short link: what was answered is in none of it."""
    if visit.token:
        return {}
    outcome = visit.recommendation.outcome
    return {
        "card": card_address(visit.guide.key, visit.published.number, outcome.key),
        "card_alt": f"Our recommendation: {outcome.title}",
        "card_link": settings.SITE_URL + short_path(visit.code),
    }


def keeping(visit: Visit) -> Context:
    """What a result can be kept as; of an older edition what today's says instead."""
    if visit.token:
        return {}
    today = today_of(visit)
    now = today.visit.recommendation if today and today.can_be_relied_on else None
    since, mail = (
        address_beside_result(name, visit, attribution=visit.attribution) for name in ("since", "mail-result")
    )
    return {
        "memo": address_beside_result("memo", visit),
        # The room of mail comes after this one, and is met by the name of its address.
        "mail": "" if edition_cache.is_retired(visit.guide.key) else mail,
        "look_again": address_beside_result("look-again", visit),
        "since": since if today else "",
        "since_outcome": now.outcome.title if now and now.outcome.key != visit.recommendation.outcome.key else "",
    }


def fit(visit: Visit) -> Context:
    """The form in which somebody says which reasons fit them. The room that counts it is met by the name of its
    address.
    """
    if visit.token:
        return {}
    votes = [partials.vote(visit.guide, key, "") for key in given_reasons(visit.guide, visit.recommendation)]
    return {
        "fit": address_beside_result("fit", visit, attribution=visit.attribution),
        "votes": concatenated(votes),
        "line": partials.line(),
    }


def passing_on(visit: Visit) -> Context:
    """How to ask somebody else; of answers that were sent, how to give one's own; of one's own, how to compare them."""
    if visit.token:
        return {}
    ask = settings.SITE_URL + together_address(visit.guide.key, [visit.code])
    short = settings.SITE_URL + short_path(visit.code)
    codes = [*visit.others, visit.code]
    came_from = [(name, value) for name, value in visit.attribution if name != OTHERS]
    return {
        "ask": ask,
        "ask_mail": _mail(visit.guide.title, ASKING) + quote(ask, safe=""),
        "send_mail": _mail(visit.guide.title, SENDING.format(outcome=visit.recommendation.outcome.title))
        + quote(short, safe=""),
        "sent": visit.is_sent,
        "own_start": visit.own_start,
        "compare": together_address(visit.guide.key, codes, you=len(codes), attribution=came_from)
        if visit.others
        else "",
    }


@lru_cache(maxsize=512)
def _mail(subject: str, words: str) -> str:
    """The query of a link that begins a mail; whoever uses it adds the address with which the mail ends."""
    return urlencode({"subject": subject, "body": f"{words}\n\n"}, quote_via=quote)
