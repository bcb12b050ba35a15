"""What stands between a document and its publication, and what publishing it would change for whom.

Proofs and comparisons are kept by the checksum of what they are about: an editor who reloads a page, and a publisher
who sends it, do not wait for the same proof twice.
"""

from collections.abc import Callable
from dataclasses import dataclass
from functools import lru_cache
from urllib.parse import parse_qsl

from advisor.content import models
from advisor.content.differences import Difference, differences
from advisor.content.past import last_answers
from advisor.content.scenarios import run_scenarios
from advisor.decision.answers import read
from advisor.decision.comparison import Comparison, compare
from advisor.decision.guide import Guide, decode, encode
from advisor.decision.logic import logic_of
from advisor.decision.proof import Proof, TooLargeError, prove
from advisor.decision.unfinished import Gap, unfinished

LEADS = 200
"""How many of the newest leads a comparison asks about."""


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


@dataclass(frozen=True)
class Effect:
    """What one document changes against another: in words, for all sets of answers, and for those who asked lately.

    ``people`` is None where a guide is too large to ask for everyone; ``too_large`` says so.
    """

    texts: list[Difference]
    people: Comparison | None
    too_large: str
    leads: int
    leads_changed: int


def effect_of(old: Guide, new: Guide) -> Effect:
    """What changes with ``new`` in place of ``old``; the references of both are sound."""
    people, too_large = None, ""
    try:
        people = _comparison(encode(old), encode(new))
    except TooLargeError as error:
        too_large = str(error)
    said = last_answers(new.key, LEADS)
    outcome_in_old, outcome_in_new = _asks(old), _asks(new)
    moved = sum(outcome_in_old(query) != outcome_in_new(query) for query in said)
    return Effect(differences(old, new), people, too_large, len(said), moved)


@lru_cache(maxsize=8)
def _comparison(old: str, new: str) -> Comparison:
    return compare(decode(old), decode(new))


def _asks(guide: Guide) -> Callable[[str], str]:
    """Asks a document for the outcome of answers in a query string, "" where no rule matches."""
    logic = logic_of(guide)

    def outcome(query: str) -> str:
        answers, _ = read(guide, parse_qsl(query))
        try:
            return logic.outcome(logic.holding(logic.situation(answers)))[1]
        except LookupError:
            return ""

    return outcome
