"""The proof as a page: what holds, what is wrong, and for a gap the row that closes it."""

from urllib.parse import urlencode

import pytest
from django.test import Client
from django.urls import reverse

from advisor.content.models import Cell, FollowUp, NeedRow, Question, Remark, Rule, Scenario
from tests.assessment.reading import Form, Page
from tests.content.admin_pages import read_admin
from tests.content.making import draft, tables_of_the_first_release

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
    assert "There are 897,665 possible sets of answers" in page.text("div[@id='content-main']")
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
    NeedRow.objects.all().delete()
    Question.objects.filter(follow_up=None).delete()

    statuses = [editor.get(address(name)).status_code for name in ("proof", "publish")]

    assert statuses == [200, 200]


def test_a_proof_that_takes_long_is_shown_on_its_way(editor: Client, monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr("advisor.content.editing.views.proof.proof_or_progress", lambda draft: (3, 7))

    page = read_admin(editor, address())

    assert "3 of 7 tables and remarks are done." in page.text("div[@id='content-main']")
    assert not page.all("section[@aria-labelledby='outcomes']")
    assert 'data-hx-trigger="load delay:1s"' in page.html


@pytest.mark.parametrize("name", ["proof", "publish"])
def test_who_waited_for_a_proof_gets_the_whole_page_once_it_is_there(editor: Client, name: str) -> None:
    answer = editor.get(address(name), headers={"HX-Request": "true"})

    assert answer.headers["HX-Refresh"] == "true"


def test_a_comparison_that_waits_for_its_proof_says_how_far_it_is(
    editor: Client, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setattr("advisor.content.editing.views.publish.proof_or_progress", lambda document: (3, 7))

    page = read_admin(editor, address("publish"))

    assert "3 of 7 tables and remarks are done." in page.text("div[@id='content-main']")


def test_a_proof_says_how_much_of_what_it_may_take_it_took(editor: Client) -> None:
    page = read_admin(editor, address())

    assert "% of the work that a proof may take." in page.text("div[@id='content-main']")


def with_a_gap() -> None:
    """Whoever answers “unsure” to the third question and was not caught before gets no outcome."""
    tables_of_the_first_release()
    Rule.objects.get(position=18).delete()


def test_one_row_that_ends_the_table_is_proposed_first_for_everything_that_is_left(editor: Client) -> None:
    with_a_gap()

    page = read_admin(editor, address())

    first, *others = rows(page, "gaps")
    left = [int(count.replace(",", "")) for count, *_ in others]
    assert first[2] == "Otherwise, whatever was answered"
    assert int(first[0].replace(",", "")) > sum(left) > 0
    assert f"{first[0]} sets of answers lead nowhere." in page.text("section[@aria-labelledby='gaps']")


def test_a_gap_is_shown_with_how_many_an_example_and_a_row_in_words(editor: Client) -> None:
    with_a_gap()

    (_, second, *_) = rows(read_admin(editor, address()), "gaps")

    assert int(second[0].replace(",", "")) > 0
    assert "Running software:" in second[1]
    assert second[2].startswith("If Running software: ")


def add_row(client: Client, place: int = 0) -> Page:
    """The outcome table that the button of a proposed row leads to."""
    page = read_admin(client, address())
    form = Form(page.one("section[@aria-labelledby='gaps']//form"), page.address)
    buttons = [("row", button.attrib["value"]) for button in page.all("section[@aria-labelledby='gaps']//button")]
    pressed = [*(pair for pair in form.pairs() if pair not in buttons), buttons[place]]
    answer = client.post(address("rules"), urlencode(pressed), "application/x-www-form-urlencoded")
    return Page(answer, address("rules"), strict=False)


def save(client: Client, sheet: Page) -> None:
    """Save what was proposed, with an outcome."""
    form = Form(sheet.one("form[@class='rows']"), sheet.address)
    (new,) = [value for name, value in form.pairs() if name == "row" and value.startswith("new-")]
    form.send(client, {f"{new}-outcome": "not-yet", f"{new}-reason": "Because.", "do": "save"})


def test_the_row_that_a_gap_proposes_is_put_into_the_outcome_table_unsaved(editor: Client) -> None:
    with_a_gap()

    sheet = add_row(editor, 1)

    assert "Not saved yet." in sheet.html
    assert [row.get("value") for row in sheet.all("input[@name='row']")][17:] == ["new-2"]
    sent = dict(Form(sheet.one("form[@class='rows']"), sheet.address).pairs())
    assert {name: value for name, value in sent.items() if name.startswith("new-2-when-") and value}
    assert Rule.objects.count() == 17


def test_the_row_that_ends_the_table_makes_the_proof_hold_at_once(editor: Client) -> None:
    with_a_gap()

    save(editor, add_row(editor))

    page = read_admin(editor, address())
    assert "The proof holds:" in page.html
    assert "The last rule must match anything" not in page.html
    assert Rule.objects.get(position=18).when == {}


def test_rows_for_gaps_may_come_first_and_the_proof_holds_with_the_row_that_ends_the_table(editor: Client) -> None:
    with_a_gap()

    while len(rows(read_admin(editor, address()), "gaps")) > 1:
        save(editor, add_row(editor, 1))
    before_the_end = Rule.objects.count()
    save(editor, add_row(editor))

    page = read_admin(editor, address())
    assert before_the_end > 17
    assert "The proof holds:" in page.html
    assert "never decides" not in page.html


def test_a_table_that_covers_everything_without_an_end_is_offered_to_end_with_its_last_rule(editor: Client) -> None:
    tables_of_the_first_release()
    last = Rule.objects.get(position=18)
    last.when = {"both": ["both", "software", "ai", "neither", "unsure"]}
    last.save()
    page = read_admin(editor, address())
    form = Form(page.one("section[@aria-labelledby='ending']//form"), page.address)

    sheet = Page(form.send(editor), address("rules"), strict=False)
    Form(sheet.one("form[@class='rows']"), sheet.address).send(editor, {"do": "save"})

    after = read_admin(editor, address())
    assert "The last rule must match anything" in page.html
    assert Rule.objects.get(position=18).when == {}
    assert "The proof holds:" in after.html
    assert "The last rule must match anything" not in after.html


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
    Rule.objects.get(position=8).delete()

    page = read_admin(publisher, address("publish"))

    assert "The last rule must match anything" in page.html
    assert {row[1] for row in rows(page, "results")} == {"No outcome"}


def test_a_role_that_is_recommended_and_not_needed_is_advice_beside_the_proof(editor: Client) -> None:
    *_, before_last, last = Rule.objects.order_by("position")
    last.delete()
    Rule.objects.filter(pk=before_last.pk).update(when={})

    page = read_admin(editor, address())

    (told,) = page.texts("section[@aria-labelledby='denied']/ul/li")
    assert "names “Fractional Head of AI” for 3,205 sets of answers in which that role is not needed" in told
