"""Who changed what and when, with the old value, on every object of a guide."""

import pytest
from django.test import Client
from django.urls import reverse

from advisor.content.editing.views import changes as history
from advisor.content.guide_parts import RECORDED, parts_of
from advisor.content.models import Cell, Choice, Dimension, FrequentQuestion, Outcome, Remark, Rule, SharedConcern
from tests.assessment.reading import Page, text_of
from tests.content.admin_pages import read_admin, save_in_admin
from tests.content.making import draft

pytestmark = pytest.mark.django_db


def changes(client: Client, query: str = "") -> Page:
    return read_admin(client, reverse("admin:content_guide_changes", args=[draft().pk]) + query)


def newest(client: Client) -> str:
    """The first change, in words."""
    return text_of(changes(client).all("table[@class='changes']/tbody")[0])


def test_a_guide_that_was_only_loaded_has_no_changes(superuser: Client) -> None:
    page = changes(superuser)

    assert "Nothing was changed since this guide was loaded." in page.text("div[@id='content-main']")


@pytest.mark.parametrize("model", RECORDED, ids=lambda model: model.__name__)
def test_how_every_part_began_is_kept(model: type[Rule]) -> None:
    parts = parts_of(draft(), model)

    assert {part.pk for part in parts} == set(model.history.values_list("id", flat=True))


def test_a_changed_text_shows_who_when_and_both_values(superuser: Client) -> None:
    rule = Rule.objects.get(guide=draft(), position=2)
    before = rule.reason

    save_in_admin(superuser, rule, {"reason": "Other <b>words</b>"})

    said = newest(superuser)
    assert "chief" in said
    assert "Rule “number 2” changed Reason" in said
    assert before in said
    assert "Other <b>words</b>" in said


def test_conditions_and_lists_are_in_words(superuser: Client) -> None:
    rule = Rule.objects.get(guide=draft(), position=3)
    outcome = Outcome.objects.get(guide=draft(), key="not-yet")
    Rule.objects.filter(pk=rule.pk).update(when={"both": ["software"]})

    save_in_admin(superuser, rule, {"when-0-both": "ai"})
    of_rule = newest(superuser)
    outcome.roles.add(draft().role_set.all()[0])
    of_outcome = newest(superuser)

    assert "Place of AI: The core of it Software, AI or both: Mostly AI" in of_rule
    assert "Roles Fractional CTO" in of_outcome


@pytest.mark.parametrize("model", [Choice, Cell, SharedConcern, FrequentQuestion, Dimension, Remark])
@pytest.mark.usefixtures("no_scenarios")
def test_what_was_deleted_is_there_with_what_it_said(superuser: Client, model: type[Cell]) -> None:
    part = next(iter(parts_of(draft(), model).order_by("-pk")))
    texts = (getattr(part, name, None) for name in ("text", "label", "question"))
    said = next(text for text in texts if isinstance(text, str))

    model.objects.filter(pk=part.pk).delete()

    records = " ".join(changes(superuser).texts("table[@class='changes']/tbody"))
    assert "deleted" in records
    assert said in records


def test_what_was_added_is_there_with_what_it_says(superuser: Client) -> None:
    SharedConcern.objects.create(guide=draft(), position=9, text="Vendors")

    assert "Shared concern “Vendors” added" in newest(superuser)


def test_what_was_never_recorded_before_is_said_so(superuser: Client) -> None:
    concern = SharedConcern.objects.all()[0]
    SharedConcern.history.all().delete()

    concern.save()

    assert "How it was before was not recorded." in newest(superuser)


def test_older_changes_are_on_further_pages(superuser: Client, monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr(history, "CHANGES_PER_PAGE", 2)
    for text in ("One", "Two", "Three"):
        SharedConcern.objects.create(guide=draft(), position=len(text) + 10 * ord(text[0]), text=text)

    first, second = changes(superuser), changes(superuser, "?page=2")

    assert [len(page.all("table[@class='changes']/tbody")) for page in (first, second)] == [2, 1]
    assert "Page 1 of 2" in first.text("p[@class='paginator']")
    assert changes(superuser, "?page=nonsense").title == first.title


def test_it_does_not_open_without_the_right_to_see_guides(staff: Client) -> None:
    answer = staff.get(reverse("admin:content_guide_changes", args=[draft().pk]))

    assert answer.status_code == 403
