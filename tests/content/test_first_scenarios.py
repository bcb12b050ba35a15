"""The scenarios that the first guide comes with."""

import pytest
from django.test import Client

from advisor.content.models import Scenario
from advisor.content.publishing import draft_blockers
from advisor.content.scenarios import run_scenarios
from advisor.decision.answers import query, read
from advisor.decision.walk import asked_pages, open_page
from tests.assessment.reading import Page
from tests.conftest import ANSWERS, GUIDE
from tests.content.making import draft
from tests.guides import first_guide

pytestmark = pytest.mark.django_db


def test_there_are_fifteen_or_more_and_they_cover_every_outcome() -> None:
    scenarios = Scenario.objects.filter(guide=draft())

    assert scenarios.count() >= 15
    assert set(scenarios.values_list("outcome__key", flat=True)) == set(ANSWERS)


def test_each_gets_what_it_expects() -> None:
    runs = run_scenarios(draft(), first_guide())

    assert [run.message for run in runs if not run.passed] == []
    assert draft_blockers(draft(), first_guide()) == []


def test_each_is_a_complete_walk_in_its_canonical_form() -> None:
    guide = first_guide()

    for scenario in Scenario.objects.all():
        answers, problems = read(guide, scenario.pairs)
        assert problems == ()
        assert query(guide, answers) == scenario.answers
        assert open_page(asked_pages(guide, answers), answers) is None


def test_a_visitor_with_these_answers_reads_that_outcome(visitor: Client) -> None:
    expected = dict(Scenario.objects.values_list("answers", "outcome__key"))

    reached = {answers: Page(visitor.get(f"/{GUIDE}/result/?{answers}")).outcome for answers in expected}

    assert reached == expected
