"""A result by mail to one's own address: asked first, bounded, forgotten, and stopped for ever by its recipient."""

import re
from collections.abc import Iterator
from datetime import datetime, timedelta
from email.message import EmailMessage
from random import Random
from unittest.mock import patch

import pytest
import time_machine
from django.db import IntegrityError, OperationalError, transaction
from django.test import Client
from pytest_django import Settings

from advisor.content.editions import LoadedEdition
from advisor.delivery import mail
from advisor.delivery.models import Attempt, Message
from advisor.delivery.outbox import claim, record_attempt
from advisor.environment import mailer
from advisor.mailing import models
from advisor.mailing.addresses import hash_of, stop_token
from advisor.mailing.data_policy import RESULTS_BY_MAIL
from advisor.mailing.models import ResultMail, StoppedAddress
from tests.assessment.addresses import result
from tests.assessment.reading import Page, read, read_sent
from tests.assessment.soundness import flaws
from tests.clock import NOW
from tests.conftest import ANSWERS, GUIDE
from tests.delivery.smtp import MailServer

pytestmark = pytest.mark.usefixtures("published")

QUERY = ANSWERS["fractional-cto"]
FORM = f"/{GUIDE}/result/mail/?{QUERY}&edition=1"
ADDRESS = "founder@example.com"


@pytest.fixture
def mail_server(settings: Settings) -> Iterator[MailServer]:
    with MailServer() as server:
        settings.MAILERS = {"default": mailer(server.url)}
        yield server


def ask(visitor: Client, address: str = ADDRESS) -> Page:
    """The page after the form was sent."""
    return read_sent(visitor, read(visitor, FORM).form.send(visitor, {"email": address}))


def send_due(server: MailServer) -> list[EmailMessage]:
    """Everything that is due goes out, as a worker does it; what came of it at the server."""
    before = len(server.received)
    while message := claim(worker="test", now=NOW):
        record_attempt(message=message, worker="test", result=mail.send(message), now=NOW, dice=Random(1))
    return server.received[before:]


def link_that_was_sent() -> str:
    """The path in the confirmation, which is stored nowhere else."""
    found = re.search(r"/r/mail/[\w-]{40,}/", Message.objects.get().text)
    assert found
    return found[0]


def test_what_is_stored_of_a_link_does_not_open_it(visitor: Client) -> None:
    ask(visitor)
    (asked,) = ResultMail.objects.all()

    opened, guessed = visitor.get(link_that_was_sent()), visitor.get(f"/r/mail/{asked.token}/")

    assert (opened.status_code, guessed.status_code) == (200, 404)
    assert asked.token not in Message.objects.get().text


def links(letter: EmailMessage) -> list[str]:
    """The addresses in the text of a mail, as paths."""
    body = letter.get_body(("plain",))
    assert body is not None
    lines = body.get_content().split()
    return [word.removeprefix("http://testserver") for word in lines if word.startswith("http://testserver/")]


def words_of(letter: EmailMessage) -> str:
    body = letter.get_body(("plain",))
    assert body is not None
    return str(body.get_content())


def forget(now: datetime) -> None:
    """What the policy of the room takes at that instant."""
    for rule in RESULTS_BY_MAIL.rules:
        assert rule.is_short_lived
        rule.remove(rule.due(rule.cutoff(now)))


def press(visitor: Client, address: str) -> Page:
    """Open a page that has one button, and press it."""
    return read_sent(visitor, read(visitor, address).form.send(visitor, {}))


def test_a_result_goes_to_whoever_asks_once_they_confirmed_and_nothing_is_kept_of_them(
    visitor: Client, mail_server: MailServer
) -> None:
    page = read(visitor, read(visitor, result(QUERY)).link("E-mail it to myself"))
    assert flaws(page) == []
    after = ask(visitor, " Founder@Example.com ")
    assert "We have asked the address you gave" in after.text("main")

    (confirmation,) = send_due(mail_server)
    assert confirmation["to"] == "Founder@Example.com"
    assert confirmation["subject"] == "Do you want your result by e-mail?"
    assert "CTO" not in words_of(confirmation).replace("Fractional CTO or fractional Head of AI", "")
    confirm, _ = links(confirmation)

    # What looks through mail opens links, as often as it likes.
    for _ in range(2):
        assert flaws(read(visitor, confirm)) == []
        visitor.head(confirm)
    assert send_due(mail_server) == []

    assert "Your result is on its way" in press(visitor, confirm).text("main")
    (letter,) = send_due(mail_server)
    assert letter["to"] == "Founder@Example.com"
    assert letter["subject"] == "Hire a fractional CTO"
    short, pdf, _ = links(letter)
    assert read(visitor, short).outcome == "fractional-cto"
    assert visitor.get(pdf)["Content-Type"] == "application/pdf"
    assert "How sure: clear" in words_of(letter)

    # Once more is no second mail, and no address is left in what was asked for.
    visitor.post(confirm)
    assert send_due(mail_server) == []
    (asked,) = ResultMail.objects.all()
    assert asked.address == ""
    assert asked.confirmed_at == NOW
    assert "founder" not in asked.address_hash

    forget(NOW + timedelta(days=1, minutes=1))
    assert not ResultMail.objects.exists()
    assert not Message.objects.exists()
    assert not Attempt.objects.exists()


def test_what_is_not_confirmed_within_a_day_is_not_sent_and_goes(visitor: Client) -> None:
    ask(visitor)
    link = link_that_was_sent()

    with time_machine.travel(NOW + timedelta(days=1), tick=False):
        assert visitor.get(link).status_code == 404
        assert visitor.post(link).status_code == 404
    assert Message.objects.count() == 1

    Message.objects.update(state="expired")
    forget(NOW + timedelta(days=1, minutes=1))
    assert not ResultMail.objects.exists()
    assert not Message.objects.exists()


def test_a_recipient_stops_it_for_ever_and_nobody_else_learns_of_it(visitor: Client, mail_server: MailServer) -> None:
    shown = ask(visitor).text("main")
    (confirmation,) = send_due(mail_server)
    confirm, stop = links(confirmation)
    ask(visitor)  # one more waits

    assert "Never send a result to this address again?" in read(visitor, stop).title
    assert not StoppedAddress.objects.exists()
    page = press(visitor, stop)
    assert "We will not write to you again" in page.text("main")
    assert flaws(page) == []

    assert send_due(mail_server) == []
    assert visitor.get(confirm).status_code == 404
    assert visitor.post(confirm).status_code == 404
    assert not ResultMail.objects.exclude(address="").exists()
    # Later, by anybody, in other letters, when nothing else is left of it.
    ResultMail.objects.all().delete()
    assert ask(visitor, ADDRESS.upper().replace("EXAMPLE.COM", "example.com")).text("main") == shown
    assert send_due(mail_server) == []
    assert not ResultMail.objects.exists()
    visitor.post(stop)
    assert StoppedAddress.objects.count() == 1
    assert "founder" not in StoppedAddress.objects.get().address_hash
    # Others are asked as before.
    ask(visitor, "other@example.com")
    assert [letter["to"] for letter in send_due(mail_server)] == ["other@example.com"]


def test_a_link_to_stop_that_was_made_up_stops_nothing(visitor: Client) -> None:
    forged = stop_token(hash_of(ADDRESS))[:-1] + "-"

    assert visitor.post(f"/r/mail/stop/{forged}/").status_code == 404
    assert not StoppedAddress.objects.exists()
    assert visitor.get("/r/mail/nothing-of-this-kind/").status_code == 404


def test_an_address_is_asked_three_times_a_day_at_most(visitor: Client) -> None:
    for _ in range(3):
        assert "Check your e-mail" in ask(visitor).title

    page = ask(visitor)
    assert page.title.startswith("Error: ")
    assert "asked several times today" in page.text("main")
    assert Message.objects.count() == 3
    assert "Check your e-mail" in ask(visitor, "other@example.com").title
    with time_machine.travel(NOW + timedelta(days=1), tick=False):
        assert "Check your e-mail" in ask(visitor).title


def test_so_many_are_asked_in_a_day_and_no_more(visitor: Client, monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr("advisor.mailing.actions.MAX_PER_DAY", 2)
    for number in range(2):
        ask(visitor, f"person-{number}@example.com")

    page = ask(visitor, "one-more@example.com")

    assert "we send no more" in page.text("main")
    assert Message.objects.count() == 2


@pytest.mark.parametrize(
    ("name", "changed"),
    [
        ("resultmail_once_of_address", {"of_day": 2}),
        ("resultmail_once_of_day", {"address_hash": "other"}),
        ("resultmail_within_bounds", {"of_address": models.MAX_PER_ADDRESS + 1, "of_day": 2}),
        ("resultmail_within_bounds", {"of_address": 2, "of_day": models.MAX_PER_DAY + 1}),
        ("resultmail_keeps_no_address", {"confirmed_at": NOW, "of_address": 2, "of_day": 2}),
    ],
)
def test_the_database_refuses_what_is_beyond_the_bounds(name: str, changed: dict[str, object]) -> None:
    fields = {
        "code": "222-Q9Q-03X",
        "address": ADDRESS,
        "address_hash": hash_of(ADDRESS),
        "asked_at": NOW,
        "day": NOW.date(),
        "of_address": 1,
        "of_day": 1,
    }
    ResultMail.objects.create(**fields, token="first")

    with pytest.raises(IntegrityError), transaction.atomic():
        ResultMail.objects.create(**fields | changed, token="second")
    # And takes what is within them.
    ResultMail.objects.create(**fields | {"of_address": 2, "of_day": models.MAX_PER_DAY}, token="third")


@pytest.mark.parametrize(
    "typed", ["", "nobody", "two@example.com, three@example.com", "a@example.com\nBcc: b@example.com"]
)
def test_what_is_no_address_is_asked_for_again(visitor: Client, typed: str) -> None:
    page = read_sent(visitor, visitor.post(FORM, {"email": typed}))

    assert page.title.startswith("Error: ")
    assert flaws(page) == []
    assert not Message.objects.exists()


def test_while_the_database_is_down_the_form_opens_and_what_was_typed_is_held(
    visitor: Client, published: LoadedEdition
) -> None:
    read(visitor, result(QUERY))
    with patch("django.db.models.sql.compiler.SQLCompiler.execute_sql", side_effect=OperationalError("gone")):
        assert visitor.get(FORM).status_code == 200
        response = visitor.post(FORM, {"email": ADDRESS})

    assert response.status_code == 503
    assert ADDRESS in response.content.decode()
    assert not ResultMail.objects.exists()


def test_without_complete_answers_there_is_nothing_to_mail(visitor: Client) -> None:
    response = visitor.get(f"/{GUIDE}/result/mail/?software=yes", follow=True)

    assert response.redirect_chain[-1][0].startswith(f"/{GUIDE}/ai/?software=yes")


def test_its_pages_are_kept_from_caches_and_search_engines(visitor: Client) -> None:
    ask(visitor)
    (asked,) = ResultMail.objects.all()
    for address in (FORM, link_that_was_sent(), f"/r/mail/stop/{stop_token(asked.address_hash)}/"):
        response = visitor.get(address.removeprefix("http://testserver"))
        assert response["X-Robots-Tag"] == "noindex, nofollow"
        assert "no-store" in response["Cache-Control"]
