"""What can be done with several leads at once, as one choice: ``owner 3``, ``tag 5``, ``status spam``."""

from collections.abc import Callable, Iterable, Mapping
from datetime import datetime
from typing import Any

import msgspec
from django.contrib.auth import get_user_model
from django.db import transaction

from advisor.leads.actions import MergedError, MoveError, assign, set_status, tag
from advisor.leads.assignment import at_work
from advisor.leads.changes import locked_to_work_on
from advisor.leads.models import Lead, Status, Tag


class Work(msgspec.Struct, frozen=True):
    """What is done with each lead; ``over`` names what it replaces, "status" or "owner", or "" where it only adds.

    ``wanted`` is what it is replaced with.
    """

    do: Callable[[Lead], Lead]
    over: str = ""
    wanted: str = ""


BY_STATUS = (Status.CONTACTED, Status.QUALIFIED, Status.WON, Status.SPAM, Status.NEW)
"""Lost is not among them: it has a reason of its own each time."""


def owners(user: Any) -> list[Any]:
    """Who leads can be given to: the salespeople who are active, and whoever asks."""
    found = {user.pk: user} | {person.user_id: person.user for person in at_work()}
    return sorted(found.values(), key=str)


def choices(user: Any) -> list[tuple[str, list[tuple[str, str]]]]:
    """What there is to choose, in groups: value and label."""
    return [
        ("Give to", [*((f"owner {one.pk}", str(one)) for one in owners(user)), ("owner 0", "Nobody")]),
        ("Add the tag", [(f"tag {one.pk}", one.name) for one in Tag.objects.all()]),
        ("Set the status to", [(f"status {status.value}", status.label) for status in BY_STATUS]),
    ]


def work_named(choice: str, *, user: Any, now: datetime) -> Work | None:
    """What a choice does with one lead, or None where it was not offered."""
    if choice not in {value for _, offered in choices(user) for value, _ in offered}:
        return None
    kind, _, which = choice.partition(" ")
    by = user.get_username()
    if kind == "status":
        return Work(lambda lead: set_status(lead=lead, status=Status(which), by=by, now=now), "status", which)
    if kind == "tag":
        added = Tag.objects.get(pk=int(which))
        return Work(lambda lead: tag(lead=lead, tags=[*lead.tags.all(), added], by=by, now=now))
    owner = get_user_model().objects.filter(pk=int(which)).first()
    return Work(lambda lead: assign(lead=lead, owner=owner, by=by, now=now), "owner", which)


class ChangedError(Exception):
    """Someone else changed meanwhile what would be replaced; says what it is now."""


def shown_of(lead: Lead) -> dict[str, str]:
    """What the list shows of a lead that can be replaced."""
    return {"status": lead.status, "owner": str(lead.owner_id or 0)}


def as_listed(lines: Iterable[str]) -> dict[str, dict[str, str]]:
    """By key of a lead what the list showed of it: each line is ``4711 new 3``."""
    parts = [line.split(" ") for line in lines]
    return {part[0]: dict(zip(("status", "owner"), part[1:], strict=True)) for part in parts if len(part) == 3}


def work_on(leads: Iterable[Lead], work: Work, shown: Mapping[str, Mapping[str, str]]) -> tuple[int, list[str]]:
    """Do it with each that allows it; how many that were, and what is to say of the others.

    ``shown`` is what ``as_listed`` gives: nobody undoes what they have not seen.
    """
    done, refusals = 0, []
    for lead in leads:
        try:
            with transaction.atomic():
                _work_on_one(locked_to_work_on(lead), work, shown.get(str(lead.pk), {}))
        except (MoveError, ChangedError) as refusal:
            refusals.append(f"{lead}: {refusal}")
        except MergedError:
            refusals.append(f"{lead}: was merged into another one.")
        except Lead.DoesNotExist:
            refusals.append("One was erased meanwhile.")
        else:
            done += 1
    return done, refusals


def _work_on_one(lead: Lead, work: Work, shown: Mapping[str, str]) -> None:
    if work.over and shown_of(lead)[work.over] not in (shown.get(work.over), work.wanted):
        now = {"status": lead.get_status_display(), "owner": f"with {lead.owner or 'nobody'}"}[work.over]
        raise ChangedError(f"is {now} by now: someone else changed it. Look again.")
    work.do(lead)
