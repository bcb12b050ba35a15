"""What stands between a document and its publication.

Proofs are kept by what they are about: an editor who reloads a page, and a publisher who sends it, do not wait for the
same proof twice. They are worked out beside the requests, by each process for itself, so that a page can say how far
one is.
"""

from concurrent.futures import ThreadPoolExecutor
from threading import Lock

from advisor.content import models
from advisor.content.scenarios import run_scenarios
from advisor.decision.guide import Guide, decode, encode
from advisor.decision.proof import Proof, TooLargeError, prove
from advisor.decision.publish_checks import Blocker, publish_blockers

PATIENCE = 1.0
"""Seconds that a page waits for a proof before it says how far it is."""

Progress = tuple[int, int]
"""How many of how many tables and remarks are done."""


def newest_edition(guide: models.Guide) -> models.Edition | None:
    """The live edition of a guide."""
    return models.Edition.objects.filter(guide=guide).order_by("-number").first()


def proof_of(guide: Guide) -> Proof:
    """The proof of a document whose references are sound. Raises ``TooLargeError``."""
    return _cache.proving(encode(guide)).result()


def proof_or_progress(guide: Guide) -> Proof | Progress:
    """The same for someone who looks on: after ``PATIENCE`` how far the proof is, which goes on meanwhile."""
    proving = _cache.proving(encode(guide))
    try:
        return proving.result(PATIENCE)
    except TimeoutError:
        return proving.progress


class Proving:
    """A proof that is worked out beside the requests that ask for it."""

    def __init__(self, document: str) -> None:
        self.progress: Progress = (0, 1)
        self.future = _executor.submit(self._prove, document)

    def _prove(self, document: str) -> Proof | str:
        # Why it is too large is kept as words: an error would keep all that was worked out with its traceback.
        try:
            return prove(decode(document), progress=self._tell)
        except TooLargeError as error:
            return str(error)

    def _tell(self, done: int, of: int) -> None:
        self.progress = done, of

    def result(self, timeout: float | None = None) -> Proof:
        """The proof. Raises ``TooLargeError``, and ``TimeoutError`` after some seconds where it is not done."""
        found = self.future.result(timeout)
        if isinstance(found, str):
            raise TooLargeError(found)
        return found


class ProofCache:
    """The newest proofs, by document. A draft that was changed before its proof began does not hold up the next."""

    def __init__(self) -> None:
        self._lock = Lock()
        self._proving: dict[str, Proving] = {}

    def proving(self, document: str) -> Proving:
        """The proof of a document, begun where it was not."""
        with self._lock:
            found = self._proving.pop(document, None)
            if found is None or found.future.cancelled():
                for other in self._proving.values():
                    # Only one that still waits can be taken back. Whoever looks at it again begins it anew.
                    other.future.cancel()
                found = Proving(document)
            self._proving[document] = found
            for oldest in [*self._proving][:-CACHE_SIZE]:
                del self._proving[oldest]
            return found


CACHE_SIZE = 8
"""Proofs that are kept by each process."""

_executor = ThreadPoolExecutor(max_workers=2, thread_name_prefix="proof")
_cache = ProofCache()


def edition_blockers(guide: Guide) -> list[Blocker]:
    """What keeps a document from being published, whatever is expected of it: what is unfinished, or else unproven."""
    if blockers := publish_blockers(guide):
        return blockers
    try:
        return proof_of(guide).failures()
    except TooLargeError as error:
        return [Blocker("questions", str(error))]


def draft_blockers(guide: models.Guide, draft: Guide) -> list[Blocker]:
    """The same for the draft of a guide, and every scenario that fails and may not."""
    if blockers := edition_blockers(draft):
        return blockers
    return [
        Blocker(f"scenarios {run.scenario}", f"“{run.case.title}”: {run.message}")
        for run in run_scenarios(guide, draft)
        if not run.passed and not run.allowed
    ]
