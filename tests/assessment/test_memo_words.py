"""The words of the memo: sentences that stand alone, what was said in short, and whether it agrees."""

import pytest

from advisor.assessment.recommendation_text import agreement_in_words, said_in_short, split_sentence
from advisor.decision.recommendation import recommend
from tests.decision.answer_sets import said
from tests.decision.survey import recommended
from tests.guides import first_guide, small_guide

FIRST = first_guide()
REASONS = {
    **{f"signal {signal.key}": signal.reason for signal in FIRST.signals},
    **{f"rule {place}": rule.reason for place, rule in enumerate(FIRST.rules, 1)},
    **{f"need {role.key} {place}": row.reason for role in FIRST.roles for place, row in enumerate(role.need, 1)},
}


def test_the_sentence_below_an_outcome_has_at_most_25_words_and_a_reason_18() -> None:
    sentences = {outcome.key: split_sentence(outcome.text)[0] for outcome in FIRST.outcomes}
    reasons = {name: split_sentence(text)[0] for name, text in REASONS.items()}

    assert {key: words for key, words in sentences.items() if len(words.split()) > 25} == {}
    assert {key: words for key, words in reasons.items() if len(words.split()) > 18} == {}


@pytest.mark.parametrize(
    ("text", "parts"),
    [
        ("One. Two. Three.", ("One.", "Two. Three.")),
        ("Only one", ("Only one", "")),
        ("Is it, e.g. this? “Yes.” No.", ("Is it, e.g. this?", "“Yes.” No.")),
        ("Ask **first** who owns it. Then go.", ("Ask first who owns it.", "Then go.")),
        ("In 3.5 weeks. Done.", ("In 3.5 weeks.", "Done.")),
    ],
)
def test_a_text_is_split_after_its_first_sentence(text: str, parts: tuple[str, str]) -> None:
    assert split_sentence(text) == parts


@pytest.mark.parametrize(
    ("query", "in_short", "agreement"),
    [
        (
            "software=yes&signal=messy-stack&ai=no&both=software",
            "Mostly software",
            "What you said and what you recognised agree.",
        ),
        (
            "software=unsure&ai=yes&both=ai",
            "Mostly AI",
            "You recognised nothing that backs what you said.",
        ),
        (
            "software=yes&signal=no-ai-component&ai=yes&signal=ai-is-the-product&both=neither",
            "Neither",
            "What you said and what you recognised do not agree.",
        ),
        (
            "software=no&ai=no&both=both&team-size=unsure&ai-place=unsure&scope=unsure",
            "Yes, both",
            "Several of your answers do not agree.",
        ),
        (
            "software=unsure&signal=fundraising&signal=messy-stack&ai=unsure&both=unsure",
            "Running software: Not sure · Making AI work: Not sure",
            "What you said and what you recognised agree in part.",
        ),
        (
            "software=no&signal=fundraising&signal=messy-stack&ai=yes&signal=ai-risks&both=unsure",
            "Running software: No · Making AI work: Yes",
            "What you said and what you recognised agree in part.",
        ),
        (
            "software=unsure&signal=none.software&ai=unsure&signal=none.ai&both=unsure",
            "Running software: Not sure · Making AI work: Not sure",
            "You left answers open and recognised none of the situations.",
        ),
        (
            "software=no&signal=none.software&ai=no&signal=none.ai&both=neither",
            "Neither",
            "What you said and what you recognised agree.",
        ),
    ],
)
def test_what_was_said_and_whether_it_agrees_is_a_line_each(query: str, in_short: str, agreement: str) -> None:
    answers = said(query, FIRST)

    assert said_in_short(FIRST, answers) == in_short
    assert agreement_in_words(recommend(FIRST, answers)) == agreement


def test_nobody_reads_that_it_agrees_who_ticked_more_for_a_role_that_is_not_named() -> None:
    wrong = []
    for answers, recommendation in recommended():
        ticked = {found.role: len(found.ticked) for found in recommendation.evidence}
        named = recommendation.outcome.roles
        others = [count for role, count in ticked.items() if role not in named]
        most = max((ticked[role] for role in named), default=0)
        if max(others, default=0) > most and agreement_in_words(recommendation).endswith("recognised agree."):
            wrong.append(answers)

    assert wrong == []


def test_where_no_question_names_the_outcome_each_answer_about_a_role_is_said() -> None:
    guide = small_guide()
    answers = said("kitchen=yes&signal=burns", guide)

    assert said_in_short(guide, answers) == "About kitchen: Yes · About tables: Not answered"
