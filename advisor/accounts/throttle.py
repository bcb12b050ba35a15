"""How often a password may be tried, decided before it is hashed: hashing is slow by design, and a few guessers would
take the time of all visitors.

Failures of the last 15 minutes are counted in the database, so every machine counts all of them. An attempt is written
down as a failure before it is judged and turned into a login afterwards: of many at the same moment no more get through
than of many in a row.

Who guesses at an account must not lock its owner out. A browser in which the account has logged in before is known by a
cookie and has a limit of its own, which nobody else uses up. All other browsers share the limits of the name and of
the network.
"""

from datetime import datetime, timedelta
from typing import NoReturn

from django.contrib.auth.models import User
from django.db.models import F, Q, QuerySet
from django.http import HttpRequest

from advisor.accounts.audit import log, name_hash, network_hash
from advisor.accounts.browsers import known_browser
from advisor.accounts.models import Kind, LoginEvent
from advisor.metrics import refusals

WINDOW = timedelta(minutes=15)

SKEW = timedelta(minutes=1)
"""By which the clocks of machines may differ."""

OF_NAME, OF_NETWORK, OF_BROWSER = "this name", "this network", "this browser"
"""What failures are counted of, in words."""

MAX_OF_NAME = 10
"""Failures with one name from browsers that it is not known in."""

MAX_OF_NETWORK = 30
"""The same of one network with any names: an office may be behind one address."""

MAX_OF_BROWSER = 10
"""Failures of an account in one browser that it is known in."""


class TooManyAttemptsError(Exception):
    """No password is looked at before ``until``."""

    def __init__(self, until: datetime) -> None:
        super().__init__()
        self.until = until


def begin_attempt(request: HttpRequest, username: str, *, now: datetime) -> LoginEvent:
    """An attempt to log in, which counts as a failure until it is known to be none. Raises ``TooManyAttemptsError``."""
    account = User.objects.filter(username=username).first()
    attempt = LoginEvent(
        at=now,
        kind=Kind.FAILED,
        account=account,
        name=account.get_username() if account else "",
        name_hash=name_hash(username),
        network=network_hash(request),
        browser=known_browser(request, account),
    )
    if closed := _closed_until(attempt, now):
        _refuse(attempt, closed)
    attempt.save(force_insert=True)
    # Others that began at the same moment are counted by now, each by all of them.
    if closed := _closed_until(attempt, now, itself=1):
        attempt.delete()
        _refuse(attempt, closed)
    return attempt


def _limits(attempt: LoginEvent) -> list[tuple[str, Q, int]]:
    """What is counted for an attempt: in words, which failures, and how many there may be."""
    if attempt.browser:
        return [(OF_BROWSER, Q(browser=attempt.browser), MAX_OF_BROWSER)]
    return [
        (OF_NETWORK, Q(network=attempt.network, browser=None), MAX_OF_NETWORK),
        (OF_NAME, Q(name_hash=attempt.name_hash, browser=None), MAX_OF_NAME),
    ]


def _failures(which: Q, now: datetime) -> QuerySet[LoginEvent]:
    # Others that began a moment later may have been written down already. What lies far ahead was written by a clock
    # that went wrong.
    return LoginEvent.objects.filter(which, kind=Kind.FAILED, at__gt=now - WINDOW, at__lte=now + SKEW)


def _closed_until(attempt: LoginEvent, now: datetime, *, itself: int = 0) -> tuple[datetime, str] | None:
    """Until when no such attempt is heard, and for what; None if it may be."""
    for words, which, most in _limits(attempt):
        times = _failures(which, now).order_by("-at").values_list("at", flat=True)[: most + itself]
        if len(times) == most + itself:
            return times[most + itself - 1] + WINDOW, words
    return None


def _refuse(attempt: LoginEvent, closed: tuple[datetime, str]) -> NoReturn:
    """Write down that an attempt was not heard. The first of a window is a lock, and all that follow are one line: a
    program that goes on for hours fills no table. Raises ``TooManyAttemptsError``.
    """
    until, words = closed
    attempt.pk, attempt.kind, attempt.detail = None, Kind.REFUSED, f"Too many failures of {words}."
    if words == OF_NETWORK:
        # With whatever names.
        attempt.account, attempt.name, attempt.name_hash = None, "", ""
    elif words == OF_NAME:
        # From wherever.
        attempt.network = ""
    of_the_same = {"name_hash": attempt.name_hash, "network": attempt.network, "browser": attempt.browser}
    recent = LoginEvent.objects.filter(at__gt=attempt.at - WINDOW, at__lte=attempt.at, **of_the_same)
    if not recent.filter(kind=Kind.LOCKED).exists():
        attempt.kind = Kind.LOCKED
        attempt.save(force_insert=True)
    elif not recent.filter(kind=Kind.REFUSED).update(times=F("times") + 1):
        attempt.save(force_insert=True)
    log(attempt)
    refusals.labels(f"login, {words}").inc()
    raise TooManyAttemptsError(until)
