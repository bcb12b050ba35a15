"""Editions in memory go on while the database is gone, and when an edition cannot be read."""

import logging
from hashlib import sha256
from pathlib import Path

import pytest
from django.db import connection
from pytest_django import DjangoAssertNumQueries

from advisor.content.editions import RETRY_EVERY, Shelf, UnreachableError
from advisor.content.models import Edition
from tests.conftest import GUIDE, database_down
from tests.content.conftest import Clock
from tests.content.making import NOON, draft, load_copy, publish_draft, publish_titled

pytestmark = pytest.mark.django_db


def publish_document(document: str, key: str = GUIDE) -> None:
    """Publish what a newer version of the program may have written."""
    checksum = sha256(document.encode()).hexdigest()
    Edition.objects.create(guide=draft(key), number=2, document=document, checksum=checksum, published_at=NOON)


def test_a_newer_edition_than_is_known_is_unreachable_without_a_database(shelf: Shelf, clock: Clock) -> None:
    clock.pass_by(2)

    with database_down(), pytest.raises(UnreachableError):
        shelf.edition(GUIDE, 2)

    assert shelf.live(GUIDE).number == 1


def test_while_the_database_is_gone_it_goes_on_and_says_so_once(
    shelf: Shelf, clock: Clock, caplog: pytest.LogCaptureFixture
) -> None:
    known = shelf.live(GUIDE)

    with database_down():
        for _ in range(5):
            clock.pass_by(3)
            shelf.live(GUIDE)
        found = [shelf.live(GUIDE), shelf.default(), shelf.by_number(1), shelf.edition(GUIDE, 1)]

    assert found == [known] * 4
    assert [(record.levelno, record.exc_info) for record in caplog.records] == [(logging.WARNING, None)]


def test_when_the_database_is_back_it_finds_what_was_published_meanwhile(
    shelf: Shelf, clock: Clock, caplog: pytest.LogCaptureFixture
) -> None:
    for title in ("In newer words?", "In still newer words?"):
        with database_down():
            clock.pass_by(2)
            shelf.live(GUIDE)
        publish_titled(title)
        clock.pass_by(RETRY_EVERY)
        shelf.live(GUIDE)
    found = shelf.live(GUIDE)

    assert (found.number, found.guide.title) == (3, "In still newer words?")
    assert len(caplog.records) == 2


def test_a_process_that_begins_without_a_database_says_unreachable_and_not_unknown(clock: Clock) -> None:
    shelf = Shelf()

    with database_down():
        with pytest.raises(UnreachableError):
            shelf.live(GUIDE)
        with pytest.raises(UnreachableError):
            shelf.by_number(1)
        with pytest.raises(UnreachableError):
            shelf.edition(GUIDE, 1)
    clock.pass_by(2)
    found = shelf.live(GUIDE)

    assert found.number == 1


def test_an_older_edition_that_was_never_read_is_unreachable_without_a_database(clock: Clock) -> None:
    publish_draft()
    shelf = Shelf()
    shelf.live(GUIDE)

    with database_down(), pytest.raises(UnreachableError):
        shelf.edition(GUIDE, 1)

    assert shelf.edition(GUIDE, 1).number == 1
    assert not connection.needs_rollback


@pytest.mark.parametrize("document", ['{"format":2}', "{", "", "null"])
def test_a_newest_edition_that_cannot_be_read_leaves_the_one_before_live(
    shelf: Shelf, clock: Clock, caplog: pytest.LogCaptureFixture, document: str
) -> None:
    publish_document(document)

    for _ in range(3):
        clock.pass_by(2)
        shelf.live(GUIDE)
    found = shelf.live(GUIDE)

    assert (found.number, found.live) == (1, True)
    (record,) = caplog.records
    assert record.getMessage().startswith(f"Edition 2 of {GUIDE} cannot be read: ")
    assert record.getMessage().endswith("It is passed over.")
    assert record.exc_info is None


def test_an_edition_of_one_guide_that_cannot_be_read_keeps_no_other_guide_back(
    tmp_path: Path, shelf: Shelf, clock: Clock
) -> None:
    load_copy(tmp_path, "second-guide")
    publish_draft("second-guide")
    publish_document('{"format":2}')

    clock.pass_by(2)
    found = shelf.live("second-guide")

    assert found.number == 1
    assert shelf.live(GUIDE).number == 1


def test_a_process_that_begins_with_an_edition_it_cannot_read_serves_the_one_before(clock: Clock) -> None:
    publish_document('{"format":2}')

    found = Shelf().live(GUIDE)

    assert found.number == 1


def test_an_edition_that_was_tampered_with_is_passed_over(
    shelf: Shelf, clock: Clock, caplog: pytest.LogCaptureFixture
) -> None:
    document = Edition.objects.get(number=1).document.replace("Which of these", "Whichever of these")
    Edition.objects.create(guide=draft(), number=2, document=document, checksum="0" * 64, published_at=NOON)

    clock.pass_by(2)
    found = shelf.live(GUIDE)

    assert found.number == 1
    assert "does not have the checksum it was published with" in caplog.text


def test_after_a_look_that_failed_the_next_one_waits_longer(
    shelf: Shelf, clock: Clock, django_assert_num_queries: DjangoAssertNumQueries
) -> None:
    with database_down():
        clock.pass_by(2)
        shelf.live(GUIDE)

    with django_assert_num_queries(0):
        clock.pass_by(RETRY_EVERY - 0.1)
        shelf.live(GUIDE)
    with django_assert_num_queries(1):
        clock.pass_by(0.1)
        shelf.live(GUIDE)
