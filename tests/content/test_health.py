"""What a load balancer asks: is the process up, and can it do its work?"""

from concurrent.futures import ThreadPoolExecutor, wait
from threading import Event, current_thread

import pytest
from django.db import connection
from django.db.migrations.loader import MigrationLoader
from django.db.migrations.recorder import MigrationRecorder
from django.test import Client
from msgspec import structs
from pytest_django import DjangoAssertNumQueries

from advisor.content.editions import edition_cache
from advisor.content.readiness import Readiness
from advisor.decision.guide import encode
from tests.conftest import GUIDE, damage_edition, database_down
from tests.content.making import publish_draft, store_edition


@pytest.mark.django_db
def test_a_process_that_runs_is_up_and_asks_nobody(
    visitor: Client, django_assert_num_queries: DjangoAssertNumQueries
) -> None:
    with django_assert_num_queries(0):
        answer = visitor.get("/healthz")

    assert (answer.status_code, answer.content) == (200, b"ok\n")


@pytest.mark.django_db
def test_with_database_migrations_and_an_edition_it_is_ready(visitor: Client) -> None:
    answer = visitor.get("/readyz")

    assert (answer.status_code, answer.content) == (200, b"ready\n")


@pytest.mark.django_db
def test_without_a_database_it_is_up_and_not_ready(visitor: Client) -> None:
    with database_down():
        up, ready = visitor.get("/healthz"), visitor.get("/readyz")

    assert up.status_code == 200
    assert (ready.status_code, ready.content) == (503, b"the database cannot be reached\n")


@pytest.mark.django_db
def test_with_a_migration_missing_it_is_not_ready(visitor: Client) -> None:
    ((app, newest),) = MigrationLoader(connection).graph.leaf_nodes("leads")
    MigrationRecorder(connection).record_unapplied(app, newest)

    answer = visitor.get("/readyz")

    assert answer.status_code == 503
    assert "migrations are missing" in answer.content.decode()


@pytest.mark.usefixtures("empty_database")
def test_with_nothing_published_it_is_not_ready(visitor: Client) -> None:
    answer = visitor.get("/readyz")

    assert (answer.status_code, answer.content) == (503, b"no edition is published: run manage.py seed\n")


@pytest.mark.django_db
def test_with_its_only_edition_damaged_it_is_not_ready_and_says_which(visitor: Client) -> None:
    damage_edition(1)

    answer = visitor.get("/readyz")

    said = f"Edition 1 of {GUIDE} cannot be read: its document does not have the checksum it was published with.\n"
    assert (answer.status_code, answer.content.decode()) == (503, said)


@pytest.mark.django_db
def test_with_an_edition_that_recommends_nothing_it_is_not_ready_and_says_which(visitor: Client) -> None:
    store_edition(encode(structs.replace(edition_cache.live(GUIDE).guide, rules=())))

    answer = visitor.get("/readyz")

    assert answer.status_code == 503
    assert answer.content.decode().startswith(f"edition 2 of {GUIDE} recommends nothing: ")


@pytest.mark.django_db
def test_with_a_damaged_edition_it_is_ready_by_the_one_before(visitor: Client) -> None:
    publish_draft()
    damage_edition(2)

    answer = visitor.get("/readyz")

    assert (answer.status_code, answer.content) == (200, b"ready\n")
    assert edition_cache.live(GUIDE).number == 1


def test_a_database_that_hangs_is_asked_once_and_keeps_nobody_waiting(monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr("advisor.content.readiness.PATIENCE", 0.2)
    asked, answers = [], Event()

    def hang() -> str:
        asked.append(current_thread().name)
        answers.wait(60)
        return ""

    readiness = Readiness(hang)
    with ThreadPoolExecutor(10) as threads:
        waiting = [threads.submit(readiness.fault) for _ in range(10)]
        done, _ = wait(waiting, timeout=30)
        answers.set()

    assert {found.result() for found in done} == {"the database does not answer within a second"}
    assert len(done) == 10
    assert asked == ["readiness"]


def test_once_the_database_answers_again_it_is_ready(monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr("advisor.content.readiness.PATIENCE", 0.2)
    answers = Event()

    def hang() -> str:
        answers.wait(60)
        return ""

    readiness = Readiness(hang)
    before = readiness.fault()
    answers.set()
    assert readiness._asked
    readiness._asked.result(10)
    after = readiness.fault()

    assert (before, after) == ("the database does not answer within a second", "")


@pytest.mark.parametrize("address", ["/healthz", "/readyz"])
@pytest.mark.django_db
def test_only_reading_is_answered(visitor: Client, address: str) -> None:
    head, post = visitor.head(address), visitor.post(address)

    assert (head.status_code, head.content) == (200, b"")
    assert post.status_code == 405


@pytest.mark.parametrize("address", ["/healthz", "/readyz"])
@pytest.mark.django_db
def test_neither_leaves_a_cookie(visitor: Client, address: str) -> None:
    answer = visitor.get(address)

    assert not answer.cookies
