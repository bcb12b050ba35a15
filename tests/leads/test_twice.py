"""The same form sent twice is one request; the same form with something else in it is asked about, and nothing lost."""

import pytest
from django.test import Client

from advisor.leads.models import Lead, Person, Submission
from tests.assessment.addresses import call
from tests.assessment.reading import Page, read
from tests.assessment.soundness import flaws
from tests.conftest import ANSWERS, CALL, database_down
from tests.leads.asking import EVERYTHING, ask, post

pytestmark = pytest.mark.usefixtures("published")

KEY = "key-of-the-form"


def test_a_form_sent_twice_is_one_request_with_one_answer(visitor: Client) -> None:
    first, second = (post(visitor, key=KEY, **EVERYTHING) for _ in range(2))

    assert first.status_code == second.status_code == 302
    assert first["Location"] == second["Location"]
    assert Lead.objects.count() == Person.objects.count() == Submission.objects.count() == 1


def test_it_is_one_request_too_when_it_comes_from_another_browser(visitor: Client) -> None:
    first, second = post(visitor, key=KEY), post(Client(), key=KEY)

    assert first["Location"] == second["Location"]
    assert Lead.objects.count() == 1


def test_space_around_what_was_typed_makes_no_difference(visitor: Client) -> None:
    post(visitor, key=KEY, name="The Asker")

    again = post(visitor, key=KEY, name=" The Asker ")

    assert again.status_code == 302
    assert Lead.objects.count() == 1


@pytest.mark.parametrize(
    "changes",
    [{"name": "Another"}, {"email": "another@example.com"}, {"phone": "+371 2000 0001"}, {"message": "More."}],
)
def test_the_same_form_with_something_else_in_it_is_asked_about(visitor: Client, changes: dict[str, str]) -> None:
    first = ask(visitor, key=KEY, **EVERYTHING)
    before = Lead.objects.values().get()

    answer = post(visitor, **EVERYTHING | {"key": KEY} | changes)

    page = Page(answer, call())
    assert answer.status_code == 200
    assert page.title.startswith("Error: ")
    assert "Your first request is safe" in page.text("*[@role='alert']")
    assert flaws(page) == []
    kept = dict(page.form.pairs())
    for name, value in (EVERYTHING | changes).items():
        assert kept[name] == value.replace("\r\n", "\n")
    assert kept["key"] != KEY
    assert Lead.objects.values().get(pk=first.pk) == before


def test_sent_once_more_it_is_a_second_request(visitor: Client) -> None:
    first = ask(visitor, key=KEY)
    page = Page(post(visitor, key=KEY, company="Looms Ltd"), call())

    answer = page.form.send(visitor)

    assert answer.status_code == 302
    companies = list(Lead.objects.order_by("pk").values_list("company", flat=True))
    assert companies == ["Engines Ltd", "Looms Ltd"]
    assert first.person.lead_set.count() == 2


def test_the_same_form_with_other_answers_is_asked_about(visitor: Client) -> None:
    ask(visitor, key=KEY)

    answer = post(visitor, call(ANSWERS["not-yet"]), key=KEY)

    assert answer.status_code == 200
    assert Lead.objects.get().outcome == "fractional-cto"


def test_two_forms_with_the_same_in_them_are_two_requests(visitor: Client) -> None:
    first, second = ask(visitor, **EVERYTHING), ask(visitor, **EVERYTHING)

    assert first.pk != second.pk
    assert first.person == second.person


def test_a_form_that_was_refused_can_be_sent_with_its_own_key(visitor: Client) -> None:
    form = read(visitor, call()).form
    key = dict(form.pairs())["key"]
    page = Page(form.send(visitor, CALL | {"email": "nonsense"}), call())

    answer = page.form.send(visitor, {"email": "asker@example.com"})

    assert answer.status_code == 302
    assert Submission.objects.get().key == key


@pytest.mark.parametrize("failing", ["", "leads_person", "leads_lead", "UPDATE"])
def test_what_failed_half_way_left_nothing_behind_and_can_be_sent_again(visitor: Client, failing: str) -> None:
    with database_down(only=failing):
        failed = post(visitor, key=KEY, **EVERYTHING)
    assert (failed.status_code, Lead.objects.count(), Submission.objects.count()) == (503, 0, 0)

    again = Page(failed, call()).form.send(visitor)

    assert again.status_code == 302
    assert Lead.objects.get().message == EVERYTHING["message"].replace("\r\n", "\n")
    assert Submission.objects.get().key == KEY
