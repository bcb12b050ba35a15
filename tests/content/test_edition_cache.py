"""Editions in memory: no query while they are fresh, newer ones within two seconds, and no database needed to go on."""

from collections.abc import Callable
from pathlib import Path

import pytest
from pytest_django import DjangoAssertNumQueries

from advisor.content import editions
from advisor.content.editions import (
    EARLY_REFRESH_INTERVAL,
    REFRESH_INTERVAL,
    EditionCache,
    LoadedEdition,
    UnknownEditionError,
    UnknownGuideError,
)
from advisor.content.models import Guide
from tests.conftest import GUIDE
from tests.content.conftest import Clock
from tests.content.making import load_copy, publish_draft, publish_titled

pytestmark = pytest.mark.django_db


def asked_for_everything(edition_cache: EditionCache) -> list[LoadedEdition | None]:
    """The first guide's only edition, each way it can be asked for; the one by its key first."""
    return [
        edition_cache.live(GUIDE),
        edition_cache.default(),
        edition_cache.by_number(1),
        edition_cache.edition(GUIDE, 1),
    ]


def test_a_warm_cache_asks_nothing(
    edition_cache: EditionCache, django_assert_num_queries: DjangoAssertNumQueries
) -> None:
    with django_assert_num_queries(0):
        live, *others = asked_for_everything(edition_cache)

    assert others == [live] * 3
    assert live
    assert (live.number, live.live, live.guide.key) == (1, True, GUIDE)


def test_it_looks_for_newer_editions_at_most_every_two_seconds(
    edition_cache: EditionCache, clock: Clock, django_assert_num_queries: DjangoAssertNumQueries
) -> None:
    with django_assert_num_queries(3):
        for _ in range(31):
            clock.pass_by(0.2)
            edition_cache.live(GUIDE)

    assert REFRESH_INTERVAL == 2.0


def test_a_newer_edition_is_live_after_two_seconds(edition_cache: EditionCache, clock: Clock) -> None:
    publish_titled("In newer words?")

    clock.pass_by(1.9)
    before = edition_cache.live(GUIDE)
    clock.pass_by(0.1)
    after = edition_cache.live(GUIDE)

    assert (before.number, after.number) == (1, 2)
    assert after.guide.title == "In newer words?"
    assert after.live


def test_the_edition_before_stays_readable_without_asking(
    edition_cache: EditionCache, clock: Clock, django_assert_num_queries: DjangoAssertNumQueries
) -> None:
    begun = edition_cache.live(GUIDE)
    publish_titled("In newer words?")
    clock.pass_by(2)
    edition_cache.live(GUIDE)

    with django_assert_num_queries(0):
        older = edition_cache.edition(GUIDE, 1)

    assert older.guide is begun.guide
    assert not older.live


def test_an_older_edition_is_read_once_and_kept(
    clock: Clock, django_assert_num_queries: DjangoAssertNumQueries
) -> None:
    publish_titled("In newer words?")
    edition_cache = EditionCache()
    edition_cache.live(GUIDE)

    with django_assert_num_queries(1):
        older = [edition_cache.edition(GUIDE, 1) for _ in range(5)]

    assert (older[0].number, older[0].live) == (1, False)
    assert older == older[:1] * 5
    assert older[0].guide.title != "In newer words?"


def test_only_so_many_older_editions_are_kept(
    monkeypatch: pytest.MonkeyPatch, clock: Clock, django_assert_num_queries: DjangoAssertNumQueries
) -> None:
    monkeypatch.setattr(editions, "CACHE_SIZE", 3)
    for _ in range(5):
        publish_draft()
    edition_cache = EditionCache()
    for number in range(1, 6):
        edition_cache.edition(GUIDE, number)

    with django_assert_num_queries(0):
        kept = [edition_cache.edition(GUIDE, number).number for number in (3, 4, 5, 6)]
    with django_assert_num_queries(1):
        again = edition_cache.edition(GUIDE, 1)

    assert kept == [3, 4, 5, 6]
    assert again.number == 1


@pytest.mark.parametrize("number", [-1, 0, 2, 10**9])
def test_an_edition_that_does_not_exist_is_unknown(edition_cache: EditionCache, number: int) -> None:
    with pytest.raises(UnknownEditionError):
        edition_cache.edition(GUIDE, number)


def test_an_edition_that_another_process_saw_first_is_found_when_a_link_names_it(
    edition_cache: EditionCache, clock: Clock
) -> None:
    publish_titled("In newer words?")

    clock.pass_by(EARLY_REFRESH_INTERVAL)
    found = edition_cache.edition(GUIDE, 2)

    assert (found.number, found.guide.title, found.live) == (2, "In newer words?", True)


@pytest.mark.parametrize(
    "ask", [lambda known: known.live("second-guide"), lambda known: known.by_number(2)], ids=["key", "number"]
)
def test_a_guide_that_was_published_a_moment_ago_is_found_when_a_link_names_it(
    edition_cache: EditionCache, clock: Clock, tmp_path: Path, ask: Callable[[EditionCache], LoadedEdition]
) -> None:
    edition_cache.live(GUIDE)
    load_copy(tmp_path, "second-guide")
    publish_draft("second-guide")

    clock.pass_by(EARLY_REFRESH_INTERVAL)

    assert ask(edition_cache).guide.key == "second-guide"


def test_links_to_a_guide_that_does_not_exist_do_not_ask_again_and_again(
    edition_cache: EditionCache, clock: Clock, django_assert_max_num_queries: DjangoAssertNumQueries
) -> None:
    with django_assert_max_num_queries(3):
        for _ in range(20):
            clock.pass_by(EARLY_REFRESH_INTERVAL / 10)
            with pytest.raises(UnknownGuideError):
                edition_cache.by_number(99)


def test_links_to_an_edition_that_does_not_exist_do_not_ask_again_and_again(
    edition_cache: EditionCache, clock: Clock, django_assert_max_num_queries: DjangoAssertNumQueries
) -> None:
    with django_assert_max_num_queries(3):
        for _ in range(20):
            clock.pass_by(EARLY_REFRESH_INTERVAL / 10)
            with pytest.raises(UnknownEditionError):
                edition_cache.edition(GUIDE, 99)


def test_a_guide_that_does_not_exist_is_unknown_by_key_and_by_number(edition_cache: EditionCache) -> None:
    with pytest.raises(UnknownGuideError):
        edition_cache.live("cook-or-waiter")
    with pytest.raises(UnknownGuideError):
        edition_cache.edition("cook-or-waiter", 1)
    with pytest.raises(UnknownGuideError):
        edition_cache.by_number(2)


def test_a_guide_that_was_never_published_is_unknown(tmp_path: Path, edition_cache: EditionCache, clock: Clock) -> None:
    load_copy(tmp_path, "second-guide")

    clock.pass_by(2)

    with pytest.raises(UnknownGuideError):
        edition_cache.live("second-guide")
    with pytest.raises(UnknownGuideError):
        edition_cache.by_number(2)


@pytest.mark.usefixtures("empty_database")
def test_while_nothing_is_published_there_is_no_default_guide(clock: Clock) -> None:
    edition_cache = EditionCache()

    default = edition_cache.default()

    assert default is None


def test_of_two_guides_the_one_marked_is_the_default(tmp_path: Path, edition_cache: EditionCache, clock: Clock) -> None:
    load_copy(tmp_path, "second-guide")
    publish_draft("second-guide")
    before = edition_cache.default()
    Guide.objects.filter(key=GUIDE).update(is_default=False)
    Guide.objects.filter(key="second-guide").update(is_default=True)

    clock.pass_by(2)
    after = edition_cache.default()

    assert before is edition_cache.live(GUIDE)
    assert after is edition_cache.live("second-guide")


def test_of_two_guides_without_a_mark_the_older_one_is_the_default(tmp_path: Path, clock: Clock) -> None:
    load_copy(tmp_path, "second-guide")
    publish_draft("second-guide")
    Guide.objects.update(is_default=False)

    edition_cache = EditionCache()

    default = edition_cache.default()

    assert default is edition_cache.live(GUIDE)


def test_a_cache_that_forgets_reads_again(
    edition_cache: EditionCache, django_assert_num_queries: DjangoAssertNumQueries
) -> None:
    known = edition_cache.live(GUIDE)

    edition_cache.clear()
    with django_assert_num_queries(2):
        found = edition_cache.live(GUIDE)

    assert found is not known
    assert found.number == known.number
