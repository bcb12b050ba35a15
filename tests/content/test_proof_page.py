"""The proof as a page: what holds, what is wrong, and for a gap the row that closes it."""

import pytest
from django.test import Client
from django.urls import reverse

from advisor.content.models import Cell, FollowUp, Question, Remark, Rule, Scenario
from tests.assessment.reading import Form, Page
from tests.content.admin_pages import read_admin
from tests.content.making import draft

pytestmark = pytest.mark.django_db


def address(name: str = "proof") -> str:
    return reverse(f"admin:content_guide_{name}", args=[draft().pk])


def rows(page: Page, heading: str) -> list[list[str]]:
    """The cells of the table in a section, row by row."""
    return [
        [" ".join(cell.itertext()).strip() for cell in row]
        for row in page.all(f"section[@aria-labelledby='{heading}']//tbody/tr")
    ]


def test_an_unfinished_draft_is_proved_beside_what_is_missing(editor: Client) -> None:
    Cell.objects.filter(dimension__key="focus").delete()

    page = read_admin(editor, address())

    assert "Table focus: The cell for “Fractional CTO” is missing." in page.texts("ul[@class='blockers']/li")
    assert "There are 512,000 possible sets of answers" in page.html
    assert len(rows(page, "outcomes")) == 5


def test_a_draft_that_names_what_does_not_exist_is_not_proved(editor: Client) -> None:
    Rule.objects.filter(position=3).update(when={"hardware": ["yes"]})

    page = read_admin(editor, address())

    assert "The draft is proved once everything exists" in page.html
    assert not page.all("section[@aria-labelledby='outcomes']")


def test_a_draft_without_anything_is_shown_all_the_same(editor: Client) -> None:
    Scenario.objects.all().delete()
    Rule.objects.all().delete()
    Remark.objects.all().delete()
    FollowUp.objects.update(asked_when=[])
    Question.objects.filter(follow_up=None).delete()

    statuses = [editor.get(address(name)).status_code for name in ("proof", "publish")]

    assert statuses == [200, 200]


def with_a_gap() -> None:
    """Whoever answers “unsure” to the third question and was not caught before gets no outcome."""
    Rule.objects.get(position=18).delete()


def test_a_gap_is_shown_with_how_many_an_example_and_a_row_in_words(editor: Client) -> None:
    with_a_gap()

    (first, *_) = rows(read_admin(editor, address()), "gaps")

    assert int(first[0].replace(",", "")) > 0
    assert "Running software:" in first[1]
    assert first[2].startswith("If Running software: ")


def add_row(client: Client) -> Page:
    """The outcome table that the button of the first gap leads to."""
    page = read_admin(client, address())
    form = Form(page.one("section[@aria-labelledby='gaps']//form"), page.address)
    return Page(form.send(client), address("rules"), strict=False)


def test_the_row_that_a_gap_proposes_is_put_into_the_outcome_table_unsaved(editor: Client) -> None:
    with_a_gap()

    sheet = add_row(editor)

    assert "Not saved yet." in sheet.html
    assert [row.get("value") for row in sheet.all("input[@name='row']")][17:] == ["new-1"]
    sent = dict(Form(sheet.one("form[@class='rows']"), sheet.address).pairs())
    assert {name: value for name, value in sent.items() if name.startswith("new-1-when-") and value}
    assert Rule.objects.count() == 17


def test_once_every_gap_has_its_row_none_is_left(editor: Client) -> None:
    with_a_gap()

    for _ in rows(read_admin(editor, address()), "gaps"):
        sheet = add_row(editor)
        form = Form(sheet.one("form[@class='rows']"), sheet.address)
        form.send(editor, {"new-1-outcome": "not-yet", "new-1-reason": "Because.", "do": "save"})

    assert rows(read_admin(editor, address()), "gaps") == []
    assert Rule.objects.count() > 17


def test_who_may_not_edit_is_offered_no_button(owner: Client) -> None:
    with_a_gap()

    page = read_admin(owner, address())

    assert rows(page, "gaps")
    assert not page.all("section[@aria-labelledby='gaps']//button")


def test_advice_that_is_given_together_is_shown_in_pairs(owner: Client) -> None:
    page = read_admin(owner, address())

    titles = set(Remark.objects.values_list("title", flat=True))
    pairs = page.all("div[@aria-label='Table of advice that is given together']//tbody/tr")
    assert pairs
    for one, other, example in pairs:
        assert {one.text, other.text} <= titles
        assert "Running software:" in (example.text or "")


def test_what_a_gap_does_to_people_is_compared_before_it_can_be_published(publisher: Client) -> None:
    with_a_gap()

    page = read_admin(publisher, address("publish"))

    assert "The last rule must match anything" in page.html
    assert {row[1] for row in rows(page, "people")} == {"No outcome"}
