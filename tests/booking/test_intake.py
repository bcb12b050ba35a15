"""Requests that wait: for whom a time is held, what confirms it, what nobody hears of before, and what staff decide."""

from datetime import timedelta

import pytest
import time_machine
from django.conf import settings
from django.db import connection
from django.test import Client
from django.test.utils import CaptureQueriesContext
from pytest_django import Settings

from advisor.booking import admission
from advisor.booking.admission import AT_ONCE_IN_HOUR, AT_ONCE_OF_NETWORK, MAX_OF_ADDRESS, MAX_OF_NETWORK, MAX_REFUSED
from advisor.booking.forms import ANOTHER_CALL_MESSAGE
from advisor.booking.intake import LAST_RANK, MAX_HOLDS_OF_NETWORK
from advisor.booking.models import (
    HOLD_LENGTH,
    LINK_LIFETIME,
    BlockedSource,
    Call,
    CallStatus,
    Host,
    Intake,
    IntakeState,
)
from advisor.delivery.models import Message, State
from advisor.leads.models import Lead, Person, Status
from tests.assessment.addresses import call
from tests.assessment.reading import Form, Page, Response, read
from tests.assessment.soundness import flaws
from tests.booking.hosts import half_hour, make_host, value
from tests.booking.intakes import MINUTE, link_to, send, use_up, waits
from tests.clock import NOW
from tests.conftest import new_client
from tests.leads.asking import EVERYTHING, message_beside

pytestmark = pytest.mark.usefixtures("published")

WAITING_PAGE = "/admin/booking/call/waiting/"


@pytest.fixture(autouse=True)
def _limits_as_on_a_site_of_its_own(settings: Settings) -> None:
    settings.FORM_LIMITS = True


def test_one_of_few_books_at_once(host: Host) -> None:
    assert "/thanks/" in send(1, slot=0).headers["Location"]

    assert Call.objects.get().lead.email == "asker-1@1.example.com"
    assert Intake.objects.get().state == IntakeState.PASSED
    assert Intake.objects.get().details == {}


def test_the_next_of_many_from_one_network_waits_and_nobody_hears_of_it(host: Host) -> None:
    use_up()
    before = Message.objects.count()

    intake = waits(1, slot=0)

    assert not Call.objects.exists()
    assert not Lead.objects.filter(email=intake.details["email"]).exists()
    assert not Person.objects.filter(email=intake.details["email"]).exists()
    (mail,) = Message.objects.order_by("pk")[before:]
    assert mail.to == "asker-1@1.example.com"
    assert "Asker 1" not in mail.text + mail.subject
    assert mail.attachments == []


def test_a_press_without_the_cookie_books_nothing_and_the_page_says_why(host: Host) -> None:
    use_up()
    intake = waits(1, slot=0)

    answer = Client(enforce_csrf_checks=True).post(link_to(intake))

    page = Page(answer, link_to(intake))
    assert flaws(page) == []
    assert "Nothing was done yet: your browser did not send the cookie" in page.text("main")
    intake.refresh_from_db()
    assert intake.state == IntakeState.WAITING


def test_the_page_says_what_to_do_and_the_time_is_offered_to_nobody_else(visitor: Client, host: Host) -> None:
    use_up()
    answer = send(1, slot=0, client=visitor)

    page = read(visitor, answer.headers["Location"])

    assert flaws(page) == []
    assert "Check your e-mail" in page.text("h1")
    # Its day and its zone are those of the time above.
    assert "It is kept free for you until 14:30." in " ".join(page.text("main").split())
    assert "asker-1" not in page.text("main")
    assert value(half_hour(0)) not in str(new_client().get(call()).content)
    taken = Page(send(2, network=2, slot=0), call())
    assert "just been taken" in message_beside(taken, "slot")


def test_one_click_books_the_call(visitor: Client, host: Host) -> None:
    use_up()
    intake = waits(1, slot=0)

    page = read(visitor, link_to(intake))
    assert flaws(page) == []
    assert Call.objects.count() == 0
    for _ in range(2):
        assert "/thanks/" in visitor.post(link_to(intake)).headers["Location"]

    booked = Call.objects.get()
    assert (booked.begins_at, booked.lead.email, booked.lead.message) == (
        half_hour(0),
        "asker-1@1.example.com",
        "Our releases are slow.\nAnd our AI is slower.",
    )
    intake.refresh_from_db()
    assert (intake.state, intake.details, intake.held_until) == (IntakeState.CONFIRMED, {}, None)
    assert Message.objects.filter(to=host.email).exists()
    assert "Your call is booked" in read(visitor, visitor.get(link_to(intake)).headers["Location"]).text("main")


def test_a_hold_that_nobody_confirms_frees_its_time_by_itself(host: Host) -> None:
    use_up()
    waits(1, slot=0)

    with time_machine.travel(NOW + HOLD_LENGTH + MINUTE, tick=False):
        assert send(2, network=2, slot=0).status_code == 302

    assert Call.objects.get().lead.email == "asker-2@2.example.com"


def test_whoever_confirms_after_the_hold_gets_the_time_if_it_is_free(visitor: Client, host: Host) -> None:
    use_up()
    intake = waits(1, slot=0)

    with time_machine.travel(NOW + HOLD_LENGTH + MINUTE, tick=False):
        assert visitor.post(link_to(intake)).status_code == 302

    assert Call.objects.get().begins_at == half_hour(0)


def test_whoever_confirms_too_late_chooses_another_time_and_types_nothing_again(visitor: Client, host: Host) -> None:
    use_up()
    intake = waits(1, slot=0)
    with time_machine.travel(NOW + HOLD_LENGTH + MINUTE, tick=False):
        send(2, network=2, slot=0)

        page = Page(visitor.post(link_to(intake)), link_to(intake))
        assert flaws(page) == []
        assert "choose another one" in page.text("h1")
        again = page.form.send(visitor, {"slot": value(half_hour(0))})
        assert "just been taken" in message_beside(Page(again, link_to(intake)), "slot")
        assert page.form.send(visitor, {"slot": value(half_hour(2))}).status_code == 302

    assert Call.objects.get(lead__email="asker-1@1.example.com").begins_at == half_hour(2)


def test_a_link_that_has_expired_or_was_made_up_leads_to_a_page_that_says_so(visitor: Client, host: Host) -> None:
    use_up()
    intake = waits(1, slot=0)

    assert "cut off" in str(visitor.get("/calls/made-up-by-somebody/confirm/").content)
    with time_machine.travel(NOW + LINK_LIFETIME, tick=False):
        assert visitor.get(link_to(intake)).status_code == visitor.post(link_to(intake)).status_code == 404
    assert not Call.objects.exists()


def test_the_same_form_twice_waits_once_and_another_with_its_key_is_refused(host: Host) -> None:
    use_up()
    for _ in range(2):
        assert send(1, slot=0, key="key-of-the-form").status_code == 302

    refused = Page(send(1, slot=1, key="key-of-the-form"), call())

    assert "sent once already" in str(refused.errors)
    assert Intake.objects.filter(state=IntakeState.WAITING).count() == 1
    assert Message.objects.filter(about__startswith="intake").count() == 1


def test_a_network_holds_one_time_at_a_moment(host: Host) -> None:
    use_up()

    held = [waits(number, slot=number).is_held(NOW) for number in range(3)]

    assert held == [True] * MAX_HOLDS_OF_NETWORK + [False] * (3 - MAX_HOLDS_OF_NETWORK)


def test_somebody_known_books_at_once_from_wherever(host: Host) -> None:
    send(1)
    Lead.objects.update(requested_at=NOW - timedelta(days=3), consented_at=NOW - timedelta(days=3))
    use_up(network=2)

    send(1, network=2, slot=0)

    assert Call.objects.get().lead.email == "asker-1@1.example.com"


def test_spam_is_nobody_known(host: Host) -> None:
    send(1)
    ago = NOW - timedelta(days=3)
    Lead.objects.update(requested_at=ago, consented_at=ago, status=Status.SPAM)
    use_up(network=2)

    assert waits(1, network=2, slot=0).lead is None


def test_a_burst_in_all_waits_and_the_trickle_of_the_next_hour_does_not(host: Host) -> None:
    for number in range(AT_ONCE_IN_HOUR):
        send(number, network=10 + number)

    assert waits(100, network=100, slot=0).lead is None
    with time_machine.travel(NOW + timedelta(hours=1), tick=False):
        send(101, network=101, slot=1)
    assert Call.objects.get().lead.email == "asker-101@101.example.com"


def test_an_address_is_taken_so_often_a_day_and_the_page_says_where_to_write(host: Host) -> None:
    for number in range(MAX_OF_ADDRESS):
        assert send(1, network=number).status_code == 302

    page = Page(send(1, network=50), call())

    assert "used three times today" in message_beside(page, "email")
    assert settings.CONTACT_EMAIL in message_beside(page, "email")
    assert not Message.objects.filter(key__contains="own-page").exists()
    assert dict(page.form.pairs())["company"] == EVERYTHING["company"]


def test_tries_with_an_address_that_was_used_up_count_for_the_network(host: Host) -> None:
    for number in range(MAX_OF_ADDRESS):
        send(1, network=number)
    for _ in range(MAX_REFUSED):
        send(1, network=50)

    assert "from the network that you are in" in str(Page(send(2, network=50), call()).errors)


def test_a_network_is_taken_so_often_a_day_and_all_others_go_on(host: Host) -> None:
    for number in range(MAX_OF_NETWORK):
        assert send(number).status_code == 302

    page = Page(send(99, slot=0), call())

    assert "from the network that you are in" in str(page.errors)
    assert dict(page.form.pairs())["name"] == "Asker 99"
    assert send(100, network=2).status_code == 302
    with time_machine.travel(NOW + timedelta(days=1), tick=False):
        assert send(101).status_code == 302


def test_all_together_are_bounded_and_the_first_of_a_network_is_not_by_what_others_do(
    host: Host, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setattr(admission, "MAX_FURTHER", 2)
    monkeypatch.setattr(admission, "MAX_FIRST", 3)
    answers = [send(10 * network + number, network=network).status_code for network in (1, 2) for number in range(3)]

    assert answers == [302, 302, 302, 302, 200, 200]
    assert send(50, network=3).status_code == 302
    assert "please try again tomorrow" in str(Page(send(51, network=4), call()).errors)
    assert "please try again in an hour" in str(Page(send(52, network=1), call()).errors)


def test_nothing_else_of_the_site_minds(visitor: Client, host: Host, monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr(admission, "MAX_OF_NETWORK", 0)
    assert send(1).status_code == 200

    assert visitor.get(call()).status_code == 200
    assert visitor.get("/").status_code in {200, 302}


def test_mail_of_a_burst_goes_out_after_all_other_mail(host: Host) -> None:
    use_up()
    for number in range(20):
        send(number)
    ranks = list(Message.objects.filter(about__startswith="intake").order_by("pk").values_list("rank", flat=True))

    assert ranks == sorted(ranks)
    assert ranks[0] == AT_ONCE_OF_NETWORK + 1
    assert ranks[-1] == LAST_RANK
    assert set(Message.objects.exclude(about__startswith="intake").values_list("rank", flat=True)) == {0}


@pytest.fixture
def many(host: Host) -> list[Intake]:
    """Two that were taken at once, one of them with a call, and five that wait, from one network."""
    send(1, slot=0)
    send(2)
    for number in range(3, 8):
        send(number, slot=number - 2, email=f"asker-{number}@spam.example.com")
    send(20, network=9)
    return list(Intake.objects.filter(network=admission.network_mark("10.0.1.0/24")))


def decide(client: Client, what: str, by: str, of: int = 0) -> Response:
    """Press a button beside a group."""
    page = read(client, WAITING_PAGE, strict=False)
    groups = [field.get("value") for field in page.all("input[@name='by']")]
    marks = [field.get("value") for field in page.all("input[@name='mark']")]
    chosen = [mark for group, mark in zip(groups, marks, strict=True) if group == by]
    return client.post(WAITING_PAGE, {"by": by, "mark": chosen[of] or "", "do": what, "sure": "yes"})


def test_staff_see_what_waits_by_where_it_came_from(sales: Client, many: list[Intake]) -> None:
    text = read(sales, WAITING_PAGE, strict=False).text("main")

    assert "5 requests wait" in text
    assert "spam.example.com: 5 wait" in text
    assert "asker-7@spam.example.com" in text
    assert "10.0.1" not in text
    assert "5 requests for a call" in read(sales, "/admin/", strict=False).text("main")


def test_the_page_of_staff_asks_no_more_of_many_groups_than_of_few(sales: Client, many: list[Intake]) -> None:
    read(sales, WAITING_PAGE, strict=False)
    with CaptureQueriesContext(connection) as few:
        read(sales, WAITING_PAGE, strict=False)
    for network in range(40, 46):
        for number in range(AT_ONCE_OF_NETWORK + 1):
            send(10 * network + number, network=network)

    with CaptureQueriesContext(connection) as more:
        page = read(sales, WAITING_PAGE, strict=False)

    assert "asker-452@452.example.com" in page.text("main")
    assert len(more) == len(few)


def test_one_press_cancels_and_blocks_all_that_are_alike(sales: Client, many: list[Intake]) -> None:
    decide(sales, "block", "network")

    assert set(Intake.objects.filter(pk__in=[one.pk for one in many]).values_list("state", flat=True)) == {"blocked"}
    assert Call.objects.get().status == CallStatus.CANCELLED
    assert set(Lead.objects.exclude(email="asker-20@20.example.com").values_list("status", flat=True)) == {Status.SPAM}
    assert Lead.objects.get(email="asker-20@20.example.com").status == Status.NEW
    assert not Message.objects.filter(about__startswith="intake", state=State.WAITING).exists()
    assert not Intake.objects.filter(state=IntakeState.BLOCKED).exclude(details={}).exists()
    page = Page(send(50, slot=0), call())
    assert f"by this form just now. Nothing is lost: please write to {settings.CONTACT_EMAIL}." in str(page.errors)
    assert send(51, network=2, slot=0).status_code == 302
    with time_machine.travel(NOW + timedelta(days=8), tick=False):
        assert send(52).status_code == 302


def test_before_they_are_blocked_the_page_says_how_much_goes(sales: Client, many: list[Intake]) -> None:
    send(30, network=30, email="asker-30@spam.example.com")
    sent = {"mark": many[-1].domain, "by": "domain", "do": "block"}

    page = Page(sales.post(WAITING_PAGE, sent), WAITING_PAGE, strict=False)

    assert "This cancels 6 requests of spam.example.com, with 0 booked calls, and" in page.text("main")
    assert "1 person known here has an address of spam.example.com." in page.text("main")
    other = Page(sales.post(WAITING_PAGE, sent | {"mark": many[-1].network, "by": "network"}), strict=False)
    assert "7 requests of network" in other.text("main")
    assert "with 1 booked call, and" in other.text("main")
    assert not Intake.objects.filter(state=IntakeState.BLOCKED).exists()
    form = page.one("input[@name='sure']/..")
    Form(form, WAITING_PAGE).send(sales, {"do": "block"})
    assert Intake.objects.filter(state=IntakeState.BLOCKED).count() == 6


def test_what_is_blocked_cannot_be_confirmed_any_more(visitor: Client, sales: Client, many: list[Intake]) -> None:
    link = link_to(next(one for one in many if one.state == IntakeState.WAITING))

    decide(sales, "block", "domain")

    assert visitor.post(link).status_code == 404
    assert Call.objects.get().status == CallStatus.BOOKED
    assert BlockedSource.objects.count() == 1


def test_one_press_releases_all_that_are_alike(sales: Client, many: list[Intake]) -> None:
    decide(sales, "release", "domain")

    assert Call.objects.count() == 6
    released = Intake.objects.filter(state=IntakeState.RELEASED)
    assert released.count() == 5
    assert set(released.values_list("decided_by", flat=True)) == {"one of Sales"}


def test_what_cannot_be_released_waits_on(sales: Client, many: list[Intake]) -> None:
    Intake.objects.filter(state=IntakeState.WAITING).update(begins_at=half_hour(0), host=None, held_until=None)

    decide(sales, "release", "domain")

    assert Intake.objects.filter(state=IntakeState.WAITING).count() == 5
    assert "could not be" in read(sales, WAITING_PAGE, strict=False).text("body")


def test_what_was_blocked_can_be_taken_again(sales: Client, many: list[Intake]) -> None:
    decide(sales, "block", "network")
    (source,) = BlockedSource.objects.all()
    assert f"network {source.mark[:12]}" in read(sales, WAITING_PAGE, strict=False).text("main")

    sales.post(WAITING_PAGE, {"mark": source.mark, "do": "unblock"})

    assert not BlockedSource.objects.exists()
    assert send(60).status_code == 302


def test_a_call_of_an_earlier_day_is_left_alone(sales: Client, many: list[Intake]) -> None:
    Intake.objects.exclude(state=IntakeState.WAITING).update(asked_at=NOW - timedelta(days=2))

    decide(sales, "block", "network")

    assert Call.objects.get().status == CallStatus.BOOKED
    assert not Intake.objects.filter(state=IntakeState.WAITING, domain=many[-1].domain).exists()


def test_a_request_without_a_time_waits_as_well(visitor: Client, host: Host) -> None:
    use_up()
    intake = waits(1)

    assert "Ask for the call" in read(visitor, link_to(intake)).text("main")
    assert visitor.post(link_to(intake)).status_code == 302
    assert Lead.objects.filter(email="asker-1@1.example.com").exists()
    assert not Call.objects.exists()


def test_of_two_that_wait_with_one_address_one_becomes_a_call(visitor: Client, host: Host) -> None:
    use_up()
    for slot in (0, 1):
        send(1, slot=slot)
    first, second = Intake.objects.filter(state=IntakeState.WAITING)
    assert visitor.post(link_to(first)).status_code == 302

    page = Page(visitor.post(link_to(second)), link_to(second))

    assert flaws(page) == []
    assert ANOTHER_CALL_MESSAGE in page.text("main")
    assert Call.objects.count() == 1
    assert Message.objects.filter(key__contains="own-page").count() == 1


def test_nobody_finds_out_by_trying_many_addresses_who_has_a_call(host: Host, monkeypatch: pytest.MonkeyPatch) -> None:
    send(1, slot=0)
    for number in range(MAX_REFUSED):
        assert message_beside(Page(send(1, network=5, slot=1), call()), "email") == ANOTHER_CALL_MESSAGE, number

    assert "from the network that you are in" in str(Page(send(1, network=5, slot=1), call()).errors)
    assert "from the network that you are in" in str(Page(send(2, network=5, slot=1), call()).errors)


def test_somebody_known_is_not_refused_because_of_a_burst(host: Host, monkeypatch: pytest.MonkeyPatch) -> None:
    send(1)
    Lead.objects.update(requested_at=NOW - timedelta(days=3), consented_at=NOW - timedelta(days=3))
    monkeypatch.setattr(admission, "MAX_FURTHER", 0)
    send(2, network=2)

    assert send(3, network=2).status_code == 200
    assert send(1, network=2, slot=0).status_code == 302


def test_owners_read_and_decide_nothing(owner: Client, many: list[Intake]) -> None:
    page = read(owner, WAITING_PAGE, strict=False)

    assert "5 requests wait" in page.text("main")
    assert not page.all("main//button[@name='do']")
    mark = admission.network_mark("10.0.1.0/24")
    assert owner.post(WAITING_PAGE, {"by": "network", "mark": mark, "do": "block"}).status_code == 403


@pytest.mark.parametrize("sent", [{}, {"by": "pk", "mark": "1"}, {"by": "network", "mark": "x"}, {"do": "block"}])
def test_a_decision_on_nothing_changes_nothing(sales: Client, many: list[Intake], sent: dict[str, str]) -> None:
    assert sales.post(WAITING_PAGE, sent).status_code == 302

    assert Intake.objects.filter(state=IntakeState.WAITING).count() == 5
    assert not BlockedSource.objects.exists()


def test_a_call_by_phone_needs_a_number_before_it_is_held(published: object) -> None:
    make_host(place="phone", place_details="We call you.")
    use_up()

    page = Page(send(1, slot=0, phone=""), call())

    assert "by phone only" in message_beside(page, "phone")
