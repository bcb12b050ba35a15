"""Every sentence of the first guide that a result page shows is true beside the answers that it was made from."""

from urllib.parse import parse_qsl

import pytest
from django.test import Client

from advisor.decision.answers import Answers, query, read
from tests.assessment.reading import Page
from tests.conftest import GUIDE
from tests.decision import brief
from tests.decision.sentences import SENTENCES, in_sentences, is_true, state_of, texts_of
from tests.decision.survey import survey
from tests.guides import first_guide

pytestmark = pytest.mark.django_db

PAGES = 100
"""How many result pages are read. ``tests/decision`` asks the tables for all sets of answers; here it is the pages."""


def visitors() -> list[Answers]:
    """Answers of many kinds, as a visitor gives them: "none of these" where nothing was ticked."""
    sample = survey().sample
    chosen = sample[:: len(sample) // PAGES]
    return [
        Answers(
            one.choices, one.signals, frozenset({side.mine for side in brief.SIDES if not one.signals & side.signals})
        )
        for one in chosen
    ]


def test_every_sentence_on_a_result_page_is_true_beside_the_answers(visitor: Client) -> None:
    guide = first_guide()
    sentences = [
        (text, sentence)
        for place, whole in texts_of(guide)
        for text, sentence in zip(in_sentences(whole), SENTENCES[place], strict=True)
    ]
    wrong, read_there = [], 0

    for answers in visitors():
        page = Page(visitor.get(f"/{GUIDE}/result/?{query(guide, answers)}"))
        shown = " ".join(page.text("main").split())
        state = state_of(answers, brief.remarks(answers))
        # What two places say in the same words is true if it is true at one of them.
        by_text: dict[str, list[bool]] = {}
        for text, sentence in sentences:
            if text in shown:
                by_text.setdefault(text, []).append(is_true(sentence, state))
        read_there += len(by_text)
        wrong += [(query(guide, answers), text) for text, truths in by_text.items() if not any(truths)]

    assert wrong == []
    assert read_there > 10 * PAGES


def test_what_is_advised_on_a_result_page_is_about_the_roles_it_recommends(visitor: Client) -> None:
    guide = first_guide()
    advice = {
        text: sentence.advises
        for place, whole in texts_of(guide)
        if place.startswith(("outcomes ", "remarks "))
        for text, sentence in zip(in_sentences(whole), SENTENCES[place], strict=True)
        if sentence.advises
    }
    wrong = []

    for answers in visitors():
        page = Page(visitor.get(f"/{GUIDE}/result/?{query(guide, answers)}"))
        shown = " ".join(page.text("main").split())
        named = guide.outcome[page.outcome].roles
        wrong += [text for text, roles in advice.items() if text in shown and not set(roles) <= set(named)]

    assert wrong == []


def test_the_answers_of_these_pages_are_complete() -> None:
    guide = first_guide()

    for answers in visitors():
        assert read(guide, parse_qsl(query(guide, answers))) == (answers, ())
