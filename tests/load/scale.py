"""The pages of staff with a million leads and ten million counted steps, beside ten thousand of each.

``make scale`` fills two databases and prints how long each page takes in both; it exits with 1 where one takes over
half as long again in the large one. SQLite, or PostgreSQL where DATABASE_URL names it. It takes a quarter of an hour or
more, and says how far it is.

``python -m tests.load.scale make LEADS STEPS`` and ``… measure`` are its two parts, on the database that DATABASE_URL
names, which has to be migrated and seeded.
"""

import json
import os
import subprocess
import sys
from datetime import UTC, datetime
from statistics import median
from time import perf_counter

import django

if __name__ == "__main__":
    os.environ.setdefault("DJANGO_SETTINGS_MODULE", "advisor.settings")
    django.setup()

from django.contrib.auth import get_user_model
from django.test import Client

from advisor.content.editions import edition_cache
from advisor.leads.models import Event, Lead, Salesperson
from tests.environment import ROOT
from tests.load.leads import YEARS, make_leads
from tests.load.steps import fill
from tests.server import environment, new_database

SIZES = ((10_000, 10_000), (1_000_000, 10_000_000))
"""Leads and steps of the small database and of the large one."""

BUDGET = 1.5
ROUNDS = 9
WARM = 2
"""Rounds that only fill caches."""


def pages() -> dict[str, str]:
    """What is measured: name and address."""
    middle = Lead.objects.order_by("-pk")[100]
    seller = get_user_model().objects.get(username="seller-3").pk
    addresses, now = "/admin/leads/lead/", datetime.now(UTC).replace(day=1)
    rare, common = middle.email, middle.company.split()[1]
    noted = Event.objects.filter(kind="note").latest("pk").words.split()[2]
    return {
        "list, all": addresses,
        "list, deep inside": f"{addresses}?after={(middle.requested_at - YEARS / 2).isoformat().replace('+', '%2B')}_1",
        "list, mine": f"{addresses}?view=open&owner={seller}",
        "list, nobody’s, with one who left": f"{addresses}?view=open&owner=nobody",
        "list, late": f"{addresses}?view=late",
        "list, coming calls": f"{addresses}?view=calls",
        "list, by priority": f"{addresses}?sort=priority",
        "list, won, clear, of one outcome": f"{addresses}?status=won&certainty=clear&outcome=head-of-ai",
        "search for an address": f"{addresses}?q={rare}",
        "search for a name": f"{addresses}?q={middle.name.replace(' ', '+')}",
        "search for a word of an eighth of all": f"{addresses}?q={common}",
        "search for two letters": f"{addresses}?q=ba",
        "search from within a word": f"{addresses}?q={middle.company.split()[0][2:]}",
        "search from within a word of an eighth of all": f"{addresses}?q={common[1:]}",
        "search for a result code": f"{addresses}?q={middle.result_code}",
        "search for a word of a third of all notes": f"{addresses}?q=budget",
        "search for a word of few notes": f"{addresses}?q={noted}",
        "page of a lead": f"{addresses}{middle.pk}/change/",
        "board": f"{addresses}board/",
        "dashboard, 30 days": "/admin/insights/",
        "dashboard, 12 months": f"/admin/insights/?since={now.year - 1}-{now:%m-%d}&until={now:%Y-%m-%d}",
    }


def measure() -> dict[str, float]:
    """The median time of each page in milliseconds, through all of Django but for the network."""
    user, _ = get_user_model().objects.get_or_create(username="measured", is_staff=True, is_superuser=True)
    Salesperson.objects.filter(user__username="seller-9").update(is_active=False)
    client = Client()
    client.force_login(user)
    found = {}
    for name, address in pages().items():
        times = []
        for _ in range(ROUNDS):
            begun = perf_counter()
            answer = client.get(address)
            times.append(perf_counter() - begun)
            if answer.status_code != 200:
                raise RuntimeError(f"{name}: {answer.status_code}")
        found[name] = median(times[WARM:]) * 1000
    return found


def make(leads: int, steps: int) -> None:
    """Fill the database, saying how far it is."""
    now = datetime.now(UTC)
    make_leads(leads, now=now, progress=lambda done: print(f"{done:,} leads", end="\r", flush=True, file=sys.stderr))
    guide = next(iter(edition_cache.offered())).guide
    told = fill(
        guide, steps, last=now.date(), told=lambda done: print(f"{done:,} steps", end="\r", flush=True, file=sys.stderr)
    )
    print(f"{leads:,} leads, {steps:,} steps in {told:,} rows", file=sys.stderr)


def measured(leads: int, steps: int) -> dict[str, float]:
    """The pages of a database of this size, which is gone afterwards."""
    database = new_database(seeded=True)
    settings = environment(database, clock=None, SITE_URL="http://testserver")
    command = [sys.executable, "-m", "tests.load.scale"]
    try:
        subprocess.run([*command, "make", str(leads), str(steps)], cwd=ROOT, env=settings, check=True)
        said = subprocess.run([*command, "measure"], cwd=ROOT, env=settings, check=True, capture_output=True, text=True)
    finally:
        database.drop()
    found: dict[str, float] = json.loads(said.stdout)
    return found


def main() -> None:
    small, large = (measured(*size) for size in SIZES)
    over = 0
    print(f"| page | {SIZES[0][0]:,} leads | {SIZES[1][0]:,} leads | ratio | verdict |\n|---|---|---|---|---|")
    for name, before in small.items():
        ratio = large[name] / before
        over += ratio > BUDGET
        verdict = "OVER" if ratio > BUDGET else "ok"
        print(f"| {name} | {before:.1f} ms | {large[name]:.1f} ms | {ratio:.2f} | {verdict} |")
    sys.exit(bool(over))


if __name__ == "__main__":
    match sys.argv[1:]:
        case ["make", leads, steps]:
            make(int(leads), int(steps))
        case ["measure"]:
            print(json.dumps(measure()))
        case []:
            main()
        case _:
            sys.exit(__doc__)
