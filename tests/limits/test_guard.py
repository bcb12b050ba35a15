"""What a public form has against programs: a field that stays empty, and the signed time at which it was shown."""

from datetime import timedelta

import pytest
import time_machine
from django.test import Client
from pytest_django import Settings

from advisor.leads.models import Lead
from advisor.limits.forms import FILLED_IN_MESSAGE, TOO_FAST_MESSAGE
from advisor.limits.stamps import MIN_TIME, is_in_time, stamp_of
from advisor.mailing.models import MAX_PER_NETWORK, ResultMail
from tests.assessment.addresses import call
from tests.assessment.reading import Page, Response, read
from tests.assessment.soundness import flaws
from tests.clock import NOW
from tests.conftest import CALL
from tests.leads.asking import EVERYTHING, post

pytestmark = pytest.mark.usefixtures("published")

SECOND = timedelta(seconds=1)
MAIL = call().replace("/call/", "/result/mail/")


@pytest.fixture
def strict(settings: Settings) -> None:
    """Limits as they are on a site of its own."""
    settings.FORM_LIMITS = True


def later(by: timedelta) -> time_machine.travel:
    return time_machine.travel(NOW + by, tick=False)


def test_the_field_for_programs_is_out_of_the_way_of_people(visitor: Client) -> None:
    page = read(visitor, call())

    (trap,) = page.all("input[@name='homepage']")
    assert (trap.get("tabindex"), trap.get("autocomplete"), trap.get("value")) == ("-1", "off", None)
    assert page.all("div[@aria-hidden='true'][@class='visually-hidden']//input[@name='homepage']")
    assert flaws(page) == []


def test_whoever_fills_it_in_is_told_so_and_keeps_what_they_typed(visitor: Client) -> None:
    page = Page(post(visitor, **EVERYTHING, homepage="https://spam.example.com"), call())

    assert FILLED_IN_MESSAGE in page.errors
    assert not Lead.objects.exists()
    filled = dict(page.form.pairs())
    assert not filled["homepage"]
    assert {name: filled[name] for name in ("name", "email", "phone")} == {
        name: EVERYTHING[name] for name in ("name", "email", "phone")
    }

    assert page.form.send(visitor, {}).status_code == 302


@pytest.mark.usefixtures("strict")
def test_a_form_that_comes_back_at_once_is_shown_again_and_taken_a_few_seconds_later(visitor: Client) -> None:
    form = read(visitor, call()).form

    page = Page(form.send(visitor, {**CALL}), call())
    assert TOO_FAST_MESSAGE in page.errors
    assert dict(page.form.pairs())["name"] == CALL["name"]
    assert not Lead.objects.exists()

    with later(MIN_TIME):
        assert page.form.send(visitor, {}).status_code == 302
    assert Lead.objects.get().name == CALL["name"]


@pytest.mark.usefixtures("strict")
def test_a_form_that_nobody_opened_is_not_taken(visitor: Client) -> None:
    for stamp in (None, "", "1700000000", "1700000000:forged", stamp_of("key-of-another", now=NOW - 60 * SECOND)):
        assert TOO_FAST_MESSAGE in Page(post(visitor, key="key-of-the-form", stamp=stamp), call()).errors

    assert not Lead.objects.exists()


@pytest.mark.usefixtures("strict")
def test_a_form_that_was_open_for_days_is_taken(visitor: Client) -> None:
    form = read(visitor, call()).form

    with later(timedelta(days=3)):
        assert form.send(visitor, {**CALL}).status_code == 302


@pytest.mark.usefixtures("strict")
def test_what_is_wrong_with_a_form_is_said_beside_it_as_well(visitor: Client) -> None:
    page = Page(read(visitor, call()).form.send(visitor, {**CALL, "email": "nobody"}), call())

    assert TOO_FAST_MESSAGE in page.errors
    assert any("@" in error for error in page.errors)


@pytest.mark.usefixtures("strict")
def test_the_form_that_mails_a_result_has_the_same(visitor: Client) -> None:
    form = read(visitor, MAIL).form

    assert TOO_FAST_MESSAGE in Page(form.send(visitor, {"email": "asker@example.com"}), MAIL).errors
    with later(MIN_TIME):
        trapped = form.send(visitor, {"email": "asker@example.com", "homepage": "x"})
        assert FILLED_IN_MESSAGE in Page(trapped, MAIL).errors
        assert not ResultMail.objects.exists()
        assert form.send(visitor, {"email": "asker@example.com"}).status_code == 302


@pytest.mark.parametrize(("seconds", "in_time"), [(0, False), (2, False), (3, True), (86_400 * 30, True), (-5, False)])
def test_a_stamp_is_good_from_three_seconds_on(seconds: int, in_time: bool) -> None:  # noqa: FBT001
    assert is_in_time(stamp_of("key", now=NOW), "key", now=NOW + seconds * SECOND) == in_time


@pytest.mark.usefixtures("strict")
def test_a_network_has_so_many_results_mailed_a_day_and_others_go_on(visitor: Client) -> None:
    form = read(visitor, MAIL).form

    def send(number: int, network: str) -> Response:
        sent = {"email": f"asker-{number}@example.com", "stamp": stamp_of("", now=NOW - 60 * SECOND)}
        return visitor.post(MAIL, dict(form.pairs()) | sent, REMOTE_ADDR=network)

    assert [send(number, "10.0.0.1").status_code for number in range(MAX_PER_NETWORK)] == [302] * MAX_PER_NETWORK
    refused = Page(send(100, "10.0.0.200"), MAIL)
    assert "from the network that you are in" in str(refused.errors)
    assert dict(refused.form.pairs())["email"] == "asker-100@example.com"
    assert send(101, "10.0.1.1").status_code == 302
