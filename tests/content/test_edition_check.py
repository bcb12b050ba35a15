"""What became of stored editions: the nightly comparison, and rows that nobody published."""

import pytest
from django.db import connection
from django.test import Client

from advisor.content.edition_check import check_every_edition
from advisor.content.editions import UnknownEditionError, edition_cache
from advisor.content.models import Edition, EditionFault
from advisor.delivery.daily_jobs import daily_jobs
from tests.assessment.reading import Page
from tests.clock import NOW
from tests.conftest import GUIDE, change_editions, damage_edition
from tests.content.making import NOON, publish_draft, publish_titled

pytestmark = pytest.mark.django_db

COPIED = [str(field.column) for field in Edition._meta.fields if field.column not in {"id", "number"}]


def insert_by_hand(number: int) -> None:
    """Copy the first edition under another number, seal and all, as somebody with the database open might."""
    columns = ", ".join(COPIED)
    with connection.cursor() as cursor:
        statement = f"INSERT INTO content_edition (number, {columns}) SELECT %s, {columns} FROM content_edition"
        cursor.execute(statement, [number])
    edition_cache.clear()


def test_the_comparison_is_among_the_daily_jobs() -> None:
    assert "Comparison of editions" in [job.name for job in daily_jobs()]


def test_where_all_is_as_it_was_published_the_comparison_says_so() -> None:
    publish_draft()

    report = check_every_edition(NOW)

    assert report == "2 editions are as they were published."
    assert not EditionFault.objects.exists()


def test_an_older_edition_that_was_damaged_is_found_and_staff_are_told_on_the_front_page(editor: Client) -> None:
    publish_titled("In other words?")
    damage_edition(1)

    before = Page(editor.get("/admin/")).texts("ul[@class='messagelist']/li")
    report = check_every_edition(NOW)
    (told,) = Page(editor.get("/admin/")).texts("ul[@class='messagelist']/li")

    damaged = f"Edition 1 of {GUIDE} cannot be read: its document does not have the checksum it was published with."
    assert report == f"1 of 2 editions cannot be read: {damaged}"
    assert before == []
    assert damaged in told


def test_the_newest_edition_that_was_damaged_is_told_once_and_at_once(editor: Client) -> None:
    publish_titled("In other words?")
    damage_edition(2)

    at_once = Page(editor.get("/admin/")).texts("ul[@class='messagelist']/li")
    check_every_edition(NOW)
    later = Page(editor.get("/admin/")).texts("ul[@class='messagelist']/li")

    assert len(at_once) == 1
    assert f"Edition 2 of {GUIDE} cannot be read" in at_once[0]
    assert later == at_once


def test_once_an_edition_is_as_it_was_staff_are_not_told_any_more(editor: Client) -> None:
    publish_draft()
    EditionFault.objects.create(edition=Edition.objects.get(number=1), reason="It was damaged.", found_at=NOON)

    check_every_edition(NOW)

    assert not EditionFault.objects.exists()


def test_a_row_that_was_inserted_by_hand_is_not_live_and_staff_are_told(visitor: Client, editor: Client) -> None:
    insert_by_hand(2)

    landing, pinned = visitor.get("/"), visitor.get(f"/{GUIDE}/?edition=2")
    (told,) = Page(editor.get("/admin/")).texts("ul[@class='messagelist']/li")

    assert landing.status_code == 200
    assert edition_cache.live(GUIDE).number == 1
    assert pinned.status_code == 503
    with pytest.raises(UnknownEditionError):
        edition_cache.edition(GUIDE, 2)
    assert "Edition 2 of cto-or-head-of-ai cannot be read: it was not published" in told


def test_what_is_published_after_a_row_that_was_inserted_is_live() -> None:
    insert_by_hand(2)

    edition = publish_draft()

    assert edition.number == 3
    assert edition_cache.live(GUIDE).number == 3


@pytest.mark.parametrize(
    "change", ["number = 7", "note = 'Other'", "published_by = 'other'", "published_at = '2020-01-01 00:00:00+00:00'"]
)
def test_an_edition_is_known_by_all_that_publishing_wrote(change: str) -> None:
    publish_draft()

    change_editions(f"{change} WHERE number = 2")

    assert edition_cache.live(GUIDE).number == 1
