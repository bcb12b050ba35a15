"""The page of a lead: what one needs before a call, one form for all of the work, and two people at it."""

from collections.abc import Iterator
from datetime import UTC, datetime, timedelta
from typing import Any

import pytest
import time_machine
from django.contrib.auth import get_user_model
from django.contrib.auth.models import Group
from django.test import Client

from advisor.content.models import Choice, Outcome
from advisor.delivery.actions import send_mail
from advisor.delivery.models import Message, State
from advisor.leads.actions.sales import assign, note, plan, record_call, set_status
from advisor.leads.briefing import briefing_of
from advisor.leads.desk import board, pages
from advisor.leads.desk.timeline import timeline
from advisor.leads.models import EventKind, Lead, Salesperson, Status, Tag
from tests.assessment.addresses import call
from tests.assessment.reading import Changes, Form, Page, text_of
from tests.conftest import ANSWERS
from tests.content.admin_pages import admin_address, beside, read_admin, save_in_admin
from tests.content.making import freeze_draft, publish_draft
from tests.delivery.receiver import make_endpoint
from tests.leads.asking import EVERYTHING, ask

pytestmark = pytest.mark.usefixtures("published")

NOON = datetime(2027, 3, 1, 12, tzinfo=UTC)


@pytest.fixture(autouse=True)
def _monday() -> Iterator[None]:
    with time_machine.travel(NOON, tick=False):
        yield


def opened(client: Client, lead: Lead) -> Form:
    """The form as someone has it before them."""
    page = read_admin(client, admin_address(lead))
    return Form(page.one("form[@id='lead_form']"), admin_address(lead))


def sent(client: Client, form: Form, changes: dict[str, Any]) -> Page:
    """The page that comes of it."""
    answer = form.send(client, changes)
    return read_admin(client, answer["Location"]) if "Location" in answer else Page(answer, form.address, strict=False)


def facts(page: Page) -> dict[str, str]:
    """What stands above the briefing."""
    return dict(zip(page.texts("dl[@class='facts']//dt"), page.texts("dl[@class='facts']//dd"), strict=True))


def test_the_page_opens_with_the_briefing(visitor: Client, sales: Client) -> None:
    lead = ask(
        visitor, call("software=no&signal=no-ai-component&ai=yes&signal=ai-is-the-product&both=ai"), **EVERYTHING
    )

    page = read_admin(sales, admin_address(lead))

    briefing, shown = briefing_of(lead), page.text("section[@aria-labelledby='briefing']")
    expected = [briefing.title, briefing.certainty_text, *briefing.reasons, *briefing.sides, *briefing.tips]
    for words in (
        *expected,
        *briefing.questions,
        *briefing.to_clear_up,
        briefing.runner_up,
        "Our releases are slow.",
        "Tuesday mornings",
    ):
        assert words in shown
    assert page.texts("h2")[0] == "Briefing"
    assert lead.result_address in {link.get("href") for link in page.all("a")}


def test_priority_is_shown_with_all_its_parts(visitor: Client, sales: Client) -> None:
    lead = ask(visitor, **EVERYTHING)

    page = read_admin(sales, admin_address(lead))

    assert page.text("h2[@id='priority']") == f"Priority: {lead.priority} of 100"
    rows = page.all("section[@aria-labelledby='priority']/table/tbody/tr")
    assert [" · ".join(text_of(cell) for cell in row) for row in rows] == [
        "Outcome · one role · 26 of 30",
        "Certainty · clear · 20 of 20",
        "Company size · 20 to 50 employees · 25 of 25",
        "Call · none · 0 of 15",
        "Details · 5 of 5 given · 10 of 10",
    ]
    assert lead.priority == 81


@pytest.mark.parametrize(
    ("days", "words"),
    [
        (None, "○ No next step"),
        (0, "● Planned for 1 March 2027: Call"),
        (-1, "▲ Late, was due on 28 February 2027: Call"),
    ],
)
def test_the_light_of_the_next_step_is_a_sign_and_words(
    visitor: Client, sales: Client, days: int | None, words: str
) -> None:
    lead = ask(visitor)
    if days is not None:
        plan(lead=lead, step="Call", on=NOON.date() + timedelta(days=days), by="seller", now=NOON)

    assert facts(read_admin(sales, admin_address(lead)))["Next step"] == words


def test_the_time_to_first_response_is_shown(visitor: Client, sales: Client) -> None:
    lead = ask(visitor)
    before = facts(read_admin(sales, admin_address(lead)))

    note(lead=lead, kind=EventKind.SPOKE, words="Yes.", by="seller", now=lead.requested_at + timedelta(hours=3))

    assert before["First response"] == "none yet"
    assert facts(read_admin(sales, admin_address(lead)))["First response"] == "after 3 hours"


def test_everything_is_done_in_one_form(visitor: Client, sales: Client) -> None:
    lead = ask(visitor)
    me = get_user_model().objects.get(username="one of Sales")
    warm = Tag.objects.create(name="warm")

    changes: Changes = {
        "note_kind": "spoke",
        "note": "They need it by June.",
        "next_step": "Send references",
        "next_step_on": "2027-03-04",
        "owner": str(me.pk),
        "tags": [str(warm.pk)],
        "status": "contacted",
    }
    page = save_in_admin(sales, lead, changes)

    lead.refresh_from_db()
    assert "Saved." in page.text("ul[@class='messagelist']")
    assert (lead.status, lead.owner, lead.next_step) == ("contacted", me, "Send references")
    assert lead.next_step_on == datetime(2027, 3, 4, tzinfo=UTC).date()
    assert list(lead.tags.all()) == [warm]
    kinds = set(lead.events.values_list("kind", "by"))
    assert kinds == {(kind, "one of Sales") for kind in ("spoke", "next-step", "owner", "tags", "status")}
    assert "They need it by June." in page.text("ol[@class='timeline']/li[@class='by-hand']")


@pytest.mark.parametrize("status", Status.values)
def test_only_the_moves_that_make_sense_are_offered(visitor: Client, sales: Client, status: str) -> None:
    lead = ask(visitor)
    Lead.objects.update(status=status, lost_reason="Because." if status == "lost" else "")

    page = read_admin(sales, admin_address(lead))

    moves = {"new": ["Contacted", "Lost", "Spam"], "contacted": ["Qualified", "Lost", "Spam"]}
    moves |= {"qualified": ["Won", "Lost"], "won": ["Qualified"], "lost": ["Contacted"], "spam": ["New"]}
    assert page.texts("fieldset[@id='status']//button") == moves[status]


@pytest.mark.parametrize(
    ("changes", "field", "words"),
    [
        ({"next_step": "Call"}, "next_step_on", "When is it due?"),
        ({"next_step_on": "2027-03-04"}, "next_step", "What is to be done on that day?"),
        ({"next_step_on": "soon", "next_step": "Call"}, "next_step_on", "“Due on” should be a day like 2027-03-31."),
        ({"next_step_on": "9999-12-31", "next_step": "Call"}, "next_step_on", "within the next two years"),
        ({"next_step_on": "0027-03-04", "next_step": "Call"}, "next_step_on", "within the next two years"),
        ({"status": "lost"}, "reason", "Please say why it was lost."),
        ({"status": "lost", "reason": "  "}, "reason", "Please say why it was lost."),
        ({"owner": "99999"}, "owner", "What was sent for “Owner” is not one of the choices."),
    ],
)
def test_what_is_missing_is_said_beside_its_field_and_nothing_is_lost(
    visitor: Client, sales: Client, changes: dict[str, str], field: str, words: str
) -> None:
    lead = ask(visitor)

    page = save_in_admin(sales, lead, changes | {"note": "Typed at length."})

    assert words in beside(page, field)
    said = page.one(f"*[@role='alert']//a[@href='#id_{field}']")
    assert words in text_of(said)
    assert page.html.index('role="alert"') < page.html.index('class="facts"')
    assert page.text("textarea[@id='id_note']") == "Typed at length."
    assert not lead.events.exists()
    assert page.text("title").startswith("Error: ")


def test_a_move_that_is_not_in_the_table_is_refused_with_why(visitor: Client, sales: Client) -> None:
    lead = ask(visitor)

    page = save_in_admin(sales, lead, {"status": "won"})

    assert "A lead that is New cannot become Won, only Contacted or Lost or Spam." in page.text("div[@role='alert']")
    assert Lead.objects.get().status == Status.NEW


def test_one_that_is_erased_while_someone_saves_it_is_answered_calmly(
    visitor: Client, sales: Client, monkeypatch: pytest.MonkeyPatch
) -> None:
    lead = ask(visitor)

    def found_a_moment_before(*_: Any, **__: Any) -> Lead:
        Lead.objects.filter(pk=lead.pk).delete()
        return lead

    monkeypatch.setattr(pages, "get_object_or_404", found_a_moment_before)
    monkeypatch.setattr(board, "get_object_or_404", found_a_moment_before)
    saved = sales.post(admin_address(lead), {"note": "Hello", "note_kind": "note"})
    moved = sales.post(f"/admin/leads/lead/{lead.pk}/move/", {"status": "contacted", "shown": "new"})

    assert saved.status_code == 404
    assert "It was erased a moment ago." in read_admin(sales, moved["Location"]).text("ul[@class='messagelist']")


@pytest.mark.parametrize(
    ("hours", "status", "told"),
    [
        (1, "spam", "Saved. Their call still takes place. If it should not, cancel it on its own page."),
        (-1, "spam", "Saved."),
        (1, "contacted", "Saved."),
    ],
)
def test_who_closes_a_lead_with_a_call_ahead_is_told_that_it_takes_place(
    visitor: Client, sales: Client, hours: int, status: str, told: str
) -> None:
    lead = ask(visitor)
    record_call(lead=lead, kind=EventKind.BOOKED, call_at=NOON + timedelta(hours=hours), words="", now=NOON)

    page = save_in_admin(sales, lead, {"status": status})

    assert page.text("ul[@class='messagelist']") == told


def test_the_second_of_two_people_is_told_what_the_first_did_and_loses_nothing(
    visitor: Client, sales: Client, superuser: Client
) -> None:
    lead = ask(visitor)
    first, second = opened(sales, lead), opened(superuser, lead)
    sent(sales, first, {"next_step": "Call on Monday", "next_step_on": "2027-03-08", "note": "They asked for it."})

    changes = {"next_step": "Write a mail", "next_step_on": "2027-03-09", "note": "I spoke to them."}
    page = sent(superuser, second, changes)

    told = page.text("div[@role='alert']")
    assert "Nothing was saved yet: someone else worked on this lead" in told
    assert "one of Sales: Next step: Call on Monday, by 8 March 2027" in told
    assert "one of Sales: Note: They asked for it." in told
    assert "Now it says “Call on Monday”. What you entered is in the field." in beside(page, "next_step")
    again = Form(page.one("form[@id='lead_form']"), admin_address(lead))
    typed = dict(again.pairs())
    assert {name: typed[name] for name in changes} == changes
    assert Lead.objects.get().next_step == "Call on Monday"

    sent(superuser, again, {})

    assert Lead.objects.get().next_step == "Write a mail"
    assert [event.words for event in lead.events.filter(kind="note").order_by("pk")] == [
        "They asked for it.",
        "I spoke to them.",
    ]


def test_what_the_second_did_not_touch_stays_as_the_first_left_it(
    visitor: Client, sales: Client, superuser: Client, seller: Any
) -> None:
    lead = ask(visitor)
    second = opened(superuser, lead)
    assign(lead=lead, owner=None, by="seller", now=NOON)
    set_status(lead=lead, status=Status.CONTACTED, by="seller", now=NOON)

    page = sent(superuser, second, {"note": "I spoke to them."})
    again = Form(page.one("form[@id='lead_form']"), admin_address(lead))
    sent(superuser, again, {})

    assert "Changed meanwhile; this is the new content." in beside(page, "owner")
    assert "seller: Status: New → Contacted" in page.text("div[@role='alert']")
    lead.refresh_from_db()
    assert (lead.owner, lead.status) == (None, Status.CONTACTED)
    assert lead.events.filter(words="I spoke to them.").count() == 1


def test_what_both_did_alike_and_what_concerns_no_field_warns_nobody(
    visitor: Client, sales: Client, superuser: Client
) -> None:
    lead = ask(visitor)
    first, second = opened(sales, lead), opened(superuser, lead)
    sent(sales, first, {"status": "contacted", "note": "Mine."})

    page = sent(superuser, second, {"status": "contacted", "note": "Mine, too."})

    assert "Saved." in page.text("ul[@class='messagelist']")
    assert lead.events.filter(kind="note").count() == 2
    assert lead.events.filter(kind="status").count() == 1


def test_a_next_step_typed_while_someone_closed_the_lead_is_not_lost(
    visitor: Client, sales: Client, superuser: Client
) -> None:
    lead = ask(visitor)
    second = opened(superuser, lead)
    set_status(lead=lead, status=Status.LOST, by="seller", now=NOON, reason="Too early.")

    page = sent(superuser, second, {"next_step": "Call on Monday", "next_step_on": "2027-03-08"})
    again = Form(page.one("form[@id='lead_form']"), admin_address(lead))
    refused = sent(superuser, again, {})

    assert "New → Lost: Too early." in page.text("div[@role='alert']")
    assert dict(again.pairs())["next_step"] == "Call on Monday"
    assert "has no next step" in beside(refused, "next_step")


def test_the_same_form_sent_twice_is_one_note(visitor: Client, sales: Client) -> None:
    lead = ask(visitor)
    form = opened(sales, lead)

    for _ in range(2):
        sent(sales, form, {"note": "They know us.", "status": "contacted"})
    sent(sales, opened(sales, lead), {"note": "They know us."})

    assert list(lead.events.order_by("pk").values_list("kind", flat=True)) == ["note", "status", "note"]


def test_a_form_that_does_not_say_what_it_showed_saves_nothing_over_others(visitor: Client, sales: Client) -> None:
    lead = ask(visitor)
    plan(lead=lead, step="Call", on=NOON.date(), by="seller", now=NOON)

    answer = sales.post(admin_address(lead), {"note_kind": "note", "next_step": "Write", "next_step_on": "2027-03-08"})

    assert "Nothing was saved yet" in answer.content.decode()
    assert Lead.objects.get().next_step == "Call"


def test_who_only_reads_sees_all_of_it_and_no_form(visitor: Client, owner: Client) -> None:
    lead = ask(visitor)

    page = read_admin(owner, admin_address(lead))
    answer = owner.post(admin_address(lead), {"note_kind": "note", "note": "Hello."})

    assert page.texts("h2")[0] == "Briefing"
    assert not page.all("form[@id='lead_form']")
    assert answer.status_code == 403
    assert not lead.events.exists()


def test_owners_to_choose_from_are_the_salespeople_oneself_and_who_has_it(visitor: Client, sales: Client) -> None:
    names = ("active", "away", "has-it", "nobody", "left")
    users = {name: get_user_model().objects.create(username=name, is_staff=name != "left") for name in names}
    users["active"].groups.add(Group.objects.get(name="Sales"))
    Salesperson.objects.create(user=users["active"])
    Salesperson.objects.create(user=users["away"], is_active=False)
    Salesperson.objects.create(user=users["left"])
    lead = ask(visitor)
    assign(lead=lead, owner=users["has-it"], by="seller", now=NOON)

    page = read_admin(sales, admin_address(lead))

    assert page.texts("select[@id='id_owner']/option") == ["Nobody", "active", "has-it", "one of Sales"]


def test_the_history_says_what_the_visitor_did_and_staff_and_what_was_automatic(visitor: Client) -> None:
    lead = ask(visitor)
    Message.objects.all().delete()
    mail: dict[str, Any] = {"about": lead.topic, "text": "…", "html": ""}
    hour = timedelta(hours=1)
    send_mail(key="one", to=lead.email, subject="We have your request", now=NOON + hour, **mail)
    Message.objects.update(state=State.SENT, sent_at=NOON + 2 * hour)
    send_mail(key="two", to="host@example.com", subject="In an hour", now=NOON + hour, due_at=NOON + 9 * hour, **mail)
    send_mail(key="three", to=lead.email, subject="Never sent", now=NOON + hour, **mail)
    Message.objects.filter(key="three").update(state=State.WITHDRAWN)
    record_call(lead=lead, kind=EventKind.BOOKED, call_at=NOON, words="On Monday", now=NOON + 3 * hour)
    note(lead=lead, kind=EventKind.NOTE, words="They know us.", by="seller", now=NOON + 4 * hour)
    lead.events.create(at=NOON + 5 * hour, kind=EventKind.EXPORTED, words="As CSV", by="seller")

    entries = [(entry.at - NOON, entry.what, entry.words, entry.by) for entry in timeline(lead)]

    assert entries == [
        (5 * hour, "Exported", "As CSV", "seller"),
        (4 * hour, "Note", "They know us.", "seller"),
        (3 * hour, "Call booked", "On Monday", "the visitor"),
        (2 * hour, "Mail", "“We have your request” to them: sent", "automatic"),
        (1 * hour, "Mail", "“In an hour” to host@example.com: waits until 1 March 2027, 21:00 UTC", "automatic"),
        (0 * hour, "Request", f"Told: {lead.seen['title']}", "the visitor"),
    ]


def test_a_webhook_is_in_the_history_with_the_name_of_its_endpoint(visitor: Client) -> None:
    make_endpoint(name="CRM")
    lead = ask(visitor)
    Message.objects.exclude(endpoint=None).update(state=State.SENT, sent_at=NOON)

    (entry,) = [entry for entry in timeline(lead) if entry.what == "Webhook"]

    assert entry.words == "“lead.created” to CRM: sent"


def today(client: Client, lead: Lead) -> str:
    return read_admin(client, admin_address(lead)).text("ul[@class='links']/li[2]")


def test_while_no_newer_edition_is_there_today_says_the_same(visitor: Client, sales: Client) -> None:
    assert today(sales, ask(visitor)).endswith("The same: edition 1 is still the one of today.")


def test_what_the_edition_of_today_would_say_is_told(visitor: Client, sales: Client) -> None:
    lead = ask(visitor)
    Outcome.objects.filter(key="fractional-cto").update(title="Get a fractional CTO today")
    publish_draft()

    told = today(sales, lead)

    assert told.endswith("The same, says edition 2, which is live now: Get a fractional CTO today")
    assert "edition=2" in {
        part for link in read_admin(sales, admin_address(lead)).all("a") for part in link.get("href", "").split("&")
    }


def test_answers_that_the_edition_of_today_does_not_know_are_not_guessed_at(visitor: Client, sales: Client) -> None:
    lead = ask(visitor, call(ANSWERS["both-roles"].replace("ten-or-more", "unsure")))
    Choice.objects.filter(question__key="team-size", key="unsure").update(key="asked-nobody")
    freeze_draft()

    assert "Nothing that could be relied on: edition 2, live now," in today(sales, lead)
