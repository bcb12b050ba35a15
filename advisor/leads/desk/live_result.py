"""What the live edition makes of the answers that someone gave in an older one."""

from urllib.parse import parse_qsl

import msgspec

from advisor.assessment.then_and_now import answers_today
from advisor.assessment.visit import result_path
from advisor.content.editions import UnknownGuideError, edition_cache
from advisor.leads.models import Lead


class LiveResult(msgspec.Struct, frozen=True):
    """In words, with the address of the result where there is one."""

    words: str
    address: str = ""


def result_in_live_edition(lead: Lead) -> LiveResult:
    """What someone with these answers would be told today. Raises ``UnreachableError`` as the edition cache does."""
    key, number = lead.edition.guide.key, lead.edition.number
    try:
        live = edition_cache.live(key)
    except UnknownGuideError:
        return LiveResult("The guide is not published any more.")
    if live.number == number:
        return LiveResult(f"The same: edition {number} is still the one of today.")
    then = edition_cache.edition(key, number).guide
    found = answers_today(then, live, parse_qsl(lead.answers, keep_blank_values=True))
    if not found.can_be_relied_on:
        why = "asks what they were not asked" if found.asks_more else "does not know some of their answers any more"
        return LiveResult(f"Nothing that could be relied on: edition {live.number}, live now, {why}.")
    today = found.visit.recommendation
    address = f"{result_path(key)}?{lead.answers}&edition={live.number}"
    if (today.outcome.key, today.certainty.value) == (lead.outcome, lead.certainty):
        return LiveResult(f"The same, says edition {live.number}, which is live now: {today.outcome.title}", address)
    return LiveResult(f"{today.outcome.title} How sure: {today.certainty.value}. (Edition {live.number}.)", address)
