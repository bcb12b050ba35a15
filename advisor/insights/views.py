"""The dashboard, and its tables as files."""

from contextlib import suppress
from dataclasses import dataclass
from datetime import timedelta
from typing import Any

from django.conf import settings
from django.contrib import admin
from django.core.exceptions import PermissionDenied
from django.http import Http404, HttpRequest, HttpResponse, QueryDict
from django.shortcuts import render
from django.utils import timezone
from django.views.decorators.http import require_safe

from advisor.content.editions import UnknownEditionError, shelf
from advisor.content.models import Guide
from advisor.funnel import definitions
from advisor.funnel.models import Step
from advisor.insights import figures, tables
from advisor.insights.drawings import bar_drawing, strip_drawing
from advisor.insights.forms import PeriodForm
from advisor.insights.names import Names, names_in
from advisor.insights.periods import Period, buckets
from advisor.insights.tables import Table
from advisor.leads.export.files import as_csv

NEEDED = "funnel.view_count"
"""The right to see insights."""

PRESETS = (("7 days", 7), ("30 days", 30), ("90 days", 90), ("12 months", 365))
"""Up to the same last day."""


@dataclass(frozen=True)
class Insights:
    """Everything for one period or two."""

    periods: list[Period]
    labels: list[str]
    names: Names

    def tables(self, *, most_sources: int | None = None) -> list[Table]:
        """In the order of the page; each period is read once."""
        steps = [figures.steps(period) for period in self.periods]
        by_source = [figures.sources(period) for period in self.periods]
        # As long as the counts name sources.
        named_since = timezone.now().date() - timedelta(days=settings.KEEP_SOURCES_DAYS)
        agreed = [figures.agreements(period, named_since=named_since) for period in self.periods]
        names, labels = self.names, self.labels
        signals, seen = names.signals, names.contradictions
        return [
            tables.funnel(names, steps, labels),
            tables.outcomes(names, steps, labels),
            *self._over_time(),
            tables.by_source(names, by_source, agreed, labels, most=most_sources),
            tables.by_entrance(steps, labels),
            tables.ranked(
                Step.CONTRADICTION, seen, steps, labels, title="Contradictions seen most", first="Contradiction"
            ),
            tables.ranked(Step.SIGNAL, signals, steps, labels, title="Situations ticked most", first="Situation"),
            tables.said_and_agreed(names, agreed, labels),
            tables.responses(steps, labels),
        ]

    def _over_time(self) -> list[Table]:
        keys = ["over-time", "over-time-compared"]
        found = []
        for key, period, label in zip(keys, self.periods, self.labels, strict=False):
            cut = buckets(period)
            title = "Outcomes over time" if len(self.labels) == 1 else f"Outcomes over time, {label}"
            counted = figures.outcomes_over_time(period, cut)
            found.append(tables.over_time(self.names, cut, counted, key=key, title=title))
        return found


def insights_of(periods: list[Period]) -> Insights:
    """The words are those of the first period's edition, or of the live one."""
    first = periods[0]
    published = shelf.live(first.guide)
    if first.edition is not None:
        with suppress(UnknownEditionError):
            published = shelf.edition(first.guide, first.edition)
    labels = ["A", "B"] if len(periods) == 2 else [""]
    return Insights(periods, labels, names_in(published.guide))


def form_of(request: HttpRequest) -> PeriodForm | None:
    """The form as it was sent; None while nothing is published."""
    if not request.user.has_perm(NEEDED):
        raise PermissionDenied
    published = Guide.objects.filter(edition__isnull=False).distinct().order_by("-is_default", "number")
    guides = list(published.values_list("key", "title"))
    return PeriodForm(request.GET, guides=guides, today=timezone.now().date()) if guides else None


@require_safe
def dashboard(request: HttpRequest) -> HttpResponse:
    """All figures of one period, or of two side by side."""
    form = form_of(request)
    context: dict[str, Any] = {"title": "Insights", "form": form, "definitions": definitions}
    if form and form.is_valid():
        periods = form.periods()
        found = insights_of(periods)
        sections = [
            {"table": table, "drawing": drawing_of(table, found.labels)}
            for table in found.tables(most_sources=tables.MOST_SOURCES)
        ]
        context |= {
            "sections": sections,
            "periods": list(zip(found.labels, periods, strict=True)),
            "presets": [(words, query_of(periods[0].last(days))) for words, days in PRESETS],
            "before": query_of(periods[0], periods[0].before()),
            "alone": query_of(periods[0]) if len(periods) == 2 else "",
            "query": query_of(*periods),
            "has_figures": any(section["table"].has_figures for section in sections),
        }
    return render(request, "insights/dashboard.html", admin.site.each_context(request) | context)


@require_safe
def export(request: HttpRequest, table: str) -> HttpResponse:
    """One table as CSV, with the bare figures: numbers, and per cent with a point."""
    form = form_of(request)
    if form is None or not form.is_valid():
        raise Http404("There is no such period.")
    periods = form.periods()
    chosen = next((one for one in insights_of(periods).tables() if one.key == table), None)
    if chosen is None:
        raise Http404("There is no such table.")
    rows = [[row.name, *(cell.value for cell in row.cells)] for row in chosen.rows]
    name = "-".join(["insights", table, *(f"{day}" for one in periods for day in (one.since, one.until))])
    return HttpResponse(
        b"".join(as_csv(chosen.head, [rows])),
        content_type="text/csv; charset=utf-8",
        headers={"Content-Disposition": f'attachment; filename="{name}.csv"'},
    )


def drawing_of(table: Table, labels: list[str]) -> Any:
    """The drawing that goes with a table, if one says more than the table."""
    if table.key.startswith("over-time"):
        return {"strips": strip_drawing(table)}
    if table.key in {"funnel", "outcomes", "signals", "contradictions"} and table.rows:
        return {"bars": bar_drawing(table, labels)}
    return None


def query_of(*periods: Period) -> str:
    """The address of the same page for one period, or for two."""
    query = QueryDict(mutable=True)
    query["guide"] = periods[0].guide
    for prefix, period in zip(("", "other_"), periods, strict=False):
        query[f"{prefix}since"], query[f"{prefix}until"] = period.since.isoformat(), period.until.isoformat()
        if period.edition is not None:
            query[f"{prefix}edition"] = str(period.edition)
    return query.urlencode()
