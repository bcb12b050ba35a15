"""A lead: who asked, and the recommendation exactly as it was seen."""

from datetime import UTC, datetime

import pytest
import time_machine
from django.test import Client

from advisor.content.editions import LoadedEdition
from advisor.content.models import Guide, Outcome
from advisor.decision import result_code
from advisor.leads.models import Lead, Person, Status
from tests.assessment.addresses import call, result
from tests.assessment.reading import Page, path_of, query_of, read, text_of
from tests.assessment.test_result import QUERIES
from tests.conftest import ANSWERS, GUIDE
from tests.content.making import publish_draft
from tests.decision.answer_sets import said
from tests.leads.asking import EVERYTHING, ask, fill_in, post

pytestmark = pytest.mark.usefixtures("published")

NOON = datetime(2027, 3, 2, 12, tzinfo=UTC)


def test_it_keeps_everything_that_was_typed(visitor: Client) -> None:
    lead = ask(visitor, **EVERYTHING)

    typed = {name: value.replace("\r\n", "\n") for name, value in EVERYTHING.items() if name != "consent"}
    assert {name: getattr(lead, name) for name in typed} == typed
    assert (lead.person.email, lead.status) == ("asker@example.com", Status.NEW)


def test_what_is_optional_may_be_left_out(visitor: Client) -> None:
    lead = ask(visitor)

    assert (lead.job_title, lead.phone, lead.employees, lead.message, lead.availability) == ("",) * 5


@time_machine.travel(NOON, tick=False)
def test_it_keeps_what_was_agreed_to_word_for_word_and_when(visitor: Client, published: LoadedEdition) -> None:
    lead = ask(visitor)

    assert lead.consent == published.guide.consent
    assert lead.consented_at == lead.requested_at == lead.person.created_at == NOON


@pytest.mark.parametrize("outcome", ANSWERS)
def test_it_keeps_edition_answers_outcome_and_code(visitor: Client, outcome: str) -> None:
    page = read(visitor, result(ANSWERS[outcome]))

    lead = ask(visitor, call(ANSWERS[outcome]))

    assert (lead.edition.guide.key, lead.edition.number) == (GUIDE, 1)
    assert (lead.answers, lead.outcome) == (ANSWERS[outcome], outcome)
    assert lead.certainty == page.one("main").get("data-certainty")
    assert lead.result_code == page.text("code")


@pytest.mark.parametrize("query", QUERIES.values(), ids=QUERIES)
def test_it_keeps_the_words_of_the_page(visitor: Client, query: str) -> None:
    page = read(visitor, result(query))

    seen = ask(visitor, call(query)).seen

    assert seen["title"] == page.text("h1")
    assert seen["text"] in page.text("section[@class='hero']")
    assert seen["certainty_text"] in page.text("section[@class='hero']")
    assert seen["doubts"] == page.texts("ul[@class='doubts']/li")
    why = page.one("section[@aria-labelledby='why']")
    assert seen["reasons"][0]["text"] in text_of(why)
    rule = why.find("./div[@class='rule']")
    assert rule is not None
    assert seen["reasons"][0]["rests_on"] == bases(rule)
    for role, article in zip(seen["roles"], why.findall("./article"), strict=True):
        assert text_of(article).startswith(f"{role['name']}: {'needed' if role['needed'] else 'not needed'}")
        assert role["reason"]["text"] in text_of(article)
        assert role["reason"]["rests_on"] == bases(article)
    for reason in seen["reasons"]:
        assert reason["text"] in text_of(why)
    shown = page.text("main")
    for role in seen["roles"]:
        for point in (*role["speaks_for"], *role["speaks_against"]):
            assert point["text"] in shown
            assert all(words in shown for words in point["rests_on"])
    remarks = {remark.attrib["data-remark"]: remark for remark in page.all("article[@data-remark]")}
    assert {remark["key"]: remark["rests_on"] for remark in seen["remarks"]} == {
        key: bases(remark) for key, remark in remarks.items()
    }
    for remark in seen["remarks"]:
        assert remark["title"] in text_of(remarks[remark["key"]])
        assert remark["text"] in text_of(remarks[remark["key"]])
    assert [answer["question"] for answer in seen["answers"]] == page.texts("section[@aria-labelledby='said']//dt")
    for answer in seen["answers"]:
        for words in (answer["answer"], *answer["signals"]):
            assert words in page.text("section[@aria-labelledby='said']")
    assert [f"{found['ticked']} of {found['of']} signals" for found in seen["evidence"]] == page.texts(
        "dl[@class='evidence']//strong"
    )


def bases(element: object) -> list[str]:
    """What a reason or a remark on the page rests on, without the links."""
    entries = element.findall("./ul[@class='rests']/li")  # type: ignore[attr-defined]
    return [text_of(entry).split(" Change:")[0] for entry in entries]


def test_answers_left_over_from_a_follow_up_are_not_kept(visitor: Client) -> None:
    lead = ask(visitor, call(f"{ANSWERS['fractional-cto']}&team-size=unsure&scope=strategy"))

    assert lead.answers == ANSWERS["fractional-cto"]


def test_it_keeps_the_edition_that_was_seen_and_not_the_one_of_today(visitor: Client) -> None:
    address = f"{call()}&edition=1"
    form = read(visitor, address)
    agreed = Guide.objects.get().consent
    Guide.objects.update(consent="Something else.")
    Outcome.objects.update(title="Newer advice")
    publish_draft()

    lead = ask(visitor, form.form.action)

    assert lead.edition.number == 1
    assert lead.consent == agreed
    assert lead.seen["title"] != "Newer advice"


def test_first_and_last_touch_are_kept(visitor: Client) -> None:
    tagged = f"{call()}&utm_source=news&utm_campaign=spring&utm_source=partner&ref=club&utm_referrer=search.example"

    lead = ask(visitor, tagged)

    both = {"utm_campaign": "spring", "ref": "club", "utm_referrer": "search.example"}
    assert lead.first_touch == {"utm_source": "news"} | both
    assert lead.last_touch == {"utm_source": "partner"} | both


def test_where_someone_came_from_reaches_the_lead_through_the_whole_walk(visitor: Client) -> None:
    address = f"/{GUIDE}/?utm_source=news&ref=club"
    landing = read(visitor, address, headers={"Referer": "https://search.example/?q=cto"})
    page = read(visitor, landing.link("Start: 3 questions, two minutes"))
    for given in ({"software": "yes"}, {"ai": "no"}, {"both": "software"}):
        page = read(visitor, page.form.send(visitor, given)["Location"])

    answer = fill_in(visitor, EVERYTHING, page.link("Book an intro call"))

    touch = {"utm_source": "news", "ref": "club", "utm_referrer": "search.example"}
    lead = Lead.objects.get()
    assert answer.status_code == 302
    assert (lead.first_touch, lead.last_touch) == (touch, touch)


def test_who_comes_by_no_tagged_link_has_no_touch(visitor: Client) -> None:
    lead = ask(visitor)

    assert (lead.first_touch, lead.last_touch) == ({}, {})


def test_a_second_request_by_the_same_address_is_a_second_entry_of_the_same_person(visitor: Client) -> None:
    first = ask(visitor, email="Asker@Example.com", company="Engines Ltd")
    Lead.objects.filter(pk=first.pk).update(status=Status.CONTACTED)
    before = Lead.objects.values().get()

    second = ask(visitor, call(ANSWERS["not-yet"]), email="ASKER@example.COM", company="Looms Ltd")

    assert second.person == first.person == Person.objects.get()
    assert (first.person.email, first.email, second.email) == (
        "asker@example.com",
        "Asker@Example.com",
        "ASKER@example.COM",
    )
    assert (second.status, second.outcome, second.company) == (Status.NEW, "not-yet", "Looms Ltd")
    assert Lead.objects.values().get(pk=first.pk) == before


def test_another_address_is_another_person(visitor: Client) -> None:
    first, second = ask(visitor), ask(visitor, email="another@example.com")

    assert first.person != second.person


def test_it_is_confirmed_with_the_result_code_and_what_happens_next(visitor: Client, published: LoadedEdition) -> None:
    answer = post(visitor, key="key-of-the-form", **EVERYTHING)

    page = Page(visitor.get(answer["Location"]))
    lead = Lead.objects.get()
    assert answer["Location"] == f"/{GUIDE}/call/thanks/key-of-the-form/"
    assert page.text("h1") == "Thank you"
    assert page.text("code") == lead.result_code
    assert published.guide.call_next in page.text("main")
    back = page.link("Back to your result")
    assert (path_of(back), query_of(back)) == (
        f"/{GUIDE}/result/",
        [*query_of(f"?{lead.answers}"), ("edition", "1")],
    )


def test_the_statuses_are_those_that_sales_works_with() -> None:
    assert Status.values == ["new", "contacted", "qualified", "won", "lost", "spam"]


def test_it_keeps_the_codes_of_those_that_theirs_were_compared_with(visitor: Client, published: LoadedEdition) -> None:
    code = result_code.write(published.guide, 1, said(ANSWERS["fractional-cto"]))

    lead = ask(visitor, f"{call(ANSWERS['head-of-ai'])}&compare={code}")

    assert lead.last_touch == {"compare": code}
    compared = read(visitor, lead.comparison_address)
    assert query_of(compared.address) == [("code", code), ("code", lead.result_code)]
    assert compared.text("h1") == "The answers lead to different advice"


def test_whoever_compared_with_nobody_has_no_comparison(visitor: Client, published: LoadedEdition) -> None:
    code = result_code.write(published.guide, 1, said(ANSWERS["fractional-cto"]))

    alone, of_what_was_sent = ask(visitor), ask(visitor, f"{call(ANSWERS['fractional-cto'])}&compare={code}")

    assert (alone.comparison_address, of_what_was_sent.comparison_address) == ("", "")
