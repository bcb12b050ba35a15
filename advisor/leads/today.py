"""What the live edition makes of the answers that someone gave in an older one."""

from urllib.parse import parse_qsl

import msgspec

from advisor.assessment.visit import result_path
from advisor.content.editions import UnknownGuideError, shelf
from advisor.decision.answers import read
from advisor.decision.recommendation import recommend
from advisor.decision.walk import asked_pages, open_page, split_stale
from advisor.leads.models import Lead


class Today(msgspec.Struct, frozen=True):
    """In words, with the address of the result where there is one."""

    words: str
    address: str = ""


def today_of(lead: Lead) -> Today:
    """What someone with these answers would be told today. Raises ``UnreachableError`` as the shelf does."""
    key, number = lead.edition.guide.key, lead.edition.number
    try:
        live = shelf.live(key)
    except UnknownGuideError:
        return Today("The guide is not published any more.")
    if live.number == number:
        return Today(f"The same: edition {number} is still the one of today.")
    guide, then = live.guide, shelf.edition(key, number).guide
    pairs = parse_qsl(lead.answers, keep_blank_values=True)
    answers, problems = read(guide, pairs)
    asked = asked_pages(guide, answers)
    answers, _ = split_stale(asked, answers)
    before, _ = read(then, pairs)
    lost = before.choices.keys() - answers.choices.keys() or before.signals - answers.signals
    missing = open_page(asked, answers)
    if problems or lost or missing:
        why = "asks what they were not asked" if missing else "does not know some of their answers any more"
        return Today(f"Nothing that could be relied on: edition {live.number}, live now, {why}.")
    found = recommend(guide, answers)
    address = f"{result_path(key)}?{lead.answers}&edition={live.number}"
    if (found.outcome.key, found.certainty.value) == (lead.outcome, lead.certainty):
        return Today(f"The same, says edition {live.number}, which is live now: {found.outcome.title}", address)
    return Today(f"{found.outcome.title} How sure: {found.certainty.value}. (Edition {live.number}.)", address)
