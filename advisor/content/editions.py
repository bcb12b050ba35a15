"""The editions in memory: what lets the walk go on without a query, and without a database.

A process keeps the live edition of every guide decoded, and looks for newer numbers at most every two seconds. Older
editions are decoded when a link names them and kept, as they never change. When the database cannot be reached, what
is in memory goes on. An edition that this release cannot read, as a newer one published it, is passed over: the one
before it stays live, and links to the edition itself say that it cannot be shown just now.
"""

import logging
import time
from dataclasses import dataclass, replace
from datetime import datetime
from threading import Lock

from django.db import Error as DatabaseError
from django.db import ProgrammingError
from django.db.models import Max

from advisor.content.documents import UnreadableError, read_edition
from advisor.content.models import Edition
from advisor.decision.guide import Guide
from advisor.http import DependencyDownError

logger = logging.getLogger(__name__)

REFRESH_INTERVAL = 2.0
"""Seconds between two looks for a newer edition."""

RETRY_DELAY = 15.0
"""Seconds until the next look after one that failed, as a database that does not answer costs a visitor's time."""

EARLY_REFRESH_INTERVAL = 0.2
"""Seconds between two looks for links that name a guide or an edition we have not seen; most of those do not exist."""

CACHE_SIZE = 64
"""How many older editions are kept decoded."""


class UnknownGuideError(LookupError):
    """There is no published guide with this key or number."""


class UnknownEditionError(LookupError):
    """The guide exists and has no edition with this number."""


class UnreachableError(DependencyDownError):
    """What is asked for is not in memory, and cannot be read: the database is away, or a newer release published it."""


class UnreadableEditionError(UnknownEditionError, UnreachableError):
    """The guide has an edition with this number, and this release cannot read it."""


@dataclass(frozen=True, eq=False)
class LoadedEdition:
    """An edition in memory. Hashed by identity, so that what is rendered once for it can be kept by it.

    A draft that is walked by a preview link comes in the same form: its number is 0, and ``token`` is the link's.
    """

    guide: Guide
    number: int
    published_at: datetime
    live: bool
    token: str = ""


class EditionCache:
    """The editions of one process. Safe to share between threads: what is read is replaced, never changed."""

    def __init__(self) -> None:
        self._lock = Lock()
        self.clear()

    def clear(self) -> None:
        """Forget everything, so that it is read again when it is needed."""
        self._live: dict[str, LoadedEdition] = {}
        self._default = ""
        self._retired: frozenset[str] = frozenset()
        self._older: dict[tuple[str, int], LoadedEdition] = {}
        self._unreadable: set[tuple[str, int]] = set()
        self._without_any: frozenset[str] = frozenset()
        self._refreshed_at: float | None = None
        self._reachable = True
        self._empty = False

    def live(self, key: str) -> LoadedEdition:
        """The live edition of a guide. Raises ``UnknownGuideError`` or ``UnreachableError``."""
        self.refresh()
        if key not in self._live:
            self._refresh_early()
        try:
            return self._live[key]
        except KeyError:
            if not self._reachable or key in self._without_any:
                raise UnreachableError from None
            raise UnknownGuideError(key) from None

    def default(self) -> LoadedEdition | None:
        """The live edition of the default guide, or None while nothing is published. Raises ``UnreachableError``."""
        self.refresh()
        if not self._live and (self._without_any or not (self._reachable or self._empty)):
            raise UnreachableError
        return self._live.get(self._default)

    def offered(self) -> list[LoadedEdition]:
        """The live editions of the guides that are offered, the default one first, then in order of their numbers."""
        self.refresh()
        offered = [published for key, published in self._live.items() if key not in self._retired]
        return sorted(offered, key=lambda published: published.guide.key != self._default)

    def is_retired(self, key: str) -> bool:
        """Whether a guide is not offered any more; its editions are there all the same."""
        return key in self._retired

    def by_number(self, guide_number: int) -> LoadedEdition:
        """The live edition of the guide with this number in result codes; raises as ``live`` does."""
        self.refresh()
        if not (found := self._numbered(guide_number)):
            self._refresh_early()
            found = self._numbered(guide_number)
        if found:
            return found
        if not self._reachable or self._without_any:
            raise UnreachableError
        raise UnknownGuideError(guide_number)

    def edition(self, key: str, number: int) -> LoadedEdition:
        """One edition of a guide.

        Raises ``UnknownGuideError``, ``UnknownEditionError``, its ``UnreadableEditionError`` or ``UnreachableError``.
        """
        live = self.live(key)
        if number > live.number:
            self._refresh_early()
            live = self.live(key)
        if number == live.number:
            return live
        if found := self._older.get((key, number)):
            return found
        if number > live.number and not self._reachable:
            raise UnreachableError
        if (key, number) in self._unreadable:
            raise UnreadableEditionError(number)
        if not 1 <= number < live.number:
            raise UnknownEditionError(number)
        try:
            found = self._read(key, number, live=False)
        except Edition.DoesNotExist:
            raise UnknownEditionError(number) from None
        except UnreadableError:
            raise UnreadableEditionError(number) from None
        except DatabaseError as error:
            logger.warning("Edition %s of %s cannot be read now: %s", number, key, type(error).__name__)
            raise UnreachableError from error
        with self._lock:
            self._keep(found)
        return found

    def _read(self, key: str, number: int, *, live: bool) -> LoadedEdition:
        """Read one edition from the database; what cannot be read is noted in the log, and not tried again."""
        edition = Edition.objects.select_related("guide").get(guide__key=key, number=number)
        try:
            return LoadedEdition(read_edition(edition), edition.number, edition.published_at, live)
        except UnreadableError as error:
            # Published by a newer release, while machines are updated or after going back; or damaged.
            logger.error("%s It is passed over.", error)
            self._unreadable.add((key, number))
            raise

    def _keep(self, older: LoadedEdition) -> None:
        """Keep an older edition decoded; the one kept for longest makes room. The lock is held."""
        while len(self._older) >= CACHE_SIZE:
            del self._older[next(iter(self._older))]
        self._older[older.guide.key, older.number] = older

    def refresh(self, *, after: float | None = None) -> None:
        """Look for newer editions if the last look is long enough ago, by default ``REFRESH_INTERVAL`` seconds. One
        thread looks, the others go on.
        """
        after = REFRESH_INTERVAL if after is None else after
        if not self._is_due(after):
            return
        # The first look of a process is waited for; any later one is left to the thread that began it.
        if not self._lock.acquire(blocking=self._refreshed_at is None):
            return
        try:
            if self._is_due(after):
                self._read_newer()
                self._refreshed_at = time.monotonic()
        finally:
            self._lock.release()

    def _refresh_early(self) -> None:
        """Look again for what a link names: another process may have seen it a moment before this one."""
        if self._reachable:
            self.refresh(after=EARLY_REFRESH_INTERVAL)

    def _numbered(self, guide_number: int) -> LoadedEdition | None:
        found = (published for published in self._live.values() if published.guide.number == guide_number)
        return next(found, None)

    def _is_due(self, after: float) -> bool:
        if self._refreshed_at is None:
            return True
        # With nothing to go on with, there is no sense in waiting longer.
        wait = after if self._reachable or not self._live else RETRY_DELAY
        return time.monotonic() - self._refreshed_at >= wait

    def _read_newer(self) -> None:
        newest = Edition.objects.values("guide__key", "guide__is_default", "guide__is_retired")
        newest = newest.annotate(number=Max("number"))
        live: dict[str, LoadedEdition] = {}
        default, retired, without_any = "", set(), set()
        try:
            for row in newest.order_by("guide__number"):
                key = row["guide__key"]
                if published := self._newest(key, row["number"]):
                    live[key] = published
                    if row["guide__is_retired"]:
                        retired.add(key)
                    elif row["guide__is_default"] or not default:
                        default = key
                else:
                    without_any.add(key)
        except DatabaseError as error:
            if self._reachable:
                logger.warning("The database cannot be read (%s); going on with what is known", type(error).__name__)
            self._reachable = False
            # Without tables it is empty; but not where editions were read before, which then went missing.
            self._empty = _has_no_tables(error) and not self._live
        else:
            self._live, self._default, self._reachable = live, default, True
            self._retired, self._without_any = frozenset(retired), frozenset(without_any)

    def _newest(self, key: str, number: int) -> LoadedEdition | None:
        """The edition with this number; if this release cannot read it, the newest that it can."""
        known = self._live.get(key)
        numbers = range(number, known.number - 1 if known else 0, -1)
        for readable in (number for number in numbers if (key, number) not in self._unreadable):
            if known and known.number == readable:
                return known
            try:
                found = self._read(key, readable, live=True)
            except (Edition.DoesNotExist, UnreadableError):
                continue
            if known:
                # Visitors in the middle of the walk stay on the edition they began with.
                self._keep(replace(known, live=False))
            return found
        return None


def _has_no_tables(error: DatabaseError) -> bool:
    """Whether this error says that the database was never migrated, in PostgreSQL's way or in SQLite's."""
    return isinstance(error, ProgrammingError) or "no such table" in str(error)


edition_cache = EditionCache()
