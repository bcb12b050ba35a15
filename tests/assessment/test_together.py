"""Passing a result on, asking somebody else, and the answers of several people side by side."""

from pathlib import Path
from urllib.parse import urlencode

import msgspec
import pytest
from django.test import Client
from pytest_django import DjangoAssertNumQueries

from advisor.assessment import group
from advisor.content import editions
from advisor.content.editions import LoadedEdition
from advisor.decision import agreement, result_code
from tests.assessment.addresses import LANDING, question, result
from tests.assessment.reading import Page, query_of, read, read_sent, text_of
from tests.assessment.soundness import flaws
from tests.conftest import ANSWERS, GUIDE
from tests.content.making import load_copy, publish_draft
from tests.decision.answer_sets import said

pytestmark = pytest.mark.usefixtures("published")

CAMPAIGN = [("utm_source", "news"), ("ref", "partner")]


@pytest.fixture
def codes(published: LoadedEdition) -> dict[str, str]:
    """The result code of each outcome's answers."""
    return {outcome: result_code.write(published.guide, 1, said(query)) for outcome, query in ANSWERS.items()}


def together(*codes: str, **more: str) -> str:
    return f"/{GUIDE}/together/?{urlencode([*(('code', code) for code in codes), *more.items()])}"


def by_person(element_of: Page, question_text: str) -> dict[str, str]:
    """Who said what to a question."""
    for article in element_of.all("main//article"):
        if text_of(article[0]) == question_text:
            return {text_of(row[0]): text_of(row[1]) for row in article[1]}
    raise AssertionError(question_text)


def answer(visitor: Client, page: Page, query: str) -> Page:
    """The page that the walk ends on when every page is answered as in the query."""
    given: dict[str, list[str]] = {}
    for name, value in query_of(f"?{query}"):
        given.setdefault(name, []).append(value)
    for _ in range(5):
        if page.outcome:
            return page
        names = {field.get("name") for field in page.all("main//form//input") if field.get("type") != "hidden"}
        shown = {field.get("value") for field in page.all("main//form//input")}
        changes = {name: values[0] for name, values in given.items() if name in names - {"signal"}}
        ticked = [value for value in given.get("signal", []) if value in shown]
        page = read_sent(visitor, page.form.send(visitor, {**changes, **({"signal": ticked} if ticked else {})}))
    raise AssertionError("The walk does not end.")


# What was passed on


def test_whoever_opens_a_short_link_reads_that_the_answers_were_sent(visitor: Client, codes: dict[str, str]) -> None:
    page = read(visitor, f"/r/{codes['fractional-cto']}/")

    assert page.outcome == "fractional-cto"
    assert "These answers were sent to you" in page.text("main")
    assert (
        page.one("link[@rel='canonical']").get("href")
        == f"http://testserver{result(ANSWERS['fractional-cto'])}&edition=1"
    )
    assert flaws(page) == []


def test_whoever_types_their_code_or_answered_themselves_reads_nothing_of_it(
    visitor: Client, codes: dict[str, str]
) -> None:
    for address in (f"/r/?code={codes['fractional-cto']}", result(ANSWERS["fractional-cto"])):
        page = read(visitor, address)

        assert "sent to you" not in page.text("main")
        assert "Compare with theirs" not in page.html


def test_where_a_short_link_stood_rides_along(visitor: Client, codes: dict[str, str]) -> None:
    page = read(visitor, f"/r/{codes['not-yet']}/?{urlencode(CAMPAIGN)}")

    assert query_of(page.address)[-3:] == [("from", codes["not-yet"]), *CAMPAIGN]


def test_whoever_answers_themselves_compares_with_what_was_sent(visitor: Client, codes: dict[str, str]) -> None:
    sent = read(visitor, f"/r/{codes['fractional-cto']}/")

    first = read(visitor, sent.link("Answer yourself and compare"))
    own = answer(visitor, first, ANSWERS["head-of-ai"])
    compared = read(visitor, own.link("Compare with theirs"))

    assert query_of(first.address) == [("edition", "1"), ("compare", codes["fractional-cto"])]
    assert own.outcome == "head-of-ai"
    assert compared.address == together(codes["fractional-cto"], codes["head-of-ai"], you="2")
    assert compared.text("h1") == "The answers lead to different advice"
    assert compared.texts("section[@aria-labelledby='advised']//dt") == ["Person 1", "You"]


def test_whoever_changes_an_answer_of_what_was_sent_has_answers_of_their_own(
    visitor: Client, codes: dict[str, str]
) -> None:
    sent = read(visitor, f"/r/{codes['fractional-cto']}/")

    changed = read(visitor, next(href for words, href in sent.links() if words.startswith("Change")))

    assert ("compare", codes["fractional-cto"]) in query_of(changed.address)
    assert "from" not in dict(query_of(changed.address))


def test_whoever_answers_just_as_the_sender_did_can_compare_all_the_same(
    visitor: Client, codes: dict[str, str]
) -> None:
    invited = read(visitor, together(codes["not-yet"]))

    own = answer(visitor, read(visitor, invited.link("Start: 3 questions, two minutes")), ANSWERS["not-yet"])
    compared = read(visitor, own.link("Compare with theirs"))

    assert compared.text("h1") == "The same advice for everyone"
    assert "There is nothing to settle." in compared.text("main")


@pytest.mark.parametrize("value", ["", "ABC", "é", "%00", "2" * 500, "....", "222-222-222.x"])
def test_codes_that_are_none_do_not_ride_along(visitor: Client, value: str) -> None:
    page = read(visitor, f"{question('software')}edition=1&compare={value}&from={value}")

    assert page.response.status_code == 200
    assert 'name="compare"' not in page.html


def test_codes_of_another_guide_do_not_ride_along(visitor: Client, published: LoadedEdition) -> None:
    elsewhere = msgspec.structs.replace(published.guide, number=3)
    code = result_code.write(elsewhere, 1, said(ANSWERS["not-yet"], elsewhere))

    page = read(visitor, f"{question('software')}compare={code}")

    assert 'name="compare"' not in page.html


def test_no_more_codes_ride_along_than_can_be_compared(visitor: Client, codes: dict[str, str]) -> None:
    page = read(visitor, f"{question('software')}compare={'.'.join(codes.values())}")

    (carried,) = [field.get("value") for field in page.all("main//input[@name='compare']")]
    assert carried == ".".join([*codes.values()][-3:])


# Asking somebody else


def test_whoever_is_asked_reads_nothing_of_the_answers(visitor: Client, codes: dict[str, str]) -> None:
    shown = read(visitor, result(ANSWERS["fractional-cto"]))
    link = shown.all("section[@aria-labelledby='ask']//a")[0].attrib["href"]

    invited = read(visitor, link.removeprefix("http://testserver"))

    assert link == f"http://testserver{together(codes['fractional-cto'])}"
    assert invited.text("h1") == "Answer for yourself, then compare"
    assert "CTO" not in invited.text("main")
    assert "software=" not in invited.html
    assert query_of(invited.link("Start: 3 questions, two minutes")) == [
        ("edition", "1"),
        ("compare", codes["fractional-cto"]),
    ]
    assert flaws(invited) == []


# Side by side


def test_two_people_see_who_said_what_what_each_was_advised_and_what_to_settle(
    visitor: Client, codes: dict[str, str], published: LoadedEdition
) -> None:
    page = read(visitor, together(codes["fractional-cto"], codes["head-of-ai"]))

    guide = published.guide
    assert flaws(page) == []
    assert page.text("h1") == "The answers lead to different advice"
    advised = page.text("section[@aria-labelledby='advised']")
    assert guide.outcome["fractional-cto"].name in advised
    assert guide.outcome["head-of-ai"].name in advised
    said_by = by_person(page, guide.question["software"].text)
    assert said_by == {
        "Person 1": f"{guide.question['software'].choice('yes').label} {guide.signal['messy-stack'].name}",  # type: ignore[union-attr]
        "Person 2": f"{guide.question['software'].choice('no').label} None of the situations",  # type: ignore[union-attr]
    }
    settlement = agreement.smallest_settlement(guide, [said(ANSWERS["fractional-cto"]), said(ANSWERS["head-of-ai"])])
    assert len(page.all("section[@aria-labelledby='settle']//li")) == len(settlement.settled)
    assert guide.outcome[settlement.outcome].name in page.text("section[@aria-labelledby='settle']")
    assert "It cannot be done with fewer" in page.text("section[@aria-labelledby='settle']")


def test_four_people_stand_side_by_side(visitor: Client, codes: dict[str, str], published: LoadedEdition) -> None:
    four = [codes[key] for key in ("fractional-cto", "head-of-ai", "both-roles", "not-yet")]

    page = read(visitor, together(*four, you="3"))

    said_by = by_person(page, published.guide.question["both"].text)
    assert [*said_by] == ["Person 1", "Person 2", "You", "Person 4"]
    assert by_person(page, published.guide.question["scope"].text)["Person 1"] == "Was not asked"
    assert page.all("main//form") == []


def test_beyond_the_bound_it_says_that_a_smaller_set_may_exist(
    visitor: Client, codes: dict[str, str], monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setattr(agreement, "MAX_TRIED", 1)
    group._settlement.cache_clear()

    page = read(visitor, together(codes["fractional-cto"], codes["head-of-ai"]))

    group._settlement.cache_clear()
    assert "A smaller set may exist" in page.text("section[@aria-labelledby='settle']")


def test_nothing_is_asked_of_the_database(
    visitor: Client,
    codes: dict[str, str],
    monkeypatch: pytest.MonkeyPatch,
    django_assert_num_queries: DjangoAssertNumQueries,
) -> None:
    monkeypatch.setattr(editions, "REFRESH_INTERVAL", 3600.0)
    address = together(codes["fractional-cto"], codes["head-of-ai"])
    visitor.get(address)

    with django_assert_num_queries(0):
        answer = visitor.get(address)

    assert answer.status_code == 200
    assert not answer.cookies


def test_attribution_rides_along_but_not_in_what_is_passed_on(visitor: Client, codes: dict[str, str]) -> None:
    page = read(visitor, f"{together(codes['not-yet'], codes['both-roles'])}&{urlencode(CAMPAIGN)}")

    for words, href in page.links():
        if href.startswith(f"/{GUIDE}/"):
            assert set(CAMPAIGN) <= set(query_of(href)), words
    assert page.one("button[@data-copy]").get("data-copy") == f"http://testserver{page.address.partition('&utm')[0]}"
    assert {field.get("name") for field in page.all("main//form//input")} >= {"utm_source", "ref"}


def test_whoever_says_which_answers_are_theirs_can_ask_for_a_call_with_them(
    visitor: Client, codes: dict[str, str]
) -> None:
    page = read(visitor, together(codes["fractional-cto"], codes["head-of-ai"]))
    mine = read(visitor, page.link("Person 2"))

    call = read(visitor, mine.link("Book an intro call"))

    assert "Book an intro call" not in page.html
    assert query_of(call.address) == [
        *query_of(f"?{ANSWERS['head-of-ai']}"),
        ("edition", "1"),
        ("compare", codes["fractional-cto"]),
    ]


def test_a_code_that_is_typed_in_is_added(visitor: Client, codes: dict[str, str]) -> None:
    page = read(visitor, together(codes["fractional-cto"], you="1"))

    for typed in (
        codes["head-of-ai"].lower(),
        f" http://testserver/r/{codes['head-of-ai']}/ ",
        f"https://elsewhere.example.com{together(codes['head-of-ai'])}",
        f"https://elsewhere.example.com{result(ANSWERS['head-of-ai'])}&edition=1",
    ):
        address = f"{together(codes['fractional-cto'], typed)}&you=1"
        added = read(visitor, address)

        assert added.address == together(codes["fractional-cto"], codes["head-of-ai"], you="1")
    assert page.errors == []


def test_without_codes_there_is_a_field_for_one(visitor: Client) -> None:
    page = read(visitor, f"/{GUIDE}/together/")

    assert page.response.status_code == 200
    assert page.text("h1") == "Compare answers"
    assert page.errors == []
    assert flaws(page) == []
    assert read(visitor, f"/{GUIDE}/together/?code=+").errors == ["Please enter the result code."]


@pytest.mark.parametrize("typed", ["ABC", "é", "🙂", "%00", "\x01", "2" * 3000, "<script>"])
def test_a_mistyped_code_says_so_keeps_it_and_the_others(visitor: Client, codes: dict[str, str], typed: str) -> None:
    page = read(visitor, together(codes["not-yet"], typed))

    assert page.response.status_code == 404
    assert page.errors == ["This result code was mistyped. Please compare it symbol by symbol."]
    assert page.title.startswith("Error: ")
    assert [field.get("value") for field in page.all("main//form//input[@type='hidden']")] == [codes["not-yet"]]
    assert flaws(page) == []


def test_a_code_of_an_edition_that_is_not_here_says_so(
    visitor: Client, codes: dict[str, str], published: LoadedEdition
) -> None:
    page = read(visitor, together(codes["not-yet"], result_code.write(published.guide, 7, said(ANSWERS["not-yet"]))))

    assert page.response.status_code == 404
    assert "belongs to a guide or an edition that is not here" in page.text("main")


def test_a_fifth_person_is_too_many_and_the_first_four_are_compared(visitor: Client, codes: dict[str, str]) -> None:
    page = read(visitor, together(*codes.values()))

    assert page.response.status_code == 200
    assert "Up to 4 people can be compared. The others are left out." in page.text("section[@class='note']")
    assert len(page.all("section[@aria-labelledby='advised']//dt")) == 4


def test_a_code_of_another_guide_leads_there(tmp_path: Path, visitor: Client, codes: dict[str, str]) -> None:
    load_copy(tmp_path, "second-guide")
    publish_draft("second-guide")
    other = read(visitor, f"/second-guide/result/?{ANSWERS['not-yet']}").text("code")

    page = read(visitor, together(codes["not-yet"], other))

    assert "belongs to another guide" in page.text("main")
    assert page.link("Open this result").startswith("/second-guide/result/?")
    assert flaws(page) == []


def test_answers_to_different_editions_are_not_compared_and_lead_to_todays(
    visitor: Client, codes: dict[str, str], published: LoadedEdition
) -> None:
    publish_draft()
    newer = result_code.write(published.guide, 2, said(ANSWERS["both-roles"]))

    page = read(visitor, together(codes["not-yet"], newer))

    assert page.response.status_code == 200
    assert "different editions" in page.text("main")
    assert read(visitor, page.link(f"today’s edition for {codes['not-yet']}")).outcome
    assert flaws(page) == []


def test_incomplete_answers_lead_to_what_is_open(visitor: Client, codes: dict[str, str]) -> None:
    guide_code = result_code.write(editions.edition_cache.live(GUIDE).guide, 1, said("software=yes&signal=messy-stack"))

    page = read(visitor, together(codes["not-yet"], guide_code))

    assert "are not complete" in page.text("main")
    assert read(visitor, page.link("Answer what is open")).address.startswith(f"{LANDING}ai/")
