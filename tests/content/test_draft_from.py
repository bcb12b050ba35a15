"""The draft made from an edition again: all of it or a part, with nothing changed that says the same."""

import pytest
from django.test import Client
from django.urls import reverse

from advisor.booking.models import Host
from advisor.content.drafts import read_draft
from advisor.content.going_back import changed_parts
from advisor.content.models import Guide, NeedRow, Remark, Role, Rule, Scenario, Signal
from advisor.content.scenarios import cases_of
from advisor.decision.guide import encode
from tests.assessment.reading import Form, Page
from tests.booking.hosts import make_host
from tests.content.admin_pages import read_admin
from tests.content.making import draft, publish_draft

pytestmark = pytest.mark.django_db


def address(number: int = 1) -> str:
    return reverse("admin:content_guide_draft_from", args=[draft().pk, number])


def document() -> str:
    return encode(read_draft(draft()))


def change_everything() -> None:
    """Words, order, rows added and taken away, keys that come and go, in every kind of part."""
    guide = draft()
    Guide.objects.filter(pk=guide.pk).update(summary="In other words.", strong_from=4)
    Signal.objects.filter(key="ai-risks").update(text="Other risks.", position=1)
    third = Role.objects.create(guide=guide, key="fractional-cpo", name="CPO", summary="Third.", position=9)
    guide.signal_set.create(key="of-the-third", name="Third", text="Third.", role=third, position=99)
    guide.sharedconcern_set.first().delete()  # type: ignore[union-attr]
    guide.dimension_set.filter(key="focus").delete()
    guide.rule_set.first().delete()  # type: ignore[union-attr]
    Remark.objects.filter(guide=guide).update(text="Other advice.")
    NeedRow.objects.filter(role__key="head-of-ai").update(reason="Another reason.")
    question = guide.question_set.first()
    assert question
    question.choice_set.filter(key="unsure").update(label="Perhaps")
    guide.scenario_set.first().delete()  # type: ignore[union-attr]


def take(client: Client, number: int = 1, **changes: str | list[str] | None) -> Page | str:
    """The page after the form was sent as it stands: where it leads, or the page that came back."""
    page = read_admin(client, address(number))
    answer = Form(page.one("div[@id='content-main']//form"), address(number)).send(client, changes)
    return answer["Location"] if "Location" in answer else Page(answer, address(number), strict=False)


def test_a_draft_in_which_everything_was_changed_says_again_what_the_edition_says(editor: Client) -> None:
    before, cases = document(), cases_of(draft())
    publish_draft()
    change_everything()
    assert document() != before

    assert take(editor, 2) == reverse("admin:content_guide_overview", args=[draft().pk])

    assert document() == before
    assert [(case.title, case.answers) for case in cases_of(draft())] == [(case.title, case.answers) for case in cases]


def test_rows_that_say_the_same_stay_as_they_are_and_so_does_what_refers_to_them(editor: Client) -> None:
    host = make_host()
    host.outcomes.set(draft().outcome_set.filter(key="head-of-ai"))
    rows = set(Rule.objects.values_list("pk", flat=True))
    records = Signal.history.count()
    Signal.objects.filter(key="ai-risks").update(text="Other risks.")

    take(editor)

    assert [outcome.key for outcome in Host.objects.get(pk=host.pk).outcomes.all()] == ["head-of-ai"]
    assert set(Rule.objects.values_list("pk", flat=True)) == rows
    assert Signal.history.count() == records + 1


def test_one_part_is_taken_and_the_others_stay(editor: Client) -> None:
    was = Signal.objects.get(key="ai-risks").text
    Signal.objects.filter(key="ai-risks").update(text="Other risks.")
    Guide.objects.update(summary="In other words.")
    assert {name for name, _ in changed_parts(read_draft(draft()), read_draft(draft()))} == set()

    take(editor, parts=["signals"])

    assert Signal.objects.get(key="ai-risks").text == was
    assert draft().summary == "In other words."


def test_what_would_name_something_that_is_gone_is_refused_with_the_place(editor: Client) -> None:
    outcome = draft().outcome_set.create(key="new", name="New", title="New", text="New.", position=9)
    draft().rule_set.create(outcome=outcome, when={}, reason="New.", position=99)
    before = document()

    page = take(editor, parts=["outcomes"])

    assert isinstance(page, Page)
    assert "There is no outcome “new”" in page.html
    assert document() == before
    # What was ticked stays ticked.
    assert [box.get("value") for box in page.all("input[@name='parts'][@checked]")] == ["outcomes"]


def test_a_draft_that_was_changed_meanwhile_is_not_replaced(editor: Client) -> None:
    Guide.objects.update(summary="In other words.")
    page = read_admin(editor, address())
    Guide.objects.update(summary="In yet other words.")

    answer = Form(page.one("div[@id='content-main']//form"), address()).send(editor, {})

    assert answer["Location"] == address()
    assert draft().summary == "In yet other words."
    assert "The draft was changed after it was compared" in read_admin(editor, address()).html


def test_nothing_ticked_is_an_error_beside_the_field(editor: Client) -> None:
    Guide.objects.update(summary="In other words.")

    page = take(editor, parts=[])

    assert isinstance(page, Page)
    assert "Tick what to take from the edition." in page.html


def test_a_draft_that_says_the_same_has_nothing_to_take(editor: Client) -> None:
    page = read_admin(editor, address())

    assert "there is nothing to take" in page.html
    assert not page.all("div[@id='content-main']//form")


def test_the_guides_page_offers_to_throw_the_changes_away(editor: Client) -> None:
    overview = reverse("admin:content_guide_overview", args=[draft().pk])
    assert "Throw the changes of the draft away" not in read_admin(editor, overview).html
    Guide.objects.update(summary="In other words.")

    links = {link.get("href") for link in read_admin(editor, overview).all("div[@id='content-main']//a")}

    assert address() in links


def test_who_goes_back_is_told_what_the_draft_still_has(publisher: Client) -> None:
    Guide.objects.update(summary="A mistake.")
    publish_draft()
    again = reverse("admin:content_guide_publish_edition", args=[draft().pk, 1])
    page = read_admin(publisher, again)

    answer = Form(page.one("div[@id='content-main']//form"), again).send(publisher, {"note": "Back."})

    after = read_admin(publisher, answer["Location"])
    assert "The draft still says something else" in after.html
    assert address(3) in {link.get("href") for link in after.all("ul[@class='messagelist']//a")}
    assert Scenario.objects.exists()
