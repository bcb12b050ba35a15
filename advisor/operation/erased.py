"""Who was erased stays erased after a backup from before that is restored.

Django's log keeps that somebody was erased, without a name. The worker writes those entries into a file beside the
backups every few seconds, as the log may be lost together with the database.
"""

import logging
import os
from collections.abc import Callable, Iterable
from contextlib import suppress
from datetime import datetime, timedelta
from pathlib import Path
from tempfile import NamedTemporaryFile

import msgspec
from django.conf import settings
from django.contrib.admin.models import DELETION, LogEntry
from django.db import DatabaseError, transaction

from advisor.leads.models import Lead, Person
from advisor.leads.privacy import ERASED, erase_leads, erase_people
from advisor.operation.backups import backup_folder, backups

logger = logging.getLogger(__name__)

FILE = "erased.json"


class Erased(msgspec.Struct, frozen=True, order=True):
    """One person, or one request, that staff erased: which table, which key in it, and when."""

    at: datetime
    kind: str
    key: int


LEAD, PERSON = "lead", "person"


def erased_in_database() -> set[Erased]:
    """What the log of this database says; nothing where it cannot be read, as there may be none any more."""
    entries = LogEntry.objects.filter(
        object_repr=ERASED,
        action_flag=DELETION,
        content_type__app_label="leads",
        content_type__model__in=(LEAD, PERSON),
    )
    found = entries.values_list("action_time", "content_type__model", "object_id")
    with suppress(DatabaseError), transaction.atomic():
        return {Erased(at, kind, int(key or 0)) for at, kind, key in found}
    return set()


def erased_in_file(folder: Path) -> set[Erased]:
    """What the file in this folder says. Raises ``FileNotFoundError``, and ``msgspec.DecodeError`` if it is damaged."""
    return set(msgspec.json.decode((folder / FILE).read_bytes(), type=list[Erased]))


def write_erased(now: datetime) -> None:
    """Bring the file up to date, for as long as there are backups from before. Raises ``OSError``."""
    if not settings.BACKUP_FOLDER:
        return
    folder = backup_folder()
    try:
        known = erased_in_file(folder)
    except FileNotFoundError:
        known = set()
    except msgspec.DecodeError:
        logger.error("%s is damaged; it is kept beside and made anew from the log of this database.", folder / FILE)
        (folder / FILE).rename(folder / f"{FILE}.damaged")
        known = set()
    taken = [backup.taken_at for backup in backups()]
    oldest = min([*taken, now]) - timedelta(days=1)
    wanted = {one for one in known | erased_in_database() if one.at >= oldest}
    if wanted != known:
        folder.mkdir(mode=0o700, parents=True, exist_ok=True)
        _replace(folder / FILE, msgspec.json.format(msgspec.json.encode(sorted(wanted)), indent=1))


def _replace(path: Path, content: bytes) -> None:
    """Write a file, whole or not at all, also where several workers do so at once."""
    with NamedTemporaryFile(dir=path.parent, prefix=f".{path.name}-", delete=False) as file:
        file.write(content)
        file.flush()
        os.fsync(file.fileno())
    Path(file.name).rename(path)


def frequent_job(clock: Callable[[], datetime]) -> None:
    """Have every worker keep the file up to date."""
    write_erased(clock())


@transaction.atomic
def erase_again(erased: Iterable[Erased], *, since: datetime) -> int:
    """Erase whoever was erased after a backup was taken and is back by it. Return the number of requests and people.

    A row of the backup had its key before that instant, and keys are not used twice. What was erased earlier is not
    in the backup, and its key may belong to somebody else by now if an older backup was restored in between.
    """
    gone = [one for one in erased if one.at > since]
    leads = erase_leads(Lead.objects.filter(pk__in={one.key for one in gone if one.kind == LEAD}))
    return leads + erase_people(Person.objects.filter(pk__in={one.key for one in gone if one.kind == PERSON}))
