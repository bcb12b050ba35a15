"""An edition never changes and never goes away, whoever tries."""

from collections.abc import Callable
from typing import Any

import pytest
from django.db import IntegrityError, connection, transaction
from django.db.models import ProtectedError
from django.test import Client

from advisor.content.models import Edition, Guide
from advisor.content.models.edition import FrozenError
from tests.content.admin_pages import admin_address, admin_list, read_admin
from tests.content.making import NOON, draft, publish_draft

pytestmark = pytest.mark.django_db


def edition() -> Edition:
    return Edition.objects.get(number=1)


def save_again() -> None:
    changed = edition()
    changed.note = "Another note."
    changed.save()


def save_one_field() -> None:
    changed = edition()
    changed.note = "Another note."
    changed.save(update_fields=["note"])


def save_over_it() -> None:
    """A new object with the primary key of the old one."""
    Edition(pk=edition().pk, guide=draft(), number=1, note="Another note.", published_at=NOON).save()


@pytest.mark.parametrize(
    "change",
    [
        pytest.param(save_again, id="save"),
        pytest.param(save_one_field, id="save of one field"),
        pytest.param(lambda: edition().delete(), id="delete"),
        pytest.param(lambda: Edition.objects.update(note="Another note."), id="update of all"),
        pytest.param(lambda: Edition.objects.filter(number=1).update(note="Another note."), id="update of some"),
        pytest.param(lambda: Edition.objects.all().delete(), id="delete of all"),
        pytest.param(lambda: Edition.objects.filter(number=1).delete(), id="delete of some"),
        pytest.param(lambda: Edition.objects.bulk_update([edition()], ["note"]), id="update in bulk"),
        pytest.param(
            lambda: Edition.objects.update_or_create(number=1, defaults={"note": "Another note."}),
            id="update or create",
        ),
        pytest.param(lambda: draft().edition_set.all().delete(), id="delete of a guide's"),
    ],
)
def test_the_model_refuses_every_change(change: Callable[[], Any]) -> None:
    before = Edition.objects.values().get()

    with pytest.raises(FrozenError, match="edition"), transaction.atomic():
        change()

    assert Edition.objects.values().get() == before


def delete_past_the_model() -> None:
    editions: Any = Edition.objects.all()
    editions._raw_delete("default")


def run(statement: str) -> Callable[[], None]:
    def execute() -> None:
        with connection.cursor() as cursor:
            cursor.execute(statement)

    return execute


@pytest.mark.parametrize(
    "change",
    [
        pytest.param(run("UPDATE content_edition SET note = 'Another note.'"), id="UPDATE"),
        pytest.param(run("UPDATE content_edition SET document = document"), id="UPDATE with the same"),
        pytest.param(run("DELETE FROM content_edition"), id="DELETE"),
        pytest.param(delete_past_the_model, id="delete past the model"),
    ],
)
def test_the_database_refuses_every_change(change: Callable[[], None]) -> None:
    before = Edition.objects.values().get()

    with pytest.raises(IntegrityError, match="edition_frozen"), transaction.atomic():
        change()

    assert Edition.objects.values().get() == before


COLUMNS = ", ".join(f'"{field.column}"' for field in Edition._meta.fields)
PAST_ROW_TRIGGERS = {
    # SQLite deletes what it replaces without asking the triggers for DELETE.
    "sqlite": f"INSERT OR REPLACE INTO content_edition ({COLUMNS}) SELECT {COLUMNS} FROM content_edition",
    "postgresql": "TRUNCATE content_edition CASCADE",
}


def test_the_database_refuses_what_does_not_change_or_delete_row_by_row() -> None:
    before = Edition.objects.values().get()

    with pytest.raises(IntegrityError, match=r"edition_(frozen|number_unique)"), transaction.atomic():
        run(PAST_ROW_TRIGGERS[connection.vendor])()

    assert Edition.objects.values().get() == before


def test_the_database_refuses_a_new_edition_in_place_of_an_old_one() -> None:
    before = Edition.objects.values().get()

    with pytest.raises(IntegrityError), transaction.atomic():
        save_over_it()

    assert Edition.objects.values().get() == before


def test_a_guide_cannot_take_its_editions_with_it() -> None:
    with pytest.raises(ProtectedError):
        draft().delete()

    assert Guide.objects.count() == Edition.objects.count() == 1


def test_a_new_edition_can_still_be_published() -> None:
    publish_draft()

    assert list(Edition.objects.values_list("number", flat=True)) == [2, 1]


def test_the_admin_shows_an_edition_and_offers_nothing_else(superuser: Client) -> None:
    page = read_admin(superuser, admin_address(edition()))

    controls = [control.get("name") for control in page.all("form[@id='edition_form']//input")]
    assert "The first guide, as it comes." in page.text("div[@id='content']")
    assert [name for name in controls if name and not name.startswith("csrf")] == []


@pytest.mark.parametrize("action", ["change", "delete"])
def test_the_admin_refuses_to_change_or_delete_an_edition(superuser: Client, action: str) -> None:
    before = Edition.objects.values().get()

    answer = superuser.post(admin_address(edition(), action), {"post": "yes", "note": "Another note."})

    assert answer.status_code == 403
    assert Edition.objects.values().get() == before


def test_the_admin_offers_no_way_to_add_an_edition(superuser: Client) -> None:
    answer = superuser.post(f"{admin_list(Edition)}add/", {"number": "2", "document": "{}"})

    assert answer.status_code == 403
    assert Edition.objects.count() == 1


def test_the_admin_has_no_action_that_deletes_editions(superuser: Client) -> None:
    answer = superuser.post(admin_list(Edition), {"action": "delete_selected", "_selected_action": edition().pk})

    assert answer.status_code in {200, 302}
    assert "delete_selected" not in superuser.get(admin_list(Edition)).content.decode()
    assert Edition.objects.count() == 1
