"""What was concluded about each role, for programs: kept with a lead, or found anew for one from before it was kept."""

from typing import NamedTuple

from advisor.content.editions import UnknownEditionError, UnknownGuideError, edition_cache
from advisor.decision.guide import Guide
from advisor.decision.logic import logic_of
from advisor.decision.recommendation import Recommendation
from advisor.leads.models import Lead


class Conclusions(NamedTuple):
    """``needs`` says of each role, by its key, whether it is needed. ``balance`` is the role with more ticked signals
    than every other, or ``even``.
    """

    needs: dict[str, bool]
    balance: str


UNKNOWN = Conclusions({}, "")
"""Of a lead whose edition cannot be read."""


def conclusions_of(lead: Lead) -> Conclusions:
    """As the visitor was told; of an edition that decides without needs, a role is needed that its outcome names."""
    if "needs" in lead.seen:
        return Conclusions(lead.seen["needs"], lead.seen["balance"])
    try:
        guide = edition_cache.edition(lead.edition.guide.key, lead.edition.number).guide
        return conclusions_from(guide, lead.recommendation)
    except (UnknownGuideError, UnknownEditionError):
        return UNKNOWN


def conclusions_from(guide: Guide, recommendation: Recommendation) -> Conclusions:
    """What a recommendation concludes."""
    needs = {found.role: found.is_needed for found in recommendation.roles}
    return Conclusions(needs, balance_of(guide, recommendation))


def balance_of(guide: Guide, recommendation: Recommendation) -> str:
    """The role with more ticked signals than every other, or ``even``."""
    return logic_of(guide).balance({found.role: len(found.ticked) for found in recommendation.evidence})
