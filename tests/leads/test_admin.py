"""Leads as sales reads them: who, what they need and why; what a person said is not theirs to change."""

import pytest
from django.contrib.admin.models import LogEntry
from django.db import connection
from django.test import Client
from django.test.utils import CaptureQueriesContext
from pytest_django import DjangoAssertNumQueries

from advisor.leads.models import Lead, Person, Status, Submission
from tests.assessment.addresses import call
from tests.assessment.reading import Page, text_of
from tests.conftest import ANSWERS
from tests.content.admin_pages import admin_address, admin_list, read_admin, save_in_admin
from tests.leads.asking import EVERYTHING, ask

pytestmark = pytest.mark.usefixtures("published")


def rows(page: Page) -> list[str]:
    """Each line of a list."""
    return page.texts("table[@id='result_list']/tbody/tr")


def shown(page: Page, field: str) -> str:
    """What stands in a field of a lead's page."""
    found = [element for tag in ("div", "section", "details") for element in page.all(tag)]
    (row,) = [element for element in found if f"field-{field}" in element.get("class", "").split()]
    return text_of(row)


def test_the_list_says_outcome_company_status_and_when(visitor: Client, superuser: Client) -> None:
    lead = ask(visitor, **EVERYTHING)

    page = read_admin(superuser, admin_list(Lead))

    (row,) = rows(page)
    for words in (lead.seen["title"], "Engines Ltd", "The Asker", "New", "clear", f"{lead.requested_at:%Y}"):
        assert words in row


def test_the_newest_comes_first(visitor: Client, superuser: Client) -> None:
    for company in ("First", "Second", "Third"):
        ask(visitor, company=company)

    page = read_admin(superuser, admin_list(Lead))

    assert [next(name for name in ("First", "Second", "Third") if name in row) for row in rows(page)] == [
        "Third",
        "Second",
        "First",
    ]


@pytest.mark.parametrize("words", ["asker", "ASKER@EXAMPLE.COM", "engines", "slow", "{code}"])
def test_a_lead_is_found_by_what_one_remembers(visitor: Client, superuser: Client, words: str) -> None:
    lead = ask(visitor, **EVERYTHING)
    ask(visitor, call(ANSWERS["not-yet"]), name="Another", email="another@example.org", company="Looms")

    page = read_admin(superuser, f"{admin_list(Lead)}?q={words.format(code=lead.result_code)}")

    (row,) = rows(page)
    assert "Engines Ltd" in row


@pytest.mark.parametrize(
    "query",
    [
        "status=contacted",
        "outcome=fractional-cto",
        "certainty=clear",
        "employees=20-50",
        "status=contacted&outcome=fractional-cto&q=engines",
    ],
)
def test_the_list_can_be_narrowed(visitor: Client, superuser: Client, query: str) -> None:
    lead = ask(visitor, **EVERYTHING)
    Lead.objects.filter(pk=lead.pk).update(status=Status.CONTACTED)
    ask(visitor, call("software=no&ai=no&both=ai"), company="Looms")

    page = read_admin(superuser, f"{admin_list(Lead)}?{query}")

    (row,) = rows(page)
    assert "Engines Ltd" in row


def test_the_list_asks_no_more_when_there_is_more_in_it(
    visitor: Client, superuser: Client, django_assert_num_queries: DjangoAssertNumQueries
) -> None:
    ask(visitor)
    with CaptureQueriesContext(connection) as few:
        superuser.get(admin_list(Lead))
    with_one = len(few)
    for _ in range(5):
        ask(visitor)

    with django_assert_num_queries(with_one):
        superuser.get(admin_list(Lead))


@pytest.mark.parametrize("outcome", ANSWERS)
def test_a_lead_reads_like_the_result_that_was_seen(visitor: Client, superuser: Client, outcome: str) -> None:
    lead = ask(visitor, call(ANSWERS[outcome]), **EVERYTHING)

    page = read_admin(superuser, admin_address(lead))

    words, seen = shown(page, "recommendation"), lead.seen
    for expected in (seen["title"], seen["certainty_text"], f"How sure: {seen['certainty']}", *seen["doubts"]):
        assert expected in words
    for answer in seen["answers"]:
        assert f"{answer['question']} {answer['answer']}" in words
        assert ", ".join(answer["signals"]) in words
    for part in (*seen["reasons"], *seen["remarks"]):
        assert part["text"] in words
        assert " · ".join(part["rests_on"]) in words
    for found in seen["evidence"]:
        assert f"{found['role']}: {found['ticked']} of 5 signals" in words


def test_everything_that_was_typed_agreed_to_and_carried_along_can_be_read(visitor: Client, superuser: Client) -> None:
    lead = ask(visitor, f"{call()}&utm_source=news&ref=club", **EVERYTHING)

    page = read_admin(superuser, admin_address(lead))

    content = page.text("div[@id='content']")
    for name, value in EVERYTHING.items():
        if name not in {"consent", "employees"}:
            assert all(line in content for line in value.splitlines())
    for words in ("20 to 50", lead.consent, lead.result_code, "news", "utm_source"):
        assert words in content


def test_the_result_is_one_click_away(visitor: Client, superuser: Client) -> None:
    lead = ask(visitor)
    page = read_admin(superuser, admin_address(lead))
    (address,) = [link.attrib["href"] for link in page.all("a") if text_of(link) == "The result as it was seen"]

    result = Page(visitor.get(address))

    assert result.outcome == lead.outcome
    assert result.text("code") == lead.result_code


def test_all_requests_of_the_same_person_are_listed(visitor: Client, superuser: Client) -> None:
    first = ask(visitor, company="Engines Ltd")
    second = ask(visitor, call(ANSWERS["not-yet"]), email="ASKER@example.com", company="Looms Ltd")
    ask(visitor, email="another@example.com", company="Someone else Ltd")

    page = read_admin(superuser, admin_address(first))

    history = shown(page, "history")
    assert "Looms Ltd" in history
    assert second.seen["title"] in history
    assert "Someone else Ltd" not in history
    assert admin_address(second) in [link.get("href") for link in page.all("a")]


def test_nothing_that_the_person_said_can_be_changed(visitor: Client, superuser: Client) -> None:
    lead = ask(visitor, **EVERYTHING)
    before = Lead.objects.values().get()
    forged = {"name": "Eve", "email": "eve@example.com", "consent": "Anything.", "outcome": "not-yet", "answers": "x"}

    save_in_admin(superuser, lead, forged | {"seen": "{}", "person": "99", "result_code": "X", "edition": "99"})

    assert Lead.objects.values().get() == before


def test_nobody_adds_a_lead_by_hand(visitor: Client, superuser: Client) -> None:
    answer = superuser.post(f"{admin_list(Lead)}add/", {"name": "Eve", "status": "new"})

    assert answer.status_code == 403
    assert not Lead.objects.exists()


def test_what_visitors_typed_is_text_and_not_markup(visitor: Client, superuser: Client) -> None:
    typed = "<script>alert(1)</script>"
    first = ask(visitor, **EVERYTHING | {"name": typed, "company": typed, "message": typed})
    second = ask(visitor)

    pages = [
        superuser.get(address).content.decode()
        for address in (
            admin_list(Lead),
            admin_address(first),
            admin_address(second),
            admin_address(first, "history"),
        )
    ]

    assert not [page for page in pages if typed in page]


@pytest.mark.parametrize("erased", ["person", "lead"])
def test_who_asks_to_be_erased_is_gone_from_everywhere(visitor: Client, superuser: Client, erased: str) -> None:
    lead = ask(visitor, **EVERYTHING)
    ask(visitor, email="another@example.com", name="Another", company="Looms")
    save_in_admin(superuser, lead, {"status": "contacted"})
    first = lead.person if erased == "person" else lead

    superuser.post(admin_address(first, "delete"), {"post": "yes"})

    assert [left.name for left in Lead.objects.all()] == ["Another"]
    assert (Person.objects.count(), Submission.objects.count()) == (1, 1)
    log = " ".join(f"{entry.object_repr} {entry.change_message}" for entry in LogEntry.objects.all())
    assert not [words for words in ("Asker", "asker@example.com", "Engines") if words in log]


def test_several_are_erased_at_once_without_a_trace(visitor: Client, superuser: Client) -> None:
    leads = [ask(visitor, **EVERYTHING), ask(visitor, **EVERYTHING)]
    chosen = {"action": "delete_selected", "_selected_action": [lead.pk for lead in leads], "post": "yes"}

    superuser.post(admin_list(Lead), chosen)

    assert not Lead.objects.exists()
    assert not Submission.objects.exists()
    assert not [entry for entry in LogEntry.objects.all() if "Asker" in entry.object_repr + entry.change_message]


def test_staff_find_a_person_by_address_and_all_their_requests(visitor: Client, superuser: Client) -> None:
    first, second = ask(visitor, company="Engines Ltd"), ask(visitor, company="Looms Ltd")
    ask(visitor, email="another@example.org")

    found = read_admin(superuser, f"{admin_list(Person)}?q=ASKER@example.com")
    page = read_admin(superuser, admin_address(first.person))

    assert len(rows(found)) == 1
    assert {admin_address(first), admin_address(second)} <= {link.get("href") for link in page.all("a")}


def test_people_are_found_by_an_index_and_counted_to_a_bound(visitor: Client, superuser: Client) -> None:
    ask(visitor)
    ask(visitor, email="another@example.org")
    with CaptureQueriesContext(connection) as asked:
        page = read_admin(superuser, f"{admin_list(Person)}?q=nobody@example.com")

    about_people = [query["sql"] for query in asked if 'FROM "leads_person"' in query["sql"]]
    assert rows(page) == []
    assert len(rows(read_admin(superuser, admin_list(Person)))) == 2
    assert about_people
    assert all("LIMIT" in query for query in about_people if "COUNT" in query)
    assert not [query for query in about_people if "LIKE" in query]
