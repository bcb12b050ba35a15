"""A scenario in the admin: its answers are chosen and ticked, or pasted as an address, and never typed as keys."""

import pytest
from django.test import Client
from django.urls import reverse

from advisor.content.models import Question, Scenario
from tests.assessment.reading import Changes, Form, Page
from tests.conftest import ANSWERS, GUIDE
from tests.content.admin_pages import admin_address, beside, read_admin, saved
from tests.content.making import draft

pytestmark = pytest.mark.django_db

CHOSEN: Changes = {
    "answers-software": "yes",
    "answers-signal": ["messy-stack"],
    "answers-ai": "no",
    "answers-both": "software",
}
"""The answers of ``ANSWERS["fractional-cto"]``, one by one."""


def first() -> Scenario:
    return Scenario.objects.get(position=1)


def add(client: Client, changes: Changes) -> Page | None:
    """A scenario is added; None when it was saved, or else the page with what is wrong."""
    address = f"{reverse('admin:content_scenario_add')}?guide={draft().pk}"
    form = Form(read_admin(client, address).one("form[@id='scenario_form']"), address)
    outcome = str(draft().outcome_set.get(key="fractional-cto").pk)
    words = {"title": "Ten engineers, chaos", "outcome": outcome, "position": "1000"}
    fields = words if "position" in dict(form.pairs()) else {"title": words["title"], "outcome": outcome}
    answer = form.send(client, {**fields, **changes})
    return None if "Location" in answer else Page(answer, address, strict=False)


def test_every_question_and_signal_is_offered_in_words(editor: Client) -> None:
    page = read_admin(editor, admin_address(first()))

    selects = {select.get("aria-label") for select in page.all("fieldset//select")}
    assert set(Question.objects.values_list("text", flat=True)) <= selects
    assert len(page.all("input[@name='answers-signal']")) == draft().signal_set.count()
    assert not page.all("textarea[@name='answers']")


def test_what_it_stands_for_is_chosen_and_ticked_already(editor: Client) -> None:
    scenario = first()
    Scenario.objects.filter(pk=scenario.pk).update(answers=ANSWERS["fractional-cto"])

    page = read_admin(editor, admin_address(scenario))

    chosen = [option.get("value") for option in page.all("div[@class='condition']//option[@selected]")]
    ticked = [box.get("value") for box in page.all("input[@name='answers-signal'][@checked]")]
    assert (chosen, ticked) == (["yes", "no", "software"], ["messy-stack"])


def test_saving_it_as_it_is_changes_nothing(editor: Client) -> None:
    for scenario in Scenario.objects.all():
        before = scenario.answers

        saved(editor, scenario, {})

        scenario.refresh_from_db()
        assert scenario.answers == before


def test_chosen_answers_are_kept_as_the_address_of_a_result_has_them(editor: Client) -> None:
    wrong = add(editor, CHOSEN)

    assert wrong is None
    assert Scenario.objects.get(title="Ten engineers, chaos").answers == ANSWERS["fractional-cto"]


@pytest.mark.parametrize(
    "address",
    [
        f"https://advisor.example.com/{GUIDE}/result/?{ANSWERS['fractional-cto']}&edition=3&utm_source=mail&ref=a",
        f"/{GUIDE}/result/?{ANSWERS['fractional-cto']}#why",
        f"?{ANSWERS['fractional-cto']}",
        ANSWERS["fractional-cto"],
    ],
)
def test_the_address_of_a_result_can_be_pasted_instead(editor: Client, address: str) -> None:
    wrong = add(editor, {"answers-address": address})

    assert wrong is None
    assert Scenario.objects.get(title="Ten engineers, chaos").answers == ANSWERS["fractional-cto"]


@pytest.mark.parametrize(
    ("changes", "message"),
    [
        ({}, "Choose an answer to at least one question."),
        ({"answers-address": "https://[broken"}, "https://[broken"),
        ({"answers-address": f"/{GUIDE}/"}, f"/{GUIDE}/"),
        ({"answers-address": "software=perhaps"}, "not answered as the guide asks it now: software"),
        ({"answers-address": "software=yes&signal=tidy-desk"}, "signal tidy-desk"),
        ({"answers-address": "hardware=yes"}, "hardware"),
        ({"answers-software": "perhaps"}, "software"),
    ],
)
def test_what_no_visitor_could_answer_is_refused_beside_the_field(
    editor: Client, changes: Changes, message: str
) -> None:
    page = add(editor, changes)

    assert page
    assert message in beside(page, "answers")


def test_answers_that_the_guide_asks_no_more_are_named(editor: Client) -> None:
    scenario = first()
    Scenario.objects.filter(pk=scenario.pk).update(answers="hardware=yes&software=yes")

    page = read_admin(editor, admin_address(scenario))

    assert "Not asked in this way any more, and gone once you save: hardware." in page.html
