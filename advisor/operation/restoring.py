"""Puts a backup into the place of what is in the database."""

from datetime import datetime
from pathlib import Path

import msgspec
from django.contrib.auth.models import User
from django.core.management import call_command
from django.db import DatabaseError, connection

from advisor.delivery.models import Message, State
from advisor.leads.models import Person
from advisor.operation.backups import Backup, BackupError, opened
from advisor.operation.dumps import DumpError, dump
from advisor.operation.erased import FILE, erase_again, erased_in_database, erased_in_file

NOT_AGAIN = "Restored from a backup: it may have been sent since that was taken."


def is_in_use() -> bool:
    """Whether the database holds people or logins; a new one may have tables and the first guide."""
    try:
        return Person.objects.exists() or User.objects.exists()
    except DatabaseError:
        # Without tables, or with those of another release that a restore replaces.
        return "leads_person" in connection.introspection.table_names()


def restore(backup: Backup, *, identity: Path | None, now: datetime) -> list[str]:
    """Replace all that is in the database by a backup, and bring it to the state of this release.

    Returns what was done, a sentence each. Whoever was erased since the backup is erased again, and what was due to be
    sent is withdrawn, as it may have gone out: staff see it in the ledger and can send it again. Raises
    ``BackupError``; then nothing has changed.
    """
    kind = dump()
    if backup.is_of_postgresql != (kind.suffix == ".pgdump"):
        theirs, ours = ("PostgreSQL", "SQLite") if backup.is_of_postgresql else ("SQLite", "PostgreSQL")
        raise BackupError(f"{backup.path.name} is a backup of {theirs}, and DATABASE_URL names {ours}.")
    # Before the log goes with what it is in.
    erased, unknown = erased_in_database(), ""
    try:
        erased |= erased_in_file(backup.path.parent)
    except FileNotFoundError:
        unknown = (
            f"There is no {FILE} beside the backup: of whoever was erased since, only those are known whom the log of "
            "the replaced database named."
        )
    except msgspec.DecodeError as error:
        raise BackupError(
            f"{FILE} beside the backup is damaged: {error}. Mend it, or take it away if nobody was erased since."
        ) from error
    try:
        with opened(backup, identity) as copy:
            kind.read(copy)
    except DumpError as error:
        raise BackupError(f"Nothing was restored: {error}.") from error
    call_command("migrate", verbosity=0, interactive=False)
    again = erase_again(erased, since=backup.taken_at)
    withdrawn = Message.objects.filter(state=State.WAITING, due_at__lte=now).update(
        state=State.WITHDRAWN, lease_until=None, leased_by="", last_error=NOT_AGAIN
    )
    return [
        f"The database is as it was on {backup.taken_at:%-d %B %Y at %H:%M} UTC.",
        f"Erased again, as they were erased since: {again}.",
        f"Messages withdrawn that were due and may have been sent since: {withdrawn}.",
        *([unknown] if unknown else []),
    ]
