"""Who may book at once, who confirms their address first, and when no more is taken.

Somebody known, and whoever comes as one of few, books at once. Many from one network or mail domain, or a burst in all,
confirm by a click in a mail. Beyond the bounds nothing is taken that day. An address has one call ahead at a time; the
page says so to nobody for sure, and the mail to the address does.
"""

from contextlib import suppress
from datetime import datetime, timedelta
from enum import Enum

from django.conf import settings
from django.db import transaction

from advisor.booking import announcements
from advisor.booking.availability import upcoming_calls
from advisor.booking.models import BLOCK_LENGTH, BlockedSource
from advisor.leads.actions.requesting import address_of_person
from advisor.leads.models import Lead, Person, Status
from advisor.limits.actions import DAY, HOUR, Bound, BoundReachedError, count_use, mark_of, uses
from advisor.metrics import refusals

MAX_REMINDERS_OF_CALL = 2
"""Mails a day to an address with which somebody tried to book another call."""

MAX_OF_ADDRESS = 3
"""Requests a day with one address."""

MAX_OF_NETWORK = 30
"""Requests a day from one network: an office, or the customers of a provider."""

MAX_FIRST = 2000
"""Requests a day that are the first of their network."""

MAX_FURTHER = 60
"""Requests an hour that are not: a burst uses up its own share, and not that of people elsewhere."""

MAX_REFUSED = 10
"""Tries a day from one network with addresses that have a call ahead: nobody finds out who has one by trying many."""

AT_ONCE_OF_NETWORK, AT_ONCE_OF_DOMAIN, AT_ONCE_IN_HOUR, AT_ONCE_IN_DAY = 2, 10, 10, 40
"""Up to how many of a day, or of an hour, are taken without a click: of a network, a mail domain, and in all."""

KNOWN_AFTER = timedelta(days=1)
"""So long ago somebody must have asked before, to be known."""

NO_BOUND = 1_000_000

OF_ADDRESS = "call, of address"


class OpenCallError(Exception):
    """There is a call ahead with this address."""


class AddressUsedUpError(Exception):
    """The address was used too often today."""


class Refusal(Enum):
    """Why no more is taken for now."""

    BLOCKED = "staff blocked the network or the mail domain"
    OF_NETWORK = "so many of the network today"
    IN_HOUR = "so many in all within the hour"
    IN_DAY = "so many in all today"


class TooManyRequestsError(Exception):
    """No more is taken for now, and why."""

    def __init__(self, why: Refusal) -> None:
        super().__init__(why.value)
        self.why = why


def domain_of(email: str) -> str:
    return address_of_person(email).rpartition("@")[2]


def network_mark(network: str) -> str:
    """Stands for a network."""
    return mark_of("intake, network", network)


def domain_mark(email: str) -> str:
    """Stands for the domain of an address."""
    return mark_of("intake, domain", domain_of(email))


def admit(*, email: str, network: str, now: datetime) -> tuple[bool, int]:
    """Count a request. Returns whether it is taken at once, and how many came from its network today.

    Raises ``AddressUsedUpError`` and ``TooManyRequestsError``.
    """
    if not settings.FORM_LIMITS:
        return True, 1
    address, domain = address_of_person(email), domain_of(email)
    marks = [network_mark(network), domain_mark(email)]
    if BlockedSource.objects.filter(mark__in=marks, blocked_at__gt=now - BLOCK_LENGTH).exists():
        refusals.labels("call, blocked source").inc()
        raise TooManyRequestsError(Refusal.BLOCKED)
    if uses(_refused(network), now=now) >= MAX_REFUSED:
        refusals.labels("call refused, of network").inc()
        raise TooManyRequestsError(Refusal.OF_NETWORK)
    known = is_known(email, now=now)
    try:
        _, of_network, of_domain, in_hour, in_day = count_use(
            [
                Bound(OF_ADDRESS, MAX_OF_ADDRESS, DAY, address),
                Bound("call, of network", MAX_OF_NETWORK, DAY, network),
                Bound("call, of domain", NO_BOUND, DAY, domain),
                Bound("call, in hour", NO_BOUND, HOUR),
                Bound("call, in day", NO_BOUND, DAY),
            ],
            now=now,
        )
        if not known:
            count_use([_share(of_network)], now=now)
    except BoundReachedError as reached:
        if reached.bound.what == OF_ADDRESS:
            raise AddressUsedUpError from reached
        raise TooManyRequestsError(_why(reached.bound)) from reached
    is_one_of_few = (
        of_network <= AT_ONCE_OF_NETWORK
        and of_domain <= AT_ONCE_OF_DOMAIN
        and in_hour <= AT_ONCE_IN_HOUR
        and in_day <= AT_ONCE_IN_DAY
    )
    return is_one_of_few or known, of_network


def _why(reached: Bound) -> Refusal:
    if reached.by:
        return Refusal.OF_NETWORK
    return Refusal.IN_HOUR if reached.span == HOUR else Refusal.IN_DAY


def _share(of_network: int) -> Bound:
    """What a request uses up that is the first, second … of its network today."""
    if of_network == 1:
        return Bound("call, first of network", MAX_FIRST, DAY)
    return Bound("call, further of network", MAX_FURTHER, HOUR)


def _refused(network: str) -> Bound:
    return Bound("call refused, of network", MAX_REFUSED, DAY, network)


def is_known(email: str, *, now: datetime) -> bool:
    """Whether somebody with this address asked before, and it was not spam."""
    asked = Lead.objects.filter(person__email=address_of_person(email), requested_at__lt=now - KNOWN_AFTER)
    return asked.exclude(status=Status.SPAM).exists()


def refuse_second_call(person: Person, *, now: datetime) -> None:
    """Raise ``OpenCallError`` if a person, who is locked, has a call ahead."""
    if upcoming_calls(now).filter(lead__person=person).exists():
        raise OpenCallError


def count_refusal(*, network: str, now: datetime) -> None:
    """Count a try with an address that is not taken, so that nobody tries many."""
    with transaction.atomic(), suppress(BoundReachedError):
        count_use([_refused(network)], now=now)


@transaction.atomic
def mail_open_call(*, email: str, network: str, now: datetime) -> bool:
    """Mail the link to the call ahead to its address, at most so many times a day. Returns whether it was written.

    Call it when a booking was refused; the network that it came from counts.
    """
    count_refusal(network=network, now=now)
    address = address_of_person(email)
    call = (
        upcoming_calls(now)
        .filter(lead__person__email=address)
        .select_related("host", "lead__edition__guide")
        .order_by("begins_at")
        .first()
    )
    if call is None:
        return False
    try:
        (number,) = count_use([Bound("link to a call", MAX_REMINDERS_OF_CALL, DAY, address)], now=now)
    except BoundReachedError:
        return False
    announcements.remind_of_own_page(call, f"{now:%Y%m%d}-{number}", now=now)
    return True
