"""``make bench``: measures what docs promise about speed, side by side with others in one run.

Prints a table and exits with 1 if a budget is exceeded. A line without a budget is there for information.
"""

import argparse
import json
import os
import signal
import sys
import time
from collections.abc import Iterator, Sequence
from contextlib import ExitStack
from dataclasses import asdict, dataclass
from pathlib import Path

import django

from advisor.decision.guide import decode
from tests.decision.reading import PARTS
from tests.load import inside, journey, pages, requests, wire
from tests.load.measure import Cost, Peer
from tests.load.visitors import Addresses, Walk, walks
from tests.server import RunningSite, environment

SEED = 20_260_101
WALKS = 6_000
"""Enough for more than a thousand different addresses of every page that has so many."""


@dataclass(frozen=True)
class Row:
    """One line of the table."""

    what: str
    measured: float
    unit: str
    budget: float | None = None
    note: str = ""

    @property
    def verdict(self) -> str:
        if self.budget is None:
            return ""
        # As precise as it is shown, and no more.
        return "ok" if round(self.measured, 2) <= self.budget else "OVER"

    def cells(self) -> tuple[str, str, str, str]:
        """The line as text."""
        measured = " ".join(filter(None, [_number(self.measured), self.unit]))
        if self.note:
            measured += f" ({self.note})"
        budget = "" if self.budget is None else " ".join(filter(None, [f"{self.budget:g}", self.unit]))
        return self.what, measured, budget, self.verdict


def _number(value: float) -> str:
    return f"{value:.0f}" if value == int(value) else f"{value:.2f}"


def rows() -> Iterator[Row]:
    """Everything, one line after another as it is measured."""
    with ExitStack() as stack:
        site, bare, wizard = (
            stack.enter_context(Peer(urls)) for urls in (None, "tests.load.bare", "tests.load.wizard")
        )
        [(edition, document)] = site.database.query("SELECT number, document FROM content_edition")
        to = Addresses(decode(document), edition)
        drawn = walks(to.guide, WALKS, seed=SEED)
        yield from wire_rows(site, to, drawn)
        yield from inside_rows(site, to, drawn)
        yield from page_rows(site, bare, to, drawn)
        yield from journey_rows(site, wizard, to, drawn)
        yield from call_rows(site, bare, to, drawn)


def page_rows(site: Peer, bare: Peer, to: Addresses, drawn: Sequence[Walk]) -> Iterator[Row]:
    """CPU of each page against bare Django; then the same as a browser asks, which accepts compression."""
    found = list(pages.kinds(to, drawn))
    for kind in found:
        cost = pages.measured(site, bare, kind, headers=pages.PLAIN)
        what = f"CPU: {kind.name}, {len(kind.addresses):,} address{'es' if len(kind.addresses) > 1 else ''}"
        yield Row(what, cost.ratio, "× bare", kind.budget, _times(cost))
    for kind in found:
        cost = pages.measured(site, bare, kind, headers=pages.COMPRESSED, rounds=3)
        yield Row(f"CPU: {kind.name}, as browsers ask", cost.ratio, "× bare", kind.compressed, _times(cost))
    cost = pages.measured(site, bare, kind, headers=pages.WITHOUT_ZSTD, rounds=3)
    yield Row(f"CPU: {kind.name}, without zstd", cost.ratio, "× bare", kind.compressed, _times(cost))


def call_rows(site: Peer, bare: Peer, to: Addresses, drawn: Sequence[Walk]) -> Iterator[Row]:
    """CPU of the call page with four hosts, and of a request that is sent from it. It comes last, as it fills the
    database.
    """
    site.manage("demo")
    site.manage("shell", "--no-imports", "--command", requests.DOUBLE)
    hosts = site.database.query("SELECT count(*) FROM booking_host")[0][0]
    for what, headers in (("call page", pages.COMPRESSED), ("other times", pages.COMPRESSED | pages.OTHER_TIMES)):
        kind = pages.Kind(what, 10, 10, [to.call(walk.answers) for walk in drawn[:500]])
        cost = pages.measured(site, bare, kind, headers=headers, rounds=5, times=40)
        yield Row(f"CPU: {what}, {hosts} hosts, as browsers ask", cost.ratio, "× bare", kind.budget, _times(cost))
    cost = requests.measured(site, bare, to, drawn[0])
    yield Row(f"CPU: a call is booked, {hosts} hosts, one request at a time", cost.ratio, "× bare", 20, _times(cost))


def journey_rows(site: Peer, wizard: Peer, to: Addresses, drawn: Sequence[Walk]) -> Iterator[Row]:
    """CPU of the whole journey against the wizard's."""
    for what, ours, theirs in (
        ("journey without scripts against the wizard with an address a step", journey.plain, journey.named_wizard),
        ("journey with htmx against the wizard with one address", journey.swapped, journey.direct_wizard),
    ):
        cost = journey.measured((site, ours), (wizard, theirs), to, drawn)
        yield Row(f"CPU: {what}", cost.ratio, "× wizard", 0.15, _times(cost))
        for name, where, travel in (("ours", site, ours), ("wizard", wizard, theirs)):
            requests, received = journey.size(where, travel, to, drawn[:20])
            yield Row(f"  requests, {name}", requests, "", note=f"{received / 1000:.0f} KB of pages")


def inside_rows(site: RunningSite, to: Addresses, drawn: Sequence[Walk]) -> Iterator[Row]:
    """What is measured in this process, which becomes one of the site's for it."""
    os.environ.update(environment(site.database, clock=None))
    os.environ["DJANGO_SETTINGS_MODULE"] = "advisor.settings"
    django.setup()
    for what, parts, budget in (
        ("recommend(), outcome and certainty, median of 1,000", ("certainty",), 50),
        ("the same with all that a result page says", PARTS, None),
    ):
        yield Row(what, inside.recommend_seconds(to.guide, drawn[:1000], parts=parts) * 1e6, "µs", budget)
    yield Row("proof of 897,665 sets of answers, median of 5", inside.proof_seconds(to.guide), "s", 2)
    yield Row("queries of any page of the walk, edition warm", inside.most_queries(to, drawn[:60]), "", 0)


def wire_rows(site: Peer, to: Addresses, drawn: Sequence[Walk]) -> Iterator[Row]:
    """Bytes; a KB has 1,000 of them."""
    first = wire.first_visit(site)
    how = "as sent" if first.server_compresses else f"compressed here, quality {wire.QUALITY}: it was not when sent"
    yield Row("first visit, everything, brotli", first.total / 1000, "KB", 30, f"HTML {how}")
    yield Row(
        "first visit, HTML and CSS",
        (first.html + first.css) / 1000,
        "KB",
        14,
        f"HTML {first.html / 1000:.2f}, CSS {first.css / 1000:.2f}",
    )
    yield Row("first visit, script", first.script / 1000, "KB", 20)
    yield Row("first visit, face of type, which no text waits for", first.font / 1000, "KB", 10)
    yield Row("first visit, requests", first.requests, "", 4)
    questions, results = wire.swaps(site, to, drawn[:500])
    yield Row("swap to a question, largest, brotli", questions.compressed / 1000, "KB", 4, _uncompressed(questions))
    yield Row("swap to a question, requests", questions.requests, "", 1)
    yield Row("swap to the result, largest, brotli", results.compressed / 1000, "KB", note=_uncompressed(results))


def _uncompressed(swap: wire.Swap) -> str:
    return f"{swap.plain / 1000:.2f} uncompressed"


def _times(cost: Cost) -> str:
    """The CPU time behind a ratio, and how far the rounds were apart."""
    return (
        f"{cost.seconds * 1000:.2f} / {cost.other_seconds * 1000:.2f} ms, rounds {cost.lowest:.2f}–{cost.highest:.2f}"
    )


def table(found: Sequence[Row], *, markdown: bool) -> str:
    """All lines as text."""
    lines = [("what", "measured", "budget", "verdict"), *(row.cells() for row in found)]
    if markdown:
        lines.insert(1, ("---",) * 4)
        return "\n".join(f"| {' | '.join(line)} |" for line in lines)
    widths = [max(len(line[column]) for line in lines) for column in range(4)]
    return "\n".join(
        "  ".join(cell.ljust(width) for cell, width in zip(line, widths, strict=True)).rstrip() for line in lines
    )


def main() -> int:
    parser = argparse.ArgumentParser(prog="make bench", description=__doc__)
    parser.add_argument("--json", type=Path, metavar="FILE", help="write the lines to a file as well")
    parser.add_argument("--markdown", action="store_true", help="print the table as Markdown")
    options = parser.parse_args()
    # Ended from outside, it stops its servers all the same.
    signal.signal(signal.SIGTERM, lambda *_: sys.exit(128 + signal.SIGTERM))
    # The budgets are for SQLite, whatever database is used otherwise.
    os.environ.pop("DATABASE_URL", None)
    began = time.monotonic()
    found = []
    for row in rows():
        found.append(row)
        print(f"{time.monotonic() - began:4.0f} s  {row.what}", file=sys.stderr)
    print(table(found, markdown=options.markdown))
    if options.json:
        options.json.write_text(
            json.dumps([asdict(row) | {"verdict": row.verdict} for row in found], indent=2, ensure_ascii=False) + "\n"
        )
    load, processors = os.getloadavg()[0], os.cpu_count() or 1
    if load > processors:
        print(
            f"The machine was busy with other things (load {load:.1f}): the ratios of CPU time are unsteady.",
            file=sys.stderr,
        )
    over = sum(row.verdict == "OVER" for row in found)
    if over:
        print(f"{over} of {sum(row.budget is not None for row in found)} budgets exceeded.", file=sys.stderr)
    return 1 if over else 0


if __name__ == "__main__":
    sys.exit(main())
