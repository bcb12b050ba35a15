"""A visitor's form that is refused before its page sees it: everything is still in it, and one more click sends it."""

from collections.abc import Callable

import pytest
from django.test import Client

from advisor.booking.models import Call, CallStatus
from advisor.leads.models import Lead, Submission
from tests.assessment.addresses import call as call_page
from tests.assessment.reading import FRAGMENT, Form, Page, Response, read
from tests.assessment.soundness import flaws
from tests.booking.conftest import Book
from tests.booking.hosts import half_hour, value
from tests.conftest import database_down
from tests.leads.asking import EVERYTHING

pytestmark = pytest.mark.usefixtures("host")

TYPED = EVERYTHING | {"slot": value(half_hour(3)), "zone": "Asia/Tokyo", "message": "With “quotes” & <tags>"}


@pytest.fixture
def strict() -> Client:
    """A browser whose forms are checked as in production."""
    return Client(enforce_csrf_checks=True)


def lose_the_cookie(client: Client) -> None:
    client.cookies.clear()


def log_in_in_another_tab(client: Client) -> None:
    client.cookies["csrftoken"] = "x" * 32


TROUBLES = {"the cookie is gone": lose_the_cookie, "the token was renewed": log_in_in_another_tab}
everyhow = pytest.mark.parametrize("trouble", TROUBLES.values(), ids=TROUBLES)


def shown(answer: Response, address: str, typed: dict[str, str]) -> Form:
    """The form that an answer shows, once it is sure that everything is in it."""
    page = Page(answer, address)
    assert answer.status_code == 200
    assert flaws(page) == []
    assert page.errors[0].startswith("Nothing was sent yet")
    assert typed.items() <= {name: text.replace("\n", "\r\n") for name, text in page.form.pairs()}.items()
    return page.form


@everyhow
@pytest.mark.parametrize("headers", [{}, FRAGMENT], ids=["whole", "fragment"])
def test_the_form_for_a_call_comes_back_whole_and_one_more_click_books_it(
    strict: Client, trouble: Callable[[Client], None], headers: dict[str, str]
) -> None:
    opened = read(strict, f"{call_page()}&zone=Asia/Tokyo").form
    key = dict(opened.pairs())["key"]
    trouble(strict)

    answer = opened.send(strict, TYPED, headers=headers)
    kept = Lead.objects.count()
    form = shown(answer, opened.action, TYPED | {"key": key})
    booked = form.send(strict)

    assert kept == 0
    assert booked.status_code == 302
    assert Submission.objects.get().key == key
    assert Call.objects.get().begins_at == half_hour(3)


@everyhow
def test_another_time_for_a_call_is_still_chosen(strict: Client, book: Book, trouble: Callable[[Client], None]) -> None:
    call = book()
    opened = read(strict, f"{call.path}change/").form
    typed = {"slot": value(half_hour(4)), "zone": "Asia/Tokyo"}
    trouble(strict)

    answer = opened.send(strict, typed)
    call.refresh_from_db()
    before = call.begins_at
    shown(answer, opened.action, typed).send(strict)

    call.refresh_from_db()
    assert (before, call.begins_at) == (half_hour(0), half_hour(4))


@everyhow
def test_why_a_call_is_cancelled_is_still_there(strict: Client, book: Book, trouble: Callable[[Client], None]) -> None:
    call = book()
    opened = read(strict, f"{call.path}cancel/").form
    trouble(strict)

    answer = opened.send(strict, {"reason": "We hired someone"})
    call.refresh_from_db()
    before = call.status
    shown(answer, opened.action, {"reason": "We hired someone"}).send(strict)

    call.refresh_from_db()
    assert (before, call.status) == (CallStatus.BOOKED, CallStatus.CANCELLED)


def test_a_form_that_another_site_sends_is_shown_with_its_name_and_not_taken(strict: Client) -> None:
    opened = read(strict, call_page()).form

    answer = opened.send(strict, TYPED, headers={"Origin": "https://evil.example"})

    assert "another site, evil.example" in Page(answer).errors[0]
    assert "close this page" in Page(answer).errors[0]
    assert not Lead.objects.exists()


@pytest.mark.parametrize("origin", ["null", "nonsense", "http://[broken"])
def test_a_browser_that_hides_where_the_form_comes_from_keeps_it(strict: Client, origin: str) -> None:
    opened = read(strict, call_page()).form

    answer = opened.send(strict, TYPED, headers={"Origin": origin})

    assert "did not say that the form comes from this site" in Page(answer).errors[0]
    shown(answer, opened.action, TYPED)
    assert not Lead.objects.exists()


def test_the_reason_is_true(strict: Client) -> None:
    opened = read(strict, call_page()).form
    log_in_in_another_tab(strict)
    renewed = Page(opened.send(strict, TYPED)).errors[0]
    lose_the_cookie(strict)
    gone = Page(opened.send(strict, TYPED)).errors[0]

    assert "was renewed since you opened this page" in renewed
    assert "did not send the cookie" not in renewed
    assert "did not send the cookie" in gone


def test_a_text_that_is_far_too_long_is_cut_and_nothing_else_is_lost(strict: Client) -> None:
    opened = read(strict, call_page()).form
    rest = {name: text for name, text in TYPED.items() if name != "message"}

    answer = opened.send(strict, TYPED | {"message": "word " * 700_000})

    page = Page(answer, opened.action)
    assert "it is too long" in page.errors[0]
    assert rest.items() <= dict(page.form.pairs()).items()
    assert len(answer.content) < 300_000
    assert not Lead.objects.exists()
    assert page.form.send(strict, {"message": "Shorter"}).status_code == 302


def test_more_fields_than_a_form_may_have_leave_those_that_were_typed(strict: Client) -> None:
    opened = read(strict, call_page()).form
    pairs = [*opened.pairs(TYPED), *[("more", "x")] * 11_000]
    body = "&".join(f"{name}={text.replace('&', '%26')}" for name, text in pairs)

    answer = strict.generic("POST", opened.action, body, "application/x-www-form-urlencoded")

    page = Page(answer, opened.action)
    assert "more than 10,000 fields" in page.errors[0]
    assert dict(page.form.pairs())["company"] == TYPED["company"]
    assert not Lead.objects.exists()


def test_a_form_in_parts_that_breaks_off_keeps_what_had_arrived(strict: Client) -> None:
    opened = read(strict, call_page()).form
    parts = [
        f'--x\r\nContent-Disposition: form-data; name="{name}"\r\n\r\n{text}\r\n' for name, text in opened.pairs(TYPED)
    ]
    files = [
        f'--x\r\nContent-Disposition: form-data; name="f{number}"; filename="f"\r\n\r\nx\r\n' for number in range(101)
    ]
    body = "".join([*parts, *files, "--x--\r\n"])

    answer = strict.generic("POST", opened.action, body, "multipart/form-data; boundary=x")

    page = Page(answer, opened.action)
    assert "too many files" in page.errors[0]
    assert TYPED.items() <= {name: text.replace("\n", "\r\n") for name, text in page.form.pairs()}.items()
    assert not Lead.objects.exists()


@pytest.mark.parametrize("content_type", ["multipart/form-data", "application/x-www-form-urlencoded; charset=utf-16"])
def test_a_form_that_cannot_be_read_is_an_error_above_the_form(strict: Client, content_type: str) -> None:
    opened = read(strict, call_page()).form

    answer = strict.generic("POST", opened.action, "name=The+Asker&company=Engines", content_type)

    page = Page(answer, opened.action)
    assert "arrived damaged" in page.errors[0]
    assert dict(page.form.pairs())["key"]


@pytest.mark.parametrize(("page", "typed"), [("change/", "Asia/Tokyo"), ("cancel/", "We hired someone")])
def test_while_the_database_is_away_a_visitors_own_call_holds_what_was_typed(
    strict: Client, book: Book, page: str, typed: str
) -> None:
    call = book()
    opened = read(strict, f"{call.path}{page}").form
    sent = {"slot": value(half_hour(4)), "zone": "Asia/Tokyo"} if page == "change/" else {"reason": typed}

    with database_down():
        answer = opened.send(strict, sent)
    held = Page(answer, opened.action)
    again = held.form.send(strict)

    assert answer.status_code == 503
    assert typed in held.text("main")
    assert flaws(held) == []
    assert again.status_code == 302
    call.refresh_from_db()
    assert (call.begins_at, call.status) != (half_hour(0), CallStatus.BOOKED)
