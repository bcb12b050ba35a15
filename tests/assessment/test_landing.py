"""The landing: what it is, both roles, the table, the signals, the questions people ask, and one way in."""

from pathlib import Path

import pytest
from django.test import Client

from advisor.content.editions import Published
from advisor.content.models import Guide
from tests.assessment.addresses import LANDING, question
from tests.assessment.reading import Page, path_of, query_of, read, text_of
from tests.assessment.soundness import flaws
from tests.conftest import ANSWERS, GUIDE
from tests.content.making import load_copy, publish_draft

BOTH_WAYS = pytest.mark.parametrize("address", ["/", LANDING])


@BOTH_WAYS
def test_it_says_what_it_is_for_whom_and_why(visitor: Client, published: Published, address: str) -> None:
    page = read(visitor, address)

    guide = published.guide
    assert page.text("h1") == page.title == guide.title
    for words in (guide.summary, guide.audience, guide.why):
        assert words in page.text("main")


@BOTH_WAYS
def test_exactly_one_link_begins_with_start(visitor: Client, published: Published, address: str) -> None:
    page = read(visitor, address)

    ways_in = [(words, href) for words, href in page.links() if words.startswith("Start")]
    assert ways_in == [("Start: 3 questions, two minutes", question("software", "edition=1"))]


@BOTH_WAYS
def test_both_roles_are_described(visitor: Client, published: Published, address: str) -> None:
    page = read(visitor, address)

    cards = page.texts("section[@aria-labelledby='roles']//article")
    assert len(cards) == 2
    for card, role in zip(cards, published.guide.roles, strict=True):
        for words in (role.name, role.summary, role.fits, *role.owns, *role.not_theirs):
            assert words in card


@BOTH_WAYS
def test_the_table_has_ten_rows_and_a_column_for_each_role(visitor: Client, published: Published, address: str) -> None:
    page = read(visitor, address)

    rows = page.all("table/tbody")
    assert page.texts("table/thead//th") == [role.name for role in published.guide.roles]
    assert len(rows) == 10
    for row, dimension in zip(rows, published.guide.dimensions, strict=True):
        assert [text_of(head) for head in row.findall(".//th")] == [dimension.label]
        assert [text_of(cell) for cell in row.findall(".//td")] == [cell.text for cell in dimension.cells]


@BOTH_WAYS
def test_every_signal_and_every_question_people_ask_is_there(
    visitor: Client, published: Published, address: str
) -> None:
    page = read(visitor, address)

    signals = page.texts("section[@aria-labelledby='signals']//li")
    asked = page.texts("section[@aria-labelledby='questions']/details")
    assert signals == [f"{signal.name}. {signal.text}" for signal in published.guide.signals]
    assert asked == [f"{frequent.question}{frequent.answer}" for frequent in published.guide.frequent_questions]


@BOTH_WAYS
def test_its_canonical_address_is_the_guides(visitor: Client, published: Published, address: str) -> None:
    page = read(visitor, f"{address}?utm_source=news")

    assert page.one("link[@rel='canonical']").get("href") == f"http://testserver{LANDING}"


def test_who_comes_back_to_it_starts_with_what_was_answered(visitor: Client, published: Published) -> None:
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
