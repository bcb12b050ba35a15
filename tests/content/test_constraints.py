"""Every named constraint of every room, from both sides: what it lets pass and what it refuses, and by what name."""

from collections.abc import Callable
from dataclasses import dataclass
from datetime import datetime, time, timedelta
from typing import Any
from uuid import UUID

import pytest
from django.apps import apps
from django.contrib.auth import get_user_model
from django.core.exceptions import ValidationError
from django.db import IntegrityError, models, transaction

from advisor.booking.models import Call, Host, HoursException, WeeklyWindow
from advisor.booking.slots import LENGTH
from advisor.content.models import (
    Cell,
    Choice,
    Dimension,
    Edition,
    FollowUp,
    FrequentQuestion,
    Guide,
    Outcome,
    PreviewLink,
    Question,
    Remark,
    Role,
    Rule,
    Scenario,
    SharedConcern,
    Signal,
)
from advisor.content.previews import make_link
from advisor.delivery.models import Chore, Endpoint, HeldRemoval, Message
from advisor.funnel.models import Count, SourceTotal, Total
from advisor.leads.models import Event, Export, Lead, Notice, Person, Submission, Tag
from tests.booking.hosts import make_host
from tests.content.making import NOON, draft

pytestmark = pytest.mark.django_db

Make = Callable[..., models.Model]


@dataclass
class Case:
    """An object, made with what the constraint lets pass, and with what it refuses."""

    make: Make
    good: dict[str, Any]
    bad: dict[str, Any]


def guide(**fields: Any) -> Guide:
    return Guide(**{"key": "second-guide", "number": 2, "title": "Another one"} | fields)


def default_guide(**fields: bool) -> Guide:
    Guide.objects.update(is_default=False)
    return guide(is_default=True, **fields)


def role() -> Role:
    return Role.objects.get(key="head-of-ai")


def part(model: type[models.Model], **other: Any) -> Make:
    """Makes a part of the first guide, which has the keys and positions that the bad changes name."""
    return lambda **fields: model(**{"guide": draft()} | other | fields)


def cell(dimension: str) -> Cell:
    if dimension == "new":
        return Cell(dimension=Dimension.objects.create(guide=draft(), key="new"), role=role())
    return Cell(dimension=Dimension.objects.get(key=dimension), role=role())


def choice(key: str) -> Choice:
    return Choice(question=Question.objects.get(key="both"), key=key)


def question_about(role: str) -> Question:
    named = Role.objects.filter(key=role).first() or Role.objects.create(guide=draft(), key=role)
    return Question(guide=draft(), key="new", role=named)


def edition(number: int) -> Edition:
    return Edition(guide=draft(), number=number, published_at=NOON)


def rule(position: int) -> Rule:
    return Rule(guide=draft(), position=position, outcome=Outcome.objects.get(key="not-yet"))


def scenario(position: int) -> Scenario:
    return Scenario(guide=draft(), position=position, outcome=Outcome.objects.get(key="not-yet"))


def preview(token: str = "new", expires_at: datetime = NOON + timedelta(days=7)) -> PreviewLink:
    if not PreviewLink.objects.exists():
        make_link(guide=draft(), by="editor", purpose="", days=7, now=NOON)
        PreviewLink.objects.update(token="one-of-them")
    return PreviewLink(guide=draft(), token=token, made_by="editor", made_at=NOON, expires_at=expires_at)


def person(email: str) -> Person:
    Person.objects.create(email="asker@example.com", created_at=NOON)
    return Person(email=email, created_at=NOON)


def submission(key: str) -> Submission:
    Submission.objects.create(key="key-of-a-form", digest="1")
    return Submission(key=key, digest="2")


def lead(**fields: Any) -> Lead:
    ready = {
        "person": Person.objects.get_or_create(email="asker@example.com", defaults={"created_at": NOON})[0],
        "requested_at": NOON,
        "name": "Asker",
        "email": "asker@example.com",
        "company": "Engines",
        "consent": "You may.",
        "consented_at": NOON,
        "edition": Edition.objects.first(),
        "certainty": "clear",
        "seen": {},
    }
    return Lead(**ready | fields)


def planned_lead(**fields: Any) -> Lead:
    return lead(**{"next_step": "Write to them", "next_step_on": NOON.date()} | fields)


def merged_lead(**fields: Any) -> Lead:
    lead(pk=901).save()
    return lead(**{"pk": 902, "merged_into_id": 901} | fields)


def event(**fields: Any) -> Event:
    kept = lead()
    kept.save()
    return Event(**{"lead": kept, "at": NOON, "kind": "note", "words": "They called.", "by": "sales"} | fields)


def export(**fields: Any) -> Export:
    return Export(**{"by": "sales", "format": "csv", "began_at": NOON, "seen_at": NOON, "rows": 2} | fields)


def tag(**fields: Any) -> Tag:
    Tag.objects.create(name="urgent")
    return Tag(**fields)


def message(**fields: Any) -> Message:
    ready = {"key": "new", "about": "call 12", "to": "asker@example.com", "subject": "Booked", "text": "See you."}
    times = {"message_id": "<1@example.com>", "created_at": NOON, "due_at": NOON}
    if not Message.objects.exists():
        Message.objects.create(**ready | times | {"key": "call-12-confirmation-1"})
    return Message(**ready | times | fields)


def chore(**fields: Any) -> Chore:
    """Another chore than the one of today that is done."""
    done = {"day": NOON.date(), "began_at": NOON, "done_at": NOON}
    Chore.objects.get_or_create(name="dusting", defaults=done)
    return Chore(**{"name": "sweeping"} | done | fields)


def held_removal(**fields: Any) -> HeldRemoval:
    """Another removal than the one that is held."""
    held = {"held_at": NOON, "reason": "The clock says 2029.", "number": 524}
    HeldRemoval.objects.get_or_create(job="Retention", ended_at=None, defaults=held)
    return HeldRemoval(**{"job": "Dusting"} | held | fields)


def endpoint(**fields: Any) -> Endpoint:
    """Another endpoint than the one that is there."""
    ready = {"address": "https://crm.example.com/", "events": ["lead.created"]}
    Endpoint.objects.get_or_create(name="CRM", defaults=ready)
    return Endpoint(**{"name": "Another"} | ready | fields)


def webhook(**fields: Any) -> Message:
    one = Endpoint.objects.create(name="CRM", address="https://crm.example.com/", events=["lead.created"])
    return message(**{"channel": "webhook", "endpoint": one, "to": ""} | fields)


def notice(**fields: Any) -> Notice:
    return Notice(**{"user": get_user_model().objects.create(username="another")} | fields)


def host(**fields: Any) -> Host:
    """Another host than the one of a call."""
    first = Host.objects.first() or make_host(feed_token="one-of-them")
    user = get_user_model().objects.create(username="another")
    return Host(**{"user": user, "name": first.name, "zone": "UTC", "feed_token": "new"} | fields)


def window(**fields: Any) -> WeeklyWindow:
    return WeeklyWindow(**{"host": make_host(), "weekday": 0, "begins": time(9), "ends": time(12)} | fields)


def exception(**fields: Any) -> HoursException:
    return HoursException(**{"host": make_host(), "first_day": NOON.date(), "last_day": NOON.date()} | fields)


def call(**fields: Any) -> Call:
    """Another call than the one that the same host has at noon."""
    first, second = lead(), lead()
    for one in (first, second):
        one.save()
    ready: dict[str, Any] = {"host": make_host(), "zone": "UTC", "booked_at": NOON, "changed_at": NOON}
    at_noon = {"begins_at": NOON, "ends_at": NOON + LENGTH, "token": "one-of-them", "uid": UUID(int=1)}
    Call.objects.create(**ready | at_noon | {"lead": first})
    later = {"begins_at": NOON + LENGTH, "ends_at": NOON + 2 * LENGTH, "lead": second}
    return Call(**ready | later | fields)


def count(model: type[Count | SourceTotal | Total] = Count, **fields: Any) -> models.Model:
    """Another count than the one of a landing that was seen."""
    ready = {"guide": "guide", "step": "landing", "day": NOON.date(), "edition": 1}
    model.objects.get_or_create(**ready, defaults={"number": 1})
    return model(**ready | {"edition": 2, "number": 1} | fields)


def total(**fields: Any) -> models.Model:
    return count(Total, **fields)


def source_total(**fields: Any) -> models.Model:
    return count(SourceTotal, **fields)


CASES = {
    "count_once": [
        Case(count, {"edition": 1, "source": "club"}, {"edition": 1}),
        Case(count, {"edition": 1, "entrance": "embedded"}, {"edition": 1, "entrance": "own"}),
    ],
    "count_positive": [Case(count, {"number": 1}, {"number": 0})],
    "count_step_known": [Case(count, {"step": "call-page"}, {"step": "Landing"})],
    "count_certainty_known": [Case(count, {"certainty": "mixed"}, {"certainty": "certain"})],
    "count_entrance_known": [Case(count, {"entrance": "embedded"}, {"entrance": "window"})],
    "sourcetotal_once": [
        Case(source_total, {"edition": 1, "source": "club"}, {"edition": 1}),
    ],
    "sourcetotal_positive": [Case(source_total, {"number": 1}, {"number": 0})],
    "sourcetotal_step_known": [Case(source_total, {"step": "call-page"}, {"step": "Landing"})],
    "sourcetotal_span_known": [Case(source_total, {"span": "week"}, {"span": "year"})],
    "total_entrance_known": [Case(total, {"entrance": "embedded"}, {"entrance": "window"})],
    "total_once": [
        Case(total, {"edition": 1, "about": "ai"}, {"edition": 1}),
        Case(total, {"edition": 1, "span": "week"}, {"edition": 1, "span": "day"}),
    ],
    "total_positive": [Case(total, {"number": 1}, {"number": 0})],
    "total_span_known": [Case(total, {"span": "month"}, {"span": "year"})],
    "total_step_known": [Case(total, {"step": "call-page"}, {"step": "Landing"})],
    "total_certainty_known": [Case(total, {"certainty": "mixed"}, {"certainty": "certain"})],
    "guide_number_unique": [Case(guide, {"number": 2}, {"number": 1})],
    "guide_one_default": [Case(guide, {"is_default": False}, {"is_default": True})],
    "guide_default_is_offered": [Case(default_guide, {"is_retired": False}, {"is_retired": True})],
    "guide_thresholds_in_order": [
        Case(guide, {"some_from": 1, "strong_from": 1}, {"some_from": 2, "strong_from": 1}),
        Case(guide, {"some_from": 2, "strong_from": 3}, {"some_from": 0, "strong_from": 3}),
    ],
    "shared_concern_position_unique": [Case(part(SharedConcern), {"position": 5}, {"position": 4})],
    "frequent_question_position_unique": [Case(part(FrequentQuestion), {"position": 7}, {"position": 6})],
    "role_key_unique": [Case(part(Role), {"key": "new"}, {"key": "head-of-ai"})],
    "dimension_key_unique": [Case(part(Dimension), {"key": "new"}, {"key": "focus"})],
    "cell_given_once": [Case(cell, {"dimension": "new"}, {"dimension": "focus"})],
    "signal_key_unique": [
        Case(lambda key: Signal(guide=draft(), role=role(), key=key), {"key": "new"}, {"key": "messy-stack"})
    ],
    "follow_up_key_unique": [Case(part(FollowUp, asked_when=[]), {"key": "new"}, {"key": "one-person"})],
    "question_key_unique": [Case(part(Question), {"key": "new"}, {"key": "both"})],
    "question_one_a_role": [Case(question_about, {"role": "new"}, {"role": "head-of-ai"})],
    "choice_key_unique": [Case(choice, {"key": "new"}, {"key": "neither"})],
    "outcome_key_unique": [Case(part(Outcome), {"key": "new"}, {"key": "not-yet"})],
    "rule_position_unique": [Case(rule, {"position": 19}, {"position": 18})],
    "scenario_position_unique": [Case(scenario, {"position": 21}, {"position": 20})],
    "preview_token_unique": [Case(preview, {"token": "another"}, {"token": "one-of-them"})],
    "preview_expires_later": [Case(preview, {"expires_at": NOON + timedelta(days=1)}, {"expires_at": NOON})],
    "remark_key_unique": [Case(part(Remark, kind="advice", when={}), {"key": "new"}, {"key": "cto-first"})],
    "remark_kind_known": [Case(part(Remark, key="new", when={}), {"kind": "caution"}, {"kind": "Caution"})],
    "edition_number_unique": [Case(edition, {"number": 2}, {"number": 1})],
    "edition_number_from_one": [Case(edition, {"number": 2}, {"number": 0})],
    "message_key_unique": [Case(message, {"key": "another"}, {"key": "call-12-confirmation-1"})],
    "message_channel_known": [Case(message, {"channel": "mail"}, {"channel": "pigeon"})],
    "message_has_one_recipient": [
        Case(message, {"to": "asker@example.com"}, {"to": ""}),
        Case(webhook, {"to": ""}, {"to": "asker@example.com"}),
        Case(webhook, {}, {"endpoint": None}),
        Case(webhook, {}, {"channel": "mail"}),
    ],
    "message_state_known": [Case(message, {"state": "failed"}, {"state": "Failed"})],
    "message_sent_has_a_time": [
        Case(message, {"state": "sent", "sent_at": NOON}, {"state": "sent"}),
        Case(message, {"state": "failed"}, {"state": "failed", "sent_at": NOON}),
    ],
    "message_attempts_from_zero": [Case(message, {"attempts": 0}, {"attempts": -1})],
    "message_lease_has_an_end": [
        Case(message, {"leased_by": "worker", "lease_until": NOON}, {"leased_by": "worker"}),
        Case(message, {}, {"lease_until": NOON}),
    ],
    "endpoint_name_unique": [Case(endpoint, {"name": "Another"}, {"name": "CRM"})],
    "endpoint_disabled_with_reason": [
        Case(
            endpoint,
            {"is_active": False, "disabled_at": NOON, "disabled_because": "Gone."},
            {"is_active": False, "disabled_at": NOON},
        ),
        Case(endpoint, {}, {"disabled_at": NOON}),
    ],
    "endpoint_old_secret_has_an_end": [
        Case(endpoint, {"old_secret": "whsec_", "old_secret_until": NOON}, {"old_secret": "whsec_"}),
        Case(endpoint, {}, {"old_secret_until": NOON}),
    ],
    "endpoint_failing_has_a_beginning": [
        Case(endpoint, {"failures": 1, "failing_since": NOON}, {"failures": 1}),
        Case(endpoint, {}, {"failing_since": NOON}),
    ],
    "chore_once_a_day": [Case(chore, {"name": "sweeping"}, {"name": "dusting"})],
    "chore_done_or_again": [
        Case(chore, {}, {"again_at": NOON}),
        Case(chore, {"done_at": None, "again_at": NOON}, {"done_at": None}),
    ],
    "heldremoval_one_open_for_a_job": [
        Case(held_removal, {"job": "Retention", "ended_at": NOON}, {"job": "Retention"}),
    ],
    "heldremoval_confirmed_by_someone": [
        Case(held_removal, {"confirmed_at": NOON, "confirmed_by": "chief"}, {"confirmed_at": NOON}),
        Case(held_removal, {}, {"confirmed_by": "chief"}),
    ],
    "person_email_unique": [
        Case(person, {"email": "asker@example.org"}, {"email": "asker@example.com"}),
        Case(person, {"email": "other@example.com"}, {"email": "Asker@Example.COM"}),
    ],
    "submission_key_once": [Case(submission, {"key": "another-key"}, {"key": "key-of-a-form"})],
    "lead_has_consent": [
        Case(lead, {"consent": "You may."}, {"consent": ""}),
        Case(lead, {"consented_at": NOON}, {"consented_at": NOON + timedelta(seconds=1)}),
    ],
    "lead_status_known": [Case(lead, {"status": "won"}, {"status": "Won"})],
    "lead_certainty_known": [Case(lead, {"certainty": "mixed"}, {"certainty": "certain"})],
    "lead_lost_has_a_reason": [
        Case(lead, {"status": "lost", "lost_reason": "Too early."}, {"status": "lost", "lost_reason": ""}),
        Case(lead, {"status": "won", "lost_reason": ""}, {"status": "won", "lost_reason": "Too early."}),
    ],
    "lead_next_step_has_a_day": [
        Case(planned_lead, {"next_step_on": NOON.date()}, {"next_step_on": None}),
        Case(planned_lead, {"next_step": "Call them"}, {"next_step": ""}),
        Case(planned_lead, {"status": "qualified"}, {"status": "won"}),
    ],
    "lead_not_merged_with_itself": [
        Case(merged_lead, {"merged_into_id": 901}, {"merged_into_id": 902}),
        Case(merged_lead, {}, {"next_step": "Call them", "next_step_on": NOON.date()}),
    ],
    "lead_priority_to_100": [Case(lead, {"priority": 100}, {"priority": 101})],
    "export_format_known": [Case(export, {"format": "xlsx"}, {"format": "pdf"})],
    "event_kind_known": [Case(event, {"kind": "held"}, {"kind": "Held"})],
    "event_note_has_words": [
        Case(event, {"kind": "note", "words": "They called."}, {"kind": "note", "words": ""}),
        Case(event, {"kind": "status", "by": ""}, {"kind": "spoke", "by": ""}),
    ],
    "tag_name_unique": [Case(tag, {"name": "slow"}, {"name": "URGENT"})],
    "notice_how_known": [Case(notice, {"how": "daily"}, {"how": "Daily"})],
    "host_has_weight": [Case(host, {"weight": 1}, {"weight": 0})],
    "host_feed_token_unique": [Case(host, {"feed_token": "another"}, {"feed_token": "one-of-them"})],
    "window_weekday_known": [Case(window, {"weekday": 6}, {"weekday": 7})],
    "window_ends_after_it_begins": [Case(window, {"ends": time(9, 1)}, {"ends": time(9)})],
    "exception_days_in_order": [
        Case(exception, {"last_day": NOON.date()}, {"last_day": NOON.date() - timedelta(days=1)})
    ],
    "exception_hours_in_order": [
        Case(exception, {"begins": time(9), "ends": time(10)}, {"begins": time(10), "ends": time(9)}),
        Case(exception, {"is_extra": False}, {"is_extra": True}),
    ],
    "call_slot_once": [
        Case(
            call,
            {"begins_at": NOON, "ends_at": NOON + LENGTH, "status": "cancelled"},
            {"begins_at": NOON, "ends_at": NOON + LENGTH, "status": "held"},
        )
    ],
    "call_token_unique": [Case(call, {"token": "another"}, {"token": "one-of-them"})],
    "call_uid_unique": [Case(call, {"uid": UUID(int=2)}, {"uid": UUID(int=1)})],
    "call_ends_after_it_begins": [
        Case(call, {"ends_at": NOON + LENGTH + timedelta(seconds=1)}, {"ends_at": NOON + LENGTH})
    ],
    "call_status_known": [Case(call, {"status": "no-show"}, {"status": "No-show"})],
    "call_agreed_when_held": [
        Case(call, {"status": "held", "agreed": "both-roles"}, {"status": "no-show", "agreed": "both-roles"})
    ],
    "lead_can_be_reached": [
        Case(lead, {"name": "Asker"}, {"name": ""}),
        Case(lead, {"email": "asker@example.com"}, {"email": ""}),
        Case(lead, {"company": "Engines"}, {"company": ""}),
    ],
}


def our_constraints() -> dict[str, models.BaseConstraint]:
    """Every constraint of every model of our own, by name."""
    return {
        constraint.name: constraint
        for model in apps.get_models()
        if model.__module__.startswith("advisor.")
        for constraint in model._meta.constraints
    }


def test_every_constraint_is_tested_here() -> None:
    constraints = our_constraints()

    assert constraints.keys() == CASES.keys()


@pytest.mark.parametrize("name", CASES)
def test_every_constraint_has_a_message_for_people(name: str) -> None:
    constraint = our_constraints()[name]

    assert constraint.violation_error_message != models.BaseConstraint.default_violation_error_message
    assert str(constraint.violation_error_message).endswith(".")


EACH = [pytest.param(name, case, id=f"{name} {case.bad}") for name, cases in CASES.items() for case in cases]


@pytest.mark.parametrize(("name", "case"), EACH)
def test_what_a_constraint_allows_is_saved(name: str, case: Case) -> None:
    allowed = case.make(**case.good)

    allowed.validate_constraints()
    allowed.save()

    assert type(allowed)._default_manager.filter(pk=allowed.pk).exists()


@pytest.mark.parametrize(("name", "case"), EACH)
def test_what_a_constraint_forbids_is_refused_by_the_database(name: str, case: Case) -> None:
    forbidden = case.make(**case.bad)

    with pytest.raises(IntegrityError) as refusal, transaction.atomic():
        forbidden.save()

    assert is_named_in(str(refusal.value), forbidden, name)


@pytest.mark.parametrize(("name", "case"), EACH)
def test_what_a_constraint_forbids_is_refused_by_the_form_with_its_message(name: str, case: Case) -> None:
    forbidden = case.make(**case.bad)

    with pytest.raises(ValidationError) as refusal:
        forbidden.validate_constraints()

    assert refusal.value.messages == [our_constraints()[name].violation_error_message]


def is_named_in(message: str, forbidden: models.Model, name: str) -> bool:
    """Whether the database names the constraint. Of a unique one SQLite names the columns."""
    constraint, meta = our_constraints()[name], forbidden._meta
    fields = constraint.fields if isinstance(constraint, models.UniqueConstraint) else ()
    columns = [f"{meta.db_table}.{field.column}" for field in meta.fields if field.name in fields]
    return name in message or message == f"UNIQUE constraint failed: {', '.join(columns)}"
