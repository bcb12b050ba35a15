"""Who asks to be erased leaves nothing behind: neither a call nor a mail nor a word in a log."""

import json

import pytest
from django.apps import apps
from django.contrib.admin.models import LogEntry
from django.core import serializers
from django.db.models import Model
from django.test import Client

from advisor.booking.models import Call, Host
from advisor.delivery.models import Message
from advisor.leads.models import Lead
from tests.booking.conftest import Book
from tests.booking.hosts import send_due
from tests.content.admin_pages import admin_address, save_in_admin


def everything() -> str:
    """Every row of every table of ours, and Django's log of changes, as text."""
    models: list[type[Model]] = [LogEntry]
    models += [model for model in apps.get_models() if model.__module__.startswith("advisor.")]
    rows = [row for model in models for row in model._default_manager.all()]
    return json.dumps(json.loads(serializers.serialize("json", rows)), ensure_ascii=False)


@pytest.mark.parametrize("erased", ["person", "lead"])
def test_a_person_with_a_call_leaves_no_trace(superuser: Client, host: Host, book: Book, erased: str) -> None:
    call, other = book(0), book(2, email="second@example.com", name="Another", company="Looms", message="")
    save_in_admin(superuser, call, {"status": "cancelled", "reason": "Asked to be erased."})
    assert "asker@example.com" in everything()

    superuser.post(admin_address(call.lead if erased == "lead" else call.lead.person, "delete"), {"post": "yes"})

    left = everything()
    assert not [words for words in ("The Asker", "asker@example.com", "Engines Ltd", call.token) if words in left]
    assert [kept.pk for kept in Call.objects.all()] == [other.pk]
    assert Message.objects.filter(about=other.lead.topic).exists()


def test_sales_may_erase_a_person_with_a_call(sales: Client, host: Host, book: Book) -> None:
    call = book(0)
    send_due()

    sales.post(admin_address(call.lead.person, "delete"), {"post": "yes"})

    assert not Lead.objects.exists()
    assert not Call.objects.exists()
    assert [message.to for message in Message.objects.all()] == [host.email]
