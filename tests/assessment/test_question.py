"""A question: asked on a page of its own, with what was said so far, and carried on to the next."""

import pytest
from django.test import Client

from advisor.content.editions import LoadedEdition
from advisor.decision.guide import encode
from tests.assessment.addresses import BOTH, question, result
from tests.assessment.reading import FRAGMENT, Page, Pair, path_of, query_of, read, read_sent
from tests.conftest import ANSWERS, GUIDE
from tests.content.making import store_edition
from tests.guides import small_guide

pytestmark = pytest.mark.usefixtures("published")

UNSURE = "software=unsure&signal=none.software&ai=unsure&signal=none.ai"


@pytest.mark.parametrize(
    ("address", "progress"),
    [
        (question("software"), "Page 1 of 3 or 4"),
        (question("ai", "software=no"), "Page 2 of 3 or 4"),
        (question("both", "software=no&ai=no"), "Page 3 of 3 or 4"),
        (question("team-size", BOTH), "Page 4 of 4"),
    ],
)
def test_it_says_where_it_stands(visitor: Client, address: str, progress: str) -> None:
    page = read(visitor, address)

    assert page.text("p[@class='progress']") == progress


def test_its_heading_is_the_question_and_gets_the_focus(visitor: Client, published: LoadedEdition) -> None:
    page = read(visitor, question("ai", "software=no"))

    heading = page.one("h1")
    asked = published.guide.question["ai"]
    assert page.text("h1") == asked.text
    assert heading.get("tabindex") == "-1"
    assert "data-focus" in heading.attrib
    assert page.title == f"{asked.text} – {published.guide.title}"


def test_it_offers_every_choice_and_every_signal_and_none_of_these(visitor: Client, published: LoadedEdition) -> None:
    page = read(visitor, question("software"))

    offered = [(box.get("name"), box.get("value")) for box in page.all("fieldset//input")]
    assert offered == [
        *[("software", choice) for choice in ("yes", "no", "unsure")],
        *[("signal", signal.key) for signal in published.guide.signals_of["fractional-cto"]],
        ("signal", "none.software"),
    ]
    assert page.ticked == []


def test_a_situation_has_a_short_name_and_the_detail_below_it(visitor: Client, published: LoadedEdition) -> None:
    page = read(visitor, question("software"))

    labels = page.texts("fieldset[@class='field ticks']//label")
    expected = [f"{signal.name} {signal.text}" for signal in published.guide.signals_of["fractional-cto"]]
    assert labels == [*expected, "None of these"]


@pytest.mark.parametrize(("key", "query"), [("software", ""), ("ai", "software=no"), ("team-size", BOTH)])
def test_it_says_why_it_is_asked_and_what_its_words_mean_folded_and_in_place(
    visitor: Client, published: LoadedEdition, key: str, query: str
) -> None:
    page = read(visitor, question(key, query))

    asked = published.guide.page_of[key].questions
    folds = page.texts("form//details")
    expected = [f"Why we ask{one.why}" for one in asked if one.why]
    assert [words for words in folds if words.startswith("Why we ask")] == expected
    explained = [words for words in folds if words.startswith("Words explained")]
    assert len(explained) == sum(bool(one.terms) for one in asked)
    assert not page.all("form//details[@open]")


def test_an_edition_from_before_there_were_explanations_shows_none(visitor: Client) -> None:
    store_edition(encode(small_guide(key=GUIDE, number=1)))

    page = read(visitor, question("kitchen"))

    assert page.texts("label")
    assert page.all("form//details") == []


def test_the_first_question_answered_leads_to_the_second(visitor: Client) -> None:
    first = read(visitor, question("software"))

    second = read_sent(visitor, first.form.send(visitor, {"software": "yes", "signal": ["messy-stack"]}))

    assert path_of(second.address) == f"/{GUIDE}/ai/"
    assert query_of(second.address) == [("software", "yes"), ("signal", "messy-stack"), ("edition", "1")]


def answered(page: Page, answers: list[Pair]) -> dict[str, list[str]]:
    """What of these answers a page asks for, as its form takes them."""
    offered = [(box.attrib["name"], box.attrib["value"]) for box in page.all("fieldset//input")]
    return {
        name: [value for pair, value in answers if pair == name and (name, value) in offered] for name, _ in offered
    }


@pytest.mark.parametrize("outcome", ANSWERS)
def test_every_outcome_is_reached_by_answering_page_after_page(visitor: Client, outcome: str) -> None:
    answers = query_of(f"?{ANSWERS[outcome]}")
    page, seen = read(visitor, question("software")), []

    while not page.outcome:
        seen.append(path_of(page.address))
        page = read_sent(visitor, page.form.send(visitor, answered(page, answers)))

    walk = ["software", "ai", "both", "team-size"] if "team-size" in dict(answers) else ["software", "ai", "both"]
    assert seen == [f"/{GUIDE}/{key}/" for key in walk]
    assert page.outcome == outcome
    assert query_of(page.address) == [*answers, ("edition", "1")]


@pytest.mark.parametrize(
    ("query", "is_asked"),
    [
        ("software=yes&signal=messy-stack&ai=no&signal=ai-risks&both=both", True),
        ("software=yes&ai=no&both=both", False),
        ("software=yes&ai=yes&both=unsure", True),
        ("software=unsure&ai=unsure&both=unsure", False),
        ("software=yes&ai=no&both=unsure", False),
        ("software=no&ai=yes&both=unsure", False),
        ("software=yes&ai=yes&both=software", False),
        ("software=yes&ai=yes&both=ai", False),
        ("software=yes&ai=yes&both=neither", False),
    ],
)
def test_the_follow_up_is_asked_only_when_it_matters(visitor: Client, query: str, is_asked: bool) -> None:  # noqa: FBT001
    after = read(visitor, result(query))
    by_itself = read(visitor, question("team-size", query))

    assert ("data-outcome" in after.one("main").attrib) is not is_asked
    assert path_of(by_itself.address) == (f"/{GUIDE}/team-size/" if is_asked else f"/{GUIDE}/result/")


def test_a_follow_up_is_one_page_with_all_its_questions(visitor: Client, published: LoadedEdition) -> None:
    page = read(visitor, question("team-size", BOTH))

    names = {box.get("name") for box in page.all("fieldset//input")}
    assert page.text("h1") == "Could one person do both?"
    assert names == {"team-size", "ai-place", "scope"}
    assert page.texts("legend") == [published.guide.question[name].text for name in ("team-size", "ai-place", "scope")]


@pytest.mark.parametrize("key", ["ai-place", "scope"])
def test_a_follow_up_addressed_by_another_of_its_questions_is_at_its_own_address(visitor: Client, key: str) -> None:
    answer = visitor.get(question(key, f"{BOTH}&scope=strategy&utm_source=news"))

    assert path_of(answer["Location"]) == f"/{GUIDE}/team-size/"
    assert query_of(answer["Location"]) == [
        *query_of(f"?{BOTH}"),
        ("scope", "strategy"),
        ("edition", "1"),
        ("utm_source", "news"),
    ]


@pytest.mark.parametrize(
    ("query", "expected"),
    [
        ("", "software"),
        ("software=yes&signal=messy-stack", "ai"),
        ("ai=no&both=software", "software"),
        ("software=yes&both=software", "ai"),
        ("software=yes&ai=yes&signal=ai-risks", "both"),
        (BOTH, "team-size"),
        (f"{BOTH}&team-size=unsure&scope=unsure", "team-size"),
        ("team-size=unsure&ai-place=core&scope=strategy", "software"),
    ],
)
def test_incomplete_answers_lead_to_the_first_open_question_with_all_that_was_said(
    visitor: Client, query: str, expected: str
) -> None:
    answer = visitor.get(result(f"{query}&utm_source=news"))

    assert answer.status_code == 302
    assert path_of(answer["Location"]) == f"/{GUIDE}/{expected}/"
    assert query_of(answer["Location"]) == [*query_of(f"?{query}"), ("edition", "1"), ("utm_source", "news")]


def test_what_was_said_so_far_is_played_back_each_with_a_change_link(visitor: Client) -> None:
    page = read(visitor, question("both", "software=yes&signal=messy-stack&signal=fundraising&ai=no&signal=none.ai"))

    entries = page.all("section[@aria-labelledby='so-far']//dl/div")
    assert [[words.strip() for words in entry.itertext() if words.strip()] for entry in entries] == [
        [
            "Is your core problem building and running software reliably?",
            *("Yes", "Raising money soon, Messy stack", "Change", ": Running software"),
        ],
        [
            "Is your core problem making AI work in your product or operations?",
            "No",
            "None of these",
            "Change",
            ": Making AI work",
        ],
    ]


def test_a_change_link_leads_to_the_question_with_its_answer_filled_in(visitor: Client) -> None:
    page = read(visitor, question("both", "software=yes&signal=messy-stack&signal=fundraising&ai=no"))

    changed = read(visitor, page.link("Change: Running software"))

    assert path_of(changed.address) == f"/{GUIDE}/software/"
    assert changed.ticked == [("software", "yes"), ("signal", "fundraising"), ("signal", "messy-stack")]


@pytest.mark.parametrize(
    ("address", "back"),
    [
        (question("software"), f"/{GUIDE}/"),
        (question("ai", "software=no"), f"/{GUIDE}/software/"),
        (question("both", "software=no&ai=no"), f"/{GUIDE}/ai/"),
        (question("team-size", BOTH), f"/{GUIDE}/both/"),
    ],
)
def test_back_leads_to_the_page_before_with_all_that_was_said(visitor: Client, address: str, back: str) -> None:
    page = read(visitor, address)

    assert path_of(page.link("Back")) == back
    assert query_of(page.link("Back")) == [*query_of(address), ("edition", "1")]


def test_a_later_question_can_be_answered_first(visitor: Client) -> None:
    page = read(visitor, question("both", "software=yes"))

    after = read_sent(visitor, page.form.send(visitor, {"both": "software"}))

    assert path_of(after.address) == f"/{GUIDE}/ai/"
    assert ("both", "software") in query_of(after.address)


@pytest.mark.parametrize(("query", "words"), [("software=yes", "Continue"), (ANSWERS["not-yet"], "See the result")])
def test_the_button_says_what_comes_next(visitor: Client, query: str, words: str) -> None:
    page = read(visitor, question("ai", query))

    assert page.texts("main//form//button") == [words]


def test_htmx_gets_the_next_question_at_once_with_its_address(visitor: Client) -> None:
    first = read(visitor, question("software"))

    answer = first.form.send(visitor, {"software": "no", "signal": ["none.software"]}, headers=FRAGMENT)

    page = Page(answer)
    assert not page.is_whole
    assert page.text("p[@class='progress']") == "Page 2 of 3 or 4"
    assert answer["HX-Push-Url"] == question("ai", "software=no&signal=none.software&edition=1")


def test_htmx_gets_the_result_after_the_last_question(visitor: Client) -> None:
    last = read(visitor, question("both", f"{UNSURE}&edition=1"))

    answer = last.form.send(visitor, {"both": "neither"}, headers=FRAGMENT)

    assert Page(answer).outcome == "not-yet"
    assert answer["HX-Push-Url"] == result(f"{UNSURE}&both=neither&edition=1")


@pytest.mark.parametrize("key", ["hardware", "one-person", "messy-stack", "call2", "SOFTWARE"])
def test_a_question_that_does_not_exist_is_not_found_and_says_what_to_do(visitor: Client, key: str) -> None:
    answer = visitor.get(question(key))

    page = Page(answer)
    assert answer.status_code == 404
    assert "You can begin again with the first one" in page.text("main")
