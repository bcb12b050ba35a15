"""The list: saved filters, pages by keys, numbers that stay small, several leads at once."""

from collections.abc import Iterator
from datetime import UTC, datetime, timedelta
from typing import Any

import pytest
import time_machine
from django.contrib import admin
from django.contrib.auth import get_user_model
from django.db import connection
from django.db.models import QuerySet
from django.http import HttpRequest
from django.test import Client
from django.test.utils import CaptureQueriesContext

from advisor.leads.actions.merging import merge
from advisor.leads.actions.sales import assign, plan, record_call, set_status, tag
from advisor.leads.desk import bulk, listing, paging
from advisor.leads.desk.listing import count, filtered
from advisor.leads.desk.paging import ORDERS, page_of_leads
from advisor.leads.models import EventKind, Lead, Status, Tag
from tests.assessment.reading import Page
from tests.conftest import member_of
from tests.content.admin_pages import admin_list, read_admin
from tests.leads.asking import ask

pytestmark = pytest.mark.usefixtures("published")

WEDNESDAY = datetime(2027, 3, 3, 12, tzinfo=UTC)


@pytest.fixture(autouse=True)
def _wednesday() -> Iterator[None]:
    with time_machine.travel(WEDNESDAY, tick=False):
        yield


@pytest.fixture
def leads(visitor: Client) -> list[Lead]:
    """Seven leads, two of which came at the same moment."""
    made: list[Lead] = []
    for number in (0, 1, 2, 3, 3, 4, 5):
        with time_machine.travel(WEDNESDAY + timedelta(hours=number), tick=False):
            made.append(ask(visitor, company=f"Company {len(made)}"))
    return made


def companies(page: Page) -> list[str]:
    return [row.split("Company ")[1][0] for row in page.texts("table[@id='result_list']/tbody/tr")]


def link(page: Page, words: str) -> str:
    """Where the link with these words goes; "" where there is none."""
    return next((a.attrib["href"] for a in page.all("a") if "".join(a.itertext()).strip().startswith(words)), "")


def test_pages_follow_each_other_without_a_gap_or_a_double_there_and_back(
    leads: list[Lead], sales: Client, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setattr(paging, "PAGE_SIZE", 3)
    address = admin_list(Lead)

    first = read_admin(sales, address)
    second = read_admin(sales, address + link(first, "Next page"))
    third = read_admin(sales, address + link(second, "Next page"))
    back = read_admin(sales, address + link(third, "Previous page"))
    start = read_admin(sales, address + link(back, "Previous page"))

    assert [companies(page) for page in (first, second, third)] == [["6", "5", "4"], ["3", "2", "1"], ["0"]]
    assert [companies(back), companies(start)] == [["3", "2", "1"], ["6", "5", "4"]]
    assert not link(first, "Previous page")
    assert not link(third, "Next page")
    assert not link(start, "Previous page")


def test_what_arrives_meanwhile_moves_no_page(
    leads: list[Lead], visitor: Client, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setattr(paging, "PAGE_SIZE", 3)
    first = page_of_leads(Lead.objects.all(), ORDERS["newest"])

    ask(visitor)

    assert page_of_leads(Lead.objects.all(), ORDERS["newest"], after=first.after).leads == leads[3:0:-1]


@pytest.mark.parametrize("order", ORDERS)
def test_every_order_goes_through_all_leads_once(
    leads: list[Lead], order: str, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setattr(paging, "PAGE_SIZE", 2)
    for lead in leads:
        plan(lead=lead, step="Call", on=WEDNESDAY.date() + timedelta(days=lead.pk % 3), by="seller", now=WEDNESDAY)
        begins = WEDNESDAY + timedelta(days=lead.pk % 2)
        record_call(lead=lead, kind=EventKind.BOOKED, call_at=begins, words="", now=WEDNESDAY)
    seen, after = [], ""

    for _ in range(4):
        page = page_of_leads(Lead.objects.all(), ORDERS[order], after=after)
        seen += page.leads
        after = page.after

    assert sorted(lead.pk for lead in seen) == sorted(lead.pk for lead in leads)
    values = [(getattr(lead, ORDERS[order].field), lead.pk) for lead in seen]
    assert values == sorted(values, reverse=ORDERS[order].descending)


@pytest.mark.parametrize(
    "cursor",
    [
        *("nonsense", "_", "2027-03-03_1", "2027-03-03T12:00:00+00:00_x", "0001-01-01T00:00:00+14:00_1"),
        *("2027-03-03T12:00:00+00:00_99999999999999999999", "2027-03-03T12:00:00_1", "²_1"),
    ],
)
@pytest.mark.parametrize("sort", ["newest", "priority"])
def test_a_place_that_makes_no_sense_is_the_first_page(
    leads: list[Lead], sales: Client, cursor: str, sort: str
) -> None:
    page = read_admin(sales, f"{admin_list(Lead)}?sort={sort}&after={cursor.replace('+', '%2B')}")

    assert len(companies(page)) == 7


@pytest.mark.parametrize(
    "query",
    [
        *("view=nonsense", "status=nonsense", "owner=x", "owner=99999999999999999999", "tag=-1", "certainty=very"),
        *("employees=many", "sort=nonsense", "outcome=%00", "unknown=1", "before=&after=", "tag=%D9%A3"),
    ],
)
def test_a_filter_that_makes_no_sense_is_none(leads: list[Lead], sales: Client, query: str) -> None:
    page = read_admin(sales, f"{admin_list(Lead)}?{query}")

    assert len(companies(page)) == 7


def test_the_saved_filters_show_what_they_say_with_numbers(leads: list[Lead], sales: Client) -> None:
    users = get_user_model().objects
    me, other = users.get(username="one of Sales"), users.create(username="other", is_staff=True, is_superuser=True)
    do: dict[str, Any] = {"by": "seller", "now": WEDNESDAY}
    assign(lead=leads[0], owner=me, **do)
    assign(lead=leads[1], owner=me, **do)
    assign(lead=leads[2], owner=other, **do)
    set_status(lead=leads[1], status=Status.LOST, reason="Too early.", **do)
    set_status(lead=leads[3], status=Status.SPAM, **do)
    set_status(lead=leads[4], status=Status.CONTACTED, **do)
    plan(lead=leads[4], step="Call", on=WEDNESDAY.date() - timedelta(days=1), **do)
    plan(lead=leads[5], step="Call", on=WEDNESDAY.date(), **do)
    for lead, days in ((leads[5], -2), (leads[0], 4), (leads[2], 5), (leads[4], -3)):
        record_call(lead=lead, kind=EventKind.BOOKED, call_at=WEDNESDAY + timedelta(days=days), words="", now=WEDNESDAY)
    merge(keep=leads[0], other=leads[6], **do)

    page = read_admin(sales, admin_list(Lead))
    shown = {}
    for name in ("All", "Mine", "New", "Late", "Coming calls", "Past calls", "Nobody’s"):
        filter_page = read_admin(sales, admin_list(Lead) + link(page, name))
        assert name in filter_page.text("ul[@class='views']/li/a[@aria-current]")
        shown[name] = companies(filter_page)

    assert shown == {
        "All": ["5", "4", "2", "1", "0"],
        "Mine": ["0"],
        "New": ["5", "2", "0"],
        "Late": ["4"],
        "Coming calls": ["0", "2"],
        "Past calls": ["5", "4"],
        "Nobody’s": ["5", "4"],
    }
    numbers = [text.rpartition(" ")[2] for text in page.texts("ul[@class='views']/li/a")]
    assert numbers == ["5", "1", "3", "1", "2", "2", "2", "Board"]


SATURDAY = datetime(2027, 3, 6, 20, tzinfo=UTC)


@pytest.mark.parametrize("now", [WEDNESDAY, SATURDAY, datetime(2027, 12, 31, 23, 50, tzinfo=UTC)])
def test_the_call_that_comes_next_is_first_on_every_day_of_the_week(leads: list[Lead], now: datetime) -> None:
    for lead, hours in ((leads[0], -24), (leads[1], 0.1), (leads[2], 240), (leads[3], 24), (leads[4], -0.5)):
        at = now + timedelta(hours=hours)
        record_call(lead=lead, kind=EventKind.BOOKED, call_at=at, words="", now=now)

    with time_machine.travel(now, tick=False):
        member = member_of("Sales")
        coming = read_admin(member, f"{admin_list(Lead)}?view=calls")
        past = read_admin(member, f"{admin_list(Lead)}?view=past-calls")

    # Whoever is late for a call that has begun still finds it.
    assert companies(coming) == ["4", "1", "3", "2"]
    assert companies(past) == ["4", "0"]


def test_the_coming_calls_say_which_are_today_and_past_ones_that_they_were(leads: list[Lead], sales: Client) -> None:
    for lead, hours in ((leads[0], -24), (leads[1], 2), (leads[2], 24)):
        at = WEDNESDAY + timedelta(hours=hours)
        record_call(lead=lead, kind=EventKind.BOOKED, call_at=at, words="", now=WEDNESDAY)

    coming, past = (read_admin(sales, f"{admin_list(Lead)}?view={view}") for view in ("calls", "past-calls"))

    assert [text.partition("Call ")[2] for text in coming.texts("table[@id='result_list']/tbody/tr/th")] == [
        "today, 14:00 UTC",
        "Thu 4 Mar, 12:00 UTC",
    ]
    assert [text.partition("Call ")[2] for text in past.texts("table[@id='result_list']/tbody/tr/th")] == [
        "was Tue 2 Mar, 12:00 UTC"
    ]


def test_what_is_left_out_is_found_when_it_is_asked_for(leads: list[Lead], sales: Client) -> None:
    set_status(lead=leads[3], status=Status.SPAM, by="seller", now=WEDNESDAY)
    merge(keep=leads[0], other=leads[6], by="seller", now=WEDNESDAY)
    tag(lead=leads[2], tags=[Tag.objects.create(name="warm")], by="seller", now=WEDNESDAY)

    def listed(query: str) -> list[str]:
        return companies(read_admin(sales, f"{admin_list(Lead)}?{query}"))

    assert listed("status=spam") == ["3"]
    assert listed("view=merged") == ["6"]
    assert listed("q=company") == ["6", "5", "4", "3", "2", "1", "0"]
    assert listed(f"tag={Tag.objects.get().pk}") == ["2"]
    assert listed("status=spam&q=looms") == []


def test_a_number_says_no_more_than_it_has_counted(leads: list[Lead], monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr(listing, "MAX_COUNTED", 6)

    order = ORDERS["newest"]
    assert count(Lead.objects.filter(pk__in=[lead.pk for lead in leads[:6]]), order) == "6"
    assert count(Lead.objects.all(), order) == "more than 6"


def test_nothing_counts_or_sorts_the_whole_table(leads: list[Lead], sales: Client) -> None:
    with CaptureQueriesContext(connection) as asked:
        sales.get(admin_list(Lead))

    about_leads = [query["sql"] for query in asked if 'FROM "leads_lead"' in query["sql"]]
    assert about_leads
    of_the_page = '"merged_into_id" IN ('
    assert all("LIMIT" in query or of_the_page in query for query in about_leads)
    assert not [query for query in about_leads if "OFFSET" in query]


def test_the_export_gets_what_the_list_shows_on_all_pages(leads: list[Lead], monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr(paging, "PAGE_SIZE", 2)

    found = filtered({"status": "new", "after": "ignored"}, now=WEDNESDAY)

    assert {lead.pk for lead in found} == {lead.pk for lead in leads}


def chosen(client: Client, action: str, *leads: Lead) -> Page:
    """The list after something was done with leads, all of which were shown on it."""
    return sent(client, action, shown_on_the_list(client), *leads)


def shown_on_the_list(client: Client) -> list[str]:
    """What the form carries of the leads as they are."""
    return [field.attrib["value"] for field in read_admin(client, admin_list(Lead)).all("input[@name='shown']")]


def sent(client: Client, action: str, shown: list[str], *leads: Lead) -> Page:
    fields = {"action": action, "_selected_action": [str(lead.pk) for lead in leads], "shown": shown}
    return read_admin(client, client.post(admin_list(Lead), fields)["Location"])


def test_several_are_given_tagged_and_moved_at_once(leads: list[Lead], sales: Client) -> None:
    me, warm = get_user_model().objects.get(username="one of Sales"), Tag.objects.create(name="warm")

    for action in (f"owner {me.pk}", f"tag {warm.pk}", "status contacted"):
        page = chosen(sales, action, leads[0], leads[1])
        assert "Done with 2 leads." in page.text("ul[@class='messagelist']")

    changed = Lead.objects.filter(owner=me, tags=warm, status=Status.CONTACTED)
    assert {lead.pk for lead in changed} == {leads[0].pk, leads[1].pk}
    assert {event.by for event in leads[0].events.all()} == {"one of Sales"}


def test_what_is_not_allowed_to_some_is_done_to_the_others_and_said(leads: list[Lead], sales: Client) -> None:
    set_status(lead=leads[0], status=Status.CONTACTED, by="seller", now=WEDNESDAY)
    merge(keep=leads[3], other=leads[2], by="seller", now=WEDNESDAY)

    page = chosen(sales, "status qualified", *leads[:3])

    told = page.text("ul[@class='messagelist']")
    assert "Done with 1 lead." in told
    assert "Company 1: A lead that is New cannot become Qualified" in told
    assert "Company 2: was merged into another one." in told
    assert [lead.status for lead in Lead.objects.order_by("pk")[:3]] == ["qualified", "new", "new"]


def test_nobody_undoes_for_several_at_once_what_they_have_not_seen(
    leads: list[Lead], sales: Client, seller: Any
) -> None:
    shown = shown_on_the_list(sales)
    set_status(lead=leads[0], status=Status.LOST, by="seller", now=WEDNESDAY, reason="Too early.")
    assign(lead=leads[1], owner=seller, by="seller", now=WEDNESDAY)

    moved = sent(sales, "status contacted", shown, *leads[:2]).text("ul[@class='messagelist']")
    given = sent(sales, "owner 0", shown, *leads[:2]).text("ul[@class='messagelist']")
    forged = sent(sales, "status contacted", ["x", f"{leads[2].pk} new"], leads[2]).text("ul[@class='messagelist']")

    assert "Company 0: is Lost by now: someone else changed it." in moved
    assert "Done with 1 lead." in moved
    assert "Company 1: is with seller by now: someone else changed it." in given
    assert "Company 2: is New by now" in forged
    now = [(lead.status, lead.owner) for lead in Lead.objects.order_by("pk")[:3]]
    assert now == [("lost", None), ("contacted", seller), ("new", None)]


def test_a_tag_for_several_leaves_those_that_others_added_meanwhile(leads: list[Lead], sales: Client) -> None:
    one, two = Tag.objects.create(name="one"), Tag.objects.create(name="two")
    user = get_user_model().objects.get(username="one of Sales")
    action = bulk.bulk_action(f"tag {two.pk}", user=user, now=WEDNESDAY)
    assert action is not None
    found = list(Lead.objects.prefetch_related("tags").filter(pk=leads[0].pk))
    tag(lead=leads[0], tags=[one], by="seller", now=WEDNESDAY)

    done, _ = bulk.apply_to_leads(found, action, {})

    assert done == 1
    assert set(leads[0].tags.all()) == {one, two}


@pytest.mark.parametrize("action", ["", "status lost", "status nonsense", "owner 99999", "tag 1", "send_again"])
def test_what_was_not_offered_is_not_done(leads: list[Lead], sales: Client, action: str) -> None:
    page = chosen(sales, action, leads[0])

    assert "Choose what to do" in page.text("ul[@class='messagelist']")
    assert not leads[0].events.exists()


def test_with_nothing_ticked_nothing_is_done(leads: list[Lead], sales: Client) -> None:
    page = chosen(sales, "status spam")

    assert "Choose the leads first." in page.text("ul[@class='messagelist']")


def test_who_only_reads_is_offered_nothing_and_changes_nothing(leads: list[Lead], owner: Client) -> None:
    page = read_admin(owner, admin_list(Lead))

    owner.post(admin_list(Lead), {"action": "status spam", "_selected_action": [str(leads[0].pk)]})

    assert not page.all("select[@name='action']")
    assert Lead.objects.get(pk=leads[0].pk).status == Status.NEW


def test_the_board_shows_each_status_and_moves_a_lead_on(leads: list[Lead], sales: Client) -> None:
    set_status(lead=leads[0], status=Status.CONTACTED, by="seller", now=WEDNESDAY)
    move = f"/admin/leads/lead/{leads[1].pk}/move/"

    before = read_admin(sales, "/admin/leads/lead/board/")
    answer = sales.post(move, {"status": "contacted", "shown": "new"})
    after = read_admin(sales, answer["Location"])

    def column(page: Page, status: str) -> str:
        return page.text(f"section[@aria-labelledby='column-{status}']")

    assert "Company 0" in column(before, "contacted")
    assert "Company 1" in column(before, "new")
    assert "Company 1" in column(after, "contacted")
    assert answer["Location"].endswith(f"#lead-{leads[1].pk}")
    assert leads[1].events.get(kind=EventKind.STATUS).words == "New → Contacted"


@pytest.mark.parametrize(
    ("sent", "words"),
    [
        ({"status": "contacted", "shown": "qualified"}, "someone else moved it"),
        ({"status": "won", "shown": "new"}, "cannot become Won"),
        ({"status": "nonsense", "shown": "new"}, "Choose where to move it."),
        ({}, "Choose where to move it."),
    ],
)
def test_a_move_on_the_board_that_cannot_be_is_refused_with_why(
    leads: list[Lead], sales: Client, sent: dict[str, str], words: str
) -> None:
    answer = sales.post(f"/admin/leads/lead/{leads[1].pk}/move/", sent)

    assert words in read_admin(sales, answer["Location"]).text("ul[@class='messagelist']")
    assert Lead.objects.get(pk=leads[1].pk).status == Status.NEW


def test_for_lost_the_board_leads_to_where_the_reason_is_asked_for(leads: list[Lead], sales: Client) -> None:
    answer = sales.post(f"/admin/leads/lead/{leads[1].pk}/move/", {"status": "lost", "shown": "new"})

    assert answer["Location"] == f"/admin/leads/lead/{leads[1].pk}/change/#status"


def test_the_board_shows_ones_own_when_asked(leads: list[Lead], sales: Client) -> None:
    me = get_user_model().objects.get(username="one of Sales")
    assign(lead=leads[2], owner=me, by="seller", now=WEDNESDAY)

    page = read_admin(sales, f"/admin/leads/lead/board/?owner={me.pk}")

    assert [lead.pk for lead in leads if f"Company {leads.index(lead)}" in page.text("div[@class='board']")] == [
        leads[2].pk
    ]


def test_an_action_of_the_admin_is_offered_and_runs_on_the_leads_that_are_ticked(
    visitor: Client, sales: Client, monkeypatch: pytest.MonkeyPatch
) -> None:
    first, second = ask(visitor), ask(visitor)
    chosen: list[Lead] = []

    @admin.action(description="Ring a bell", permissions=["change"])
    def ring(model_admin: Any, request: HttpRequest, leads: QuerySet[Lead]) -> None:
        chosen.extend(leads)

    monkeypatch.setattr(admin.site.get_model_admin(Lead), "actions", [ring])

    offered = read_admin(sales, admin_list(Lead)).texts("select[@name='action']//option")
    answer = sales.post(admin_list(Lead), {"action": "ring", "_selected_action": [second.pk]})

    assert "Ring a bell" in offered
    assert (answer.status_code, answer["Location"]) == (302, admin_list(Lead))
    assert chosen == [second]
    assert first not in chosen


def test_an_action_without_its_right_is_neither_offered_nor_run(
    visitor: Client, owner: Client, monkeypatch: pytest.MonkeyPatch
) -> None:
    lead = ask(visitor)

    @admin.action(description="Ring a bell", permissions=["change"])
    def ring(model_admin: Any, request: HttpRequest, leads: QuerySet[Lead]) -> None:
        raise AssertionError

    monkeypatch.setattr(admin.site.get_model_admin(Lead), "actions", [ring])

    offered = read_admin(owner, admin_list(Lead)).texts("select[@name='action']//option")
    answer = owner.post(admin_list(Lead), {"action": "ring", "_selected_action": [lead.pk]})

    assert "Ring a bell" not in offered
    assert answer.status_code == 403


def test_the_form_of_django_is_not_reachable_beside_the_page_of_a_lead(visitor: Client, superuser: Client) -> None:
    lead = ask(visitor)
    hidden = "".join(f"_{ord(digit):02X}" for digit in str(lead.pk))

    assert superuser.get(f"/admin/leads/lead/{lead.pk}/")["Location"] == f"/admin/leads/lead/{lead.pk}/change/"
    assert superuser.get(f"/admin/leads/lead/{hidden}/change/").status_code == 404
