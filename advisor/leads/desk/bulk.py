"""What can be done with several leads at once, as one choice: ``owner 3``, ``tag 5``, ``status spam``."""

from collections.abc import Callable, Iterable, Mapping
from datetime import datetime
from typing import Any

import msgspec
from django.contrib.auth import get_user_model
from django.db import transaction

from advisor.leads.actions.sales import InvalidTransitionError, assign, set_status, tag
from advisor.leads.assignment import active_salespeople
from advisor.leads.changes import MergedError, lock_to_work_on
from advisor.leads.models import Lead, Status, Tag
from advisor.stale import is_stale


class BulkAction(msgspec.Struct, frozen=True):
    """What is done with each lead. ``replaces`` is "status" or "owner", or "" for an action that only adds.

    ``new_value`` is what it is replaced with.
    """

    apply: Callable[[Lead], Lead]
    replaces: str = ""
    new_value: str = ""


BULK_STATUSES = (Status.CONTACTED, Status.QUALIFIED, Status.WON, Status.SPAM, Status.NEW)
"""Lost is not among them: it has a reason of its own each time."""


def owners(user: Any) -> list[Any]:
    """Who leads can be given to: the salespeople who are active, and whoever asks."""
    accounts = {user.pk: user} | {person.user_id: person.user for person in active_salespeople()}
    return sorted(accounts.values(), key=str)


def choices(user: Any) -> list[tuple[str, list[tuple[str, str]]]]:
    """What there is to choose, in groups: value and label."""
    return [
        ("Give to", [*((f"owner {one.pk}", str(one)) for one in owners(user)), ("owner 0", "Nobody")]),
        ("Add the tag", [(f"tag {one.pk}", one.name) for one in Tag.objects.all()]),
        ("Set the status to", [(f"status {status.value}", status.label) for status in BULK_STATUSES]),
    ]


def bulk_action(choice: str, *, user: Any, now: datetime) -> BulkAction | None:
    """What a choice does with one lead, or None where it was not offered."""
    if choice not in {value for _, offered in choices(user) for value, _ in offered}:
        return None
    kind, _, which = choice.partition(" ")
    by = user.get_username()
    if kind == "status":
        return BulkAction(lambda lead: set_status(lead=lead, status=Status(which), by=by, now=now), "status", which)
    if kind == "tag":
        added = Tag.objects.get(pk=int(which))
        return BulkAction(lambda lead: tag(lead=lead, tags=[*lead.tags.all(), added], by=by, now=now))
    owner = get_user_model().objects.filter(pk=int(which)).first()
    return BulkAction(lambda lead: assign(lead=lead, owner=owner, by=by, now=now), "owner", which)


class StaleLeadError(Exception):
    """Someone else changed meanwhile what would be replaced; says what it is now."""


def replaceable_values(lead: Lead) -> dict[str, str]:
    """What the list shows of a lead that can be replaced."""
    return {"status": lead.status, "owner": str(lead.owner_id or 0)}


def values_on_page(lines: Iterable[str]) -> dict[str, dict[str, str]]:
    """By key of a lead what the list showed of it: each line is ``4711 new 3``."""
    parts = [line.split(" ") for line in lines]
    return {part[0]: dict(zip(("status", "owner"), part[1:], strict=True)) for part in parts if len(part) == 3}


def apply_to_leads(
    leads: Iterable[Lead], action: BulkAction, shown: Mapping[str, Mapping[str, str]]
) -> tuple[int, list[str]]:
    """Apply an action to each lead that allows it. Return their number, and for each of the others why not.

    ``shown`` is what ``values_on_page`` gives: nobody undoes what they have not seen.
    """
    done, refusals = 0, []
    for lead in leads:
        try:
            with transaction.atomic():
                _apply_to_lead(lock_to_work_on(lead), action, shown.get(str(lead.pk), {}))
        except (InvalidTransitionError, StaleLeadError) as refusal:
            refusals.append(f"{lead}: {refusal}")
        except MergedError:
            refusals.append(f"{lead}: was merged into another one.")
        except Lead.DoesNotExist:
            refusals.append("One was erased meanwhile.")
        else:
            done += 1
    return done, refusals


def _apply_to_lead(lead: Lead, action: BulkAction, shown: Mapping[str, str]) -> None:
    if action.replaces and is_stale(
        now=replaceable_values(lead)[action.replaces], shown=shown.get(action.replaces), wanted=action.new_value
    ):
        now = {"status": lead.get_status_display(), "owner": f"with {lead.owner or 'nobody'}"}[action.replaces]
        raise StaleLeadError(f"is {now} by now: someone else changed it. Look again.")
    action.apply(lead)
