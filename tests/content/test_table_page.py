"""The comparison table as one page: every cell a field, saved at once, two editors warned instead of overwritten."""

import pytest
from django.test import Client
from django.urls import reverse

from advisor.content.models import Cell, Dimension, Guide
from tests.assessment.reading import Changes, Form, Page
from tests.content.admin_pages import read_admin
from tests.content.making import draft

pytestmark = pytest.mark.django_db


def address() -> str:
    return reverse("admin:content_guide_table", args=[draft().pk])


def name_of(cell: Cell) -> str:
    return f"cell-{cell.dimension_id}-{cell.role_id}"


def form_of(page: Page) -> Form:
    return Form(page.one("div[@id='content-main']/form"), address())


def send(client: Client, form: Form, changes: Changes) -> Page:
    """The page that comes after the table was sent."""
    response = form.send(client, changes)
    if "Location" in response:
        return read_admin(client, response["Location"])
    return Page(response, address(), strict=False)


@pytest.fixture
def first() -> Cell:
    """The first cell of the table."""
    found: Cell = Cell.objects.filter(dimension__guide=draft()).order_by("dimension__position", "role__position")[0]
    return found


def typed(page: Page, name: str) -> str:
    return (page.one(f"textarea[@name='{name}']").text or "").strip()


def test_every_cell_is_a_field_with_a_label_of_its_own(superuser: Client) -> None:
    page = read_admin(superuser, address())

    labels = [text.strip() for text in page.texts("label[@class='visually-hidden']")]
    assert len(labels) == len(set(labels)) == Cell.objects.count() == 20
    assert all(", " in label for label in labels)


def test_only_what_was_changed_is_written_and_the_history_says_by_whom(superuser: Client, first: Cell) -> None:
    before = Cell.history.count()

    page = send(superuser, form_of(read_admin(superuser, address())), {name_of(first): "  Other \r\n words "})

    first.refresh_from_db()
    assert first.text == "Other words"
    assert "1 cell was saved" in page.text("ul[@class='messagelist']")
    assert Cell.history.count() == before + 1
    assert (Cell.history.first().id, Cell.history.first().history_user.username) == (first.pk, "chief")


def test_the_table_sent_as_it_came_changes_nothing(superuser: Client) -> None:
    page = send(superuser, form_of(read_admin(superuser, address())), {})

    assert "Nothing was changed" in page.text("ul[@class='messagelist']")


@pytest.mark.parametrize("text", ["", "x" * 201, "a\0b"])
def test_a_text_that_cannot_be_taken_is_told_beside_its_field_and_nothing_is_saved(
    superuser: Client, first: Cell, text: str
) -> None:
    other = Cell.objects.exclude(pk=first.pk)[0]
    page = send(
        superuser, form_of(read_admin(superuser, address())), {name_of(first): text, name_of(other): "A good text"}
    )

    assert page.title.startswith("Error: ")
    assert [link.get("href") for link in page.all("div[@role='alert']//a")] == [f"#id_{name_of(first)}"]
    assert page.one(f"textarea[@name='{name_of(first)}']").get("aria-invalid") == "true"
    assert typed(page, name_of(other)) == "A good text"
    assert not Cell.objects.filter(text="A good text").exists()


def test_a_missing_cell_is_marked_and_made_once_it_has_a_text(superuser: Client, first: Cell) -> None:
    Cell.objects.filter(pk=first.pk).delete()
    page = read_admin(superuser, address())

    assert "This cell is missing." in page.text("td[@class='missing']")
    send(superuser, form_of(page), {name_of(first): "Made anew"})

    assert Cell.objects.get(dimension=first.dimension_id, role=first.role_id).text == "Made anew"


def test_a_missing_cell_may_stay_missing(superuser: Client, first: Cell) -> None:
    Cell.objects.filter(pk=first.pk).delete()

    page = send(superuser, form_of(read_admin(superuser, address())), {})

    assert "Nothing was changed" in page.text("ul[@class='messagelist']")
    assert Cell.objects.count() == 19


def test_the_second_of_two_editors_is_warned_and_loses_nothing(superuser: Client, first: Cell) -> None:
    second = Cell.objects.exclude(pk=first.pk)[0]
    early, late = (form_of(read_admin(superuser, address())) for _ in range(2))
    send(superuser, early, {name_of(first): "Theirs", name_of(second): "Also theirs"})

    page = send(superuser, late, {name_of(first): "Mine"})

    first.refresh_from_db()
    assert first.text == "Theirs"
    assert "someone else changed this table" in page.text("div[@role='alert']")
    assert page.title.startswith("Changed meanwhile: ")
    assert typed(page, name_of(first)) == "Mine"
    note = page.text(f"p[@id='about_{name_of(first)}']")
    assert "Now it says “Theirs”, changed by chief on " in note
    # What was not touched here is what it is now, so that saving again does not undo it.
    assert typed(page, name_of(second)) == "Also theirs"
    again = send(superuser, form_of(page), {})
    first.refresh_from_db()
    second.refresh_from_db()
    assert (first.text, second.text) == ("Mine", "Also theirs")
    assert "1 cell was saved" in again.text("ul[@class='messagelist']")


def test_what_was_typed_into_a_row_that_is_gone_is_shown(superuser: Client, first: Cell) -> None:
    form = form_of(read_admin(superuser, address()))
    Dimension.objects.get(pk=first.dimension_id).delete()

    page = send(superuser, form, {name_of(first): "Typed for nothing"})

    assert "“Typed for nothing”" in page.text("div[@role='alert']")


@pytest.mark.parametrize("shown", ["", "[]", "{", '{"a": 1}', "[" * 5000, "\0"])
def test_a_form_that_was_tampered_with_overwrites_nothing(superuser: Client, first: Cell, shown: str) -> None:
    page = Page(superuser.post(address(), {"shown": shown, name_of(first): "Mine"}), address(), strict=False)

    assert "someone else changed this table" in page.text("div[@role='alert']")
    assert not Cell.objects.filter(text="Mine").exists()


def test_a_guide_without_roles_says_what_is_needed(superuser: Client) -> None:
    empty = Guide.objects.create(key="empty", title="Empty?")

    page = read_admin(superuser, reverse("admin:content_guide_table", args=[empty.pk]))

    assert "A table needs at least one role" in page.text("div[@id='content-main']")


def test_it_does_not_open_without_the_right_to_change_guides(staff: Client) -> None:
    answers = [staff.get(address()).status_code, staff.post(address(), {}).status_code]

    assert answers == [403, 403]
