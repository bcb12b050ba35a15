"""Backups: files with all that is in the database, made every night and on demand.

The name of a file says when it was taken: ``advisor-20261130T030000Z.sqlite3.gz``, or ``….pgdump``. Where
``BACKUP_RECIPIENT`` is set it is encrypted, as ``….age``, for whoever has the key that goes with it; this site has not.
"""

import gzip
import os
import re
import shutil
from collections.abc import Iterator
from contextlib import contextmanager
from dataclasses import dataclass
from datetime import UTC, datetime, timedelta
from pathlib import Path
from tempfile import TemporaryDirectory

import pyrage
from django.conf import settings
from django.template.defaultfilters import filesizeformat

from advisor.delivery.daily_jobs import DailyJob
from advisor.operation.dumps import DumpError, dump

TAKEN_AT = "%Y%m%dT%H%M%SZ"
NAME = re.compile(r"advisor-(\d{8}T\d{6}Z)\.(sqlite3\.gz|pgdump)(\.age)?")


UNFINISHED = ".unfinished-"
LONGEST = timedelta(hours=6)
"""A backup that is unfinished for longer belongs to a process that was killed."""


class BackupError(Exception):
    """Nothing was backed up or restored. Says why and what to do, for whoever runs the site."""


@dataclass(frozen=True)
class Backup:
    """A file with a copy of the database."""

    path: Path
    taken_at: datetime
    is_encrypted: bool

    @property
    def is_of_postgresql(self) -> bool:
        return ".pgdump" in self.path.name

    @property
    def size(self) -> int:
        """In bytes."""
        return self.path.stat().st_size


def backup_at(path: Path) -> Backup:
    """The backup with this name. Raises ``BackupError`` for a name that does not say when it was taken."""
    if not (match := NAME.fullmatch(path.name)):
        raise BackupError(
            f"{path.name} is not the name of a backup, such as advisor-20261130T030000Z.sqlite3.gz: keep the name it "
            "was given, which says when it was taken."
        )
    taken_at = datetime.strptime(match[1], TAKEN_AT).replace(tzinfo=UTC)
    return Backup(path, taken_at, is_encrypted=match[3] is not None)


def backups() -> list[Backup]:
    """All in the folder, the newest first; none where the folder is not there."""
    folder = backup_folder()
    found = folder.iterdir() if folder.is_dir() else []
    whole = [backup_at(path) for path in found if NAME.fullmatch(path.name)]
    return sorted(whole, key=lambda backup: backup.taken_at, reverse=True)


def backup_folder() -> Path:
    """Where backups are. Raises ``BackupError`` if none is set."""
    if not settings.BACKUP_FOLDER:
        raise BackupError("Set BACKUP_FOLDER to a folder for backups, on another disk than the database.")
    return Path(settings.BACKUP_FOLDER)


def back_up(now: datetime) -> Backup:
    """Write a backup into the folder; under its name only once it is whole and on the disk. Raises ``BackupError``."""
    folder, kind = backup_folder(), dump()
    recipient = _recipient()
    name = f"advisor-{now.astimezone(UTC):{TAKEN_AT}}{kind.suffix}"
    # PostgreSQL compresses what it dumps.
    name += (".gz" if kind.suffix == ".sqlite3" else "") + (".age" if recipient else "")
    try:
        folder.mkdir(mode=0o700, parents=True, exist_ok=True)
        _remove_unfinished(folder, now)
        with TemporaryDirectory(dir=folder, prefix=UNFINISHED) as unfinished:
            path = Path(unfinished, f"copy{kind.suffix}")
            kind.write(path)
            if name.removesuffix(".age").endswith(".gz"):
                path = _compressed(path)
            if recipient:
                path = _encrypted(path, recipient)
            path.chmod(0o600)
            with path.open("rb") as file:
                os.fsync(file.fileno())
            path.rename(folder / name)
    except DumpError as error:
        raise BackupError(f"No backup was made: {error}.") from error
    except OSError as error:
        raise BackupError(f"No backup was made: {folder} cannot be written to ({error.strerror}).") from error
    return backup_at(folder / name)


def remove_old_backups(now: datetime) -> int:
    """Remove those that are older than ``BACKUP_DAYS``, never the newest. Return how many went."""
    oldest = now - timedelta(days=settings.BACKUP_DAYS)
    old = [backup for backup in backups()[1:] if backup.taken_at < oldest]
    for backup in old:
        backup.path.unlink(missing_ok=True)
    return len(old)


def _remove_unfinished(folder: Path, now: datetime) -> None:
    """Remove what processes that were killed have left: a copy in plain."""
    for path in folder.glob(f"{UNFINISHED}*"):
        if now.timestamp() - path.stat().st_mtime > LONGEST.total_seconds():
            shutil.rmtree(path)


def _recipient() -> pyrage.x25519.Recipient | None:
    if not settings.BACKUP_RECIPIENT:
        return None
    try:
        return pyrage.x25519.Recipient.from_str(settings.BACKUP_RECIPIENT)
    except pyrage.RecipientError as error:
        raise BackupError(
            "BACKUP_RECIPIENT is not a public key of age: it begins with age1 (age-keygen makes one)."
        ) from error


def _compressed(path: Path) -> Path:
    target = path.with_name(f"{path.name}.gz")
    with path.open("rb") as whole, gzip.open(target, "wb", compresslevel=6) as small:
        shutil.copyfileobj(whole, small)
    return target


def _encrypted(path: Path, recipient: pyrage.x25519.Recipient) -> Path:
    target = path.with_name(f"{path.name}.age")
    pyrage.encrypt_file(str(path), str(target), [recipient])
    return target


@contextmanager
def opened(backup: Backup, identity: Path | None) -> Iterator[Path]:
    """The copy of the database as it was dumped, in a folder that is gone afterwards. Raises ``BackupError``.

    ``identity`` is the file with the private key of an encrypted backup, as ``age-keygen`` wrote it.
    """
    try:
        with TemporaryDirectory(prefix="advisor-restore-") as folder:
            path = backup.path
            if backup.is_encrypted:
                path = _decrypted(path, Path(folder), identity)
            if path.name.endswith(".gz"):
                target = Path(folder, "copy.sqlite3")
                with gzip.open(path) as small, target.open("wb") as whole:
                    shutil.copyfileobj(small, whole)
                path = target
            elif path == backup.path:
                # What is made of it lies beside it.
                path = Path(shutil.copy(path, folder))
            yield path
    except (EOFError, gzip.BadGzipFile) as error:
        raise BackupError(f"{backup.path.name} is damaged: {error}. Take the one before.") from error
    except OSError as error:
        raise BackupError(f"{backup.path} cannot be read ({error.strerror or error}).") from error


def _decrypted(path: Path, folder: Path, identity: Path | None) -> Path:
    if identity is None:
        raise BackupError(f"{path.name} is encrypted: name the file with its private key by --identity.")
    keys = [line for line in identity.read_text().splitlines() if line.startswith("AGE-SECRET-KEY-")]
    target = folder / path.name.removesuffix(".age")
    try:
        pyrage.decrypt_file(str(path), str(target), [pyrage.x25519.Identity.from_str(key) for key in keys])
    except (pyrage.DecryptError, pyrage.IdentityError) as error:
        raise BackupError(f"{path.name} was not encrypted for the key in {identity}, or is damaged.") from error
    return target


def _nightly(now: datetime) -> str:
    if not settings.BACKUP_FOLDER:
        return "BACKUP_FOLDER is not set, so this site makes no backups of its own."
    made = back_up(now)
    removed = remove_old_backups(now)
    return f"{made.path.name}, {filesizeformat(made.size)}; {len(backups())} kept, {removed} older removed."


daily_job = DailyJob("Backup", _nightly, hour=2)
