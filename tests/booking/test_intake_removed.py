"""What happens to a request that waits when its host is deleted, or its person is erased."""

import pytest
from django.test import Client
from django.urls import reverse
from pytest_django import Settings

from advisor.booking.intake import RequestClosedError, cancel_and_block, confirm
from advisor.booking.models import Host, Intake, IntakeState
from advisor.leads.models import Lead, Person
from tests.booking.hosts import make_host
from tests.booking.intakes import link_to, send, use_up, waits
from tests.booking.test_erasure import everything
from tests.clock import NOW
from tests.content.admin_pages import admin_address, read_admin

pytestmark = pytest.mark.usefixtures("published")


@pytest.fixture(autouse=True)
def _limits_as_on_a_site_of_its_own(settings: Settings) -> None:
    settings.FORM_LIMITS = True


@pytest.fixture
def waiting(host: Host) -> Intake:
    """A request that waits, of somebody who asked without a time before, and as they typed their address this time."""
    send(1, network=5)
    use_up()
    send(1, slot=0, email="Asker-1@1.Example.com", message="Only in what waits.")
    waits(2, network=1)
    return Intake.objects.get(details__message="Only in what waits.")


def test_a_host_with_a_held_time_is_deleted_and_the_request_waits_on(
    visitor: Client, superuser: Client, host: Host
) -> None:
    use_up()
    intake = waits(1, slot=0)
    other = make_host("second")

    assert superuser.post(admin_address(host, "delete"), {"post": "yes"}).status_code == 302

    assert not Host.objects.filter(pk=host.pk).exists()
    intake.refresh_from_db()
    assert (intake.state, intake.is_held(NOW)) == (IntakeState.WAITING, False)
    assert visitor.post(link_to(intake)).status_code == 302
    assert Lead.objects.get(email="asker-1@1.example.com").call.host == other


def test_what_waits_is_disclosed(superuser: Client, waiting: Intake) -> None:
    person = Person.objects.get(email="asker-1@1.example.com")

    page = read_admin(superuser, reverse("admin:leads_person_disclosure", args=[person.pk]))

    assert "Only in what waits." in page.text("div[@id='content']")
    assert "asker-2@2.example.com" not in page.text("div[@id='content']")


@pytest.mark.parametrize("erased", ["person", "lead"])
def test_what_waits_is_erased_with_its_person(visitor: Client, superuser: Client, waiting: Intake, erased: str) -> None:
    person = Person.objects.get(email="asker-1@1.example.com")
    link = link_to(waiting)

    superuser.post(admin_address(person if erased == "person" else person.lead_set.get(), "delete"), {"post": "yes"})

    left = everything()
    assert not [words for words in ("asker-1@1", "Asker-1@1", "Only in what waits.") if words in left]
    assert Intake.objects.get(state=IntakeState.WAITING).details["email"] == "asker-2@2.example.com"
    assert visitor.post(link).status_code == 404


def test_what_was_erased_a_moment_ago_is_neither_confirmed_nor_blocked(waiting: Intake) -> None:
    Intake.objects.filter(pk=waiting.pk).delete()

    with pytest.raises(RequestClosedError):
        confirm(intake=waiting, now=NOW)
    assert cancel_and_block(network=waiting.network, label="a network", by="seller", now=NOW)
    assert not Lead.objects.filter(message="Only in what waits.").exists()
