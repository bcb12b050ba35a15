"""Mail as a real server receives it."""

from email.message import EmailMessage
from typing import Any, cast

import pytest
from django.conf import settings
from pytest_django import Settings

from advisor.delivery.models import Attempt, State
from tests.delivery.smtp import MailServer
from tests.delivery.writing import CALENDAR, INVITATION, NOON, send_due, write

pytestmark = pytest.mark.django_db


def received(server: MailServer, **fields: Any) -> EmailMessage:
    """A message, written and sent."""
    write(**fields)
    send_due()
    (mail,) = server.received
    return mail


def content(part: EmailMessage) -> str:
    return cast("str", part.get_content()).replace("\r\n", "\n").strip()


def test_it_says_who_writes_to_whom_about_what(mail_server: MailServer) -> None:
    mail = received(mail_server, to="visitor@example.com", reply_to="host@example.com", subject="Your call is booked")

    assert mail["From"] == settings.CONTACT_EMAIL
    assert mail["To"] == "visitor@example.com"
    assert mail["Reply-To"] == "host@example.com"
    assert mail["Subject"] == "Your call is booked"
    assert mail["Date"]


def test_a_message_without_an_address_for_replies_names_none(mail_server: MailServer) -> None:
    mail = received(mail_server)

    assert "Reply-To" not in mail


def test_the_sender_may_have_a_name(mail_server: MailServer, settings: Settings) -> None:
    settings.DEFAULT_FROM_EMAIL = "Padomdevējs & Co <hello@example.com>"

    mail = received(mail_server)

    (sender,) = mail["From"].addresses
    assert (sender.display_name, sender.addr_spec) == ("Padomdevējs & Co", "hello@example.com")


def test_text_and_html_are_two_versions_of_the_same(mail_server: MailServer) -> None:
    mail = received(mail_server, text="See you then.", html="<p>See you then.</p>")

    assert mail.get_content_type() == "multipart/alternative"
    assert [(part.get_content_type(), content(cast("EmailMessage", part))) for part in mail.iter_parts()] == [
        ("text/plain", "See you then."),
        ("text/html", "<p>See you then.</p>"),
    ]


def test_a_message_may_be_text_alone(mail_server: MailServer) -> None:
    mail = received(mail_server, html="")

    assert mail.get_content_type() == "text/plain"


def test_an_invitation_is_a_version_of_the_body_and_a_file(mail_server: MailServer) -> None:
    mail = received(mail_server, attachments=INVITATION)

    parts = [part for part in mail.walk() if not part.is_multipart()]
    types = [part.get_content_type() for part in parts]
    assert mail.get_content_type() == "multipart/mixed"
    assert types == ["text/plain", "text/html", "text/calendar", "text/calendar"]
    for part in parts[2:]:
        assert part.get_param("method") == "REQUEST"
        assert part.get_content_charset() == "utf-8"
        assert content(part) == CALENDAR.replace("\r\n", "\n").strip()
    assert [part.get_filename() for part in parts[2:]] == [None, "call.ics"]
    body = cast("EmailMessage", next(mail.iter_parts()))
    assert body.get_content_type() == "multipart/alternative"
    assert len(list(body.iter_parts())) == 3


def test_words_of_any_language_arrive_as_they_were_written(mail_server: MailServer) -> None:
    words = "Jūsu zvans – 30 minūtes, “Kalns & Bērzs” 🏔"

    mail = received(mail_server, subject=words, text=words, html=f"<p>{words}</p>")

    assert mail["Subject"] == words
    assert [content(cast("EmailMessage", part)) for part in mail.iter_parts()] == [words, f"<p>{words}</p>"]


def test_a_line_of_any_length_arrives(mail_server: MailServer) -> None:
    mail = received(mail_server, text="long " * 1000, html="")

    assert content(mail) == ("long " * 1000).strip()
    assert max(map(len, mail_server.raw[0].splitlines())) <= 998


def test_lines_that_begin_with_a_dot_or_with_from_arrive(mail_server: MailServer) -> None:
    mail = received(mail_server, text=".\nFrom here on\n..", html="")

    assert content(mail) == ".\nFrom here on\n.."


def test_nobody_s_automatic_answer_is_asked_for(mail_server: MailServer) -> None:
    mail = received(mail_server)

    assert mail["Auto-Submitted"] == "auto-generated"


def test_each_message_has_an_id_of_its_own_that_was_written_with_it(mail_server: MailServer) -> None:
    first, second = write(), write()

    send_due()

    assert [mail["Message-ID"] for mail in mail_server.received] == [first.message_id, second.message_id]
    assert first.message_id != second.message_id
    assert first.message_id.endswith("@testserver>")


def test_an_address_with_letters_of_any_language_in_its_domain_is_reached(mail_server: MailServer) -> None:
    received(mail_server, to="visitor@bērzs.example")

    assert mail_server.asked == [f"visitor@{'bērzs.example'.encode('idna').decode()}"]


def test_what_was_accepted_is_kept_as_sent_with_its_attempt(mail_server: MailServer) -> None:
    message = write()

    send_due()

    message.refresh_from_db()
    attempt = Attempt.objects.get()
    assert (message.state, message.sent_at, message.attempts, message.last_error) == (State.SENT, NOON, 1, "")
    assert (message.lease_until, message.leased_by) == (None, "")
    assert (attempt.message, attempt.at, attempt.error) == (message, NOON, "")
    assert attempt.milliseconds < 5000


def test_an_address_in_other_letters_is_sent_as_mail_carries_it(mail_server: MailServer) -> None:
    mail = received(mail_server, to="jorg@faß.example", reply_to="anna@müller.example")

    assert mail_server.asked == ["jorg@xn--fa-hia.example"]
    assert mail["To"] == "jorg@xn--fa-hia.example"
    assert mail["Reply-To"] == "anna@xn--mller-kva.example"
