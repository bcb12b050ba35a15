"""Making a file: piece after piece, with the number of leads that are done written down after each."""

from collections.abc import Callable, Iterator
from datetime import datetime

from django.db import transaction
from django.db.models import F, QuerySet

from advisor.leads.export.files import Rows, as_csv, as_xlsx
from advisor.leads.export.table import Table
from advisor.leads.models import Event, EventKind, Export, Format, Lead

PIECE = 500
"""Leads that are read, and locked for that moment, at once."""

MOST = {Format.CSV: None, Format.XLSX: 20_000}
"""How many leads there may be. XLSX is sent only once it is complete, and nobody waits for longer than that takes."""


class TooManyError(Exception):
    """There are more leads than a file of this kind may have."""


def begin(*, leads: QuerySet[Lead], kind: Format, which: str, by: str, now: datetime) -> Export:
    """Write down that it begins. ``by`` is a user name. Raises ``TooManyError``."""
    number, most = leads.count(), MOST[kind]
    if most is not None and number > most:
        raise TooManyError
    return Export.objects.create(by=by, format=kind, which=which[:500], began_at=now, seen_at=now, rows=number)


def stream(*, export: Export, leads: QuerySet[Lead], clock: Callable[[], datetime]) -> Iterator[bytes]:
    """The file, the oldest lead first; each lead gets an entry in its history.

    A lead that is erased before its turn is not in it, and one that comes later is not either.
    """
    table = Table(leads)
    write = {Format.CSV: as_csv, Format.XLSX: as_xlsx}[Format(export.format)]
    yield from write(table.headings, _pieces(export, leads, table, clock))
    Export.objects.filter(pk=export.pk).update(done_at=clock())


def _pieces(export: Export, leads: QuerySet[Lead], table: Table, clock: Callable[[], datetime]) -> Iterator[Rows]:
    newest = leads.order_by("-pk").values_list("pk", flat=True).first()
    if newest is None:
        return
    whole = leads.select_related("owner", "edition__guide").defer("edition__document").prefetch_related("tags")
    done = 0
    while found := _piece(export, whole.filter(pk__gt=done, pk__lte=newest), clock()):
        done = found[-1].pk
        yield [table.row(lead) for lead in found]


@transaction.atomic
def _piece(export: Export, leads: QuerySet[Lead], now: datetime) -> list[Lead]:
    """Locked until the history is written, so that nobody erases them in between; in the order in which all lock."""
    found = list(leads.order_by("pk").select_for_update(of=("self",), no_key=True)[:PIECE])
    if found:
        label = export.get_format_display()
        Event.objects.bulk_create(
            Event(lead=lead, at=now, kind=EventKind.EXPORTED, words=label, by=export.by) for lead in found
        )
        Export.objects.filter(pk=export.pk).update(rows_done=F("rows_done") + len(found), seen_at=now)
    return found
