"""The demonstration: everything is there, marked, silent, and gone with one command."""

from collections import Counter
from io import StringIO

import pytest
from django.contrib.auth import get_user_model
from django.core.management import CommandError, call_command
from django.db.models import Sum

from advisor.booking.models import Call, CallStatus, Host
from advisor.content.editions import LoadedEdition
from advisor.delivery.models import Message, State
from advisor.funnel.models import Count, SourceTotal, Step, Total
from advisor.funnel.spans import Span
from advisor.funnel.steps import CountKey
from advisor.funnel.sums import write
from advisor.leads.models import Lead, Person, Status
from tests.booking.conftest import Book
from tests.booking.hosts import make_host
from tests.clock import NOW
from tests.conftest import GUIDE


def demo(*arguments: str) -> str:
    out = StringIO()
    call_command("demo", *arguments, stdout=out)
    return out.getvalue()


def test_there_are_hosts_in_two_zones_leads_in_every_state_and_calls_of_every_kind(published: LoadedEdition) -> None:
    demo()

    assert {host.zone for host in Host.objects.all()} == {"Europe/Riga", "America/New_York"}
    assert {lead.status for lead in Lead.objects.all()} == set(Status)
    assert {lead.outcome for lead in Lead.objects.all()} == {outcome.key for outcome in published.guide.outcomes}
    assert {call.status for call in Call.objects.all()} == set(CallStatus)
    assert Call.objects.filter(status=CallStatus.BOOKED, begins_at__gt=NOW).exists()
    assert not Call.objects.filter(status=CallStatus.BOOKED, lead__is_open=False).exists()
    assert not Call.objects.filter(status=CallStatus.HELD, begins_at__gt=NOW).exists()


def test_all_of_it_is_marked_and_no_mail_goes_out(published: LoadedEdition) -> None:
    demo()

    assert all(lead.name.startswith("Demo visitor") for lead in Lead.objects.all())
    assert all(person.email.endswith("@demo.example.com") for person in Person.objects.all())
    assert all(host.name.startswith("Demo host") for host in Host.objects.all())
    assert Counter(message.state for message in Message.objects.all()).keys() == {State.WITHDRAWN}


def test_its_steps_are_counted_and_marked_by_their_source(published: LoadedEdition) -> None:
    demo()

    counts = Count.objects.all()
    assert {count.step for count in counts} == set(Step)
    assert {count.source for count in counts} == {"demonstration"}
    assert Count.objects.filter(step=Step.LEAD).aggregate(Sum("number"))["number__sum"] == Lead.objects.count()


def test_removed_it_leaves_the_steps_that_are_real(published: LoadedEdition) -> None:
    demo()
    day = Total.objects.filter(step=Step.LANDING, span=Span.DAY).latest("day").day
    write({CountKey(GUIDE, "landing", day, 1, "", "", "newsletter", "own"): 3})

    demo("--remove")

    assert [(count.source, count.number) for count in Count.objects.all()] == [("newsletter", 3)]
    left = {(span.value, span.first(day), 3) for span in Span}
    assert set(Total.objects.values_list("span", "day", "number")) == left
    assert set(SourceTotal.objects.values_list("span", "day", "number")) == left
    assert {total.source for total in SourceTotal.objects.all()} == {"newsletter"}


def test_made_twice_it_is_there_once(published: LoadedEdition) -> None:
    demo()
    leads = Lead.objects.count()

    said = demo()

    assert Lead.objects.count() == leads
    assert "is there already" in said


def test_removed_it_leaves_what_is_real(published: LoadedEdition, book: Book) -> None:
    make_host()
    real = book(0)
    demo()

    said = demo("--remove")

    assert "Removed the demonstration" in said
    assert "Removed as well" not in said
    assert [lead.pk for lead in Lead.objects.all()] == [real.lead.pk]
    assert [call.pk for call in Call.objects.all()] == [real.pk]
    assert [host.name for host in Host.objects.all()] == ["The host"]
    assert {message.about for message in Message.objects.all()} == {real.lead.topic}
    assert not get_user_model().objects.filter(username__startswith="demo-").exists()


@pytest.mark.usefixtures("empty_database")
def test_without_the_first_guide_it_says_what_to_do() -> None:
    with pytest.raises(CommandError, match=r"run manage\.py seed"):
        demo()


def test_what_was_booked_with_its_hosts_goes_with_it(published: LoadedEdition, book: Book) -> None:
    demo()
    host = Host.objects.get(zone="Europe/Riga")
    Host.objects.exclude(pk=host.pk).update(is_active=False)
    real = book(0)
    assert real.host == host

    said = demo("--remove")

    assert "Removed as well: 1 that visitors had booked with these hosts." in said
    assert not Host.objects.exists()
    assert not Call.objects.exists()
    assert not Person.objects.exists()
    assert not Message.objects.exists()
