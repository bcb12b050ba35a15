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

from advisor.accounts.models import KnownBrowser, Passkey
from advisor.booking.models import (
    BlockedSource,
    BusyCalendar,
    Call,
    FormerLink,
    Host,
    HoursException,
    Intake,
    WeeklyWindow,
)
from advisor.booking.slots import SLOT_LENGTH
from advisor.content.models import (
    Cell,
    Choice,
    Dimension,
    Edition,
    FollowUp,
    FrequentQuestion,
    Guide,
    NeedRow,
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
from advisor.delivery.models import Chore, ClockCheck, Endpoint, HeldRemoval, Message
from advisor.feedback.models import MAX_PER_HOUR, MAX_PER_NETWORK, Ballot, Tally, VotingDay
from advisor.funnel.models import Count, SourceTotal, Total
from advisor.leads.models import Event, Export, Lead, LeadAlert, Person, Submission, Tag
from advisor.limits.models import Usage
from advisor.mailing.models import MAX_PER_ADDRESS, MAX_PER_DAY, ResultMail, new_token
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


def need_row(position: int) -> NeedRow:
    NeedRow.objects.get_or_create(role=role(), position=1, defaults={"needed": False})
    return NeedRow(role=role(), position=position, needed=True)


def scenario(position: int) -> Scenario:
    return Scenario(guide=draft(), position=position, outcome=Outcome.objects.get(key="not-yet"))


def sure_scenario(certainty: str) -> Scenario:
    outcome = Outcome.objects.get(key="not-yet")
    return Scenario(guide=draft(), position=900, outcome=outcome, certainty=certainty)


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


def clock_check(**fields: Any) -> ClockCheck:
    """The one row about the clock."""
    ClockCheck.objects.all().delete()
    return ClockCheck(**{"pk": 1, "trusted_at": NOON} | fields)


def endpoint(**fields: Any) -> Endpoint:
    """Another endpoint than the one that is there."""
    ready = {"address": "https://crm.example.com/", "events": ["lead.created"]}
    Endpoint.objects.get_or_create(name="CRM", defaults=ready)
    return Endpoint(**{"name": "Another"} | ready | fields)


def webhook(**fields: Any) -> Message:
    one = Endpoint.objects.create(name="CRM", address="https://crm.example.com/", events=["lead.created"])
    return message(**{"channel": "webhook", "endpoint": one, "to": ""} | fields)


def lead_alert(**fields: Any) -> LeadAlert:
    return LeadAlert(**{"user": get_user_model().objects.create(username="another")} | fields)


def host(**fields: Any) -> Host:
    """Another host than the one of a call."""
    first = Host.objects.first() or make_host(feed_token="one-of-them")
    user = get_user_model().objects.create(username="another")
    return Host(**{"user": user, "name": first.name, "zone": "UTC", "feed_token": "new"} | fields)


def busy_calendar(**fields: Any) -> BusyCalendar:
    return BusyCalendar(**{"host": make_host("Busy host"), "added_at": NOON, "due_at": NOON} | fields)


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
    at_noon = {"begins_at": NOON, "ends_at": NOON + SLOT_LENGTH, "token": "one-of-them", "uid": UUID(int=1)}
    Call.objects.create(**ready | at_noon | {"lead": first})
    later = {"begins_at": NOON + SLOT_LENGTH, "ends_at": NOON + 2 * SLOT_LENGTH, "lead": second}
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


def result_mail(**fields: Any) -> ResultMail:
    """Another result that shall go to the same address on the same day."""
    ready = {"code": "code", "address_hash": "hash", "asked_at": NOON, "day": NOON.date(), "address": "a@example.com"}
    ResultMail.objects.create(**ready, token=new_token(), of_address=1, of_day=1)
    return ResultMail(token=new_token(), **ready | {"of_address": 2, "of_day": 2} | fields)


def tally(**fields: Any) -> Tally:
    """Another reason than the one of which something was said."""
    ready: dict[str, Any] = {"guide": "guide", "edition": 1, "outcome": "outcome", "week": NOON.date()}
    Tally.objects.get_or_create(**ready, reason="rule.1")
    return Tally(**ready | {"reason": "rule.2"} | fields)


def ballot(**fields: Any) -> Ballot:
    """Another ballot of the same network on the same reason and day."""
    said = tally()
    said.save()
    ready = {"voting_day": VotingDay.objects.create(day=NOON.date()), "tally": said, "network": "one", "hour": 12}
    Ballot.objects.create(**ready, given_with="a code", verdict="fits", of_network=1, of_hour=1)
    return Ballot(**ready | {"given_with": "another", "verdict": "not", "of_network": 2, "of_hour": 2} | fields)


def known_browser(**fields: Any) -> KnownBrowser:
    """Another browser of an account."""
    ready = {"account": get_user_model().objects.create(username="another")}
    times = {"first_login_at": NOON, "last_login_at": NOON}
    KnownBrowser.objects.create(**ready | times, token_hash="one")
    return KnownBrowser(**ready | times | fields)


def passkey(**fields: Any) -> Passkey:
    """Another passkey of an account."""
    account = get_user_model().objects.create(username="another")
    ready = {"account": account, "name": "Telephone", "public_key": b"key", "added_at": NOON, "answered_at": NOON}
    Passkey.objects.create(**ready, credential_id="one")
    return Passkey(**ready | fields)


def second_busy_calendar(**fields: Any) -> BusyCalendar:
    """Another calendar of a host who has one that takes calls."""
    ready = {"user_name": "host", "password": "encrypted"}
    first = busy_calendar(**ready, takes_calls=True)
    first.save()
    return BusyCalendar(host=first.host, added_at=NOON, due_at=NOON, **ready | fields)


def former_link(**fields: Any) -> FormerLink:
    booked = call()
    booked.save()
    FormerLink.objects.create(call=booked, digest="one")
    return FormerLink(call=booked, **fields)


def intake(**fields: Any) -> Intake:
    """Another request than the one that waits."""
    ready: dict[str, Any] = {"state": "waiting", "asked_at": NOON, "edition": 1}
    Intake.objects.create(**ready, key="one", token="one")
    return Intake(**ready | {"key": "another", "token": "another"} | fields)


def held_intake(**fields: Any) -> Intake:
    """A request whose time is held."""
    held = {"host": make_host(), "begins_at": NOON, "ends_at": NOON + SLOT_LENGTH, "held_until": NOON}
    return intake(**held | fields)


def intake_of_lead(**fields: Any) -> Intake:
    """A request that was taken."""
    taken = lead()
    taken.save()
    return intake(lead=taken, **fields)


def blocked_source(**fields: Any) -> BlockedSource:
    """What is blocked beside something else."""
    BlockedSource.objects.create(mark="one", blocked_at=NOON)
    return BlockedSource(blocked_at=NOON, **fields)


def usage(**fields: Any) -> Usage:
    """What was done by somebody else in the same hour."""
    ready = {"what": "call", "since": NOON}
    Usage.objects.create(**ready, mark="one")
    return Usage(**ready | fields)


CASES = {
    "formerlink_once": [Case(former_link, {"digest": "two"}, {"digest": "one"})],
    "intake_key_once": [Case(intake, {"key": "two"}, {"key": "one"})],
    "intake_token_once": [Case(intake, {"token": "two"}, {"token": "one"})],
    "intake_state_known": [Case(intake, {"state": "passed"}, {"state": "unknown"})],
    "intake_holds_while_it_waits": [
        Case(held_intake, {}, {"state": "confirmed"}),
        Case(held_intake, {"host": None}, {"begins_at": None}),
        Case(held_intake, {}, {"ends_at": None}),
    ],
    "intake_waits_without_a_lead": [Case(intake_of_lead, {"state": "passed"}, {"state": "waiting"})],
    "blockedsource_once": [Case(blocked_source, {"mark": "two"}, {"mark": "one"})],
    "usage_once": [Case(usage, {"mark": "another"}, {"mark": "one"})],
    "knownbrowser_once_of_account": [Case(known_browser, {"token_hash": "two"}, {"token_hash": "one"})],
    "passkey_once": [Case(passkey, {"credential_id": "two"}, {"credential_id": "one"})],
    "tally_once": [Case(tally, {"reason": "rule.3"}, {"reason": "rule.1"})],
    "ballot_once": [Case(ballot, {"given_with": "a third"}, {"given_with": "a code"})],
    "ballot_once_of_network": [Case(ballot, {"of_network": 3}, {"of_network": 1})],
    "ballot_once_of_hour": [Case(ballot, {"of_hour": 3}, {"of_hour": 1})],
    "ballot_within_bounds": [
        Case(ballot, {"of_network": MAX_PER_NETWORK}, {"of_network": MAX_PER_NETWORK + 1}),
        Case(ballot, {"of_hour": MAX_PER_HOUR}, {"of_hour": MAX_PER_HOUR + 1}),
        Case(ballot, {"of_network": 3}, {"of_network": 0}),
        Case(ballot, {"hour": 23}, {"hour": 24}),
    ],
    "ballot_verdict_known": [Case(ballot, {"verdict": "fits"}, {"verdict": "Fits"})],
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
    "need_row_position_unique": [Case(need_row, {"position": 99}, {"position": 1})],
    "rule_position_unique": [Case(rule, {"position": 9}, {"position": 8})],
    "scenario_position_unique": [Case(scenario, {"position": 32}, {"position": 20})],
    "preview_token_unique": [Case(preview, {"token": "another"}, {"token": "one-of-them"})],
    "preview_expires_later": [Case(preview, {"expires_at": NOON + timedelta(days=1)}, {"expires_at": NOON})],
    "remark_key_unique": [Case(part(Remark, kind="advice", when={}), {"key": "new"}, {"key": "cto-first"})],
    "scenario_certainty_known": [Case(sure_scenario, {"certainty": ""}, {"certainty": "certain"})],
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
        Case(message, {"channel": "calendar", "to": ""}, {"channel": "calendar"}),
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
    "clockcheck_one_row": [Case(clock_check, {}, {"pk": 2})],
    "clockcheck_doubt_has_times": [
        Case(clock_check, {"doubt": "2029", "doubted_at": NOON, "noted_at": NOON}, {"doubt": "2029"}),
        Case(clock_check, {}, {"doubted_at": NOON}),
        Case(clock_check, {}, {"is_gap": True}),
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
    "leadalert_frequency_known": [Case(lead_alert, {"frequency": "daily"}, {"frequency": "Daily"})],
    "host_has_weight": [Case(host, {"weight": 1}, {"weight": 0})],
    "host_feed_token_unique": [Case(host, {"feed_token": "another"}, {"feed_token": "one-of-them"})],
    "window_weekday_known": [Case(window, {"weekday": 6}, {"weekday": 7})],
    "window_has_a_length": [
        Case(window, {"ends": time(9, 1)}, {"ends": time(9)}),
        Case(window, {"begins": time(0), "ends": time(0)}, {"begins": time(1), "ends": time(1)}),
    ],
    "exception_days_in_order": [
        Case(exception, {"last_day": NOON.date()}, {"last_day": NOON.date() - timedelta(days=1)})
    ],
    "exception_hours_have_a_length": [
        Case(exception, {"begins": time(10), "ends": time(9)}, {"begins": time(10), "ends": time(10)}),
        Case(exception, {"is_extra": False}, {"is_extra": True}),
    ],
    "busycalendar_user_has_a_password": [
        Case(busy_calendar, {"user_name": "host", "password": "encrypted"}, {"user_name": "host"}),
        Case(busy_calendar, {}, {"password": "encrypted"}),
    ],
    "busycalendar_takes_calls_with_a_password": [
        Case(busy_calendar, {"takes_calls": True, "user_name": "host", "password": "encrypted"}, {"takes_calls": True}),
    ],
    "busycalendar_takes_calls_once": [Case(second_busy_calendar, {"takes_calls": False}, {"takes_calls": True})],
    "busycalendar_when_stale_known": [Case(busy_calendar, {"when_stale": "everything"}, {"when_stale": "perhaps"})],
    "busycalendar_stale_within_a_week": [
        Case(busy_calendar, {"stale_after_hours": 1}, {"stale_after_hours": 0}),
        Case(busy_calendar, {"stale_after_hours": 168}, {"stale_after_hours": 169}),
    ],
    "busycalendar_failing_has_an_error": [
        Case(busy_calendar, {"failures": 1, "failing_since": NOON, "last_error": "It hung."}, {"failures": 1}),
        Case(busy_calendar, {}, {"last_error": "It hung."}),
        Case(busy_calendar, {}, {"failures": 1, "failing_since": NOON}),
    ],
    "busycalendar_read_up_to_a_time": [
        Case(busy_calendar, {"read_at": NOON, "covers_until": NOON}, {"read_at": NOON}),
        Case(busy_calendar, {}, {"covers_until": NOON}),
    ],
    "call_slot_once": [
        Case(
            call,
            {"begins_at": NOON, "ends_at": NOON + SLOT_LENGTH, "status": "cancelled"},
            {"begins_at": NOON, "ends_at": NOON + SLOT_LENGTH, "status": "held"},
        )
    ],
    "call_token_unique": [Case(call, {"token": "another"}, {"token": "one-of-them"})],
    "call_uid_unique": [Case(call, {"uid": UUID(int=2)}, {"uid": UUID(int=1)})],
    "call_ends_after_it_begins": [
        Case(call, {"ends_at": NOON + SLOT_LENGTH + timedelta(seconds=1)}, {"ends_at": NOON + SLOT_LENGTH})
    ],
    "call_status_known": [Case(call, {"status": "no-show"}, {"status": "No-show"})],
    "call_agreed_when_held": [
        Case(call, {"status": "held", "agreed": "both-roles"}, {"status": "no-show", "agreed": "both-roles"})
    ],
    "resultmail_once_of_address": [Case(result_mail, {"of_address": 2}, {"of_address": 1})],
    "resultmail_once_of_day": [Case(result_mail, {"of_day": 2}, {"of_day": 1})],
    "resultmail_within_bounds": [
        Case(result_mail, {"of_address": MAX_PER_ADDRESS}, {"of_address": MAX_PER_ADDRESS + 1}),
        Case(result_mail, {"of_day": MAX_PER_DAY}, {"of_day": MAX_PER_DAY + 1}),
        Case(result_mail, {"of_day": 2}, {"of_day": 0}),
    ],
    "resultmail_keeps_no_address": [
        Case(result_mail, {"confirmed_at": NOON, "address": ""}, {"confirmed_at": NOON, "address": "a@example.com"})
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
    column = {field.name: field.column for field in meta.fields}
    columns = [f"{meta.db_table}.{column[field]}" for field in fields]
    return name in message or message == f"UNIQUE constraint failed: {', '.join(columns)}"
