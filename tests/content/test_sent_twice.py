"""A form of the editor that is sent twice, as by a double press without scripts, does what it does once."""

from typing import Any

import pytest
from django.test import Client
from django.urls import reverse

from advisor.content.actions import StaleDraftError, publish
from advisor.content.models import (
    Cell,
    Dimension,
    Edition,
    FrequentQuestion,
    PreviewLink,
    Rule,
    Scenario,
    SharedConcern,
)
from tests.assessment.reading import Changes, Form, Page
from tests.content.admin_pages import admin_address, read_admin
from tests.content.making import NOON, draft

pytestmark = pytest.mark.django_db


def address(name: str, *more: object) -> str:
    return reverse(f"admin:content_guide_{name}", args=[draft().pk, *more])


def send_twice(client: Client, form: Form, changes: Changes) -> Page:
    """The page that answers the second of two, which know nothing of each other."""
    form.send(client, changes)
    answer = form.send(client, changes)
    return read_admin(client, answer["Location"]) if "Location" in answer else Page(answer, form.address, strict=False)


def opened(client: Client, path: str, which: str) -> Form:
    return Form(read_admin(client, path).one(f"form[{which}]"), path)


def told(page: Page) -> str:
    return page.text("ul[@class='messagelist']")


def test_the_comparison_table_says_what_was_saved(editor: Client) -> None:
    path, cell = address("table"), Cell.objects.get(dimension__guide=draft(), dimension__position=1, role__position=1)
    changes = {f"cell-{cell.dimension_id}-{cell.role_id}": "Everything technical"}

    page = send_twice(editor, opened(editor, path, "@novalidate"), changes)

    assert "1 cell was saved." in told(page)
    cell.refresh_from_db()
    assert cell.text == "Everything technical"
    assert cell.history.count() == 2


def test_a_rule_that_was_added_to_the_table_is_there_once(editor: Client) -> None:
    Scenario.objects.all().delete()
    path, count, last = address("rules"), Rule.objects.count(), Rule.objects.last()
    assert last
    form = opened(editor, path, "@class='rows'")
    copied = Page(form.send(editor, {"do": f"copy:{last.pk}"}), path, strict=False)
    form = Form(copied.one("form[@class='rows']"), path)

    page = send_twice(editor, form, {"do": "save"})

    assert "The table was saved." in told(page)
    assert Rule.objects.count() == count + 1


def test_a_part_is_moved_by_one_place(editor: Client) -> None:
    path, keys = address("order", "dimensions"), list(Dimension.objects.values_list("pk", flat=True))
    form = opened(editor, path, "@class='ordering'")

    page = send_twice(editor, form, {"move": f"down:{keys[0]}"})

    assert "is now number 2 of 10" in told(page)
    assert list(Dimension.objects.values_list("pk", flat=True)) == [keys[1], keys[0], *keys[2:]]


def test_a_draft_is_published_once_and_so_is_an_older_edition(publisher: Client) -> None:
    Cell.objects.filter(dimension__position=1, role__position=1).update(text="Everything technical")
    form = opened(publisher, address("publish"), "@class='module aligned'")

    page = send_twice(publisher, form, {"note": "A shorter focus."})
    again = opened(publisher, address("publish_edition", 1), "@class='module aligned'")
    second = send_twice(publisher, again, {"note": "Back to what worked."})

    assert "Edition 2 is live." in told(page)
    assert "Edition 3 is live." in told(second)
    assert sorted(edition.number for edition in Edition.objects.filter(guide=draft())) == [1, 2, 3]


def test_what_somebody_else_has_published_is_not_taken_for_ones_own() -> None:
    Cell.objects.filter(dimension__position=1, role__position=1).update(text="Everything technical")
    publish(guide=draft(), by="somebody", note="A shorter focus.", now=NOON, after=1)

    with pytest.raises(StaleDraftError):
        publish(guide=draft(), by="else", note="A shorter focus.", now=NOON, after=1)


def test_one_link_to_the_draft_is_made_and_another_one_when_it_is_asked_for_again(editor: Client) -> None:
    form = opened(editor, address("previews"), "@class='module aligned'")

    send_twice(editor, form, {"purpose": "Our lawyer", "days": "7"})
    after_two = PreviewLink.objects.count()
    opened(editor, address("previews"), "@class='module aligned'").send(editor, {"purpose": "Our lawyer", "days": "7"})

    assert after_two == 1
    assert PreviewLink.objects.count() == 2


ADDED: dict[str, tuple[type[Any], dict[str, str]]] = {
    "rule": (Rule, {"reason": "Because of that."}),
    "scenario": (Scenario, {"title": "A case", "answers-software": "no"}),
}


@pytest.mark.parametrize("kind", ADDED)
def test_a_part_without_a_key_is_added_once(editor: Client, kind: str) -> None:
    model, changes = ADDED[kind]
    path, count = f"{reverse(f'admin:content_{kind}_add')}?guide={draft().pk}", model.objects.count()
    outcome = str(draft().outcome_set.all()[0].pk)
    form = opened(editor, path, f"@id='{kind}_form'")

    page = send_twice(editor, form, changes | {"outcome": outcome})

    assert "There is one already that says the same" in page.text("div[@id='content']")
    assert model.objects.count() == count + 1


def test_what_is_added_within_the_words_of_a_guide_is_added_once(editor: Client) -> None:
    concerns, questions = SharedConcern.objects.count(), FrequentQuestion.objects.count()
    form = opened(editor, admin_address(draft()), "@id='guide_form'")
    added = {
        "sharedconcern_set-TOTAL_FORMS": str(concerns + 1),
        f"sharedconcern_set-{concerns}-text": "Who is on call at night",
        f"sharedconcern_set-{concerns}-guide": str(draft().pk),
        "frequentquestion_set-TOTAL_FORMS": str(questions + 1),
        f"frequentquestion_set-{questions}-question": "How long does it take?",
        f"frequentquestion_set-{questions}-answer": "A week.",
        f"frequentquestion_set-{questions}-guide": str(draft().pk),
    }
    sent = dict(form.pairs()) | added

    answers = [editor.post(form.address, sent) for _ in range(2)]

    assert [answer.status_code for answer in answers] == [302, 302]
    assert SharedConcern.objects.count() == concerns + 1
    assert FrequentQuestion.objects.count() == questions + 1
