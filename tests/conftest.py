"""What every test may rely on: the first guide is published as edition 1, and no other machine is reached."""

import gc
import os
import socket
import sqlite3
from collections.abc import Callable, Iterator
from contextlib import closing, contextmanager
from datetime import timedelta
from functools import cache
from importlib import import_module
from typing import Any

import pytest
import time_machine
from django.conf import settings
from django.contrib.auth import get_user_model
from django.contrib.auth.models import Group
from django.db import DatabaseError, OperationalError, connection
from django.db.backends.base.base import BaseDatabaseWrapper
from django.db.backends.signals import connection_created
from django.test import Client
from django.test.client import ClientHandler
from django.test.utils import override_settings
from pytest_django import DjangoDbBlocker

from advisor.booking import availability
from advisor.content import editions
from advisor.content.editions import LoadedEdition, edition_cache
from advisor.content.models import Guide
from advisor.content.readiness import readiness
from advisor.delivery import clock
from advisor.funnel.buffer import buffer
from advisor.leads.models import Lead
from advisor.operation.exposition import figures
from tests.clock import NOW
from tests.server import SqliteDatabase, new_database

FROZEN = import_module("advisor.content.migrations.0002_frozen_editions")

GUIDE = "cto-or-head-of-ai"

ANSWERS = {
    "fractional-cto": "software=yes&signal=messy-stack&ai=no&signal=none.ai&both=software",
    "head-of-ai": "software=no&signal=none.software&ai=yes&signal=ai-is-the-product&signal=ai-risks&both=ai",
    "both-roles": (
        "software=yes&signal=messy-stack&ai=yes&signal=ai-risks&both=both"
        "&team-size=ten-or-more&ai-place=core&scope=hands-on"
    ),
    "one-leader": (
        "software=yes&signal=directionless-team&ai=yes&signal=ai-risks&both=both"
        "&team-size=under-ten&ai-place=feature&scope=strategy"
    ),
    "not-yet": "software=no&signal=none.software&ai=no&signal=none.ai&both=neither",
}
"""A complete set of answers, in canonical order, for each outcome of the first guide."""


def pytest_xdist_auto_num_workers() -> int:
    """One process more than there are processors: tests in a browser wait for half of their time."""
    return (os.cpu_count() or 1) + 1


def pytest_collection_finish(session: pytest.Session) -> None:
    """What is there by now stays until the end. The garbage collector need not look at it again and again."""
    gc.collect()
    gc.freeze()


def pytest_collection_modifyitems(items: list[pytest.Item]) -> None:
    """The room without Django, and the rules of the repository, have nothing to do with a database."""
    for item in items:
        if {"decision", "repository"} & set(item.path.relative_to(item.config.rootpath).parts):
            item.add_marker(pytest.mark.once)


@pytest.fixture(autouse=True, scope="session")
def _clock() -> Iterator[None]:
    """It stands still; a test that needs another instant travels there."""
    with time_machine.travel(NOW, tick=False):
        yield


@pytest.fixture(autouse=True, scope="session")
def _cheap_passwords() -> Iterator[None]:
    """A login takes half a second of work by design; what is tested here is not the strength of passwords."""
    with override_settings(PASSWORD_HASHERS=["django.contrib.auth.hashers.MD5PasswordHasher"]):
        yield


@pytest.fixture(scope="session")
def django_db_setup(_clock: None, django_test_environment: None, django_db_blocker: DjangoDbBlocker) -> Iterator[None]:
    """The database with the first guide published. It stays for all tests, as an edition cannot be taken back."""
    # Django gives a thread in which Playwright runs its event loop another connection than before and after.
    opened: set[BaseDatabaseWrapper] = set()

    def remember(connection: BaseDatabaseWrapper, **_: Any) -> None:
        opened.add(connection)

    connection_created.connect(remember)
    made = new_database(seeded=True)
    with django_db_blocker.unblock():
        if isinstance(made, SqliteDatabase):
            use_database("file:tests?mode=memory&cache=shared")
            with closing(sqlite3.connect(made.path)) as source:
                source.backup(connection.connection)
        else:
            use_database(made.name)
    yield
    connection_created.disconnect(remember)
    for one in opened:
        one.close()
    made.drop()


def use_database(name: str) -> None:
    """Connect this process to a database of this name."""
    settings.DATABASES["default"]["NAME"] = connection.settings_dict["NAME"] = name
    connection.close()
    connection.connect()


@pytest.fixture(autouse=True)
def _edition_cache_as_in_a_new_process() -> Iterator[None]:
    """What one test published and took back is not live in the next."""
    edition_cache.clear()
    yield
    edition_cache.clear()


@pytest.fixture(autouse=True)
def _hosts_are_read_for_every_page(monkeypatch: pytest.MonkeyPatch) -> None:
    """The clock stands still, so what one test knows of hosts would never be too old."""
    monkeypatch.setattr(availability, "MAX_HOSTS_AGE", timedelta(0))


@pytest.fixture(autouse=True)
def _readiness_is_asked_in_the_request(monkeypatch: pytest.MonkeyPatch) -> None:
    """A thread of its own would not see what a test has not committed."""
    monkeypatch.setattr(readiness, "is_beside", False)
    monkeypatch.setattr(figures, "is_beside", False)


@pytest.fixture(autouse=True)
def _counted_steps_wait() -> Iterator[None]:
    """No thread writes them; a test that asks for them has them written with ``buffer.flush()``."""
    buffer.is_automatic = False
    yield
    buffer.forget()


@pytest.fixture(autouse=True)
def _database_has_no_clock(monkeypatch: pytest.MonkeyPatch) -> None:
    """Tests say what time it is in this process, and a database server does not hear of it."""
    monkeypatch.setattr(clock, "database_clock", lambda: None)


@pytest.fixture(autouse=True, scope="session")
def _no_other_machine() -> Iterator[None]:
    """Whoever tries to reach another machine gets an error that says so."""
    with pytest.MonkeyPatch.context() as patch:
        for name in ("connect", "connect_ex"):
            patch.setattr(socket.socket, name, only_this_machine(getattr(socket.socket, name)))
        yield


def only_this_machine(connect: Callable[..., Any]) -> Callable[..., Any]:
    """The same method for addresses of this machine."""

    def guarded(self: socket.socket, address: Any) -> Any:
        if self.family != socket.AF_UNIX and address[0] not in {"127.0.0.1", "::1", "localhost"}:
            raise PermissionError(f"Tests reach no other machine; this one tried {address[0]}.")
        return connect(self, address)

    return guarded


@cache
def loaded() -> ClientHandler:
    """The middleware that all clients of a test run share: WhiteNoise reads all static files when it is made."""
    handler = ClientHandler(enforce_csrf_checks=False)
    handler.load_middleware()
    return handler


def new_client() -> Client:
    client = Client()
    client.handler = loaded()
    return client


@pytest.fixture
def visitor() -> Client:
    """A browser that has never been here."""
    return new_client()


@pytest.fixture
def staff(db: None, django_user_model: Any) -> Client:
    """Someone who may log in to the admin and has no other right."""
    client = new_client()
    client.force_login(django_user_model.objects.create(username="staff", is_staff=True))
    return client


@pytest.fixture
def superuser(db: None, django_user_model: Any) -> Client:
    """Someone who may do everything."""
    client = new_client()
    client.force_login(django_user_model.objects.create(username="chief", is_staff=True, is_superuser=True))
    return client


def member_of(group: str) -> Client:
    """A member of staff with the rights of one group, as the migrations made it."""
    user = get_user_model().objects.create(username=f"one of {group}", is_staff=True)
    user.groups.add(Group.objects.get(name=group))
    client = new_client()
    client.force_login(user)
    return client


@pytest.fixture
def editor(db: None) -> Client:
    """Someone who edits the content and publishes nothing."""
    return member_of("Editors")


@pytest.fixture
def publisher(db: None) -> Client:
    """Someone who edits and publishes."""
    return member_of("Publishers")


@pytest.fixture
def sales(db: None) -> Client:
    """Someone who works leads and sees no content."""
    return member_of("Sales")


@pytest.fixture
def owner(db: None) -> Client:
    """Someone who reads everything and changes nothing."""
    return member_of("Owners")


@pytest.fixture
def published(db: None, monkeypatch: pytest.MonkeyPatch) -> LoadedEdition:
    """The live edition of the first guide, in memory; no look for a newer one falls into the test."""
    monkeypatch.setattr(editions, "REFRESH_INTERVAL", 3600.0)
    return edition_cache.live(GUIDE)


@contextmanager
def database_down(only: str = "", error: type[DatabaseError] = OperationalError) -> Iterator[None]:
    """Every query fails as if the database had gone, or every one with a certain text in it."""

    def refuse(execute: Callable[..., Any], statement: str, *rest: Any) -> Any:
        if only in statement:
            raise error("the database has gone")
        return execute(statement, *rest)

    with connection.execute_wrapper(refuse):
        yield


@pytest.fixture
def empty_database(db: None) -> None:
    """A database as migrations leave it. The triggers that keep editions are away until the test is over."""
    with connection.cursor() as cursor:
        emptied = [f"DELETE FROM content_{table}" for table in ("editioncases", "edition")]
        for statement in (*FROZEN.UNDO[connection.vendor], *emptied):
            cursor.execute(statement)
    Guide.objects.all().delete()


def change_editions(change: str) -> None:
    """Change stored editions past the triggers that keep them, which are away until the test is over."""
    with connection.cursor() as cursor:
        for statement in FROZEN.UNDO[connection.vendor]:
            cursor.execute(statement)
        cursor.execute(f"UPDATE content_edition SET {change}")
    edition_cache.clear()


def damage_edition(number: int) -> None:
    """Change a word in a stored edition of the first guide."""
    change_editions(f"document = replace(document, 'Which of these', 'Whichever') WHERE number = {number}")


CALL = {"name": "The Asker", "email": "asker@example.com", "company": "Engines Ltd", "consent": "on"}
"""What the form for a call must have."""


@pytest.fixture
def lead(visitor: Client, published: LoadedEdition) -> Lead:
    """What someone leaves who asks for a call."""
    visitor.post(f"/{GUIDE}/call/?{ANSWERS['fractional-cto']}", CALL | {"key": "key-of-the-form"})
    return Lead.objects.get()
