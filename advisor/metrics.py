"""What is counted for a monitoring system while the process runs, in the form of Prometheus.

It is asked for at ``/metrics``, where ``METRICS_TOKEN`` is set; see ``advisor.operation.exposition``. Names and labels
are a promise to dashboards. Labels have few values, all of them ours, so that nobody fills a memory by what they send,
and nobody is known by them.

The processes of one Gunicorn write into files of one folder, and each can add them all up (``advisor.server``). A
counter begins at 0 when Gunicorn does, as Prometheus expects of counters.
"""

from prometheus_client import CollectorRegistry, Counter, Histogram

registry = CollectorRegistry()
"""What this process counts; the library's own has figures about the process that several of them cannot add up."""

requests = Counter(
    "advisor_requests", "Requests that were answered, by the name of the view.", ["view", "status"], registry=registry
)
request_seconds = Histogram(
    "advisor_request_seconds",
    "Seconds until a request was answered, by the name of the view.",
    ["view"],
    buckets=(0.005, 0.01, 0.025, 0.05, 0.1, 0.25, 0.5, 1, 2.5, 10),
    registry=registry,
)
leads = Counter("advisor_leads", "Requests for a call that were kept.", registry=registry)
calls_booked = Counter("advisor_calls_booked", "Calls that were booked, by visitors and by staff.", registry=registry)
refusals = Counter(
    "advisor_refusals", "What a limit of a public form or of the login refused.", ["limit"], registry=registry
)
