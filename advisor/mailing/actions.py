"""The verbs: ask an address whether it wants a result, send it, and never ask it again."""

from datetime import datetime

from django.conf import settings
from django.db import IntegrityError, transaction
from django.db.models import QuerySet

from advisor.assessment.visit import Visit
from advisor.delivery.actions import send_mail, withdraw
from advisor.delivery.letters import Letter
from advisor.limits.actions import DAY, Bound, BoundReachedError, count_use
from advisor.mailing.addresses import hash_of, hashes_of
from advisor.mailing.letters import confirmation, result_letter
from advisor.mailing.models import (
    LINK_LIFETIME,
    MAX_PER_ADDRESS,
    MAX_PER_DAY,
    MAX_PER_NETWORK,
    ResultMail,
    StoppedAddress,
    digest_of,
    link_with,
    new_token,
)

TRIES = 5
"""For a number that nobody else takes at the same moment."""


class TooManyMailsError(Exception):
    """So many were asked today that no more are: this address, from this network, or all together."""

    def __init__(self, *, of_address: bool, of_network: bool = False) -> None:
        super().__init__()
        self.of_address = of_address
        self.of_network = of_network


class NotConfirmableError(Exception):
    """The link is too old, or the address does not want mail."""


def ask(*, visit: Visit, address: str, network: str = "", now: datetime) -> None:
    """Ask an address whether it wants the result of a visit; nothing else goes out. Raises ``TooManyMailsError``.
    ``network`` is where it was asked from.

    One that was stopped is not asked, and whoever gave it is not told so.
    """
    address_hash = hash_of(address)
    if StoppedAddress.objects.filter(address_hash__in=hashes_of(address)).exists():
        return
    for _ in range(TRIES):
        of_today = ResultMail.objects.filter(day=now.date())
        of_address = of_today.filter(address_hash=address_hash).count() + 1
        if of_address > MAX_PER_ADDRESS:
            raise TooManyMailsError(of_address=True)
        # What retention takes is of earlier days, so the numbers of today have no gaps.
        of_day = of_today.count() + 1
        if of_day > MAX_PER_DAY:
            break
        token = new_token()
        asked = ResultMail(
            token=digest_of(token),
            code=visit.code,
            address=address,
            address_hash=address_hash,
            asked_at=now,
            day=now.date(),
            of_address=of_address,
            of_day=of_day,
        )
        try:
            with transaction.atomic():
                _count_for(network, now)
                asked.save(force_insert=True)
                _send(asked, "confirmation", address, confirmation(visit, asked, link_with(token)), now)
        except IntegrityError:
            continue
        return
    raise TooManyMailsError(of_address=False)


def _count_for(network: str, now: datetime) -> None:
    """Raises ``TooManyMailsError`` for a network that asked for too many today."""
    if not settings.FORM_LIMITS:
        return
    try:
        count_use([Bound("result by mail, of network", MAX_PER_NETWORK, DAY, network)], now=now)
    except BoundReachedError:
        raise TooManyMailsError(of_address=False, of_network=True) from None


@transaction.atomic
def confirm(*, asked: ResultMail, visit: Visit, now: datetime) -> None:
    """Send the result to the address, and forget the address. Once; again it does nothing.

    Raises ``NotConfirmableError``.
    """
    asked = ResultMail.objects.select_for_update().get(pk=asked.pk)
    if asked.confirmed_at:
        return
    if not can_be_confirmed(asked, now):
        raise NotConfirmableError
    address, asked.address, asked.confirmed_at = asked.address, "", now
    asked.save(update_fields=["address", "confirmed_at"])
    _send(asked, "result", address, result_letter(visit, asked), now)


def can_be_confirmed(asked: ResultMail, now: datetime) -> bool:
    """Whether the link in the confirmation still works."""
    is_stopped = StoppedAddress.objects.filter(address_hash__in=hashes_of(asked.address)).exists()
    return not is_stopped and bool(asked.address) and now < asked.asked_at + LINK_LIFETIME


@transaction.atomic
def stop(*, address_hash: str, now: datetime) -> None:
    """Never ask this address again, and send it nothing that still waits."""
    StoppedAddress.objects.get_or_create(address_hash=address_hash, defaults={"stopped_at": now})
    of_address: QuerySet[ResultMail] = ResultMail.objects.filter(address_hash=address_hash)
    for asked in of_address:
        withdraw(about=asked.topic)
    of_address.update(address="")


def _send(asked: ResultMail, kind: str, address: str, letter: Letter, now: datetime) -> None:
    send_mail(
        key=f"{asked}-{kind}",
        about=asked.topic,
        to=address,
        subject=letter.subject,
        text=letter.text,
        html=letter.html,
        now=now,
        # Later than this its links lead nowhere.
        expires_at=now + LINK_LIFETIME,
    )
