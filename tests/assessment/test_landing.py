"""The landing: what it is, both roles, the table, the signals, the questions people ask, and one way in."""

import gzip
from pathlib import Path

import pytest
from django.test import Client, override_settings
from msgspec import structs
from pytest_django import DjangoAssertNumQueries

from advisor.content.editions import LoadedEdition
from advisor.content.models import Guide
from advisor.decision.guide import encode
from advisor.decision.recommendation import recommend
from advisor.decision.walk import example_answers
from tests.assessment.addresses import LANDING, question
from tests.assessment.reading import Page, path_of, query_of, read, text_of
from tests.assessment.soundness import flaws
from tests.conftest import ANSWERS, GUIDE
from tests.content.making import load_copy, publish_draft, store_edition

BOTH_WAYS = pytest.mark.parametrize("address", ["/", LANDING])


@BOTH_WAYS
def test_it_says_what_it_is_for_whom_and_why(visitor: Client, published: LoadedEdition, address: str) -> None:
    page = read(visitor, address)

    guide = published.guide
    assert page.text("h1") == page.title == guide.title
    for words in (guide.summary, guide.audience, guide.why):
        assert words in page.text("main")


@BOTH_WAYS
def test_exactly_one_link_begins_with_start(visitor: Client, published: LoadedEdition, address: str) -> None:
    page = read(visitor, address)

    ways_in = [(words, href) for words, href in page.links() if words.startswith("Start")]
    assert ways_in == [("Start: 3 questions, two minutes", question("software", "edition=1"))]


@BOTH_WAYS
def test_both_roles_are_described(visitor: Client, published: LoadedEdition, address: str) -> None:
    page = read(visitor, address)

    cards = page.texts("section[@aria-labelledby='roles']//article")
    assert len(cards) == 2
    for card, role in zip(cards, published.guide.roles, strict=True):
        for words in (role.name, role.summary, role.fits, *role.owns, *role.not_theirs):
            assert words in card


@BOTH_WAYS
def test_the_table_has_ten_rows_and_a_column_for_each_role(
    visitor: Client, published: LoadedEdition, address: str
) -> None:
    page = read(visitor, address)

    rows = page.all("table/tbody")
    assert page.texts("table/thead//th") == [role.name for role in published.guide.roles]
    assert len(rows) == 10
    for row, dimension in zip(rows, published.guide.dimensions, strict=True):
        assert [text_of(head) for head in row.findall(".//th")] == [dimension.label]
        assert [text_of(cell) for cell in row.findall(".//td")] == [cell.text for cell in dimension.cells]


@BOTH_WAYS
def test_every_signal_and_every_question_people_ask_is_there(
    visitor: Client, published: LoadedEdition, address: str
) -> None:
    page = read(visitor, address)

    signals = page.texts("section[@aria-labelledby='signals']//li")
    asked = page.texts("section[@aria-labelledby='questions']//details")
    assert signals == [f"{signal.name}. {signal.text}" for signal in published.guide.signals]
    assert asked == [f"{frequent.question}{frequent.answer}" for frequent in published.guide.frequent_questions]


@BOTH_WAYS
def test_it_shows_a_part_of_a_real_result_and_says_that_it_is_an_example(
    visitor: Client, published: LoadedEdition, address: str
) -> None:
    guide = published.guide
    given = example_answers(guide)
    assert given is not None
    recommendation = recommend(guide, given)

    page = read(visitor, address)

    shown = page.text("div[@class='sample']")
    assert shown.startswith("An example")
    assert recommendation.outcome.title in shown
    assert f"How sure{recommendation.certainty.value}" in shown
    for found in recommendation.evidence:
        assert guide.role[found.role].name in shown
        assert f" {len(found.ticked)} of {found.of}" in shown
    assert next(reason.text for reason in recommendation.reasons if reason.rests_on) in shown
    assert not page.all("div[@class='sample']//a")


def test_a_guide_without_an_example_shows_none(visitor: Client, published: LoadedEdition) -> None:
    store_edition(encode(structs.replace(published.guide, example="")))

    page = read(visitor, LANDING)

    assert page.link("Start: 3 questions, two minutes")
    assert not page.all("div[@class='sample']")
    assert "What you get" not in page.text("main")


@BOTH_WAYS
def test_it_says_what_both_own_when_they_work_together_and_when_one_person_is_enough(
    visitor: Client, published: LoadedEdition, address: str
) -> None:
    page = read(visitor, address)

    owned = page.text("dl[@class='owners']")
    for role in published.guide.roles:
        assert ", ".join(role.own_domain) in owned
    assert f"Shared{', '.join(published.guide.shared_concerns)}" in owned
    (both,) = [words for words in page.texts("details") if words.startswith("Can one person be both?")]
    for condition in ("fewer than ten engineers", "one feature among others", "strategy rather than hands-on work"):
        assert condition in both


@pytest.mark.usefixtures("published")
@pytest.mark.parametrize("name", ["", "Example Ltd"])
def test_it_says_who_stands_behind_it(visitor: Client, name: str) -> None:
    address = "1 Example Street, Riga" if name else ""

    with override_settings(CONTROLLER_NAME=name, CONTROLLER_ADDRESS=address, CONTACT_EMAIL="write@example.com"):
        page = read(visitor, LANDING)

    behind = page.text("section[@aria-labelledby='behind']")
    assert ("Example Ltd, 1 Example Street, Riga" in behind) is bool(name)
    assert ("This is a trial installation" in behind) is not bool(name)
    assert "write@example.com" in behind


@BOTH_WAYS
def test_it_asks_nothing_of_the_database_and_is_small(
    visitor: Client, published: LoadedEdition, address: str, django_assert_num_queries: DjangoAssertNumQueries
) -> None:
    read(visitor, address)

    with django_assert_num_queries(0):
        answer = visitor.get(address)

    assert len(gzip.compress(answer.content)) <= 10_000


@BOTH_WAYS
def test_its_canonical_address_is_the_guides(visitor: Client, published: LoadedEdition, address: str) -> None:
    page = read(visitor, f"{address}?utm_source=news")

    assert page.one("link[@rel='canonical']").get("href") == f"http://testserver{LANDING}"


def test_who_comes_back_to_it_starts_with_what_was_answered(visitor: Client, published: LoadedEdition) -> None:
    page = read(visitor, f"{LANDING}?{ANSWERS['head-of-ai']}")

    start = page.link("Start: 3 questions, two minutes")
    assert read(visitor, start).ticked == [("software", "no"), ("signal", "none.software")]
    assert ("both", "ai") in query_of(start)


@pytest.mark.django_db
def test_of_two_guides_each_has_its_own_landing_and_the_front_page_leads_to_both(
    tmp_path: Path, visitor: Client
) -> None:
    load_copy(tmp_path, "second-guide")
    Guide.objects.filter(key="second-guide").update(title="The second guide?")
    publish_draft("second-guide")

    front, first, second = (read(visitor, address) for address in ("/", LANDING, "/second-guide/"))

    assert [href for text, href in front.links() if text.startswith("Start")] == [LANDING, "/second-guide/"]
    assert first.text("h1") != second.text("h1")
    assert second.text("h1") == "The second guide?"
    assert path_of(second.link("Start: 3 questions, two minutes")) == "/second-guide/software/"


@pytest.mark.usefixtures("empty_database")
@pytest.mark.parametrize("address", ["/", LANDING])
def test_before_anything_is_published_nothing_fails(visitor: Client, address: str) -> None:
    answer = visitor.get(address)

    page = Page(answer)
    assert answer.status_code == (503 if address == "/" else 404)
    assert flaws(page) == []


@pytest.mark.usefixtures("empty_database")
def test_an_empty_site_says_to_visitors_to_come_back_and_to_staff_what_to_do(visitor: Client, staff: Client) -> None:
    to_visitors, to_staff = (Page(client.get("/")).text("main") for client in (visitor, staff))

    assert "being set up" in to_visitors
    assert "come back" in to_visitors
    assert "manage.py seed" not in to_visitors
    assert "manage.py seed" in to_staff


@pytest.mark.django_db
def test_a_guide_that_was_never_published_is_not_shown(tmp_path: Path, visitor: Client) -> None:
    load_copy(tmp_path, "second-guide")

    answer = visitor.get("/second-guide/")

    assert answer.status_code == 404
    assert Guide.objects.filter(key="second-guide").exists()
    assert GUIDE in visitor.get("/").content.decode()
