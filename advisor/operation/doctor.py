"""Looks at everything the site stands on, and says of each thing how it is and what to do about it.

``manage.py doctor`` asks all of it. The front page of the admin says what is wrong with disks and backups.
"""

import shutil
import socket
from collections.abc import Iterator
from dataclasses import dataclass
from datetime import datetime, timedelta
from enum import Enum
from http import HTTPStatus
from importlib.metadata import version
from pathlib import Path
from smtplib import SMTPException

import urllib3
from django.conf import settings
from django.core import checks
from django.core.mail import mailers
from django.db import DatabaseError, connection
from django.template.defaultfilters import filesizeformat

from advisor.content.readiness import find_fault
from advisor.decision.plurals import pluralize
from advisor.delivery import clock
from advisor.delivery.models import ClockCheck, Message
from advisor.delivery.outbox import is_stuck
from advisor.operation.backups import BackupError, backups

ANSWER_WITHIN = 5.0
"""Seconds that the site has to answer at its own address."""

WORKER_SILENCE = timedelta(minutes=10)
"""A worker notes every minute that its clock is right. After this long it counts as stopped."""

BACKUP_AGE = timedelta(hours=30)
"""One is made every night, and takes its time."""

LITTLE_SPACE, NO_SPACE = 2 * 1024**3, 256 * 1024**2
"""Bytes of a disk: with less than the first it will soon be full, with less than the second it is as good as that."""

CLOCK_DIFFERENCE = timedelta(minutes=2)
"""The clocks of workers and of the database have to agree within minutes."""

ZONES_AGE = 2
"""Years after which the rules of time zones are old: every year some country changes its own."""


class Level(Enum):
    """How bad a finding is. What is a fault keeps the site from doing something that it promises."""

    GOOD = "ok"
    WARNING = "warning"
    FAULT = "FAULT"


@dataclass(frozen=True)
class Finding:
    """What was found out about one subject, and what to do; nothing where it is good."""

    level: Level
    subject: str
    what: str
    remedy: str = ""


Findings = Iterator[Finding]


def examine(now: datetime) -> Findings:
    """Everything, one after the other. Asks the database, the mail server and the site's own address."""
    yield from _settings()
    try:
        yield from _database(now)
    except DatabaseError as error:
        yield Finding(
            Level.FAULT,
            "Database",
            f"It cannot be asked: {type(error).__name__}.",
            "See that it runs, and that DATABASE_URL names it and this machine may connect to it.",
        )
    yield from (*_zones(now), *_mail_server(), *_address())
    yield from quick_findings(now)


def quick_findings(now: datetime) -> Findings:
    """What can be asked without the database and without the network."""
    try:
        yield from _disks()
        yield from _backups(now)
    except OSError as error:
        remedy = "See that the folders of the database and of backups are there, and that the site may read them."
        yield Finding(Level.FAULT, "Disk", f"{error.filename} cannot be read: {error.strerror}.", remedy)


def _settings() -> Findings:
    found = [one for one in checks.run_checks(include_deployment_checks=settings.HTTPS) if not one.is_silenced()]
    for message in found:
        level = Level.FAULT if message.is_serious() else Level.WARNING
        yield Finding(level, "Settings", message.msg, message.hint or "")
    if not settings.HTTPS:
        yield Finding(
            Level.WARNING,
            "Settings",
            "SITE_URL begins with http://, so whatever visitors type is sent unencrypted.",
            "Put a proxy with TLS in front and let SITE_URL begin with https://, unless this is a trial.",
        )
    elif not found:
        yield Finding(Level.GOOD, "Settings", "Django's checks for a site that is open to others find nothing.")


def _database(now: datetime) -> Findings:
    fault = find_fault()
    yield Finding(Level.FAULT, "Site", f"{fault}.") if fault else Finding(Level.GOOD, "Site", "It can recommend.")
    if "migrations" in fault:
        # What is below may not be there yet.
        return
    yield from _clock(now)
    if not clock.current_doubt():
        # One that doubts its clock runs, and notes no time.
        yield _worker(now)
    yield _outbox(now)


def _clock(now: datetime) -> Findings:
    if doubt := clock.current_doubt():
        yield Finding(Level.FAULT, "Clock", doubt.doubt, "Set it right, or run manage.py confirm_clock if it is right.")
    if not (theirs := clock.database_clock()):
        return
    apart = f"This machine and the database are {abs(now - theirs).total_seconds():.0f} seconds apart."
    if abs(now - theirs) > CLOCK_DIFFERENCE:
        yield Finding(Level.FAULT, "Clock", apart, "Let both set their clocks by NTP.")
    else:
        yield Finding(Level.GOOD, "Clock", apart)


def _outbox(now: datetime) -> Finding:
    stuck = Message.objects.filter(is_stuck(now)).count()
    if not stuck:
        return Finding(Level.GOOD, "Outbox", "Nothing waits for long, and nothing has failed.")
    remedy = "The admin, under Delivery, says of each what the server answered."
    return Finding(Level.WARNING, "Outbox", f"{pluralize(stuck, 'message')} could not be sent, or not yet.", remedy)


def _worker(now: datetime) -> Finding:
    last = ClockCheck.objects.first()
    if last and now - last.trusted_at <= WORKER_SILENCE:
        return Finding(Level.GOOD, "Worker", "It runs.")
    since = f"since {last.trusted_at:%-d %B %Y, %H:%M} UTC" if last else "so far"
    return Finding(
        Level.FAULT,
        "Worker",
        f"None has run {since}: no mail, no webhook and no reminder goes out, and nothing old is removed.",
        "Start manage.py deliver, and let the system start it again whenever it ends (docs/operations.md).",
    )


def _zones(now: datetime) -> Findings:
    rules = version("tzdata")
    is_old = now.year - int(rules.partition(".")[0]) >= ZONES_AGE
    remedy = "Install a newer tzdata: make requirements, then a new image." if is_old else ""
    yield Finding(Level.WARNING if is_old else Level.GOOD, "Time zones", f"Their rules are of {rules}.", remedy)


def _mail_server() -> Findings:
    if settings.MAILERS["default"]["BACKEND"].endswith("filebased.EmailBackend"):
        folder = settings.MAILERS["default"]["OPTIONS"]["file_path"]
        yield Finding(
            Level.WARNING,
            "Mail",
            f"Mail becomes files in {folder}; it reaches nobody.",
            "Set EMAIL_URL to a mail server, unless this is a trial.",
        )
        return
    try:
        # Connects, encrypts and logs in; sends nothing.
        with mailers.default:
            pass
    except (OSError, SMTPException) as error:
        # Without what the server says of a login, which may repeat the user name.
        what = f"The mail server does not let us in: {type(error).__name__}."
        yield Finding(Level.FAULT, "Mail", what, "Compare EMAIL_URL with what the mail provider asks for.")
    else:
        yield Finding(Level.GOOD, "Mail", "The mail server lets us in.")


def _address() -> Findings:
    url = f"{settings.SITE_URL}/readyz"
    remedy = "See that the site and the proxy in front of it run, and that the name leads to this machine."
    try:
        answer = urllib3.request("GET", url, timeout=ANSWER_WITHIN, retries=False)
    except (urllib3.exceptions.HTTPError, socket.gaierror) as error:
        yield Finding(Level.FAULT, "Address", f"{url} does not answer: {type(error).__name__}.", remedy)
        return
    text = " ".join(answer.data.decode(errors="replace").split())[:300]
    if answer.status != HTTPStatus.OK:
        yield Finding(Level.FAULT, "Address", f"The answer of {url} has the status {answer.status}: {text}", remedy)
    elif "X-Forwarded-Proto" in text:
        yield Finding(Level.FAULT, "Address", text, "README.md has the line for each proxy.")
    else:
        yield Finding(Level.GOOD, "Address", f"{url} says that the site is ready.")


def _disks() -> Findings:
    for name, folder in _folders():
        free = shutil.disk_usage(folder).free
        level = Level.FAULT if free < NO_SPACE else Level.WARNING if free < LITTLE_SPACE else Level.GOOD
        remedy = "" if level is Level.GOOD else "Make room, or give it a larger disk."
        yield Finding(level, "Disk", f"{filesizeformat(free)} are free for {name}.", remedy)


def _folders() -> Iterator[tuple[str, Path]]:
    """What grows, and where it is."""
    if connection.vendor == "sqlite" and (database := Path(str(connection.settings_dict["NAME"]))).exists():
        yield "the database", database.parent
    if settings.BACKUP_FOLDER and Path(settings.BACKUP_FOLDER).is_dir():
        yield "backups", Path(settings.BACKUP_FOLDER)


def _backups(now: datetime) -> Findings:
    try:
        newest = next(iter(backups()), None)
    except BackupError as error:
        yield Finding(Level.WARNING, "Backup", "This site makes no backups of its own.", str(error))
        return
    if newest is None:
        remedy = "Run manage.py backup; the worker makes one every night from now on."
        yield Finding(Level.FAULT, "Backup", "There is none yet.", remedy)
        return
    taken = f"The newest is of {newest.taken_at:%-d %B %Y, %H:%M} UTC, {filesizeformat(newest.size)}"
    if now - newest.taken_at > BACKUP_AGE:
        remedy = "The admin, under Delivery, Daily jobs, says why the last ones failed."
        yield Finding(Level.FAULT, "Backup", f"{taken}.", remedy)
    elif not newest.is_encrypted:
        remedy = "Set BACKUP_RECIPIENT to a public key of age if others can read the folder."
        yield Finding(Level.WARNING, "Backup", f"{taken}, not encrypted.", remedy)
    else:
        yield Finding(Level.GOOD, "Backup", f"{taken}, encrypted.")
