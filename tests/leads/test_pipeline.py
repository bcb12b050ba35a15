"""The pipeline: the moves that make sense and no others, each recorded; owner, next step, notes, tags."""

from collections.abc import Callable
from datetime import UTC, datetime, timedelta
from itertools import product
from typing import Any

import pytest
from django.contrib.auth import get_user_model
from django.contrib.auth.models import Group
from django.test import Client

from advisor.content.editions import LoadedEdition
from advisor.content.models import Outcome
from advisor.leads.actions.merging import merge
from advisor.leads.actions.sales import (
    ALLOWED_TRANSITIONS,
    ClosedLeadError,
    InvalidTransitionError,
    NoteError,
    ReasonNeededError,
    assign,
    note,
    plan,
    record_call,
    set_status,
    tag,
)
from advisor.leads.changes import MergedError
from advisor.leads.models import OPEN, Event, EventKind, Lead, Salesperson, Status, Tag
from advisor.leads.priority import points_of
from tests.assessment.addresses import call
from tests.conftest import ANSWERS
from tests.leads.asking import EVERYTHING, ask

NOON = datetime(2027, 3, 1, 12, tzinfo=UTC)
ALLOWED = [(before, after) for before, moves in ALLOWED_TRANSITIONS.items() for after in moves]
REFUSED = [pair for pair in product(Status, Status) if pair[0] != pair[1] and pair not in ALLOWED]


def at(lead: Lead, status: Status) -> Lead:
    """The lead as if it had come so far."""
    lost = "Too early." if status == Status.LOST else ""
    Lead.objects.filter(pk=lead.pk).update(status=status, lost_reason=lost)
    return Lead.objects.get()


def happened(lead: Lead) -> list[tuple[str, str, str]]:
    """Kind, words and user name of all events, oldest first."""
    return list(lead.events.order_by("pk").values_list("kind", "words", "by"))


def test_the_moves_are_those_that_make_sense() -> None:
    named = {f"{before} {after}" for before, after in ALLOWED}

    assert named == {
        *("new contacted", "new lost", "new spam"),
        *("contacted qualified", "contacted lost", "contacted spam"),
        *("qualified won", "qualified lost"),
        *("won qualified", "lost contacted", "spam new"),
    }


@pytest.mark.parametrize(("before", "after"), ALLOWED)
def test_a_move_that_makes_sense_is_made_and_recorded(lead: Lead, before: Status, after: Status) -> None:
    lead = at(lead, before)

    set_status(lead=lead, status=after, by="seller", now=NOON, reason="They hire in house.")

    lead.refresh_from_db()
    reason = "They hire in house." if after == Status.LOST else ""
    assert (lead.status, lead.lost_reason) == (after, reason)
    words = f"{before.label} → {after.label}" + (f": {reason}" if reason else "")
    assert happened(lead) == [("status", words, "seller")]
    assert lead.events.get().at == NOON


@pytest.mark.parametrize(("before", "after"), REFUSED)
def test_any_other_move_is_refused_and_says_what_is_possible(lead: Lead, before: Status, after: Status) -> None:
    lead = at(lead, before)

    with pytest.raises(
        InvalidTransitionError,
        match=f"{before.label} cannot become {after.label}, only {ALLOWED_TRANSITIONS[before][0].label}",
    ):
        set_status(lead=lead, status=after, by="seller", now=NOON, reason="Because.")

    assert Lead.objects.get().status == before
    assert not happened(lead)


def test_the_status_that_it_has_already_changes_nothing(lead: Lead) -> None:
    set_status(lead=lead, status=Status.NEW, by="seller", now=NOON)

    assert not happened(lead)


@pytest.mark.parametrize("reason", ["", "  "])
def test_lost_needs_a_reason(lead: Lead, reason: str) -> None:
    with pytest.raises(ReasonNeededError):
        set_status(lead=lead, status=Status.LOST, by="seller", now=NOON, reason=reason)

    assert Lead.objects.get().status == Status.NEW


def test_what_was_lost_and_comes_back_keeps_its_reason_in_the_history_only(lead: Lead) -> None:
    set_status(lead=lead, status=Status.LOST, by="seller", now=NOON, reason="Too early.")

    set_status(lead=lead, status=Status.CONTACTED, by="seller", now=NOON)

    assert Lead.objects.get().lost_reason == ""
    assert "Too early." in happened(lead)[0][1]


@pytest.mark.parametrize("closed", [Status.LOST, Status.SPAM])
def test_a_next_step_ends_with_the_work_and_is_not_forgotten(lead: Lead, closed: Status) -> None:
    plan(lead=lead, step="Call them", on=NOON.date(), by="seller", now=NOON)

    set_status(lead=lead, status=closed, by="seller", now=NOON, reason="Because.")

    lead.refresh_from_db()
    assert (lead.next_step, lead.next_step_on) == ("", None)
    assert happened(lead)[-1][1].endswith("Next step dropped: Call them")


def test_a_next_step_is_planned_changed_and_done(lead: Lead) -> None:
    plan(lead=lead, step=" Call them ", on=NOON.date(), by="seller", now=NOON)
    plan(lead=lead, step="Call them", on=NOON.date(), by="seller", now=NOON)
    plan(lead=lead, step="", on=NOON.date(), by="seller", now=NOON)

    lead.refresh_from_db()
    assert (lead.next_step, lead.next_step_on) == ("", None)
    assert happened(lead) == [
        ("next-step", "Call them, by 1 March 2027", "seller"),
        ("next-step", "Done or dropped: Call them", "seller"),
    ]


@pytest.mark.parametrize("closed", [status for status in Status if status not in OPEN])
def test_there_is_no_next_step_for_a_lead_that_is_closed(lead: Lead, closed: Status) -> None:
    lead = at(lead, closed)

    with pytest.raises(ClosedLeadError):
        plan(lead=lead, step="Call them", on=NOON.date(), by="seller", now=NOON)


def test_tags_are_set_and_recorded_by_name(lead: Lead) -> None:
    urgent, warm = Tag.objects.create(name="urgent"), Tag.objects.create(name="warm")

    tag(lead=lead, tags=[urgent], by="seller", now=NOON)
    tag(lead=lead, tags=[urgent], by="seller", now=NOON)
    tag(lead=lead, tags=[warm], by="seller", now=NOON)

    assert list(lead.tags.all()) == [warm]
    assert happened(lead) == [("tags", "+ urgent", "seller"), ("tags", "+ warm, – urgent", "seller")]


def test_a_note_is_written_down(lead: Lead) -> None:
    note(lead=lead, kind=EventKind.NOTE, words="  They know us. ", by="seller", now=NOON)

    assert happened(lead) == [("note", "They know us.", "seller")]


@pytest.mark.parametrize(("kind", "words"), [(EventKind.NOTE, " "), (EventKind.WEBHOOK, "Sent.")])
def test_a_note_that_is_none_is_refused(lead: Lead, kind: EventKind, words: str) -> None:
    with pytest.raises(NoteError):
        note(lead=lead, kind=kind, words=words, by="seller", now=NOON)

    assert not happened(lead)


Do = Callable[[Lead], object]
RESPONSES: dict[str, Do] = {
    "contacted": lambda lead: set_status(lead=lead, status=Status.CONTACTED, by="seller", now=NOON),
    "spoke": lambda lead: note(lead=lead, kind=EventKind.SPOKE, words="By phone.", by="seller", now=NOON),
    "wrote": lambda lead: note(lead=lead, kind=EventKind.WROTE, words="By mail.", by="seller", now=NOON),
    "held": lambda lead: record_call(lead=lead, kind=EventKind.HELD, call_at=NOON, words="", now=NOON),
}
NO_RESPONSES: dict[str, Do] = {
    "spam": lambda lead: set_status(lead=lead, status=Status.SPAM, by="seller", now=NOON),
    "note": lambda lead: note(lead=lead, kind=EventKind.NOTE, words="Hm.", by="seller", now=NOON),
    "tried": lambda lead: note(lead=lead, kind=EventKind.TRIED, words="No answer.", by="seller", now=NOON),
    "booked": lambda lead: record_call(lead=lead, kind=EventKind.BOOKED, call_at=NOON, words="", now=NOON),
}


@pytest.mark.parametrize("response", RESPONSES)
def test_the_first_time_they_are_reached_is_the_response_and_later_ones_are_not(lead: Lead, response: str) -> None:
    RESPONSES[response](lead)
    note(lead=lead, kind=EventKind.SPOKE, words="Again.", by="seller", now=NOON + timedelta(days=1))

    lead.refresh_from_db()
    assert lead.responded_at == NOON
    assert lead.response_time == NOON - lead.requested_at


@pytest.mark.parametrize("nothing", NO_RESPONSES)
def test_nothing_else_is_a_response(lead: Lead, nothing: str) -> None:
    NO_RESPONSES[nothing](lead)

    lead.refresh_from_db()
    assert (lead.responded_at, lead.response_time) == (None, None)


def person(name: str, *, outcomes: tuple[str, ...] = (), **fields: Any) -> Any:
    """The account of a salesperson, for these outcomes or for all."""
    user = get_user_model().objects.create(username=name, is_staff=True)
    user.groups.add(Group.objects.get(name="Sales"))
    made = Salesperson.objects.create(user=user, takes_every_outcome=not outcomes, **fields)
    made.outcomes.set(Outcome.objects.filter(key__in=outcomes))
    return user


def test_a_new_lead_goes_to_whoever_takes_its_outcome(visitor: Client, published: LoadedEdition) -> None:
    person("for-ai", outcomes=("head-of-ai",))
    technology = person("for-technology", outcomes=("fractional-cto", "both-roles"))

    lead = ask(visitor, call(ANSWERS["fractional-cto"]))

    assert lead.owner == technology
    assert happened(lead) == [("owner", "Given to for-technology", "")]


def test_new_leads_go_to_who_has_the_least_open_ones(visitor: Client, published: LoadedEdition) -> None:
    first, second = person("first"), person("second")

    leads = [ask(visitor) for _ in range(3)]
    set_status(lead=leads[0], status=Status.SPAM, by="first", now=NOON)
    set_status(lead=leads[2], status=Status.SPAM, by="first", now=NOON)
    leads += [ask(visitor), ask(visitor)]

    assert [lead.owner for lead in leads] == [first, second, first, first, first]


def test_what_has_been_open_for_long_does_not_count(visitor: Client, published: LoadedEdition) -> None:
    first = person("first")
    old = ask(visitor)
    month_ago = old.requested_at - timedelta(days=31)
    Lead.objects.update(requested_at=month_ago, consented_at=month_ago)
    person("second")

    assert ask(visitor).owner == first


def test_who_is_not_active_is_given_nothing(visitor: Client, published: LoadedEdition) -> None:
    person("away", is_active=False)
    gone = person("gone")
    gone.is_active = False
    gone.save()
    elsewhere = person("not staff any more")
    elsewhere.is_staff = False
    elsewhere.save()
    person("without the right").groups.clear()

    lead = ask(visitor)

    assert lead.owner is None
    assert not happened(lead)


def test_a_lead_is_given_to_someone_else_and_to_nobody(visitor: Client, published: LoadedEdition, seller: Any) -> None:
    lead, other = ask(visitor), get_user_model().objects.create(username="other")

    assign(lead=lead, owner=other, by="seller", now=NOON)
    assign(lead=lead, owner=other, by="seller", now=NOON)
    assign(lead=lead, owner=None, by="seller", now=NOON)

    assert Lead.objects.get().owner is None
    assert [words for _, words, _ in happened(lead)] == ["Given to seller", "seller → other", "other → nobody"]


def test_whose_account_is_deleted_leaves_their_leads_to_nobody(visitor: Client, published: LoadedEdition) -> None:
    owner = person("leaving")
    lead = ask(visitor)

    owner.delete()

    lead.refresh_from_db()
    assert lead.owner is None
    assert not Salesperson.objects.exists()


WORK: dict[str, Do] = {
    "status": lambda lead: set_status(lead=lead, status=Status.CONTACTED, by="seller", now=NOON),
    "owner": lambda lead: assign(lead=lead, owner=None, by="seller", now=NOON),
    "plan": lambda lead: plan(lead=lead, step="Call", on=NOON.date(), by="seller", now=NOON),
    "tag": lambda lead: tag(lead=lead, tags=[], by="seller", now=NOON),
    "note": lambda lead: note(lead=lead, kind=EventKind.NOTE, words="Hm.", by="seller", now=NOON),
}


@pytest.mark.parametrize("work", WORK)
def test_a_lead_that_was_merged_or_erased_is_not_worked_on(
    visitor: Client, published: LoadedEdition, seller: Any, work: str
) -> None:
    keep, other, gone = ask(visitor), ask(visitor), ask(visitor)
    merge(keep=keep, other=other, by="seller", now=NOON)
    before = Event.objects.count()

    with pytest.raises(MergedError):
        WORK[work](other)
    Lead.objects.get(pk=gone.pk).delete()
    with pytest.raises(Lead.DoesNotExist):
        WORK[work](gone)

    assert Event.objects.count() == before - 1


CHANGES = RESPONSES | NO_RESPONSES | {f"change {name}": work for name, work in WORK.items()}


@pytest.mark.parametrize("change", CHANGES)
def test_the_priority_stored_is_the_one_shown(visitor: Client, published: LoadedEdition, change: str) -> None:
    lead = ask(visitor, **EVERYTHING)

    CHANGES[change](lead)

    lead.refresh_from_db()
    assert lead.priority == points_of(lead, has_call=lead.call_at is not None) > 0
