"""The recommendation belongs to the visit: a request computes it once, whatever needs it."""

import sys

import pytest
from django.test import Client

from advisor.booking.models import Call, Host
from advisor.decision.answers import Answers
from advisor.decision.guide import Guide
from advisor.decision.recommendation import Recommendation, recommend
from tests.assessment.addresses import call, result
from tests.booking.conftest import Book
from tests.conftest import ANSWERS


@pytest.fixture
def computed(monkeypatch: pytest.MonkeyPatch) -> list[Answers]:
    """The answers of each recommendation that a module of the project computes."""
    found: list[Answers] = []

    def recommend_and_note(guide: Guide, answers: Answers) -> Recommendation:
        found.append(answers)
        return recommend(guide, answers)

    for name, module in list(sys.modules.items()):
        if name.startswith("advisor.") and vars(module).get("recommend") is recommend:
            monkeypatch.setattr(module, "recommend", recommend_and_note)
    return found


@pytest.mark.usefixtures("published")
def test_a_result_computes_it_once(visitor: Client, computed: list[Answers]) -> None:
    visitor.get(result(ANSWERS["fractional-cto"]))

    assert len(computed) == 1


def test_the_call_page_computes_it_once(visitor: Client, host: Host, computed: list[Answers]) -> None:
    visitor.get(call())

    assert len(computed) == 1


def test_a_visitor_who_books_a_call_has_it_computed_once(host: Host, book: Book, computed: list[Answers]) -> None:
    book()

    assert Call.objects.count() == 1
    assert len(computed) == 1


def test_a_visitor_whose_form_is_refused_has_it_computed_once(
    visitor: Client, host: Host, computed: list[Answers]
) -> None:
    answer = visitor.post(call(), {"name": "", "key": "key-1"})

    assert answer.status_code == 200
    assert len(computed) == 1
