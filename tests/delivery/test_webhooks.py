"""Webhooks as a real receiver gets them, and what becomes of one that does not answer as it should."""

import gzip
import socket
import ssl
import threading
from collections.abc import Iterator
from contextlib import suppress
from datetime import datetime, timedelta
from random import Random
from time import monotonic

import pytest
import trustme
from django.conf import settings as configured
from django.db import transaction
from pytest_django import Settings
from standardwebhooks import WebhookVerificationError

from advisor.delivery.actions import forget, send_again, withdraw
from advisor.delivery.models import Attempt, Endpoint, EventType, Message, State
from advisor.delivery.outbox import LEASE_LENGTH, RETRY_DELAYS, claim, record_attempt
from advisor.delivery.webhooks import attempt, http_client
from advisor.delivery.webhooks.actions import (
    MAX_FAILING_TIME,
    MAX_FAILURES,
    OLD_SECRET_VALID_FOR,
    renew_secret,
    replay,
    switch_off,
    switch_on,
    tell_endpoints,
)
from advisor.delivery.webhooks.addresses import read_address
from advisor.delivery.webhooks.http_client import MAX_RESPONSE_SIZE, NO_HTTP, TOO_SLOW
from tests.clock import NOW
from tests.delivery.receiver import Answer, Handler, Receiver, make_endpoint, resolve_to, says, verified
from tests.delivery.smtp import MailServer
from tests.delivery.writing import DAY, HOUR, MINUTE, NOON, SECOND, send_due, write

pytestmark = pytest.mark.django_db

SOON = 0.3
"""Seconds that stand for the fifteen of an attempt."""


@pytest.fixture(autouse=True)
def _receivers_are_here(settings: Settings) -> None:
    settings.WEBHOOKS_MAY_BE_LOCAL = True


@pytest.fixture
def receiver() -> Iterator[Receiver]:
    with Receiver() as receiver:
        yield receiver


@pytest.fixture
def impatient(monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr(http_client, "TOTAL_TIMEOUT", SOON)


def tell(key: str = "lead-7-created", *, event: EventType = EventType.LEAD_CREATED, now: datetime = NOON) -> None:
    tell_endpoints(event=event, key=key, about="lead 7", data=lambda: {"version": 1, "lead": {"id": 7}}, now=now)


def the_message() -> Message:
    return Message.objects.select_related("endpoint").get()


def test_what_happened_arrives_signed_so_that_the_library_of_the_specification_verifies_it(receiver: Receiver) -> None:
    endpoint, now = make_endpoint(receiver), NOW
    tell(now=now)

    send_due(now)

    (request,) = receiver.requests
    message = the_message()
    assert verified(request, endpoint.secret) == {
        "type": "lead.created",
        "timestamp": now.isoformat().replace("+00:00", "Z"),
        "data": {"version": 1, "lead": {"id": 7}},
    }
    assert request.path == "/hooks/advisor?source=test"
    assert request.headers["Content-Type"] == "application/json"
    assert request.headers["Host"] == f"127.0.0.1:{receiver.port}"
    assert (message.state, message.message_id) == (State.SENT, request.headers["webhook-id"])
    endpoint.refresh_from_db()
    assert endpoint.last_success_at == now


def test_a_changed_body_another_secret_and_an_old_message_are_not_verified(receiver: Receiver) -> None:
    endpoint, now = make_endpoint(receiver), NOW
    tell(now=now)
    send_due(now)
    tell("lead-8-created", now=now - 10 * MINUTE)
    Message.objects.filter(key__startswith="lead-8").update(due_at=now - 10 * MINUTE)
    send_due(now - 10 * MINUTE)
    request, old = receiver.requests

    for changed, secret in [
        (request._replace(body=request.body.replace(b"7", b"8")), endpoint.secret),
        (request, "whsec_" + "A" * 44),
        (old, endpoint.secret),
    ]:
        with pytest.raises(WebhookVerificationError):
            verified(changed, secret)


def test_each_endpoint_is_told_what_it_wants_and_only_while_it_is_active(receiver: Receiver) -> None:
    make_endpoint(receiver, name="All of it")
    make_endpoint(receiver, name="Calls", events=["call.booked"])
    switch_off(endpoint=make_endpoint(receiver, name="Off"), by="chief", now=NOON)

    tell()
    tell("call-3-0-booked", event=EventType.CALL_BOOKED)

    told = Message.objects.order_by("pk").values_list("endpoint__name", "subject")
    assert sorted(told) == [("All of it", "call.booked"), ("All of it", "lead.created"), ("Calls", "call.booked")]


def test_what_was_told_is_not_told_again_and_what_is_taken_back_is_never_told(receiver: Receiver) -> None:
    make_endpoint(receiver)
    tell()
    tell()
    with transaction.atomic():
        tell("lead-8-created")
        transaction.set_rollback(True)

    send_due()

    assert len(receiver.requests) == 1


def test_where_nobody_listens_nothing_is_made() -> None:
    make_endpoint(events=["call.booked"])
    asked: list[str] = []

    tell_endpoints(event=EventType.LEAD_CREATED, key="k", about="lead 7", data=lambda: asked.append("data"), now=NOON)

    assert (asked, Message.objects.count()) == ([], 0)


def test_what_is_for_an_endpoint_that_fails_keeps_no_other_waiting(receiver: Receiver) -> None:
    receiver.answer = says(500)
    told: list[str] = []
    receiver.on_request = lambda: told.append("fails")
    with Receiver(on_request=lambda: told.append("works")) as other:
        make_endpoint(receiver, name="fails", events=[EventType.LEAD_CREATED])
        make_endpoint(other, name="works", events=[EventType.CALL_BOOKED])
        for number in range(3):
            tell(f"lead-{number}-created")
        tell("call-1-booked", event=EventType.CALL_BOOKED, now=NOON + SECOND)

        send_due(NOON + SECOND)

    assert told == ["fails", "works", "fails", "fails"]


def test_an_attempt_keeps_request_and_answer(receiver: Receiver) -> None:
    receiver.answer = says(500, b"No room\x00 for it", Content_Type="text/plain", X_Request_Id="r-1", Set_Cookie="s=1")
    make_endpoint(receiver)
    tell()

    send_due()

    attempt = Attempt.objects.get()
    sent = receiver.requests[0].headers
    assert (attempt.status, attempt.error) == (500, "It answered 500.")
    assert attempt.request.splitlines() == [
        f"POST http://127.0.0.1:{receiver.port}/…",
        "Content-Type: application/json",
        "User-Agent: Advisor",
        *(f"{name}: {sent[name]}" for name in ("webhook-id", "webhook-timestamp", "webhook-signature")),
    ]
    for words in ("content-type: text/plain", "x-request-id: r-1", "No room� for it"):
        assert words in attempt.answer
    assert "s=1" not in attempt.answer


def redirects_to_itself(handler: Handler) -> None:
    says(301, f"Not at {handler.path}".encode(), Location=handler.path.replace("?", "/?"))(handler)


def says_no_http(handler: Handler) -> None:
    handler.wfile.write(f"{handler.path}: gone\r\n\r\n".encode())


def says_no_header(handler: Handler) -> None:
    handler.wfile.write(b"HTTP/1.1 500 No\r\nNo header\r\n\r\n")


@pytest.mark.parametrize("answer", [redirects_to_itself, says_no_http])
def test_an_answer_that_names_the_path_does_not_tell_it_to_who_reads_the_log(
    receiver: Receiver, answer: Answer
) -> None:
    receiver.answer = answer
    make_endpoint(receiver)
    tell()

    send_due()

    attempt = Attempt.objects.get()
    assert receiver.requests[0].path == "/hooks/advisor?source=test"
    kept = f"{attempt.request} {attempt.answer} {attempt.error} {the_message().last_error}"
    assert [part for part in ("hooks", "advisor", "source=test") if part in kept] == []


def test_headers_that_cannot_be_read_do_not_bring_the_path_into_the_log(
    receiver: Receiver, caplog: pytest.LogCaptureFixture
) -> None:
    receiver.answer = says_no_header
    make_endpoint(receiver)
    tell()

    send_due()

    assert Attempt.objects.get().status == 500
    assert "will be tried again" in caplog.text
    assert "hooks" not in caplog.text


def test_every_attempt_has_the_same_id_and_the_time_of_its_own(receiver: Receiver) -> None:
    receiver.answer = says(503)
    make_endpoint(receiver)
    tell()

    for now in (NOON, NOON + MINUTE):
        send_due(now)

    ids = {request.headers["webhook-id"] for request in receiver.requests}
    times = [int(request.headers["webhook-timestamp"]) for request in receiver.requests]
    assert len(ids) == 1
    assert times == [NOON.timestamp(), (NOON + MINUTE).timestamp()]


def test_a_worker_killed_before_it_could_write_anything_down_causes_one_more_with_the_same_id(
    receiver: Receiver,
) -> None:
    make_endpoint(receiver)
    tell()
    taken = claim(worker="dead", now=NOON)
    assert taken
    attempt.send(taken, NOON)

    send_due(NOON + LEASE_LENGTH)

    assert len({request.headers["webhook-id"] for request in receiver.requests}) == 1
    assert len(receiver.requests) == 2
    assert the_message().state == State.SENT


@pytest.mark.parametrize(
    ("status", "words"),
    [
        (500, "It answered 500."),
        (404, "It answered 404."),
        (302, "It answered 302 and points elsewhere. Redirects are not followed."),
    ],
)
def test_anything_but_a_2xx_is_a_failure_that_is_tried_again(receiver: Receiver, status: int, words: str) -> None:
    with Receiver() as elsewhere:
        receiver.answer = says(status, Location=elsewhere.address)
        make_endpoint(receiver)
        tell()

        send_due()

    message = the_message()
    assert (message.state, message.last_error) == (State.WAITING, words)
    assert elsewhere.requests == []
    receiver.answer = says(202)
    send_due(NOON + MINUTE)
    assert the_message().state == State.SENT


@pytest.mark.parametrize("trouble", ["hangs", "drips"])
def test_one_that_hangs_or_drips_is_hung_up_on(receiver: Receiver, impatient: None, trouble: str) -> None:
    receiver.answer = getattr(receiver, trouble)
    make_endpoint(receiver)
    tell()
    start = monotonic()

    send_due()

    message = the_message()
    assert monotonic() - start < 10 * SOON
    assert (message.state, message.last_error) == (State.WAITING, TOO_SLOW)


@pytest.mark.parametrize("said", [b"", b"\x16\x03\x03\x40\x00\x02\x00\x3f\xfc"], ids=["hangs", "drips"])
def test_one_that_hangs_or_drips_before_it_is_encrypted_is_hung_up_on(
    monkeypatch: pytest.MonkeyPatch, said: bytes
) -> None:
    monkeypatch.setattr(http_client, "CONNECT_TIMEOUT", SOON)
    is_over = threading.Event()

    def serve() -> None:
        connection, _ = server.accept()
        with connection, suppress(OSError):
            connection.sendall(said)
            while not is_over.wait(0.02):
                connection.sendall(said[:1])

    with socket.create_server(("127.0.0.1", 0)) as server:
        thread = threading.Thread(target=serve)
        thread.start()
        make_endpoint(address=f"https://127.0.0.1:{server.getsockname()[1]}/")
        tell()
        start = monotonic()

        send_due()

        took = monotonic() - start
        is_over.set()
        thread.join()
    assert took < 10 * SOON
    assert the_message().last_error.startswith("No connection: ")
    assert "timed out" in the_message().last_error


@pytest.mark.parametrize("trouble", ["drips_its_body", "drips_until_it_closes"])
def test_one_that_says_yes_and_drips_from_then_on_is_taken_at_its_word(
    receiver: Receiver, impatient: None, trouble: str
) -> None:
    receiver.answer = getattr(receiver, trouble)
    make_endpoint(receiver)
    tell()
    start = monotonic()

    send_due()

    assert monotonic() - start < 10 * SOON
    assert the_message().state == State.SENT


def test_of_a_gigabyte_64_kilobytes_are_read_and_4_are_kept(receiver: Receiver) -> None:
    receiver.answer = receiver.sends_a_gigabyte
    endpoint = make_endpoint(receiver)
    tell()

    send_due()

    (attempt,) = Attempt.objects.all()
    assert the_message().state == State.SENT
    assert attempt.answer.endswith("\n\n" + "a" * 4096)
    answer = http_client.post(
        read_address(endpoint.address), ["127.0.0.1"], headers={"Content-Type": "text/plain"}, body=b""
    )
    assert len(answer.body) == MAX_RESPONSE_SIZE
    # What lies in the buffers of two sockets is sent, and not the rest.
    assert receiver.sent < 64 * MAX_RESPONSE_SIZE * 4


def test_an_answer_in_pieces_is_put_together_and_one_that_is_packed_stays_so(receiver: Receiver) -> None:
    packed = gzip.compress(b"a" * 1_000_000)

    def in_pieces(handler: Handler) -> None:
        handler.wfile.write(b"HTTP/1.1 200 OK\r\nTransfer-Encoding: chunked\r\nContent-Encoding: gzip\r\n\r\n")
        for part in (packed[:100], packed[100:], b""):
            handler.wfile.write(f"{len(part):x}\r\n".encode() + part + b"\r\n")

    receiver.answer = in_pieces

    answer = http_client.post(read_address(receiver.address), ["127.0.0.1"], headers={}, body=b"{}")

    assert answer.body == packed


def test_nobody_there_is_a_failure_in_words(receiver: Receiver) -> None:
    with socket.socket() as nobody:
        nobody.bind(("127.0.0.1", 0))
        make_endpoint(address=f"http://127.0.0.1:{nobody.getsockname()[1]}/")
        tell()

        send_due()

    assert the_message().last_error.startswith("No connection: NewConnectionError: ")
    assert "Connection refused" in the_message().last_error


def test_an_answer_that_is_no_http_is_a_failure(receiver: Receiver) -> None:
    def echoes(handler: Handler) -> None:
        handler.wfile.write(receiver.requests[-1].body + b"\r\n")

    receiver.answer = echoes
    make_endpoint(receiver)
    tell()

    send_due()

    # Not what came: with the reason why an endpoint was switched off it would outlive whom the message is about.
    assert the_message().last_error == NO_HTTP


def test_410_switches_the_endpoint_off_at_once_and_says_so_by_mail(receiver: Receiver, mail_server: MailServer) -> None:
    receiver.answer = says(410)
    endpoint = make_endpoint(receiver)
    tell()
    tell("lead-8-created")

    send_due()

    endpoint.refresh_from_db()
    assert (endpoint.is_active, endpoint.disabled_at) == (False, NOON)
    assert endpoint.disabled_because == "It answered 410: it is gone and wants no more."
    assert len(receiver.requests) == 1
    assert [*Message.objects.exclude(endpoint=None).values_list("state", flat=True)] == [State.FAILED] * 2
    (mail,) = mail_server.received
    assert (mail["To"], mail["Subject"]) == (
        configured.CONTACT_EMAIL,
        "The webhook endpoint “CRM” was switched off",
    )


def test_a_name_that_no_header_can_hold_stops_nobody(receiver: Receiver) -> None:
    receiver.answer = says(410)
    make_endpoint(receiver, name="CRM\x07 of\u2028sales")
    tell()

    send_due()

    assert not Endpoint.objects.get().is_active
    assert Message.objects.get(endpoint=None).subject == "The webhook endpoint “CRM of sales” was switched off"


def test_one_that_answers_500_for_a_day_is_switched_off_and_not_before(
    receiver: Receiver, mail_server: MailServer
) -> None:
    receiver.answer = says(500)
    endpoint = make_endpoint(receiver)
    tell()
    now, times = NOON, []
    while Endpoint.objects.get().is_active:
        send_due(now)
        times.append(now)
        now += HOUR
        tell(f"lead-{len(times)}-created", now=now)

    endpoint.refresh_from_db()
    assert times[-1] == NOON + MAX_FAILING_TIME
    assert endpoint.failures > MAX_FAILURES
    assert endpoint.disabled_because.startswith(f"{endpoint.failures} attempts in a row failed since 24 November 2026")
    assert not Message.objects.filter(state=State.WAITING).exclude(endpoint=None).exists()
    send_due(now)
    assert len(mail_server.received) == 1


def test_one_message_that_nobody_takes_switches_its_endpoint_off_when_it_is_given_up(receiver: Receiver) -> None:
    receiver.answer = says(500)
    make_endpoint(receiver)
    tell()
    now = NOON
    for gap in (timedelta(0), *RETRY_DELAYS):
        now += 2 * gap
        assert Endpoint.objects.get().is_active
        send_due(now)

    assert not Endpoint.objects.get().is_active
    assert len(receiver.requests) == len(RETRY_DELAYS) + 1


def test_a_success_in_between_begins_the_count_anew(receiver: Receiver) -> None:
    receiver.answer = says(500)
    make_endpoint(receiver)
    for number in range(MAX_FAILURES + 1):
        tell(f"lead-{number}-created")
    send_due()
    receiver.answer = says(200)
    send_due(NOON + DAY)

    endpoint = Endpoint.objects.get()
    assert (endpoint.is_active, endpoint.failures, endpoint.failing_since) == (True, 0, None)


def test_what_failed_is_sent_again_once_the_endpoint_is_back(receiver: Receiver, mail_server: MailServer) -> None:
    receiver.answer = says(410)
    endpoint = make_endpoint(receiver)
    for number in range(3):
        tell(f"lead-{number}-created")
    send_due()
    receiver.answer = says(200)

    switch_on(endpoint=endpoint)
    send_due(NOON + HOUR)
    before = len(receiver.requests)
    count = replay(endpoint=endpoint, now=NOON + HOUR)
    send_due(NOON + HOUR)

    assert (before, count) == (1, 3)
    assert len(receiver.requests) == 4
    assert {*Message.objects.values_list("state", flat=True)} == {State.SENT}


def test_one_message_sent_again_to_an_endpoint_that_is_off_fails_and_is_not_sent(receiver: Receiver) -> None:
    endpoint = make_endpoint(receiver)
    tell()
    switch_off(endpoint=endpoint, by="chief", now=NOON)
    send_again(message=the_message(), now=NOON)

    send_due()

    message = the_message()
    assert (message.state, message.last_error) == (State.FAILED, attempt.SWITCHED_OFF)
    assert receiver.requests == []


def test_for_a_day_both_secrets_hold_and_then_the_new_one_alone(receiver: Receiver) -> None:
    endpoint, now = make_endpoint(receiver), NOW
    old = endpoint.secret
    renew_secret(endpoint=endpoint, now=now)
    endpoint.refresh_from_db()
    tell(now=now)
    send_due(now)

    both = attempt.signatures(endpoint, "msg_1", "{}", now + OLD_SECRET_VALID_FOR - SECOND)
    one = attempt.signatures(endpoint, "msg_1", "{}", now + OLD_SECRET_VALID_FOR)

    (request,) = receiver.requests
    assert verified(request, old) == verified(request, endpoint.secret)
    assert old != endpoint.secret
    assert (len(both.split()), len(one.split())) == (2, 1)


def test_erasing_leaves_neither_the_message_nor_what_was_answered(receiver: Receiver) -> None:
    receiver.answer = says(500, b"asker@example.com is not known")
    make_endpoint(receiver)
    tell()
    send_due()

    forget(about="lead 7")

    assert (Message.objects.count(), Attempt.objects.count()) == (0, 0)


def test_what_is_erased_while_it_is_in_hand_stays_erased(receiver: Receiver) -> None:
    receiver.answer = says(500)
    make_endpoint(receiver)
    tell()
    taken = claim(worker="one", now=NOON)
    assert taken
    result = attempt.send(taken, NOON)
    forget(about="lead 7")

    record_attempt(message=taken, worker="one", result=result, now=NOON, dice=Random(1))

    assert (Message.objects.count(), Attempt.objects.count()) == (0, 0)


def test_a_changed_call_takes_back_mail_and_no_webhook(receiver: Receiver) -> None:
    make_endpoint(receiver)
    tell()
    write(about="lead 7")

    count = withdraw(about="lead 7")

    assert count == 1
    assert {*Message.objects.values_list("channel", "state")} == {("mail", "withdrawn"), ("webhook", "waiting")}


@pytest.fixture(scope="module")
def authority() -> trustme.CA:
    return trustme.CA()


@pytest.mark.parametrize(
    ("name", "error"),
    [("receiver.example.com", ""), ("other.example.com", "certificate verify failed: Hostname mismatch")],
)
def test_the_certificate_has_to_be_for_the_name_whatever_address_is_connected_to(
    monkeypatch: pytest.MonkeyPatch, authority: trustme.CA, name: str, error: str
) -> None:
    theirs, ours = ssl.SSLContext(ssl.PROTOCOL_TLS_SERVER), ssl.create_default_context()
    authority.issue_cert("receiver.example.com").configure_cert(theirs)
    authority.configure_trust(ours)
    monkeypatch.setattr(ssl, "create_default_context", lambda: ours)
    asked: list[str] = []

    def remember(_: object, server_name: str, __: object) -> None:
        asked.append(server_name)

    theirs.sni_callback = remember
    resolve_to(monkeypatch, {name: ["127.0.0.1"]})
    with Receiver(context=theirs) as receiver:
        make_endpoint(address=f"https://{name}:{receiver.port}/hooks")
        tell()

        send_due()

    assert asked == [name]
    assert error in the_message().last_error
    assert len(receiver.requests) == (0 if error else 1)
    assert (the_message().state == State.SENT) is not bool(error)


def test_a_proxy_that_the_environment_names_is_not_asked(receiver: Receiver, monkeypatch: pytest.MonkeyPatch) -> None:
    with Receiver() as proxy:
        for name in ("http_proxy", "HTTP_PROXY", "https_proxy", "ALL_PROXY"):
            monkeypatch.setenv(name, f"http://127.0.0.1:{proxy.port}")
        make_endpoint(receiver)
        tell()

        send_due()

    assert (len(receiver.requests), proxy.requests) == (1, [])
