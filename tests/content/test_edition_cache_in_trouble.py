"""Editions in memory go on while the database is gone, and when an edition cannot be read."""

import logging
from pathlib import Path

import pytest
from django.db import connection
from pytest_django import DjangoAssertNumQueries

from advisor.content.editions import RETRY_DELAY, EditionCache, UnreachableError
from advisor.content.models import Edition
from tests.conftest import GUIDE, database_down
from tests.content.conftest import Clock
from tests.content.making import load_copy, publish_draft, publish_titled, store_edition

pytestmark = pytest.mark.django_db


def test_a_newer_edition_than_is_known_is_unreachable_without_a_database(
    edition_cache: EditionCache, clock: Clock
) -> None:
    clock.pass_by(2)

    with database_down(), pytest.raises(UnreachableError):
        edition_cache.edition(GUIDE, 2)

    assert edition_cache.live(GUIDE).number == 1


def test_while_the_database_is_gone_it_goes_on_and_says_so_once(
    edition_cache: EditionCache, clock: Clock, caplog: pytest.LogCaptureFixture
) -> None:
    known = edition_cache.live(GUIDE)

    with database_down():
        for _ in range(5):
            clock.pass_by(3)
            edition_cache.live(GUIDE)
        found = [
            edition_cache.live(GUIDE),
            edition_cache.default(),
            edition_cache.by_number(1),
            edition_cache.edition(GUIDE, 1),
        ]

    assert found == [known] * 4
    assert [(record.levelno, record.exc_info) for record in caplog.records] == [(logging.WARNING, None)]


def test_when_the_database_is_back_it_finds_what_was_published_meanwhile(
    edition_cache: EditionCache, clock: Clock, caplog: pytest.LogCaptureFixture
) -> None:
    for title in ("In newer words?", "In still newer words?"):
        with database_down():
            clock.pass_by(2)
            edition_cache.live(GUIDE)
        publish_titled(title)
        clock.pass_by(RETRY_DELAY)
        edition_cache.live(GUIDE)
    found = edition_cache.live(GUIDE)

    assert (found.number, found.guide.title) == (3, "In still newer words?")
    assert len(caplog.records) == 2


def test_a_process_that_begins_without_a_database_says_unreachable_and_not_unknown(clock: Clock) -> None:
    edition_cache = EditionCache()

    with database_down():
        with pytest.raises(UnreachableError):
            edition_cache.live(GUIDE)
        with pytest.raises(UnreachableError):
            edition_cache.by_number(1)
        with pytest.raises(UnreachableError):
            edition_cache.edition(GUIDE, 1)
    clock.pass_by(2)
    found = edition_cache.live(GUIDE)

    assert found.number == 1


def test_an_older_edition_that_was_never_read_is_unreachable_without_a_database(clock: Clock) -> None:
    publish_draft()
    edition_cache = EditionCache()
    edition_cache.live(GUIDE)

    with database_down(), pytest.raises(UnreachableError):
        edition_cache.edition(GUIDE, 1)

    assert edition_cache.edition(GUIDE, 1).number == 1
    assert not connection.needs_rollback


@pytest.mark.parametrize("document", ['{"format":2}', "{", "", "null"])
def test_a_newest_edition_that_cannot_be_read_leaves_the_one_before_live(
    edition_cache: EditionCache, clock: Clock, caplog: pytest.LogCaptureFixture, document: str
) -> None:
    store_edition(document)

    for _ in range(3):
        clock.pass_by(2)
        edition_cache.live(GUIDE)
    found = edition_cache.live(GUIDE)

    assert (found.number, found.live) == (1, True)
    (record,) = caplog.records
    assert record.getMessage().startswith(f"Edition 2 of {GUIDE} cannot be read: ")
    assert record.getMessage().endswith("It is passed over.")
    assert record.exc_info is None


def test_an_edition_of_one_guide_that_cannot_be_read_keeps_no_other_guide_back(
    tmp_path: Path, edition_cache: EditionCache, clock: Clock
) -> None:
    load_copy(tmp_path, "second-guide")
    publish_draft("second-guide")
    store_edition('{"format":2}')

    clock.pass_by(2)
    found = edition_cache.live("second-guide")

    assert found.number == 1
    assert edition_cache.live(GUIDE).number == 1


def test_a_process_that_begins_with_an_edition_it_cannot_read_serves_the_one_before(clock: Clock) -> None:
    store_edition('{"format":2}')

    found = EditionCache().live(GUIDE)

    assert found.number == 1


def test_an_edition_that_was_tampered_with_is_passed_over(
    edition_cache: EditionCache, clock: Clock, caplog: pytest.LogCaptureFixture
) -> None:
    store_edition(Edition.objects.get(number=1).document, damaged=True)

    clock.pass_by(2)
    found = edition_cache.live(GUIDE)

    assert found.number == 1
    assert "does not have the checksum it was published with" in caplog.text


def test_after_a_look_that_failed_the_next_one_waits_longer(
    edition_cache: EditionCache, clock: Clock, django_assert_num_queries: DjangoAssertNumQueries
) -> None:
    with database_down():
        clock.pass_by(2)
        edition_cache.live(GUIDE)

    with django_assert_num_queries(0):
        clock.pass_by(RETRY_DELAY - 0.1)
        edition_cache.live(GUIDE)
    with django_assert_num_queries(1):
        clock.pass_by(0.1)
        edition_cache.live(GUIDE)
