"""Hundreds of bad inputs at every address and in every field, as everyone: nothing fails, comes back or is stored.

Inputs are dealt: in the run of every day each address gets some dozens of them, in turn, and each of them goes to some
addresses. With ``HOSTILE_ROUNDS`` set to a number each address gets so many times as many.
"""

import os
from collections.abc import Iterator
from itertools import chain

import pytest
from django.contrib.auth import get_user_model
from django.contrib.auth.models import Group
from django.db import transaction
from django.test import Client

from advisor.content.editions import edition_cache
from tests.conftest import member_of, new_client
from tests.hostile.addresses import PUBLIC, Known, every_address
from tests.hostile.inputs import INPUTS
from tests.hostile.judging import Effort, effort, faults, says_nothing
from tests.hostile.sending import Attack, Sent

pytestmark = [pytest.mark.django_db, pytest.mark.usefixtures("something_of_everything")]

ROUNDS = int(os.environ.get("HOSTILE_ROUNDS", "1"))

PUBLIC_ROUNDS = 4 * ROUNDS
"""Public pages are open to everyone, and quickly answered."""

ROOMS = sorted({address.room for address in every_address()})


def everyone() -> dict[str, Client]:
    """A browser of a visitor, of somebody without rights, of one of each group, and of who may do everything."""
    account = get_user_model()
    clients = {"a visitor": new_client(), "nobody": new_client(), "chief": new_client()}
    clients["nobody"].force_login(account.objects.create(username="nobody", is_staff=True))
    clients |= {group.name: member_of(group.name) for group in Group.objects.order_by("name")}
    clients["chief"].force_login(account.objects.create(username="chief", is_staff=True, is_superuser=True))
    for client in clients.values():
        client.raise_request_exception = False
    return clients


def judged(client: Client, sent: Sent) -> list[str]:
    """What is wrong with the answer; what was stored is taken back."""
    with transaction.atomic():
        with effort() as seen:
            answer = sent.by(client)
        found = list(faults(answer, seen))
        if sent.method == "POST" and not sent.path.startswith("/admin/") and says_nothing(answer):
            found.append("comes back without a word")
        transaction.set_rollback(True)
    if "content_edition" in seen.written:
        edition_cache.clear()
    return [f"{what}: {sent}" for what in found]


def stored_and_shown(client: Client, sent: Sent, pages: list[str]) -> Iterator[str]:
    """What is wrong with pages once something was stored."""
    with transaction.atomic():
        with effort() as seen:
            answer = sent.by(client)
        found = list(faults(answer, seen))
        if answer.status_code == 302:
            for page in pages:
                found += [f"{page} then {what}" for what in faults(client.get(page), Effort())]
        transaction.set_rollback(True)
    edition_cache.clear()
    yield from (f"{what}: {sent}" for what in found)


def in_every_way(client: Client, attack: Attack, rounds: int) -> Iterator[str]:
    """Everything at one address."""
    for turn in range(rounds):
        requests = chain(
            attack.in_the_path(),
            [attack.in_the_query(), attack.in_a_body()],
            attack.in_every_field(),
            attack.in_the_machinery(),
            attack.in_one_field(attack.address.seed + turn),
        )
        for sent in requests:
            yield from judged(client, sent)
    for sent in attack.as_markup():
        yield from stored_and_shown(client, sent, [attack.path])


@pytest.mark.parametrize("room", ROOMS)
def test_nothing_fails_comes_back_or_is_stored(room: str) -> None:
    known, clients = Known(), everyone()
    found: list[str] = []

    for address in (one for one in every_address() if one.room == room):
        opened = Attack(address, known, None)
        page = clients["chief"].get(f"{opened.path}?{opened.query}" if opened.query else opened.path)
        attack = Attack(address, known, page)
        if room == PUBLIC:
            found += in_every_way(clients["a visitor"], attack, PUBLIC_ROUNDS)
            continue
        for who, client in clients.items():
            # Whoever may do everything gets to all that can fail; the others to less of the same.
            wrong = (
                in_every_way(client, attack, ROUNDS)
                if who == "chief"
                else judged(client, next(attack.in_every_field()))
            )
            found += [f"{who}: {what}" for what in wrong]

    assert not found, "\n".join(dict.fromkeys(found))


def test_there_are_enough_of_them() -> None:
    assert len(INPUTS) >= 500


def test_every_address_is_in_a_room() -> None:
    assert len(every_address()) > 250
    assert PUBLIC in ROOMS
