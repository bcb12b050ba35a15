"""The dashboard, and its tables as files."""

from contextlib import suppress
from datetime import timedelta
from typing import Any

import msgspec
from django.conf import settings
from django.contrib import admin
from django.http import Http404, HttpRequest, HttpResponse, QueryDict
from django.shortcuts import render
from django.utils import timezone
from django.views.decorators.http import require_safe

from advisor.content.editions import UnknownEditionError, edition_cache
from advisor.funnel import definitions
from advisor.funnel.models import Step
from advisor.insights import figures, tables
from advisor.insights.drawings import bar_drawing, strip_drawing
from advisor.insights.names import Names, names_of, published_guides
from advisor.insights.periods import Period, PeriodForm, buckets
from advisor.insights.rights import READ_INSIGHTS
from advisor.insights.tables import FigureTable
from advisor.leads.export.files import as_csv
from advisor.rights import requires

PRESETS = (("7 days", 7), ("30 days", 30), ("90 days", 90), ("12 months", 365))
"""Links to periods with the same last day."""


class Insights(msgspec.Struct, frozen=True):
    """The tables for one period or two."""

    periods: list[Period]
    labels: list[str]
    names: Names

    def tables(self, *, most_sources: int | None = None) -> list[FigureTable]:
        """The tables in the order of the page. Each period is queried once."""
        steps = [figures.steps(period) for period in self.periods]
        by_source = [figures.sources(period) for period in self.periods]
        # The counts name sources only for this long.
        named_since = timezone.now().date() - timedelta(days=settings.KEEP_SOURCES_DAYS)
        agreed = [figures.agreements(period, named_since=named_since) for period in self.periods]
        names, labels = self.names, self.labels
        seen = {"title": "Contradictions seen most", "first": "Contradiction"}
        ticked = {"title": "Situations ticked most", "first": "Situation"}
        return [
            tables.funnel(names, steps, labels),
            tables.outcomes(names, steps, labels),
            *self._over_time(),
            tables.by_source(names, by_source, agreed, labels, most=most_sources),
            tables.by_entrance(steps, labels),
            tables.most_frequent(Step.CONTRADICTION, names.contradictions, steps, labels, **seen),
            tables.most_frequent(Step.SIGNAL, names.signals, steps, labels, **ticked),
            tables.recommended_and_agreed(names, agreed, labels),
            tables.responses(steps, labels),
        ]

    def _over_time(self) -> list[FigureTable]:
        result = []
        for key, period, label in zip(("over-time", "over-time-compared"), self.periods, self.labels, strict=False):
            days, title = buckets(period), f"Outcomes over time{label and f', {label}'}"
            counts = figures.outcomes_over_time(period, days)
            result.append(tables.over_time(self.names, days, counts, key=key, title=title))
        return result


def insights_of(periods: list[Period]) -> Insights:
    """The figures, with the names of the first period's edition, or of the live one."""
    first = periods[0]
    published = edition_cache.live(first.guide)
    if first.edition is not None:
        with suppress(UnknownEditionError):
            published = edition_cache.edition(first.guide, first.edition)
    labels = ["A", "B"] if len(periods) == 2 else [""]
    return Insights(periods, labels, names_of(published.guide))


def period_form(request: HttpRequest) -> PeriodForm | None:
    """The form of the request; None while no guide is published."""
    guides = published_guides()
    return PeriodForm(request.GET, guides=guides, today=timezone.now().date()) if guides else None


@require_safe
@requires(READ_INSIGHTS)
def dashboard(request: HttpRequest) -> HttpResponse:
    """All figures of one period, or of two side by side."""
    form = period_form(request)
    context: dict[str, Any] = {"title": "Insights", "form": form, "definitions": definitions}
    if form and form.is_valid():
        periods = form.periods()
        insights = insights_of(periods)
        sections = [
            {"table": table, "drawing": drawing_of(table, insights.labels)}
            for table in insights.tables(most_sources=tables.MAX_SOURCES)
        ]
        context |= {
            "sections": sections,
            "periods": list(zip(insights.labels, periods, strict=True)),
            "presets": [(words, query_of(periods[0].last(days))) for words, days in PRESETS],
            "before": query_of(periods[0], periods[0].before()),
            "alone": query_of(periods[0]) if len(periods) == 2 else "",
            "query": query_of(*periods),
            "has_figures": any(section["table"].has_figures for section in sections),
        }
    return render(request, "insights/dashboard.html", admin.site.each_context(request) | context)


@require_safe
@requires(READ_INSIGHTS)
def export(request: HttpRequest, table: str) -> HttpResponse:
    """One table as CSV, with plain numbers and percentages with a decimal point."""
    form = period_form(request)
    if form is None or not form.is_valid():
        raise Http404("There is no such period.")
    periods = form.periods()
    chosen = next((one for one in insights_of(periods).tables() if one.key == table), None)
    if chosen is None:
        raise Http404("There is no such table.")
    rows = [[row.name, *(figure.value for figure in row.figures)] for row in chosen.rows]
    name = "-".join(["insights", table, *(f"{day}" for one in periods for day in (one.since, one.until))])
    return HttpResponse(
        b"".join(as_csv(chosen.head, [rows])),
        content_type="text/csv; charset=utf-8",
        headers={"Content-Disposition": f'attachment; filename="{name}.csv"'},
    )


def drawing_of(table: FigureTable, labels: list[str]) -> Any:
    """The drawing of a table, for tables that need one."""
    if table.key.startswith("over-time"):
        return {"strips": strip_drawing(table)}
    if table.key in {"funnel", "outcomes", "signals", "contradictions"} and table.rows:
        return {"bars": bar_drawing(table, labels)}
    return None


def query_of(*periods: Period) -> str:
    """The query of the address of this page for one period, or for two."""
    query = QueryDict(mutable=True)
    query["guide"] = periods[0].guide
    for prefix, period in zip(("", "other_"), periods, strict=False):
        query[f"{prefix}since"], query[f"{prefix}until"] = period.since.isoformat(), period.until.isoformat()
        if period.edition is not None:
            query[f"{prefix}edition"] = str(period.edition)
    return query.urlencode()
