"""Answers that are missing, unknown or do not go together: a message on the question, and nothing lost."""

import logging
from urllib.parse import urlencode

import pytest
from django.test import Client

from tests.assessment.addresses import BOTH, LANDING, question, result
from tests.assessment.reading import FRAGMENT, Page, path_of, query_of, read, read_sent
from tests.assessment.soundness import flaws
from tests.conftest import ANSWERS, GUIDE

pytestmark = pytest.mark.usefixtures("published")

UNKNOWN_CHOICE = "That answer is not one of the choices. Please choose one of these."
TWICE = "There were two different answers to this question. Please choose one."
UNKNOWN_SIGNAL = "One of the situations ticked is not one of these. Please tick those that fit."
NONE_AND_SOME = "“None of these” was ticked together with others. Please keep one or the other."
NOT_CHOSEN = "Please choose an answer."


def said_of(page: Page) -> list[tuple[str, str]]:
    """What each error is about, in the words that stand above the field, and what it says."""
    legends = page.texts("legend")
    found = [
        (legend, error.removeprefix(legend).strip())
        for error in page.errors
        for legend in legends
        if error.startswith(legend)
    ]
    assert len(found) == len(page.errors)
    return found


def said(page: Page) -> list[str]:
    return [message for _, message in said_of(page)]


def test_a_page_sent_without_an_answer_comes_back_with_a_message_and_what_was_ticked(visitor: Client) -> None:
    page = read(visitor, question("software", "utm_source=news"))

    back = read_sent(visitor, page.form.send(visitor, {"signal": ["messy-stack", "fundraising"]}))

    assert back.response.status_code == 200
    assert back.title.startswith("Error: Is your core problem")
    assert said(back) == [NOT_CHOSEN]
    assert back.ticked == [("signal", "fundraising"), ("signal", "messy-stack")]
    assert ("utm_source", "news") in back.form.pairs()


def test_the_summary_leads_to_the_field_and_gets_the_focus(visitor: Client) -> None:
    page = read(visitor, question("software", "asked=software"))

    summary = page.one("*[@role='alert']")
    (href,) = [link.attrib["href"] for link in summary.findall(".//a")]
    assert page.one(f"input[@id='{href.removeprefix('#')}']").get("name") == "software"
    assert "data-focus" in summary.attrib
    assert "autofocus" in summary.attrib
    assert page.one("fieldset[@class='field invalid']").get("aria-describedby")


def test_a_page_that_was_not_sent_complains_about_nothing(visitor: Client) -> None:
    page = read(visitor, question("software", "signal=messy-stack"))

    assert page.errors == []
    assert not page.title.startswith("Error")


def test_a_follow_up_says_which_of_its_questions_are_open_and_keeps_the_others(visitor: Client) -> None:
    page = read(visitor, question("team-size", f"{BOTH}&edition=1"))

    back = read_sent(visitor, page.form.send(visitor, {"ai-place": "core"}))

    assert said_of(back) == [
        ("How many engineers do you have?", NOT_CHOSEN),
        ("What should this person do for you?", NOT_CHOSEN),
    ]
    assert back.ticked == [("ai-place", "core")]
    assert [fieldset.get("class") for fieldset in back.all("fieldset")] == ["field invalid", "field", "field invalid"]


def test_htmx_gets_the_message_and_stays_at_the_address_where_it_is(visitor: Client) -> None:
    page = read(visitor, question("software"))

    answer = page.form.send(visitor, {"signal": ["messy-stack"]}, headers=FRAGMENT)

    assert answer.status_code == 200
    assert answer["HX-Push-Url"] == "false"
    assert said(Page(answer)) == [NOT_CHOSEN]
    assert Page(answer).title.startswith("Error: ")


def test_none_of_these_together_with_a_signal_is_refused_on_the_server_too(visitor: Client) -> None:
    page = read(visitor, question("software"))

    sent = page.form.send(visitor, {"software": "yes", "signal": ["messy-stack", "none.software"]})

    back = read_sent(visitor, sent)
    assert said(back) == [NONE_AND_SOME]
    assert back.ticked == [("software", "yes"), ("signal", "messy-stack"), ("signal", "none.software")]


def test_none_of_these_is_an_answer_that_comes_back(visitor: Client) -> None:
    page = read(visitor, question("software", ANSWERS["not-yet"]))

    assert page.ticked == [("software", "no"), ("signal", "none.software")]


@pytest.mark.parametrize(
    ("query", "asked", "message"),
    [
        ("software=perhaps&ai=no&both=software", "software", UNKNOWN_CHOICE),
        ("software=Yes&ai=no&both=software", "software", UNKNOWN_CHOICE),
        ("software=yes&ai=no&both=software%00", "both", UNKNOWN_CHOICE),
        ("software=yes&ai=%ff%fe&both=software", "ai", UNKNOWN_CHOICE),
        (f"software=yes&ai=no&both={'x' * 10_000}", "both", UNKNOWN_CHOICE),
        ("software=yes&software=no&ai=no&both=software", "software", TWICE),
        ("software=yes&ai=no&both=software&both=ai&both=neither", "both", TWICE),
        ("software=yes&signal=burns&ai=no&both=software", "software", UNKNOWN_SIGNAL),
        ("software=yes&signal=none.both&ai=no&both=software", "software", UNKNOWN_SIGNAL),
        ("software=yes&ai=no&signal=none.ai&signal=ai-risks&both=software", "ai", NONE_AND_SOME),
        (
            f"{BOTH}&team-size=eleven&ai-place=core&scope=strategy",
            "team-size",
            UNKNOWN_CHOICE,
        ),
        (f"{BOTH}&team-size=unsure&ai-place=core&scope=all", "team-size", UNKNOWN_CHOICE),
    ],
)
@pytest.mark.parametrize("headers", [{}, FRAGMENT], ids=["whole", "fragment"])
def test_what_is_not_an_answer_is_reported_on_its_question(
    visitor: Client, caplog: pytest.LogCaptureFixture, query: str, asked: str, message: str, headers: dict[str, str]
) -> None:
    page = read(visitor, result(f"{query}&utm_source=news"), headers=headers)

    assert page.response.status_code == 200
    assert page.title.startswith("Error: ")
    assert said(page) == [message]
    assert page.form.action == f"/{GUIDE}/{asked}/"
    assert flaws(page) == []
    assert caplog.records == []


def test_the_others_stay_answered_while_one_is_put_right(visitor: Client) -> None:
    page = read(visitor, result("software=perhaps&signal=messy-stack&ai=no&both=software&utm_source=news"))

    after = read_sent(visitor, page.form.send(visitor, {"software": "yes"}))

    assert after.outcome == "fractional-cto"
    assert query_of(after.address) == [
        *query_of("?software=yes&signal=messy-stack&ai=no&both=software"),
        ("edition", "1"),
        ("utm_source", "news"),
    ]


@pytest.mark.parametrize("headers", [{}, FRAGMENT], ids=["whole", "fragment"])
@pytest.mark.parametrize("answered", ["&both=software&asked=both", "&asked=both", ""])
def test_a_question_further_on_does_not_swallow_what_is_wrong_before_it(
    visitor: Client, answered: str, headers: dict[str, str]
) -> None:
    address = question("both", f"software=perhaps&signal=messy-stack&ai=no{answered}")

    page = read(visitor, address, headers=headers)

    assert said(page) == [UNKNOWN_CHOICE]


@pytest.mark.parametrize("headers", [{}, FRAGMENT], ids=["whole", "fragment"])
def test_a_question_further_on_does_not_swallow_a_signal_that_is_none(visitor: Client, headers: dict[str, str]) -> None:
    address = question("both", "software=yes&signal=burns&ai=no&both=software&asked=both")

    page = read(visitor, address, headers=headers)

    assert said(page) == [UNKNOWN_SIGNAL]


def test_the_same_answer_given_twice_is_one_answer(visitor: Client) -> None:
    page = read(visitor, result("software=yes&software=yes&signal=messy-stack&signal=messy-stack&ai=no&both=software"))

    assert page.outcome == "fractional-cto"
    assert page.texts("dl[@class='evidence']//strong") == ["1 of 5 signals", "0 of 5 signals"]


def test_an_empty_answer_is_no_answer(visitor: Client) -> None:
    answer = visitor.get(result("software=&ai=no&both=software"))

    assert path_of(answer["Location"]) == f"/{GUIDE}/software/"


def test_an_empty_signal_is_no_signal(visitor: Client) -> None:
    page = read(visitor, result("software=yes&signal=&ai=no&both=software"))

    assert page.outcome == "fractional-cto"
    assert page.texts("dl[@class='evidence']//strong") == ["0 of 5 signals", "0 of 5 signals"]


def test_the_order_of_the_parameters_does_not_matter(visitor: Client) -> None:
    pairs = query_of(f"?{ANSWERS['both-roles']}")

    forwards, backwards = (read(visitor, result(urlencode(order))) for order in (pairs, pairs[::-1]))

    assert forwards.html == backwards.html


def test_unknown_parameters_are_dropped(visitor: Client) -> None:
    page = read(visitor, question("ai", "software=yes&hardware=yes&next=//evil.example&__proto__=1&gclid=2"))

    after = read_sent(visitor, page.form.send(visitor, {"ai": "no"}))

    assert query_of(after.address) == [("software", "yes"), ("ai", "no"), ("edition", "1")]


@pytest.mark.parametrize("edition", ["0", "2", "-1", "1.0", "one", "999999999999", "١", "1%00", "x" * 10_000])
@pytest.mark.parametrize("path", [LANDING, f"/{GUIDE}/software/", f"/{GUIDE}/result/", f"/{GUIDE}/call/"])
def test_an_edition_that_does_not_exist_is_not_found_and_says_so(
    visitor: Client, caplog: pytest.LogCaptureFixture, path: str, edition: str
) -> None:
    answer = visitor.get(f"{path}?{ANSWERS['not-yet']}&edition={edition}")

    page = Page(answer)
    assert answer.status_code == 404
    assert "names an edition of the guide that does not exist" in page.text("main")
    assert flaws(page) == []
    assert [record for record in caplog.records if record.exc_info or record.levelno >= logging.ERROR] == []


@pytest.mark.parametrize("path", ["", "software/", "result/", "call/"])
def test_a_guide_that_does_not_exist_is_not_found_and_says_so(visitor: Client, path: str) -> None:
    answer = visitor.get(f"/cook-or-waiter/{path}?{ANSWERS['not-yet']}")

    page = Page(answer)
    assert answer.status_code == 404
    assert "There is no guide at this address" in page.text("main")


def test_more_parameters_than_anyone_needs_are_refused_calmly(visitor: Client) -> None:
    answer = visitor.get(result("&".join(["signal=messy-stack"] * 11_000)))

    page = Page(answer)
    assert answer.status_code == 400
    assert flaws(page) == []
