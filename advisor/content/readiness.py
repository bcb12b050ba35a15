"""Whether this process can do its work: what ``/readyz`` says.

A database that does not answer must not keep a load balancer waiting, and still less the visitors whose threads its
questions would take. So the question is asked beside the requests, once for all who want to know at the same time, and
nobody waits for it longer than ``PATIENCE``.
"""

import time
from collections.abc import Callable
from concurrent.futures import Future
from threading import Lock, Thread

from django.db import Error as DatabaseError
from django.db import connection
from django.db.migrations.executor import MigrationExecutor

from advisor.content.edition_check import unreadable_editions
from advisor.content.editions import UnreachableError, edition_cache
from advisor.content.models import Edition
from advisor.decision.answers import Answers, read
from advisor.decision.guide import Guide
from advisor.decision.recommendation import recommend
from advisor.decision.walk import asked_pages, open_page
from advisor.hosting import static_files_are_missing

PATIENCE = 1.0
"""Seconds after which a database counts as one that does not answer."""

NO_ANSWER = "the database does not answer within a second"


class Beside[Found]:
    """A question to the database that is asked in a thread of its own. Safe to share between threads."""

    def __init__(self, find: Callable[[], Found], *, name: str) -> None:
        self._find = find
        self._name = name
        self._lock = Lock()
        self._asked: Future[Found] | None = None
        self._until = 0.0
        self.is_beside = True
        """Whether the question is asked in a thread of its own."""

    def ask(self) -> Found:
        """The answer. Raises ``TimeoutError``.

        While an earlier question has no answer yet, no other is asked, and one that took too long is not waited for.
        """
        if not self.is_beside:
            return self._find()
        with self._lock:
            if self._asked is None or self._asked.done():
                asking: Future[Found] = Future()
                # A daemon: where the database hangs for good, the process can end all the same.
                Thread(target=self._ask, args=[asking], name=self._name, daemon=True).start()
                # Only now, as nobody would answer what no thread could be started for.
                self._asked, self._until = asking, time.monotonic() + PATIENCE
            asked, left = self._asked, self._until - time.monotonic()
        return asked.result(max(left, 0))

    def _ask(self, asked: Future[Found]) -> None:
        try:
            asked.set_result(self._find())
        finally:
            # Without effect once there is a result; otherwise whoever waits has an error of ours on their page.
            asked.cancel()
            connection.close()


class Readiness(Beside[str]):
    """What keeps this process from its work."""

    def __init__(self, find_fault: Callable[[], str]) -> None:
        super().__init__(find_fault, name="readiness")

    def fault(self) -> str:
        """What is wrong, in words for whoever runs the site; "" where nothing is."""
        try:
            return self.ask()
        except TimeoutError:
            return NO_ANSWER


def find_fault() -> str:
    """What is missing of database, migrations, an edition that recommends something, and static files; or ""."""
    try:
        executor = MigrationExecutor(connection)
        if executor.migration_plan(executor.loader.graph.leaf_nodes()):
            return "this is not the database that is expected, or migrations are missing (manage.py migrate)"
        if fault := _fault_of_editions():
            return fault
    except DatabaseError:
        return "the database cannot be reached"
    if static_files_are_missing():
        return "no static files are collected: run manage.py collectstatic and start the server anew"
    return ""


def _fault_of_editions() -> str:
    if not Edition.objects.exists():
        return "no edition is published: run manage.py seed"
    try:
        published = edition_cache.default()
    except UnreachableError:
        errors, _ = unreadable_editions()
        return " ".join(map(str, errors)) or "the editions are not read yet; they will be within seconds"
    if published is None:
        # Every guide is retired. Results of the past are all that is left to show.
        return ""
    try:
        recommend(published.guide, some_answers(published.guide))
    except (LookupError, ValueError) as error:
        return f"edition {published.number} of {published.guide.key} recommends nothing: {type(error).__name__}"
    return ""


def some_answers(guide: Guide) -> Answers:
    """The first choice of every question that is asked."""
    chosen: list[tuple[str, str]] = []
    answers, _ = read(guide, chosen)
    while page := open_page(asked_pages(guide, answers), answers):
        chosen += [(question.key, question.choices[0].key) for question in page.questions]
        answers, _ = read(guide, chosen)
    return answers


readiness = Readiness(find_fault)
