"""The removal guard: a wrong clock removes nothing, and nothing much goes unless a person confirms it."""

import ast
import logging
from collections.abc import Callable, Iterator
from contextlib import contextmanager
from datetime import datetime, timedelta
from io import StringIO
from pathlib import Path

import pytest
import time_machine
from django.contrib.admin.models import CHANGE, LogEntry
from django.contrib.auth import get_user_model
from django.contrib.contenttypes.models import ContentType
from django.core.management import CommandError, call_command
from django.db import connection
from django.test import Client
from pytest_django import Settings

import advisor
from advisor.accounts.models import Kind, KnownBrowser, LoginEvent
from advisor.booking.models import BlockedSource, Intake, IntakeState
from advisor.data_policy import retention_rules
from advisor.delivery import clock, job_runner, removal_guard, retention
from advisor.delivery.daily_jobs import DailyJob, daily_jobs
from advisor.delivery.job_runner import run_due_jobs
from advisor.delivery.models import Chore, ClockCheck, HeldRemoval, Message, State
from advisor.delivery.removal_guard import ALWAYS_ALLOWED, HeldError, Removal, check_removals, require_confirmation
from advisor.feedback.models import Line, VotingDay
from advisor.funnel.models import Count
from advisor.leads.models import Export, Format, Lead, Person, Status
from advisor.limits.models import Usage
from advisor.mailing.models import ResultMail
from tests.conftest import member_of
from tests.content.admin_pages import admin_address, admin_list, read_admin
from tests.delivery.writing import DAY, HOUR, MINUTE, NOON, SECOND, Clock, write

pytestmark = pytest.mark.django_db

YEAR = 365 * DAY
FAR = [pytest.param(3 * YEAR, id="three years ahead"), pytest.param(-3 * YEAR, id="three years behind")]


@pytest.fixture(autouse=True)
def _noon() -> Iterator[None]:
    with time_machine.travel(NOON, tick=False):
        yield


def more_leads(lead: Lead, number: int, *, days_ago: int, **fields: str) -> None:
    """As many leads as the one that is there, of the same person."""
    then = NOON - days_ago * DAY
    for _ in range(number):
        lead.pk, lead.requested_at, lead.consented_at = None, then, then
        for name, value in fields.items():
            setattr(lead, name, value)
        lead.save(force_insert=True)


@pytest.fixture
def leads(lead: Lead) -> int:
    """Requests of a year, none of which is due for long."""
    number = ALWAYS_ALLOWED + 10
    more_leads(lead, number - 1, days_ago=300)
    return number


def remove_at(now: datetime, *arguments: str) -> str:
    """What ``manage.py retention`` says at that time."""
    out = StringIO()
    with time_machine.travel(now, tick=False):
        call_command("retention", *arguments, stdout=out)
    return out.getvalue()


def held() -> HeldRemoval:
    return HeldRemoval.objects.get(ended_at=None)


@contextmanager
def deletions() -> Iterator[list[str]]:
    """Every statement that deletes rows meanwhile."""
    found: list[str] = []

    def watch(execute: Callable[..., object], statement: str, *rest: object) -> object:
        if statement.startswith("DELETE"):
            found.append(statement)
        return execute(statement, *rest)

    with connection.execute_wrapper(watch):
        yield found


def test_a_worker_whose_clock_is_three_years_ahead_removes_nothing_and_says_what_it_would_have(leads: int) -> None:
    run_due_jobs(Clock(NOON + 3 * YEAR))

    assert Lead.objects.count() == leads
    assert not Chore.objects.exists()
    found = held()
    told = (
        "The clock of this machine says 23 November 2029, 12:00 UTC, and the last time that is known to be right is "
        "24 November 2026."
    )
    assert found.reason.startswith(told)
    assert f"{leads} of {leads}: Requests we are working on, or that led to work" in found.lines


@pytest.mark.parametrize("wrong", FAR)
def test_with_such_a_clock_no_job_of_the_day_is_done(
    leads: int, monkeypatch: pytest.MonkeyPatch, wrong: timedelta
) -> None:
    done: list[datetime] = []

    def dust(now: datetime) -> str:
        done.append(now)
        return ""

    monkeypatch.setattr(job_runner, "daily_jobs", lambda: [*daily_jobs(), DailyJob("dusting", dust, 0)])

    run_due_jobs(Clock(NOON + wrong))

    assert done == []
    assert Lead.objects.count() == leads


@pytest.mark.parametrize("apart", [-DAY, -HOUR, HOUR, DAY], ids=str)
def test_up_to_a_day_apart_everything_goes_on(lead: Lead, apart: timedelta) -> None:
    more_leads(lead, 1, days_ago=40, status=Status.SPAM)

    remove_at(NOON + apart)

    assert Lead.objects.count() == 1
    assert not HeldRemoval.objects.exists()


@pytest.mark.parametrize("apart", [-DAY - SECOND, DAY + SECOND], ids=str)
def test_more_than_a_day_apart_even_one_record_waits(lead: Lead, apart: timedelta) -> None:
    more_leads(lead, 1, days_ago=40, status=Status.SPAM)
    # They know no time of their day.
    Count.objects.all().delete()

    with pytest.raises(CommandError, match="Nothing was removed"):
        remove_at(NOON + apart)

    assert Lead.objects.count() == 2


@pytest.mark.parametrize("wrong", FAR)
def test_every_rule_and_every_job_of_the_day_goes_by_the_removal_guard(
    leads: int, monkeypatch: pytest.MonkeyPatch, wrong: timedelta
) -> None:
    """A rule that is added needs a record here that it would remove."""
    ago, user = NOON - 15 * YEAR, get_user_model().objects.create(username="chief")
    first = Lead.objects.earliest("pk")
    more_leads(first, 1, days_ago=5000)
    more_leads(first, 1, days_ago=5000, status=Status.LOST, lost_reason="No budget.")
    more_leads(first, 1, days_ago=5000, status=Status.SPAM, lost_reason="")
    Person.objects.create(email="lonely@example.com", created_at=ago)
    Message.objects.filter(pk=write(due_at=ago).pk).update(state=State.FAILED)
    mailed = ResultMail.objects.create(
        code="222-Q9Q-03X", address_hash="x", asked_at=ago, day=ago.date(), of_address=1, of_day=1
    )
    Message.objects.filter(pk=write(key="mailed", due_at=ago).pk).update(
        state=State.SENT, sent_at=ago, about=mailed.topic
    )
    Export.objects.create(by="chief", format=Format.CSV, which="All", began_at=ago, seen_at=ago, rows=1)
    kind = ContentType.objects.get_for_model(Person)
    LogEntry.objects.create(
        user=user, content_type=kind, object_id="1", object_repr="x", action_flag=CHANGE, action_time=ago
    )
    Count.objects.create(guide="g", step="landing", day=ago.date(), edition=1, source="newsletter", number=1)
    LoginEvent.objects.create(at=ago, kind=Kind.FAILED)
    KnownBrowser.objects.create(account=user, token_hash="x", first_login_at=ago, last_login_at=ago)
    VotingDay.objects.create(day=ago.date())
    Usage.objects.create(what="call", mark="x", since=ago)
    waits = Intake.objects.create(key="x", token="x", state=IntakeState.WAITING, asked_at=ago, edition=1)
    Message.objects.filter(pk=write(key="asked", due_at=ago).pk).update(
        state=State.SENT, sent_at=ago, about=waits.topic
    )
    BlockedSource.objects.create(mark="x", blocked_at=ago)
    Line.objects.create(guide="g", edition=1, outcome="o", day=ago.date(), text="Not us.")
    now = NOON + wrong
    rules = retention_rules()
    assert [rule.records for rule in rules if not rule.due(rule.cutoff(now)).exists()] == []

    with deletions() as found:
        run_due_jobs(Clock(now))
        for job in daily_jobs():
            job.run(now)
        with pytest.raises(CommandError):
            remove_at(now)

    # What is wrong with editions is compared anew each night, whatever the date.
    assert [statement for statement in found if "content_editionfault" not in statement] == []
    assert held().number >= len(rules)


PLACES = {
    # Held by the removal guard: only retention calls what removes by a rule.
    "delivery/data_policy.py": {"remove_messages"},
    "leads/data_policy.py": {"remove_history"},
    "mailing/data_policy.py": {"remove_requests"},
    "feedback/data_policy.py": {"remove_lines", "remove_days"},
    "limits/data_policy.py": {"remove_usage"},
    "booking/data_policy.py": {"remove_intakes", "remove_blocks"},
    "accounts/data_policy.py": {"remove"},
    # A block, by whoever pressed the button.
    "booking/intake.py": {"unblock"},
    # Erasing: by retention, or by one who was shown what goes and pressed the button.
    "leads/privacy.py": {"_erase"},
    # An attempt to log in that does not count after all; a second factor by its owner, or by the operator.
    "accounts/throttle.py": {"begin_attempt"},
    "accounts/passkeys.py": {"remove"},
    "accounts/second_factor.py": {"begin_setup", "confirm_setup", "new_recovery_codes", "remove"},
    # Sessions that have ended, or are ended by their owner: a login, and nothing else, is lost with one.
    "accounts/own_sessions.py": {"begin_own_session", "end_sessions"},
    "accounts/sessions.py": {"clear_expired"},
    # The hours of the days from Tuesday on, replaced by Monday's, by hand.
    "booking/hours_page.py": {"copy_monday"},
    # A calendar of a host, taken away by hand.
    "booking/busy/actions.py": {"remove_calendar"},
    # The demonstration, by a command that looks first.
    "booking/demo.py": {"_remove"},
    "delivery/actions.py": {"forget"},
    # Of counts only the name of their source goes, by a rule; the demonstration takes its own away.
    "funnel/sums.py": {"remove_source", "forget_sources", "_subtract"},
    # A person is joined with another one, by whoever corrects an address; words by which a lead is found are made anew.
    "leads/actions/correcting.py": {"correct"},
    "leads/search/index.py": {"index"},
    # What the last comparison found wrong with an edition, and this one does not.
    "content/actions.py": {"delete_unpublished"},
    "content/drafts.py": {"delete_what_is_left"},
    "content/edition_check.py": {"check_every_edition"},
    # What an editor takes out of a draft, by hand.
    "content/editing/condition_table/saving.py": {"_write"},
    "content/editing/walks/writing.py": {"write_dimensions", "write_need"},
    "content/models/parts.py": {"delete"},
    # A symbolic link in a folder that somebody named on the command line, where a file is written in its place.
    "content/guide_folder.py": {"_write"},
    # Backups past their time, by a daily job, which does not run while the clock is in doubt; never the newest. And the
    # half of one whose process was killed.
    "operation/backups.py": {"remove_old_backups", "_remove_unfinished"},
    # The folder in which the processes of a Gunicorn counted, when it ends.
    "server.py": {"on_exit"},
    # Files of a process that was killed, found by the lock that it lost and not by a clock.
    "leads/export/files.py": {"sweep"},
}
"""Every place that deletes. A new one goes by the removal guard, or says here why it need not."""

DELETES = {"delete", "_raw_delete", "rmtree", "unlink", "truncate", "clear_expired"}


def deleting(source: str) -> Iterator[str]:
    """The functions in which something is deleted."""
    for function in ast.walk(ast.parse(source)):
        if isinstance(function, ast.FunctionDef):
            called = [node.func for node in ast.walk(function) if isinstance(node, ast.Call)]
            if any(isinstance(call, ast.Attribute) and call.attr in DELETES for call in called):
                yield function.name


def test_every_place_that_deletes_is_known() -> None:
    root = Path(advisor.__file__).parent
    modules = [path for path in root.rglob("*.py") if "migrations" not in path.parts]

    found = {path.relative_to(root).as_posix(): {*deleting(path.read_text(encoding="utf-8"))} for path in modules}

    assert {name: functions for name, functions in found.items() if functions} == PLACES


@pytest.mark.parametrize(
    ("number", "total", "is_held"),
    [
        (1, 1, False),
        (1, 2, False),
        (ALWAYS_ALLOWED, ALWAYS_ALLOWED, False),
        (ALWAYS_ALLOWED + 1, ALWAYS_ALLOWED + 1, True),
        (50, 500, False),
        (51, 500, True),
    ],
)
def test_a_large_share_of_many_waits_and_a_few_never_do(
    number: int,
    total: int,
    is_held: bool,  # noqa: FBT001
) -> None:
    due = [Removal("Requests", number, total)]

    try:
        check_removals(job="A job", removals=due, now=NOON)
        was_held = False
    except HeldError:
        was_held = True

    assert was_held is is_held
    assert HeldRemoval.objects.exists() is is_held


def test_a_period_that_was_shortened_waits_and_goes_on_when_it_is_put_right(leads: int, settings: Settings) -> None:
    settings.KEEP_LEADS_DAYS = 73
    with pytest.raises(CommandError, match=f"{leads - 1} of {leads} records would go at once"):
        remove_at(NOON)

    settings.KEEP_LEADS_DAYS = 730
    remove_at(NOON)

    assert Lead.objects.count() == leads
    assert HeldRemoval.objects.get().report == "No record of it is due any more."


def test_of_a_held_removal_nothing_of_another_kind_goes_either(leads: int, settings: Settings) -> None:
    settings.KEEP_LEADS_DAYS = 73
    Person.objects.create(email="lonely@example.com", created_at=NOON - 40 * DAY)

    with pytest.raises(CommandError):
        remove_at(NOON)

    assert Person.objects.filter(email="lonely@example.com").exists()


def test_a_first_start_with_nothing_in_the_database_warns_of_nothing(superuser: Client) -> None:
    run_due_jobs(Clock(NOON + 3 * YEAR))

    assert not HeldRemoval.objects.exists()
    assert Chore.objects.filter(name=retention.JOB).exists()


@pytest.mark.usefixtures("leads")
def test_a_start_after_three_weeks_without_anything_to_remove_warns_of_nothing() -> None:
    run_due_jobs(Clock(NOON + 21 * DAY))

    assert not HeldRemoval.objects.exists()


def test_after_three_weeks_it_waits_for_one_click_and_then_goes_on(leads: int) -> None:
    more_leads(Lead.objects.earliest("pk"), 2, days_ago=29, status=Status.SPAM)
    later = NOON + 21 * DAY
    run_due_jobs(Clock(later))
    waited = Lead.objects.count()

    with time_machine.travel(later + HOUR, tick=False):
        press(member_of("Owners"), held())
    run_due_jobs(Clock(later + HOUR))

    assert waited == leads + 2
    assert Lead.objects.count() == leads
    assert HeldRemoval.objects.get().report == "Removed."
    # What somebody confirmed shows that the clock is right.
    assert {chore.name for chore in Chore.objects.all()} == {job.name for job in daily_jobs()}


def test_a_clock_that_is_set_right_lets_go_by_itself(leads: int) -> None:
    more_leads(Lead.objects.earliest("pk"), 1, days_ago=40, status=Status.SPAM)
    run_due_jobs(Clock(NOON + 3 * YEAR))
    waited = held()

    run_due_jobs(Clock(NOON + HOUR))

    waited.refresh_from_db()
    assert waited.report == "The clock is right again."
    assert Lead.objects.count() == leads


def test_what_other_processes_write_by_the_same_wrong_clock_lets_nothing_go(leads: int) -> None:
    run_due_jobs(Clock(NOON + 3 * YEAR))
    wrong = NOON + 3 * YEAR + HOUR
    Count.objects.create(guide="g", step="landing", day=wrong.date(), edition=1, number=1)
    write(now=wrong)

    run_due_jobs(Clock(wrong))

    assert clock.check_clock(wrong)
    assert Lead.objects.count() == leads
    assert held().number >= leads


@pytest.mark.usefixtures("leads")
def test_one_record_of_a_time_when_a_clock_was_wrong_holds_nothing_up() -> None:
    Message.objects.filter(pk=write().pk).update(created_at=NOON + 3 * YEAR)

    assert clock.check_clock(NOON) == ""


def test_the_database_clock_counts_even_where_records_agree(leads: int, monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr(clock, "database_clock", lambda: NOON - 3 * YEAR)

    more_leads(Lead.objects.earliest("pk"), 1, days_ago=40, status=Status.SPAM)

    with pytest.raises(CommandError, match=r"and the clock of the database says 25 November 2023, 12:00 UTC"):
        remove_at(NOON)

    assert Lead.objects.count() == leads + 1


def test_postgresql_says_what_time_it_is_and_sqlite_has_no_clock_of_its_own(monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.undo()
    with time_machine.travel(NOON, tick=False), time_machine.travel(NOON + 3 * YEAR, tick=False):
        said = clock.database_clock()

    if connection.vendor == "sqlite":
        assert said is None
    else:
        assert said is not None
        assert said.utcoffset() == timedelta(0)


def test_what_was_confirmed_goes_as_it_was_shown_and_nothing_more(leads: int) -> None:
    more_leads(Lead.objects.earliest("pk"), ALWAYS_ALLOWED + 1, days_ago=31, status=Status.SPAM)
    more_leads(Lead.objects.earliest("pk"), 1, days_ago=29, status=Status.SPAM)
    Lead.objects.filter(status=Status.SPAM).update(lost_reason="")
    with pytest.raises(CommandError, match=f"--confirm {ALWAYS_ALLOWED + 1}"):
        remove_at(NOON)
    assert removal_guard.confirm(held=held(), by="chief", now=NOON)

    remove_at(NOON + DAY + HOUR)

    assert Lead.objects.filter(status=Status.SPAM).count() == 1
    assert Lead.objects.count() == leads + 1


def test_where_more_would_go_than_was_confirmed_it_waits_again(leads: int, settings: Settings) -> None:
    more_leads(Lead.objects.earliest("pk"), ALWAYS_ALLOWED + 1, days_ago=31, status=Status.SPAM)
    with pytest.raises(CommandError):
        remove_at(NOON)
    removal_guard.confirm(held=held(), by="chief", now=NOON)
    settings.KEEP_LEADS_DAYS = 73

    with pytest.raises(CommandError):
        remove_at(NOON)

    assert Lead.objects.count() == leads + ALWAYS_ALLOWED + 1
    assert held().confirmed_at is None


def test_on_the_command_line_it_is_confirmed_by_the_number_that_was_shown(leads: int, settings: Settings) -> None:
    settings.KEEP_LEADS_DAYS = 73
    with pytest.raises(CommandError, match=f"manage.py retention --confirm {leads - 1}"):
        remove_at(NOON)

    with pytest.raises(CommandError, match="No removal of 5 records is held"):
        remove_at(NOON, "--confirm", "5")
    untouched = Lead.objects.count()
    said = remove_at(NOON, "--confirm", str(leads - 1))

    assert untouched == leads
    assert said.endswith(f"{leads - 1} were removed for good.\n")
    assert Lead.objects.count() == 1
    assert HeldRemoval.objects.get().confirmed_by == "the command line"


def test_a_dry_run_holds_nothing_and_tells_what_would_go(leads: int, settings: Settings) -> None:
    settings.KEEP_LEADS_DAYS = 73

    said = remove_at(NOON, "--dry-run")

    assert f"{leads - 1} would go." in said
    assert not HeldRemoval.objects.exists()


def test_a_dry_run_confirms_nothing(leads: int, settings: Settings) -> None:
    settings.KEEP_LEADS_DAYS = 73
    with pytest.raises(CommandError, match=r"are not removed|Nothing was removed"):
        remove_at(NOON)

    with pytest.raises(CommandError, match="not allowed with argument"):
        remove_at(NOON, "--dry-run", "--confirm", str(leads - 1))

    assert held().confirmed_at is None
    assert Lead.objects.count() == leads


def test_it_is_written_into_the_log_once(leads: int, caplog: pytest.LogCaptureFixture) -> None:
    with caplog.at_level(logging.ERROR, "advisor.delivery"):
        for minute in range(5):
            run_due_jobs(Clock(NOON + 3 * YEAR + minute * timedelta(minutes=1)))

    lines = [record.getMessage() for record in caplog.records]
    assert len(lines) == 1
    assert "are not removed until someone confirms it. The clock of this machine says" in lines[0]


def test_a_person_at_the_command_line_confirms_what_is_much() -> None:
    much = [Removal("Requests of visitors", ALWAYS_ALLOWED + 1, ALWAYS_ALLOWED + 1), Removal("Other things", 0, 5)]

    with pytest.raises(
        removal_guard.ConfirmationRequiredError, match=rf"Nothing was removed.+--confirm {ALWAYS_ALLOWED + 1}"
    ):
        require_confirmation(removals=much, confirmed=None)
    with pytest.raises(removal_guard.ConfirmationRequiredError):
        require_confirmation(removals=much, confirmed=ALWAYS_ALLOWED)
    require_confirmation(removals=much, confirmed=ALWAYS_ALLOWED + 1)


def press(client: Client, record: HeldRemoval | ClockCheck) -> str:
    """What is said after the one button on the page of a record was pressed."""
    page = read_admin(client, admin_address(record))
    (form,) = [form for form in page.all("form[@method='post']") if "confirm" in form.get("action", "")]
    fields = {field.attrib["name"]: field.get("value", "") for field in form.iter("input") if field.get("name")}
    answer = client.post(form.attrib["action"], fields)
    return read_admin(client, answer["Location"]).text("ul[@class='messagelist']")


@pytest.mark.usefixtures("leads")
def test_the_front_page_says_what_waits_and_why(owner: Client, sales: Client) -> None:
    run_due_jobs(Clock(NOON + 3 * YEAR))

    for client in (owner, sales):
        page = read_admin(client, "/admin/")
        said = " ".join(page.texts("ul[@class='messagelist']"))
        assert f"Nothing is removed for now: {held().number} records wait until someone decides" in said
        assert "says 23 November 2029" in said
        assert admin_address(held()) in [link.get("href") for link in page.all("ul[@class='messagelist']//a")]


def test_its_page_names_and_counts_what_would_go_and_one_click_lets_it_go(
    leads: int, owner: Client, settings: Settings
) -> None:
    settings.KEEP_LEADS_DAYS = 73
    run_due_jobs(Clock(NOON))
    shown = read_admin(owner, admin_address(held())).text("div[@id='content']")

    said = press(owner, held())
    run_due_jobs(Clock(NOON))

    assert f"{leads - 1} of {leads}: Requests we are working on" in shown
    assert "24 November 2026, 12:00 UTC, by the clock of the web server" in shown
    assert "removed within minutes" in said
    assert Lead.objects.count() == 1
    found = HeldRemoval.objects.get()
    assert (found.confirmed_by, found.report) == ("one of Owners", "Removed.")
    assert LogEntry.objects.filter(content_type__model="heldremoval", user__username="one of Owners").exists()


def test_who_may_not_let_it_go_reads_it_and_has_no_button(leads: int, sales: Client, settings: Settings) -> None:
    settings.KEEP_LEADS_DAYS = 73
    run_due_jobs(Clock(NOON))
    page = read_admin(sales, admin_address(held()))

    answer = sales.post(f"{admin_list(HeldRemoval)}{held().pk}/confirm/")

    assert not [form for form in page.all("form") if "confirm" in form.get("action", "")]
    assert answer.status_code == 403
    assert held().confirmed_at is None


def test_a_page_that_shows_what_is_not_so_any_more_confirms_nothing(
    leads: int, owner: Client, settings: Settings
) -> None:
    settings.KEEP_LEADS_DAYS = 73
    run_due_jobs(Clock(NOON))
    before = f"{held().held_at.isoformat()} {held().number}"
    HeldRemoval.objects.update(number=leads + 100)

    owner.post(f"{admin_list(HeldRemoval)}{held().pk}/confirm/", {"shown": before})

    assert held().confirmed_at is None


def test_several_reasons_that_take_much_of_a_table_together_wait(lead: Lead, settings: Settings) -> None:
    more_leads(lead, 169, days_ago=1)
    more_leads(lead, 15, days_ago=40, status=Status.SPAM)
    settings.KEEP_LOST_LEADS_DAYS = 60
    more_leads(lead, 15, days_ago=70, status=Status.LOST, lost_reason="No budget.")

    run_due_jobs(Clock(NOON))

    assert held().reason == "30 of 200 records would go at once (15 %): leads, for 2 reasons."
    assert Lead.objects.count() == 200


def test_a_clock_after_days_without_a_worker_is_trusted_once_someone_says_that_it_is_right(
    lead: Lead, owner: Client
) -> None:
    run_due_jobs(Clock(NOON))
    later = NOON + 3 * DAY
    more_leads(lead, 1, days_ago=40, status=Status.SPAM)
    run_due_jobs(Clock(later))
    front = read_admin(owner, "/admin/").texts("ul[@class='messagelist']/li")

    with time_machine.travel(later + HOUR, tick=False):
        owner.force_login(get_user_model().objects.get(groups__name="Owners"))
        press(owner, ClockCheck.objects.get())
    run_due_jobs(Clock(later + HOUR))

    assert any("The clock of this machine says 27 November 2026, 12:00 UTC" in line for line in front)
    assert LogEntry.objects.get(action_flag=CHANGE).change_message == "Confirmed that the clock is right."
    assert Chore.objects.filter(day=later.date(), done_at__isnull=False).count() == len(daily_jobs())
    # What was held for the doubt alone needs no second decision.
    assert Lead.objects.count() == 1
    assert "The clock of this machine" not in " ".join(read_admin(owner, "/admin/").texts("li"))


@pytest.mark.usefixtures("leads")
def test_the_day_of_a_count_is_as_good_as_any_time_of_it() -> None:
    Message.objects.all().delete()
    Lead.objects.update(requested_at=NOON - 300 * DAY, consented_at=NOON - 300 * DAY)
    Count.objects.all().delete()
    Count.objects.create(guide="g", step="landing", day=NOON.date(), edition=1, number=1)
    midnight = NOON.replace(hour=0)

    def is_doubted_at_first(now: datetime) -> bool:
        ClockCheck.objects.all().delete()
        return bool(clock.check_clock(now))

    assert not any(map(is_doubted_at_first, (midnight, NOON, midnight + DAY, midnight + 2 * DAY - SECOND)))
    assert is_doubted_at_first(midnight + 2 * DAY + HOUR)


def test_the_right_clock_of_another_worker_leaves_the_doubt_to_be_seen() -> None:
    run_due_jobs(Clock(NOON))
    wrong = NOON + 3 * YEAR

    for minute in range(30):
        now = NOON + minute * MINUTE
        assert not clock.check_clock(now)
        assert clock.check_clock(wrong + minute * MINUTE)
        assert clock.current_doubt()

    # The other worker is stopped.
    for minute in range(30, 37):
        assert not clock.check_clock(NOON + minute * MINUTE)
    assert clock.current_doubt() is None


def test_nobody_can_confirm_a_clock_that_the_database_contradicts(
    owner: Client, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setattr(clock, "database_clock", lambda: NOON)
    clock.check_clock(NOON + 3 * DAY)
    page = read_admin(owner, admin_address(ClockCheck.objects.get()))

    with pytest.raises(CommandError, match="Set one of the two clocks right"):
        call_command("confirm_clock", stdout=StringIO())

    assert not [form for form in page.all("form") if "confirm" in form.get("action", "")]
    assert clock.check_clock(NOON + 3 * DAY)


def test_the_command_line_confirms_it_too() -> None:
    clock.check_clock(NOON)
    clock.check_clock(NOON + 3 * DAY)
    out = StringIO()

    call_command("confirm_clock", stdout=out)

    assert not clock.check_clock(NOON + 3 * DAY + HOUR)
    assert "is confirmed" in out.getvalue()
    with pytest.raises(CommandError, match="No clock is in doubt"):
        call_command("confirm_clock")


def test_what_sales_may_not_confirm_and_what_is_shown_no_more_confirms_no_clock(owner: Client, sales: Client) -> None:
    clock.check_clock(NOON)
    clock.check_clock(NOON + 3 * DAY)
    address = f"{admin_list(ClockCheck)}1/confirm/"

    answers = [
        sales.post(address, {"shown": (NOON + 3 * DAY).isoformat()}),
        owner.post(address, {"shown": (NOON + 30 * DAY).isoformat()}),
        owner.post(address, {"shown": "yesterday"}),
        owner.post(address, {"shown": "2026-11-27T12:00:00"}),
    ]

    assert [answer.status_code for answer in answers] == [403, 302, 302, 302]
    assert clock.check_clock(NOON + 3 * DAY)


def test_what_lives_for_a_day_goes_whatever_its_share() -> None:
    every_one = Removal("Requests to e-mail a result", 200, 200)

    assert every_one.is_large
    assert not every_one._replace(is_short_lived=True).is_large
