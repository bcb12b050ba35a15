"""What stands between a document and its publication.

Proofs are kept by what they are about: an editor who reloads a page, and a publisher who sends it, do not wait for the
same proof twice.
"""

from functools import lru_cache

from advisor.content import models
from advisor.content.scenarios import run_scenarios
from advisor.decision.guide import Guide, decode, encode
from advisor.decision.proof import Proof, TooLargeError, prove
from advisor.decision.unfinished import Gap, unfinished


def newest_edition(guide: models.Guide) -> models.Edition | None:
    """The live edition of a guide."""
    return models.Edition.objects.filter(guide=guide).order_by("-number").first()


def proof_of(guide: Guide) -> Proof:
    """The proof of a document whose references are sound. Raises ``TooLargeError``."""
    return _proof_of(encode(guide))


@lru_cache(maxsize=8)
def _proof_of(document: str) -> Proof:
    return prove(decode(document))


def edition_blockers(guide: Guide) -> list[Gap]:
    """What keeps a document from being published, whatever is expected of it: what is unfinished, or else unproven."""
    if gaps := unfinished(guide):
        return gaps
    try:
        return proof_of(guide).failures()
    except TooLargeError as error:
        return [Gap("questions", str(error))]


def draft_blockers(guide: models.Guide, draft: Guide) -> list[Gap]:
    """The same for the draft of a guide, and every scenario that fails and may not."""
    if gaps := edition_blockers(draft):
        return gaps
    return [
        Gap(f"scenarios {run.scenario}", f"“{run.case.title}”: {run.message}")
        for run in run_scenarios(guide, draft)
        if not run.passed and not run.allowed
    ]
