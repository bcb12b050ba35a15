"""People who leave: what they had is seen by everyone, and handed over to others."""

from datetime import timedelta
from typing import Any

import pytest
from django.contrib.auth import get_user_model
from django.contrib.auth.models import Group
from django.test import Client
from django.urls import reverse

from advisor.booking import handover
from advisor.booking.actions import NotFreeError, give_to
from advisor.booking.models import Call, Host
from advisor.content.models import Outcome
from advisor.delivery.models import Message, State
from advisor.leads.actions.sales import assign
from advisor.leads.models import Event, Lead, Salesperson
from tests.assessment.addresses import call
from tests.assessment.reading import Form, Page, read
from tests.booking.conftest import Book
from tests.booking.hosts import make_host
from tests.clock import NOW
from tests.conftest import ANSWERS, GUIDE
from tests.content.admin_pages import admin_address, admin_list, read_admin
from tests.leads.asking import ask
from tests.tracing import traces

pytestmark = pytest.mark.usefixtures("published")


def seller(name: str) -> Any:
    """The account of someone who works on leads and is given new ones."""
    user = get_user_model().objects.create(username=name, is_staff=True)
    user.groups.add(Group.objects.get(name="Sales"))
    Salesperson.objects.create(user=user)
    return user


def close_account(user: Any) -> None:
    user.is_active = False
    user.save()


def take_the_admin_away(user: Any) -> None:
    user.is_staff = False
    user.save()


def take_the_right_away(user: Any) -> None:
    user.groups.clear()


def give_no_new_leads(user: Any) -> None:
    Salesperson.objects.filter(user=user).update(is_active=False)


WAYS = [close_account, take_the_admin_away, take_the_right_away, give_no_new_leads]


def front(client: Client) -> str:
    """What the front page of the admin says of people who left."""
    page = read_admin(client, reverse("admin:index"))
    return page.text("ul[@id='left']") if page.all("ul[@id='left']") else ""


def listed(client: Client, query: str) -> list[str]:
    return read_admin(client, f"{admin_list(Lead)}{query}").texts("table[@id='result_list']/tbody/tr/th/a")


def hand_over(client: Client, user: Any, **chosen: str) -> Page:
    address = reverse("admin:hand_over", args=[user.pk if user else 0])
    form = Form(read_admin(client, address).one("form[@id='handover_form']"), address)
    answer = form.send(client, chosen)
    return read_admin(client, answer["Location"]) if "Location" in answer else Page(answer, address, strict=False)


@pytest.mark.parametrize("way", WAYS, ids=lambda way: way.__name__)
def test_leads_of_whoever_left_are_shown_to_everyone(visitor: Client, sales: Client, way: Any) -> None:
    leaver = seller("leaver")
    lead = ask(visitor)
    assert lead.owner == leaver
    before = front(sales), listed(sales, "?view=open&owner=nobody")

    way(leaver)

    assert before == ("", [])
    assert front(sales) == "leaver is not at work any more and has 1 open lead. Hand them over"
    assert listed(sales, "?view=open&owner=nobody") == ["The Asker, Engines Ltd"]
    assert listed(sales, f"?owner={leaver.pk}") == ["The Asker, Engines Ltd"]
    filters = read_admin(sales, admin_list(Lead))
    assert "leaver" in filters.texts("select[@id='narrow-owner']/option")
    assert "Nobody’s 1" in filters.texts("ul[@class='views']/li/a")
    assert "leaver (not at work any more)" in filters.text("table[@id='result_list']/tbody")
    assert "leaver (not at work any more)" in read_admin(sales, admin_address(lead)).text("dl[@class='facts']")


def test_leads_without_an_owner_are_counted_on_the_front_page(visitor: Client, sales: Client, owner: Client) -> None:
    ask(visitor)
    ask(visitor, email="second@example.com")

    assert front(sales) == "2 open leads have no owner. Hand them over"
    assert front(owner) == "2 open leads have no owner."


def test_whoever_may_not_hand_over_is_told_who_may(visitor: Client, owner: Client, editor: Client) -> None:
    leaver = seller("leaver")
    ask(visitor)
    close_account(leaver)

    assert front(owner) == "leaver is not at work any more and has 1 open lead. Sales can hand them over."
    assert front(editor) == ""
    address = reverse("admin:hand_over", args=[leaver.pk])
    assert [client.get(address).status_code for client in (owner, editor)] == [403, 403]


def test_leads_are_handed_over_to_one_person_with_a_line_in_their_history(visitor: Client, sales: Client) -> None:
    leaver = seller("leaver")
    leads = [ask(visitor), ask(visitor, email="second@example.com")]
    heir = seller("heir")
    close_account(leaver)

    page = hand_over(sales, leaver, leads_to=str(heir.pk))

    assert "Handed over 2 leads." in page.text("ul[@class='messagelist']")
    assert [lead.owner for lead in Lead.objects.filter(pk__in=[lead.pk for lead in leads])] == [heir, heir]
    told = Event.objects.filter(kind="owner", by="one of Sales").values_list("words", flat=True)
    assert list(told) == ["leaver → heir"] * 2
    assert front(sales) == ""


def test_leads_are_handed_over_to_whoever_has_the_least_to_do(visitor: Client, sales: Client) -> None:
    leaver = seller("leaver")
    for number in range(4):
        ask(visitor, email=f"asker-{number}@example.com")
    busy, idle = seller("busy"), seller("idle")
    assign(lead=Lead.objects.earliest("pk"), owner=busy, by="chief", now=NOW)
    # One who is still at work and goes on a journey is not given them back.
    hand_over(sales, leaver, leads_to="least")

    owners = Lead.objects.order_by("pk").values_list("owner__username", flat=True)
    assert list(owners) == ["busy", "idle", "busy", "idle"]
    assert idle.leads.count() == 2


def test_where_nobody_takes_them_they_stay_and_the_page_says_so(visitor: Client, sales: Client) -> None:
    leaver = seller("leaver")
    ask(visitor)
    close_account(leaver)
    Salesperson.objects.filter(user=seller("other")).update(takes_every_outcome=False)

    page = hand_over(sales, leaver, leads_to="least")

    assert "Of the leads one is still here. Nobody at work takes leads" in page.text("ul[@class='messagelist']")
    assert Lead.objects.get().owner == leaver


def test_leads_that_nobody_takes_do_not_hold_up_those_behind_them(
    visitor: Client, sales: Client, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setattr(handover, "MAX_LEADS_PER_HANDOVER", 2)
    leaver = seller("leaver")
    stuck = [ask(visitor, call(ANSWERS["not-yet"]), email=f"asker-{number}@example.com") for number in range(3)]
    others = [ask(visitor, call(ANSWERS["head-of-ai"]), email=f"other-{number}@example.com") for number in range(3)]
    heir = seller("heir")
    Salesperson.objects.filter(user=heir).update(takes_every_outcome=False)
    heir.salesperson.outcomes.add(Outcome.objects.get(key="head-of-ai"))

    first = hand_over(sales, leaver, leads_to="least").text("ul[@class='messagelist']")
    second = hand_over(sales, leaver, leads_to="least").text("ul[@class='messagelist']")

    assert "Handed over 2 leads. Of the leads 4 are still here. 2 go at once: send the form again." in first
    assert "Handed over 1 lead. Of the leads 3 are still here. Nobody at work takes leads" in second
    assert {lead.pk for lead in heir.leads.all()} == {lead.pk for lead in others}
    assert {lead.pk for lead in leaver.leads.all()} == {lead.pk for lead in stuck}


def test_what_belongs_to_nobody_is_handed_over_as_well(visitor: Client, sales: Client) -> None:
    ask(visitor)
    heir = seller("heir")

    hand_over(sales, None, leads_to=str(heir.pk))

    assert Lead.objects.get().owner == heir


def test_where_nobody_takes_leads_yet_one_is_told_to_add_somebody(visitor: Client, superuser: Client) -> None:
    ask(visitor)

    opened = read_admin(superuser, reverse("admin:hand_over", args=[0]))
    page = hand_over(superuser, None, leads_to="least")

    add = ("Add a salesperson", reverse("admin:leads_salesperson_add"))
    assert add in opened.links("form[@id='handover_form']")
    assert page.texts("ul[@class='messagelist']/li") == [
        "Of the leads one is still here. Nobody else takes leads yet: add somebody under “Salespeople” first."
    ]


def test_sending_the_form_without_a_choice_says_what_is_missing(visitor: Client, sales: Client) -> None:
    leaver = seller("leaver")
    ask(visitor)

    page = hand_over(sales, leaver, leads_to="")

    assert "Choose who is to get them." in page.text("form[@id='handover_form']")


def test_whoever_has_nothing_has_nothing_to_hand_over(sales: Client) -> None:
    page = read_admin(sales, reverse("admin:hand_over", args=[seller("idle").pk]))

    assert "There is nothing to hand over: idle has no open leads and no calls ahead." in page.text(
        "div[@id='content-main']"
    )


def test_a_host_without_an_account_is_offered_to_nobody_and_shown_with_the_calls(
    sales: Client, visitor: Client, host: Host, book: Book
) -> None:
    call = book(0)
    other = make_host("Another host", hours=(9, 10))

    close_account(host.user)

    assert "the-host is not at work any more and has 1 call ahead. Hand them over" in front(sales)
    page = read(visitor, f"/{GUIDE}/call/?{call.lead.answers}")
    offered = page.texts("fieldset//label")
    assert offered
    assert not any("11:30" in time for time in offered)
    given = give_to(call=call, host=other, now=NOW)
    with pytest.raises(NotFreeError):
        give_to(call=given, host=host, now=NOW)


def test_a_host_who_was_switched_off_with_calls_ahead_is_shown(sales: Client, host: Host, book: Book) -> None:
    book(0)

    Host.objects.update(is_active=False)

    assert "the-host is not at work any more and has 1 call ahead." in front(sales)


def test_calls_are_handed_over_to_whoever_is_free_with_mail_to_everyone(sales: Client, host: Host, book: Book) -> None:
    early, late = book(0), book(4, email="second@example.com")
    other = make_host("Another host", hours=(9, 10))
    Message.objects.update(state=State.SENT, sent_at=NOW)
    close_account(host.user)

    page = hand_over(sales, host.user, calls_to="least")

    said = page.text("ul[@class='messagelist']")
    assert "Handed over 1 call; everyone concerned gets mail." in said
    assert "no other host is free then" in said
    assert [Call.objects.get(pk=call.pk).host for call in (early, late)] == [other, host]
    to = Message.objects.filter(state=State.WAITING, due_at__lte=NOW).values_list("to", flat=True)
    assert sorted(to) == ["another-host@example.com", "asker@example.com", "the-host@example.com"]
    assert early.lead.events.filter(kind="moved", by="one of Sales").exists()


def test_calls_are_handed_over_to_a_host_who_was_asked_whatever_their_hours(
    sales: Client, host: Host, book: Book
) -> None:
    early, late = book(0), book(4, email="second@example.com")
    other = make_host("Another host", hours=(9, 10))
    close_account(host.user)

    hand_over(sales, host.user, calls_to=str(other.pk))

    assert [Call.objects.get(pk=call.pk).host for call in (early, late)] == [other, other]
    assert front(sales).startswith("2 open leads have no owner.")


def test_who_left_reads_no_names_in_the_calendar_any_more(visitor: Client, host: Host, book: Book) -> None:
    book(0)
    address = reverse("host-feed", args=[host.feed_token])
    before = visitor.get(address)

    close_account(host.user)

    assert b"The Asker" in before.content
    assert visitor.get(address).status_code == 404


def test_closing_an_account_says_what_it_leaves(superuser: Client, visitor: Client) -> None:
    leaver = seller("leaver")
    ask(visitor)
    form = read_admin(superuser, admin_address(leaver)).one("form[@id='user_form']")

    answer = Form(form, admin_address(leaver)).send(superuser, {"is_active": None})

    page = read_admin(superuser, answer["Location"])
    said = page.text("ul[@class='messagelist']")
    assert "The account “leaver” still has open leads, or calls ahead. Hand them over" in said


@pytest.mark.parametrize("place", ["its own page", "the list"])
def test_deleting_an_account_leaves_a_line_in_the_history_of_each_lead(
    superuser: Client, visitor: Client, place: str
) -> None:
    leaver = seller("leaver")
    open_one, closed = ask(visitor), ask(visitor, email="second@example.com")
    Lead.objects.filter(pk=closed.pk).update(status="won")

    if place == "the list":
        chosen = {"action": "delete_selected", "_selected_action": [leaver.pk], "post": "yes"}
        superuser.post(admin_list(get_user_model()), chosen)
    else:
        superuser.post(admin_address(leaver, "delete"), {"post": "yes"})

    assert not get_user_model().objects.filter(username="leaver").exists()
    for lead in (open_one, closed):
        event = lead.events.latest("pk")
        assert (event.words, event.by) == ("leaver → nobody: the account was deleted", "chief")
    assert front(superuser) == "1 open lead has no owner. Hand it over"


def test_handing_over_asks_for_no_more_than_a_page_may(sales: Client, visitor: Client) -> None:
    leaver = seller("leaver")
    for number in range(25):
        ask(visitor, email=f"asker-{number}@example.com")

    page = read_admin(sales, reverse("admin:hand_over", args=[leaver.pk]))

    assert page.texts("fieldset/h2") == ["25 open leads"]
    assert len(page.all("fieldset/ul/li")) == 20


def test_erasing_leaves_nothing_of_whom_a_lead_was_taken_from(
    superuser: Client, visitor: Client, sales: Client
) -> None:
    leaver, heir = seller("leaver"), seller("heir")
    lead = ask(visitor, name="Somebody Unusual")
    assign(lead=lead, owner=leaver, by="chief", now=NOW + timedelta(seconds=1))
    hand_over(sales, leaver, leads_to=str(heir.pk))

    superuser.post(admin_address(lead.person, "delete"), {"post": "yes"})

    assert traces("Somebody Unusual") == {}
