"""A page that is put together from its skeleton is the page that its template makes."""

from collections.abc import Iterator
from typing import Any

import pytest
from django.template.loader import render_to_string
from django.test import Client, RequestFactory
from django.utils.safestring import SafeString

from advisor import skeletons
from advisor.assessment import pages, result_page
from advisor.assessment.visit import Visit, visit_of
from advisor.content.editions import LoadedEdition
from advisor.decision.answers import query
from tests.assessment.addresses import result
from tests.conftest import ANSWERS, GUIDE
from tests.load.visitors import walks

ALONG = "utm_source=a%26b&ref=%3Cb%3E%22"
"""What rides along and has to be escaped."""
WALKS = 60


@pytest.fixture
def visits(published: LoadedEdition) -> list[Visit]:
    """Answers that lead to every outcome, and others drawn at random, half of them to anything at all."""
    drawn = [query(published.guide, walk.answers) for walk in walks(published.guide, WALKS, seed=1)]
    addresses = [result(f"{answers}&{ALONG}") for answers in [*ANSWERS.values(), *drawn]]
    return [visit_of(RequestFactory().get(address), GUIDE) for address in addresses]  # type: ignore[arg-type]


def contexts(visits: list[Visit]) -> Iterator[tuple[str, dict[str, Any]]]:
    """Every page of the walk for these answers: its template and what it shows."""
    for visit in visits:
        yield "assessment/landing.html", pages.landing(visit)
        yield "assessment/result.html", result_page.result(visit)
        for page in visit.pages:
            yield "assessment/question.html", pages.question(visit, page, None)


def test_every_page_of_the_walk_is_what_its_template_makes(visits: list[Visit]) -> None:
    for template, context in contexts(visits):
        for name in (template, f"{template}#page"):
            assert skeletons.fill_in(name, context) == render_to_string(name, context)


def test_few_skeletons_serve_many_answers(visits: list[Visit]) -> None:
    skeletons._skeleton.cache_clear()

    number = sum(template == "assessment/question.html" for template, _ in contexts(visits))
    for template, context in contexts(visits):
        if template == "assessment/question.html":
            skeletons.fill_in(template, context)

    assert skeletons._skeleton.cache_info().currsize < number / 10


@pytest.mark.usefixtures("published")
def test_what_a_visitor_sends_is_shown_as_text_and_fills_no_hole(visitor: Client) -> None:
    sent = f"<b>{skeletons.HOLE}title{skeletons.HOLE}</b>"

    page = visitor.get(result(ANSWERS["not-yet"]), {"utm_source": "x", "ref": sent}).content.decode()

    assert skeletons.HOLE not in page
    assert "<b>" not in page


def test_a_text_is_escaped_once_and_markup_is_left() -> None:
    context = {"title": "a < b & c", "description": SafeString("<i>"), "card": "", "draft": False}

    found = skeletons.fill_in("base.html", context)

    assert "<title>a &lt; b &amp; c</title>" in found
    assert 'content="<i>"' in found
