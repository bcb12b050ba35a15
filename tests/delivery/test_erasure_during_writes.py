"""Someone is erased while others write about them, each in a transaction of their own: nothing fails, nothing stays."""

from collections.abc import Iterator

import pytest

from tests.server import Database, manage, new_database

BEFORE = """
from threading import Event, Thread
from django.contrib.admin.models import LogEntry
from django.contrib.auth import get_user_model
from django.db import connections
from django.utils import timezone
from advisor.leads import privacy
from advisor.leads.models import Person

now, met = timezone.now(), Event()
user = get_user_model().objects.create(username="chief", is_superuser=True)
person = Person.objects.create(email="asker@example.com", created_at=now)

def beside(work):
    def run():
        try:
            work()
            met.set()
        finally:
            connections.close_all()
    thread = Thread(target=run)
    thread.start()
    # Whoever is kept waiting goes on when this transaction has ended.
    met.wait(1)
    return thread
"""

A_WORKER_COMES_BACK = """
from random import Random
from advisor.delivery.actions import send_mail
from advisor.delivery.models import Attempt, Message
from advisor.delivery.outbox import claim, record_attempt
from advisor.delivery.attempt_result import AttemptResult

send_mail(key="x", about="digest 1", to=person.email, subject="New", text="New", html="", now=now)
message = claim(worker="one", now=now)
refused = AttemptResult(error="550 no such user <asker@example.com>")
collected = privacy._collected

def comes_back():
    record_attempt(message=message, worker="one", result=refused, now=now, dice=Random(1))

def slowly(*given):
    found = collected(*given)
    threads.append(beside(comes_back))
    return found

threads, privacy._collected = [], slowly
print(privacy.erase(subject=person, by=user, now=now))
threads[0].join()
print(Person.objects.count(), Message.objects.count(), Attempt.objects.count())
"""

THEIR_FILE_IS_MADE = """
from django.test import RequestFactory
from advisor.leads.admin import people

made, threads = people.as_file, []

def slowly(person, *, now):
    content = made(person, now=now)
    threads.append(beside(lambda: print(privacy.erase(subject=person, by=user, now=now))))
    return content

people.as_file = slowly
request = RequestFactory().post("/")
request.user = user
print(people.disclosure_file(request, person.pk).status_code)
threads[0].join()
print(Person.objects.count(), sorted(LogEntry.objects.values_list("object_repr", flat=True)))
"""


@pytest.fixture
def database() -> Iterator[Database]:
    made = new_database(seeded=True)
    yield made
    made.drop()


def said(database: Database, script: str) -> list[str]:
    """What a process says that does this with a database of its own."""
    return manage("shell", "--no-imports", "--command", BEFORE + script, database=database).splitlines()


def test_a_worker_that_comes_back_in_between_is_no_obstacle(database: Database) -> None:
    assert said(database, A_WORKER_COMES_BACK) == ["Erased: 1 person, 1 message.", "0 0 0"]


def test_that_their_file_was_made_at_that_moment_stays_on_record_without_a_name(database: Database) -> None:
    lines = said(database, THEIR_FILE_IS_MADE)

    assert sorted(lines[:2]) == ["200", "Erased: 1 person."]
    assert lines[2] == "0 ['erased', 'erased']"
