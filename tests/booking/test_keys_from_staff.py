"""Addresses that are keys are for those they were sent to: staff read everything else about a call."""

import json
from datetime import timedelta

import pytest
from django.conf import settings
from django.test import Client
from django.urls import reverse
from pytest_django import Settings

from advisor.booking.models import Call, Host, Intake
from advisor.delivery.models import Message
from advisor.key_addresses import masked
from advisor.leads.desk.timeline import timeline
from advisor.leads.models import Submission
from advisor.limits.stamps import stamp_of
from tests.assessment.reading import read
from tests.booking.conftest import Book
from tests.clock import NOW
from tests.content.admin_pages import admin_address, read_admin

pytestmark = pytest.mark.usefixtures("host")


def hidden(key: str, text: str) -> bool:
    """Whether neither half of a key is in a text: a line may end in the middle of it."""
    return key[:16] not in text and key[-16:] not in text


def test_no_message_shows_the_address_of_a_visitors_page(book: Book, owner: Client) -> None:
    call = book()
    sent = [message for message in Message.objects.all() if call.token in message.text]

    pages = [read_admin(owner, admin_address(message)) for message in sent]

    assert sent
    assert all("/calls/…/" in page.text("main") for page in pages)
    assert all(hidden(call.token, page.html) for page in pages)


def test_what_is_kept_about_a_person_is_told_without_the_keys(
    book: Book, superuser: Client, settings: Settings
) -> None:
    settings.FORM_LIMITS = True
    call = book(key="key-of-the-form", stamp=stamp_of("key-of-the-form", now=NOW - timedelta(minutes=1)))
    (intake,) = Intake.objects.all()
    assert intake.lead == call.lead
    (submission,) = Submission.objects.all()
    assert any(call.token in message.html for message in Message.objects.all())

    page = superuser.get(reverse("admin:leads_person_disclosure", args=[call.lead.person_id])).content.decode()
    file = superuser.post(reverse("admin:leads_person_disclosure_file", args=[call.lead.person_id])).json()

    for shown in (page, json.dumps(file)):
        assert hidden(call.token, shown)
        assert hidden(submission.key, shown)
        assert "Change the time or cancel the call" in shown


@pytest.mark.parametrize("length", range(20))
def test_a_calendar_file_is_masked_wherever_its_lines_end(length: int) -> None:
    key = "Zm9yIG9uZSB0ZXN0IG9ubHksIG5vIGtleQ"
    address = f"DESCRIPTION:{'x' * length} https://advisor.example.com/calls/{key}/"
    folded = "\r\n ".join(address[start : start + 40] for start in range(0, len(address), 40))

    shown = masked(f"BEGIN:VCALENDAR\r\n{folded}\r\nEND:VCALENDAR")

    assert "/calls/…/" in shown
    assert hidden(key, shown)


def test_who_only_reads_hosts_does_not_see_the_address_of_their_calendar(
    host: Host, owner: Client, superuser: Client
) -> None:
    address = settings.SITE_URL + reverse("host-feed", args=[host.feed_token])

    for_reading, for_changing = read_admin(owner, admin_address(host)), read_admin(superuser, admin_address(host))

    assert hidden(host.feed_token, for_reading.html)
    assert address in for_changing.html


def test_what_is_done_by_a_visitors_own_link_is_written_down_as_theirs(book: Book, visitor: Client) -> None:
    call = book()

    read(visitor, f"{call.path}cancel/").form.send(visitor, {"reason": "Something came up."})

    (entry,) = [entry for entry in timeline(Call.objects.get().lead) if entry.what == "Call cancelled"]
    assert entry.by == "the visitor"
