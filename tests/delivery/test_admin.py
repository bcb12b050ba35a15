"""The log of messages as staff read it, and the little that they may do with it."""

import pytest
from django.contrib.admin.models import LogEntry
from django.test import Client
from django.urls import reverse

from advisor.delivery.models import Message, State
from tests.assessment.reading import Page, text_of
from tests.clock import NOW
from tests.conftest import member_of
from tests.content.admin_pages import admin_address, admin_list, read_admin
from tests.delivery.smtp import MailServer, is_busy, refuses
from tests.delivery.writing import DAY, INVITATION, NOON, send_due, write

pytestmark = pytest.mark.django_db

INDEX = "/admin/"


def rows(page: Page) -> list[str]:
    """Each line of the list."""
    return page.texts("table[@id='result_list']/tbody/tr")


def stuck_link(page: Page) -> list[str]:
    """What the front page says about messages that are stuck, and where it leads."""
    return [link.attrib["href"] for link in page.all("ul[@class='messagelist']//a")]


def press(client: Client, message: Message, words: str) -> Page:
    """The page after one of the buttons on a message's page was pressed."""
    page = read_admin(client, admin_address(message))
    (button,) = [button for button in page.all("form//button") if text_of(button) == words]
    hidden = {field.attrib["name"]: field.get("value", "") for field in page.all("form[@id='message_form']//input")}
    client.post(admin_address(message), hidden | {button.attrib["name"]: button.attrib["value"]})
    return read_admin(client, admin_address(message))


def test_the_list_says_to_whom_what_and_what_came_of_it(mail_server: MailServer, sales: Client) -> None:
    mail_server.answer = is_busy
    write(to="visitor@example.com", subject="Your call is booked")
    send_due()

    (row,) = rows(read_admin(sales, admin_list(Message)))

    for words in ("visitor@example.com", "Your call is booked", "Waiting", "1", "451 4.3.0 Try again later"):
        assert words in row


def test_times_are_those_of_the_rest_of_the_house(sales: Client) -> None:
    message = write(due_at=NOON)

    for page in (admin_list(Message), admin_address(message)):
        assert f"{NOON:%-d %b %Y}, 12:00 UTC" in read_admin(sales, page).text("div[@id='content']")


@pytest.mark.parametrize("query", ["q=VISITOR@example", "q=booked", "q=call+12", "state__exact=sent"])
def test_a_message_is_found_by_address_subject_state_and_what_it_is_about(
    mail_server: MailServer, sales: Client, query: str
) -> None:
    write(to="visitor@example.com", subject="Your call is booked", about="call 12")
    write(to="host@example.com", subject="A new call", about="call 7", due_at=NOON + DAY)
    send_due()

    (row,) = rows(read_admin(sales, f"{admin_list(Message)}?{query}"))

    assert "visitor@example.com" in row


def test_a_message_can_be_read_with_all_attempts(mail_server: MailServer, sales: Client) -> None:
    mail_server.answer = is_busy
    message = write(text="See you then.\nBring a question.", attachments=INVITATION, reply_to="host@example.com")
    send_due()

    content = read_admin(sales, admin_address(message)).text("div[@id='content']")

    for words in (
        "See you then.",
        "Bring a question.",
        "text/calendar; method=REQUEST; charset=utf-8, call.ics",
        "24 November 2026, 12:00:00 UTC: 451 4.3.0 Try again later",
        "host@example.com",
        message.message_id,
        "call 12",
    ):
        assert words in content


@pytest.mark.parametrize("group", ["Sales", "Owners"])
def test_nobody_changes_what_a_message_says(group: str) -> None:
    message = write()
    before = Message.objects.values().get()
    client = member_of(group)

    page = read_admin(client, admin_address(message))
    sent = client.post(admin_address(message), {"to": "other@example.com", "subject": "Other", "_save": "Save"})

    typed = {control.get("name") for tag in ("textarea", "select") for control in page.all(f"form//{tag}")}
    assert typed == set()
    assert sent.status_code == 403
    assert Message.objects.values().get() == before


def test_what_is_in_a_message_is_text_and_not_markup(sales: Client) -> None:
    typed = "<script>alert(1)</script>"
    message = write(subject=typed, text=typed, html=typed)
    Message.objects.update(last_error=typed)

    pages = [sales.get(address).content.decode() for address in (admin_list(Message), admin_address(message))]

    assert not [page for page in pages if typed in page]


def test_sales_has_a_message_that_failed_sent_again_by_a_button(mail_server: MailServer, sales: Client) -> None:
    mail_server.answer = refuses
    message = write()
    send_due()

    page = press(sales, message, "Send again")

    message.refresh_from_db()
    assert (message.state, message.attempts, message.last_error) == (State.WAITING, 0, "")
    assert "“Your call is booked” to visitor@example.com goes out" in page.text("ul[@class='messagelist']")
    assert message.attempt_set.count() == 1


def test_who_sends_again_what_was_sent_is_told_so(mail_server: MailServer, sales: Client) -> None:
    message = write()
    send_due()

    page = press(sales, message, "Send again")

    assert "It was sent before, on 24 November 2026 at 12:00 UTC." in page.text("ul[@class='messagelist']")
    assert Message.objects.get().state == State.WAITING


def test_many_are_sent_again_at_once(mail_server: MailServer, sales: Client) -> None:
    mail_server.answer = refuses
    messages = [write() for _ in range(3)]
    send_due()

    sales.post(
        admin_list(Message), {"action": "send_again", "_selected_action": [message.pk for message in messages[:2]]}
    )

    states = Message.objects.order_by("pk").values_list("state", flat=True)
    assert list(states) == [State.WAITING, State.WAITING, State.FAILED]


def test_sales_sets_aside_what_failed_and_is_told_when_there_was_nothing_to(
    mail_server: MailServer, sales: Client
) -> None:
    mail_server.answer = refuses
    message = write()
    send_due()

    first, again = press(sales, message, "Send no more"), press(sales, message, "Send no more")

    assert Message.objects.get().state == State.WITHDRAWN
    assert "visitor@example.com will not be sent." in first.text("ul[@class='messagelist']")
    assert "visitor@example.com was not waiting to be sent." in again.text("ul[@class='messagelist']")


def test_the_log_keeps_who_did_it_and_no_address(sales: Client) -> None:
    message = write(to="visitor@example.com", subject="Your call is booked")

    press(sales, message, "Send again")
    press(sales, message, "Send no more")

    entries = [f"{entry.user} {entry.object_repr} {entry.change_message}" for entry in LogEntry.objects.order_by("pk")]
    assert entries == [f"one of Sales {message.key} {words}" for words in ("Sent again.", "Set aside.")]


@pytest.mark.parametrize("address", ["list", "page"])
def test_owners_read_and_send_nothing_again(mail_server: MailServer, owner: Client, address: str) -> None:
    mail_server.answer = refuses
    message = write()
    send_due()
    where = admin_list(Message) if address == "list" else admin_address(message)
    button = {"action": "send_again", "CHANGE_FORM-action": "send_again", "_selected_action": str(message.pk)}

    page = read_admin(owner, where)
    owner.post(where, button)

    assert "Send again" not in page.html
    assert Message.objects.get().state == State.FAILED


@pytest.mark.parametrize("group", ["Editors", "Publishers"])
def test_who_edits_the_content_sees_no_message_and_no_count(mail_server: MailServer, group: str) -> None:
    mail_server.answer = refuses
    message = write()
    send_due()
    client = member_of(group)

    statuses = {client.get(address).status_code for address in (admin_list(Message), admin_address(message))}
    front = read_admin(client, INDEX)

    assert statuses == {403}
    assert stuck_link(front) == []


@pytest.mark.parametrize("group", ["Sales", "Owners"])
def test_the_front_page_counts_what_is_stuck_and_leads_there(mail_server: MailServer, group: str) -> None:
    now = NOW
    write(to="sent@example.com")
    send_due(now)
    mail_server.answer = refuses
    write(to="failed@example.com")
    send_due(now)
    mail_server.answer = is_busy
    write(to="tried@example.com")
    send_due(now)
    write(to="late@example.com", due_at=now - DAY)
    write(to="fresh@example.com", due_at=now)
    write(to="future@example.com", due_at=now + DAY)
    client = member_of(group)

    front = read_admin(client, INDEX)

    (address,) = stuck_link(front)
    found = read_admin(client, address).texts("table[@id='result_list']/tbody/tr/th")
    assert "3 messages could not be sent, or not yet." in front.text("ul[@class='messagelist']")
    assert found == ["late@example.com", "tried@example.com", "failed@example.com"]


def test_the_front_page_says_nothing_while_all_mail_is_out(mail_server: MailServer, sales: Client) -> None:
    write()
    send_due()

    front = read_admin(sales, reverse("admin:index"))

    assert stuck_link(front) == []


def test_what_was_set_aside_is_not_counted_any_more(mail_server: MailServer, sales: Client) -> None:
    mail_server.answer = refuses
    message = write()
    send_due()

    press(sales, message, "Send no more")

    assert stuck_link(read_admin(sales, INDEX)) == []
