"""What can be done with several leads at once, as one choice: ``owner 3``, ``tag 5``, ``status spam``."""

from collections.abc import Callable, Iterable
from datetime import datetime
from typing import Any

from django.contrib.auth import get_user_model

from advisor.leads.actions import MergedError, MoveError, assign, set_status, tag
from advisor.leads.models import Lead, Salesperson, Status, Tag

Work = Callable[[Lead], Lead]

BY_STATUS = (Status.CONTACTED, Status.QUALIFIED, Status.WON, Status.SPAM, Status.NEW)
"""Lost is not among them: it has a reason of its own each time."""


def owners(user: Any) -> list[Any]:
    """Who leads can be given to: the salespeople who are active, and whoever asks."""
    people = Salesperson.objects.filter(is_active=True, user__is_active=True).select_related("user")
    found = {user.pk: user} | {person.user_id: person.user for person in people}
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
        return lambda lead: set_status(lead=lead, status=Status(which), by=by, now=now)
    if kind == "tag":
        added = Tag.objects.get(pk=int(which))
        return lambda lead: tag(lead=lead, tags=[*lead.tags.all(), added], by=by, now=now)
    owner = get_user_model().objects.filter(pk=int(which)).first()
    return lambda lead: assign(lead=lead, owner=owner, by=by, now=now)


def work_on(leads: Iterable[Lead], work: Work) -> tuple[int, list[str]]:
    """Do it with each that allows it; how many that were, and what is to say of the others."""
    done, refusals = 0, []
    for lead in leads:
        try:
            work(lead)
        except MoveError as refusal:
            refusals.append(f"{lead}: {refusal}")
        except MergedError:
            refusals.append(f"{lead}: was merged into another one.")
        except Lead.DoesNotExist:
            refusals.append("One was erased meanwhile.")
        else:
            done += 1
    return done, refusals
