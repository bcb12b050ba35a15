"""What a load balancer asks: is the process up, and can it do its work?"""

import pytest
from django.db import connection
from django.db.migrations.loader import MigrationLoader
from django.db.migrations.recorder import MigrationRecorder
from django.test import Client
from pytest_django import DjangoAssertNumQueries

from tests.conftest import database_down


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
