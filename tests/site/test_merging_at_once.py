"""Members of staff who merge the same leads at the same time: one lead is left, and no part of another is lost."""

from tests.server import RunningSite
from tests.site.client import new_key, open_form
from tests.site.walks import CTO

LEADS = 12
EMAIL = "merged-at-once@example.com"

MERGE_AT_ONCE = f"""
from concurrent.futures import ThreadPoolExecutor
from contextlib import suppress
from random import Random
from threading import Barrier

from django.db import connection
from django.utils import timezone

from advisor.leads.actions.merging import CannotMergeError, merge
from advisor.leads.models import Lead

leads = list(Lead.objects.filter(email={EMAIL!r}))
barrier = Barrier(6)


def merge_some(number):
    random = Random(number)
    barrier.wait()
    try:
        for _ in range(25):
            keep, other = random.sample(leads, 2)
            with suppress(CannotMergeError):
                merge(keep=keep, other=other, by="staff", now=timezone.now())
    finally:
        connection.close()


with ThreadPoolExecutor(6) as threads:
    list(threads.map(merge_some, range(6)))
"""


def test_many_merges_at_once_leave_one_lead_and_every_other_one_in_it(site: RunningSite) -> None:
    form = open_form(site, CTO.call)
    for _ in range(LEADS):
        form.send(site, email=EMAIL, key=new_key())

    site.manage("shell", "--no-imports", "--command", MERGE_AT_ONCE)

    found = dict(site.database.query("SELECT id, merged_into_id FROM leads_lead WHERE email = ?", EMAIL))
    (kept,) = [key for key, into in found.items() if into is None]
    assert len(found) == LEADS
    # None is in one that is itself in another.
    assert {into for into in found.values() if into} == {kept}
    merged = "SELECT count(*) FROM leads_event JOIN leads_lead ON leads_lead.id = lead_id WHERE email = ? AND kind = ?"
    # Each is said on both sides, once.
    assert site.database.query(merged, EMAIL, "merged") == [(2 * (LEADS - 1),)]
