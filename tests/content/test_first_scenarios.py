"""The scenarios that the first guide comes with."""

from urllib.parse import parse_qsl

import pytest
from django.test import Client

from advisor.content.models import Scenario
from advisor.content.publishing import draft_blockers
from advisor.content.scenarios import run_scenarios
from advisor.decision.answers import query, read
from advisor.decision.recommendation import Certainty, recommend
from advisor.decision.walk import asked_pages, open_page
from tests.assessment.reading import Page
from tests.conftest import ANSWERS, GUIDE
from tests.content.making import draft
from tests.guides import first_guide

pytestmark = pytest.mark.django_db


def test_there_are_twenty_or_more_and_they_cover_every_outcome_and_how_sure_it_is() -> None:
    scenarios = Scenario.objects.filter(guide=draft())

    assert scenarios.count() >= 20
    assert set(scenarios.values_list("outcome__key", flat=True)) == set(ANSWERS)
    assert set(scenarios.values_list("certainty", flat=True)) == set(Certainty)


def test_to_each_is_said_what_it_expects_and_nothing_else() -> None:
    """What must not be said is every other remark."""
    guide = first_guide()

    for scenario in Scenario.objects.all():
        recommendation = recommend(guide, read(guide, parse_qsl(scenario.answers))[0])
        said = {remarked.remark.key for remarked in recommendation.remarks}
        assert said == set(scenario.remarks.values_list("key", flat=True)), scenario.title


def test_each_says_which_advice_must_not_be_given() -> None:
    for scenario in Scenario.objects.all():
        assert scenario.unwanted_remarks.filter(kind="advice").exists(), scenario.title


def test_each_gets_what_it_expects() -> None:
    runs = run_scenarios(draft(), first_guide())

    assert [run.message for run in runs if not run.passed] == []
    assert draft_blockers(draft(), first_guide()) == []


def test_each_is_a_complete_walk_in_its_canonical_form() -> None:
    guide = first_guide()

    for scenario in Scenario.objects.all():
        answers, problems = read(guide, parse_qsl(scenario.answers))
        assert problems == ()
        assert query(guide, answers) == scenario.answers
        assert open_page(asked_pages(guide, answers), answers) is None


def test_a_visitor_with_these_answers_reads_that_outcome(visitor: Client) -> None:
    expected = dict(Scenario.objects.values_list("answers", "outcome__key"))

    reached = {answers: Page(visitor.get(f"/{GUIDE}/result/?{answers}")).outcome for answers in expected}

    assert reached == expected
