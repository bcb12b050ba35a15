"""The figures of ``/metrics``: what the processes of this Gunicorn counted, and what the database says now."""

import os
from collections.abc import Iterator

from django.db import DatabaseError
from django.db.models import Count, Min
from django.utils import timezone
from prometheus_client import CollectorRegistry, generate_latest
from prometheus_client.core import GaugeMetricFamily
from prometheus_client.multiprocess import MultiProcessCollector
from prometheus_client.registry import Collector

from advisor import metrics
from advisor.content.editions import UnreachableError, edition_cache
from advisor.content.readiness import Beside
from advisor.delivery.models import ClockCheck, Message, State

FOLDER = "PROMETHEUS_MULTIPROC_DIR"
"""Names, in the environment, the folder in which several processes count; ``advisor.server`` makes it."""

Figures = dict[str, float]

IN_WORDS = {
    "advisor_outbox_due_messages": "Messages that are due and not sent yet.",
    "advisor_outbox_oldest_seconds": "Seconds for which the oldest of them has been due; 0 where none is.",
    "advisor_outbox_failed_messages": "Messages that failed for good and are still kept.",
    "advisor_worker_seen_timestamp_seconds": "When a worker last noted that it runs and trusts its clock.",
    "advisor_clock_in_doubt": "1 while the workers doubt their clock, and nothing old is removed.",
}
"""What the database says, the same on every machine."""


def read_figures() -> Figures:
    """Ask the database. Raises its errors."""
    now = timezone.now()
    waiting = Message.objects.filter(state=State.WAITING, due_at__lte=now)
    due = waiting.aggregate(number=Count("pk"), oldest=Min("due_at"))
    figures = {
        "advisor_outbox_due_messages": due["number"],
        "advisor_outbox_oldest_seconds": (now - due["oldest"]).total_seconds() if due["oldest"] else 0.0,
        "advisor_outbox_failed_messages": Message.objects.filter(state=State.FAILED).count(),
    }
    if check := ClockCheck.objects.first():
        figures["advisor_worker_seen_timestamp_seconds"] = check.trusted_at.timestamp()
        figures["advisor_clock_in_doubt"] = float(bool(check.doubt))
    return figures


def _figures_or_none() -> Figures | None:
    try:
        return read_figures()
    except DatabaseError:
        return None


figures = Beside(_figures_or_none, name="metrics")
"""Asked beside the requests: a database that hangs must not take the threads that visitors need."""


class Now(Collector):
    """What is so at this moment. Where the database cannot be asked, its figures are missing and none is made up."""

    def collect(self) -> Iterator[GaugeMetricFamily]:
        try:
            found = figures.ask()
        except TimeoutError:
            found = None
        words = "1 while this process can ask the database."
        yield GaugeMetricFamily("advisor_database_up", words, value=float(found is not None))
        for name, value in (found or {}).items():
            yield GaugeMetricFamily(name, IN_WORDS[name], value=value)
        editions = GaugeMetricFamily(
            "advisor_edition_live", "The edition that the process which answers serves now.", labels=["guide"]
        )
        try:
            for published in edition_cache.offered():
                editions.add_metric([published.guide.key], published.number)
        except UnreachableError:
            pass
        yield editions


def exposition() -> bytes:
    """All of it, as Prometheus reads it."""
    gathered = CollectorRegistry()
    if folder := os.environ.get(FOLDER):
        MultiProcessCollector(gathered, folder)  # type: ignore[no-untyped-call]
    else:
        gathered.register(metrics.registry)
    gathered.register(Now())
    return generate_latest(gathered)
