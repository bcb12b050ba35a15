"""What is kept too long goes, in words and numbers, in pieces; nothing else does."""

import re
from collections.abc import Callable, Iterator
from datetime import datetime, timedelta
from io import StringIO

import pytest
import time_machine
from django.contrib.admin.models import ADDITION, CHANGE, DELETION, LogEntry
from django.contrib.auth import get_user_model
from django.contrib.contenttypes.models import ContentType
from django.core.exceptions import ImproperlyConfigured
from django.core.management import CommandError, call_command
from django.db import connection
from django.test import Client
from pytest_django import Settings

from advisor.booking.models import Call
from advisor.data_policy import DataPolicy, retention_rules
from advisor.delivery import retention
from advisor.delivery.models import Message, State
from advisor.environment import days
from advisor.leads import privacy
from advisor.leads.actions.sales import note, plan
from advisor.leads.models import Event, EventKind, Lead, Person, Status
from tests.conftest import database_down
from tests.delivery.writing import NOON, write
from tests.leads.asking import ask

pytestmark = pytest.mark.django_db

DAY = timedelta(days=1)


@pytest.fixture(autouse=True)
def _noon() -> Iterator[None]:
    with time_machine.travel(NOON, tick=False):
        yield


def run(*arguments: str, at: datetime = NOON) -> list[str]:
    """The lines of the report."""
    out = StringIO()
    with time_machine.travel(at, tick=False):
        call_command("retention", *arguments, stdout=out)
    return out.getvalue().splitlines()


def age(lead: Lead, days: int, **fields: object) -> Lead:
    """A lead that was asked for so many days ago, and nothing since."""
    then = NOON - days * DAY
    Event.objects.filter(lead=lead).delete()
    Lead.objects.filter(pk=lead.pk).update(requested_at=then, consented_at=then, **fields)
    Person.objects.filter(pk=lead.person_id).update(created_at=then)
    lead.refresh_from_db()
    return lead


OPEN: dict[str, str] = {"status": Status.NEW}
LOST: dict[str, str] = {"status": Status.LOST, "lost_reason": "No budget."}
SPAM: dict[str, str] = {"status": Status.SPAM}


@pytest.mark.parametrize(
    ("fields", "days"),
    [
        *[({"status": status}, 730) for status in (Status.NEW, Status.CONTACTED, Status.QUALIFIED, Status.WON)],
        (LOST, 365),
        (SPAM, 30),
    ],
)
@pytest.mark.usefixtures("published")
def test_a_request_stays_to_its_last_day_and_no_longer(visitor: Client, fields: dict[str, str], days: int) -> None:
    lead = age(ask(visitor), days, **fields)

    run()
    stayed = Lead.objects.filter(pk=lead.pk).exists()
    run(at=NOON + timedelta(seconds=1))

    assert stayed
    assert not Lead.objects.exists()
    assert not Person.objects.exists()


def with_a_note(lead: Lead) -> None:
    note(lead=lead, kind=EventKind.NOTE, words="Still there.", by="seller", now=NOON - 729 * DAY)


def with_a_plan(lead: Lead) -> None:
    plan(lead=lead, step="Call again", on=NOON.date(), by="seller", now=NOON - 900 * DAY)


@pytest.mark.parametrize("happened", [with_a_note, with_a_plan])
@pytest.mark.usefixtures("published")
def test_what_happens_with_a_request_keeps_it(visitor: Client, happened: Callable[[Lead], None]) -> None:
    lead = age(ask(visitor), 1000)
    happened(lead)

    run()

    assert Lead.objects.filter(pk=lead.pk).exists()


@pytest.mark.usefixtures("published")
def test_what_happens_in_the_moment_of_removing_keeps_it(visitor: Client, monkeypatch: pytest.MonkeyPatch) -> None:
    lead, other = age(ask(visitor), 1000), age(ask(visitor, email="other@example.com"), 1000)
    policy = DataPolicy(before_erasing=lambda leads, now: with_a_note(lead))
    monkeypatch.setattr(privacy, "data_policies", lambda: [policy])

    run()

    assert list(Lead.objects.all()) == [lead]
    assert list(Person.objects.all()) == [lead.person]
    assert other.person_id != lead.person_id


@pytest.mark.usefixtures("published")
def test_a_request_that_was_merged_stays_as_long_as_the_one_it_became_a_part_of(visitor: Client) -> None:
    lead, merged = age(ask(visitor), 1000), age(ask(visitor, email="again@example.com"), 1000)
    Lead.objects.filter(pk=merged.pk).update(merged_into=lead)
    with_a_note(lead)

    run()

    assert Lead.objects.count() == 2


@pytest.mark.usefixtures("published")
def test_a_request_stays_as_long_as_one_that_became_a_part_of_it(visitor: Client) -> None:
    lead, merged = age(ask(visitor), 1000), age(ask(visitor, email="again@example.com"), 1000)
    Lead.objects.filter(pk=merged.pk).update(merged_into=lead)
    merged.events.create(at=NOON - DAY, kind=EventKind.HELD)

    run()

    assert Lead.objects.count() == 2


@pytest.mark.usefixtures("published")
def test_taking_requests_out_as_a_file_keeps_none_of_them_longer(visitor: Client) -> None:
    lead = age(ask(visitor), 1000)
    lead.events.create(at=NOON, kind=EventKind.EXPORTED, by="seller")

    run()

    assert not Lead.objects.exists()


@pytest.mark.usefixtures("published")
def test_a_person_stays_for_a_request_that_stays(visitor: Client) -> None:
    age(ask(visitor), 1000)
    kept = ask(visitor)

    run()

    assert list(Lead.objects.all()) == [kept]
    assert list(Person.objects.all()) == [kept.person]


def test_an_address_without_a_request_goes() -> None:
    Person.objects.create(email="old@example.com", created_at=NOON - 31 * DAY)
    Person.objects.create(email="new@example.com", created_at=NOON - 29 * DAY)

    run()

    assert [person.email for person in Person.objects.all()] == ["new@example.com"]


@pytest.mark.parametrize("state", [State.FAILED, State.WITHDRAWN, State.EXPIRED, State.SENT])
def test_a_message_goes_with_its_attempts_once_it_does_not_wait_any_more(state: State) -> None:
    old, waiting, young = (write(due_at=NOON - days * DAY) for days in (91, 91, 90))
    old.attempt_set.create(at=NOON, error="550")
    Message.objects.exclude(pk=waiting.pk).update(state=state, sent_at=NOON if state == State.SENT else None)

    run()

    assert set(Message.objects.all()) == {waiting, young}


def test_history_goes_and_what_was_erased_stays_on_record() -> None:
    user = get_user_model().objects.create(username="chief")
    kinds = (Person, Message, Call, get_user_model())
    people, messages, calls, users = [ContentType.objects.get_for_model(kind) for kind in kinds]
    for age_in_days, kind, flag, name in [
        (731, people, CHANGE, "asker@example.com"),
        (730, people, CHANGE, "kept@example.com"),
        (731, people, DELETION, "erased"),
        (731, people, CHANGE, "erased"),
        (731, messages, CHANGE, "lead-7-visitor"),
        (731, calls, CHANGE, "Call on 30 November 2026, 07:00 UTC"),
        (731, users, ADDITION, "a colleague"),
    ]:
        LogEntry.objects.create(
            user=user,
            content_type=kind,
            object_id="1",
            object_repr=name,
            action_flag=flag,
            action_time=NOON - age_in_days * DAY,
        )

    run()

    left = set(LogEntry.objects.values_list("object_repr", "action_flag"))
    assert left == {("kept@example.com", CHANGE), ("erased", DELETION), ("a colleague", ADDITION)}


@pytest.fixture
def something_of_each(visitor: Client, published: object) -> None:
    """Two requests of each kind, an address and messages whose time has run out, and some whose has not."""
    Person.objects.create(email="lonely@example.com", created_at=NOON - 31 * DAY)
    for number, fields in enumerate([OPEN, OPEN, LOST, LOST, SPAM, SPAM]):
        age(ask(visitor, email=f"old-{number}@example.com"), 1000, **fields)
        ask(visitor, email=f"new-{number}@example.com")
    Message.objects.update(state=State.SENT, sent_at=NOON)
    for about in ("call 12", "call 12", Lead.objects.earliest("pk").topic):
        write(due_at=NOON - 91 * DAY, about=about)
    Message.objects.filter(due_at__lt=NOON - 90 * DAY).update(state=State.FAILED)


def counts() -> dict[str, int]:
    return {model.__name__: model._default_manager.count() for model in (Lead, Person, Message, LogEntry)}


@pytest.mark.usefixtures("something_of_each")
def test_a_dry_run_says_the_same_and_changes_nothing() -> None:
    before = counts()

    dry = run("--dry-run")
    unchanged = counts()
    real = run()

    assert unchanged == before
    assert dry[:-1] == real[:-1]
    assert (dry[-1], real[-1]) == ("Dry run: nothing was changed. 10 would go.", "10 were removed for good.")
    assert [int(line.split()[0]) for line in real[:-1]] == [*[0] * 6, 3, *[0] * 3, 1, 2, 2, 2, *[0] * 4]
    assert re.search(r"2  Requests that came to nothing: kept for one year after .+ \(KEEP_LOST_LEADS_DAYS\)", real[12])
    assert Lead.objects.count() == 6
    assert run()[-1] == "0 were removed for good."


class Killed(BaseException):
    """Not to be caught by anyone."""


@pytest.mark.usefixtures("something_of_each")
def test_a_run_that_is_killed_is_made_good_by_the_next(monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr(retention, "BATCH_SIZE", 1)
    removed = 0

    def die(execute: Callable[..., object], statement: str, *rest: object) -> object:
        nonlocal removed
        if statement.startswith("DELETE FROM") and "leads_lead" in statement.split("WHERE")[0]:
            removed += 1
            if removed == 3:
                raise Killed
        return execute(statement, *rest)

    with connection.execute_wrapper(die), pytest.raises(Killed):
        run()
    halfway = Lead.objects.count()
    run()

    assert 6 < halfway < 12
    assert Lead.objects.count() == 6
    assert Person.objects.count() == 6


@pytest.mark.usefixtures("something_of_each")
def test_the_worker_applies_it_every_night_and_says_so_in_one_line() -> None:
    report = retention.daily_job.run(NOON)

    again = retention.daily_job.run(NOON)

    assert "Requests that came to nothing: 2" in report
    assert "\n" not in report
    assert again == "Nothing was kept for longer than promised."


@pytest.mark.usefixtures("published")
def test_the_periods_are_those_of_the_settings(visitor: Client, settings: Settings) -> None:
    age(ask(visitor), 8)
    settings.KEEP_LEADS_DAYS = 7

    run()

    assert not Lead.objects.exists()


def test_without_a_database_it_says_so() -> None:
    with database_down(), pytest.raises(CommandError, match="The database cannot be reached"):
        run()


@pytest.mark.parametrize("value", ["0", "-1", "3651", "1.5", "two years", "٣", "9" * 5000])
def test_a_period_is_a_number_of_days_up_to_ten_years(monkeypatch: pytest.MonkeyPatch, value: str) -> None:
    monkeypatch.setenv("KEEP_LEADS_DAYS", value)

    with pytest.raises(ImproperlyConfigured, match=r"KEEP_LEADS_DAYS is .* from 1 to 3650"):
        days("KEEP_LEADS_DAYS", default=730)


@pytest.mark.parametrize(("value", "expected"), [("", 730), (" 1 ", 1), ("3650", 3650)])
def test_a_period_that_is_not_set_has_a_default(monkeypatch: pytest.MonkeyPatch, value: str, expected: int) -> None:
    monkeypatch.setenv("KEEP_LEADS_DAYS", value)

    assert days("KEEP_LEADS_DAYS", default=730) == expected


@pytest.mark.parametrize(
    ("days", "words"),
    [(1, "one day"), (30, "30 days"), (365, "one year"), (730, "two years"), (731, "731 days"), (3650, "10 years")],
)
def test_a_length_is_told_in_words(settings: Settings, days: int, words: str) -> None:
    settings.KEEP_SPAM_DAYS = days

    lengths = {rule.days_as_text for rule in retention_rules() if rule.setting == "KEEP_SPAM_DAYS"}

    assert lengths == {words}
