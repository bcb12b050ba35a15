"""What staff paste into the fields and search boxes around leads."""

import pytest
from django.test import Client
from django.urls import reverse

from advisor.booking.models import Host
from advisor.delivery.models import Endpoint
from advisor.leads.models import Person, Tag
from tests.assessment.reading import Page
from tests.booking.hosts import make_host
from tests.content.admin_pages import beside, read_admin, save_in_admin
from tests.leads.asking import ask

pytestmark = pytest.mark.usefixtures("published")


def test_notes_and_next_steps_are_clean(visitor: Client, sales: Client) -> None:
    lead = ask(visitor)

    save_in_admin(
        sales,
        lead,
        {"next_step": "\u200bSend\u00a0references\ufeff", "next_step_on": "2027-03-04", "note": "\ufeffTwo\u2028lines"},
    )

    lead.refresh_from_db()
    assert lead.next_step == "Send references"
    assert lead.events.get(kind="note").words == "Two\nlines"


def test_a_tag_is_clean_and_one_of_which_nothing_can_be_seen_is_refused(superuser: Client) -> None:
    superuser.post(reverse("admin:leads_tag_add"), {"name": "\u200bwarm\u00a0 lead\ufeff"})
    refused = Page(superuser.post(reverse("admin:leads_tag_add"), {"name": "\u2800"}), strict=False)

    assert [tag.name for tag in Tag.objects.all()] == ["warm lead"]
    assert beside(refused, "name") == "Please fill in “Name”."


def test_a_host_is_clean(superuser: Client) -> None:
    host = make_host()

    save_in_admin(
        superuser,
        host,
        {
            "name": "\u200bThe\u00a0host",
            "email": "The host <host@Müller.example>\u200b",
            "place_details": " https://meet.example.com/a\u200b",
        },
    )

    host = Host.objects.get(pk=host.pk)
    assert (host.name, host.email, host.place_details) == (
        "The host",
        "host@müller.example",
        "https://meet.example.com/a",
    )


def test_the_name_of_an_endpoint_is_clean() -> None:
    endpoint = Endpoint(name="\ufeffCRM\u200b", address="https://crm.example.com/\u200b", events=["lead.created"])

    endpoint.full_clean()

    assert (endpoint.name, endpoint.address) == ("CRM", "https://crm.example.com/")


@pytest.mark.parametrize(
    "typed", ["Jorg <JORG@müller.example>", "mailto:jorg@müller.example", "jorg@xn--mller-kva.example\u200b"]
)
def test_a_person_is_found_by_an_address_however_it_was_pasted(visitor: Client, superuser: Client, typed: str) -> None:
    ask(visitor, email="Jorg@Müller.example")
    person = Person.objects.get()

    page = read_admin(superuser, f"{reverse('admin:leads_person_changelist')}?q={typed}")

    assert person.email in page.text("table[@id='result_list']")
