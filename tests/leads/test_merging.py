"""Two requests that are the same become one: nothing is lost, and each is still erased for itself."""

import re
from datetime import UTC, datetime, timedelta
from typing import Any

import pytest
from django.test import Client

from advisor.funnel.models import Count, Step
from advisor.leads.actions.merging import CannotMergeError, merge
from advisor.leads.actions.sales import assign, note, plan, record_call, set_status, tag
from advisor.leads.desk.duplicates import suggestions
from advisor.leads.desk.timeline import timeline
from advisor.leads.models import EventKind, Lead, Status, Tag
from advisor.leads.priority import CALL_POINTS, has_call, points_of
from tests.clock import NOW
from tests.content.admin_pages import admin_address, read_admin
from tests.leads.asking import ask

pytestmark = pytest.mark.usefixtures("published")

NOON = datetime(2027, 3, 1, 12, tzinfo=UTC)


def words(lead: Lead) -> str:
    return " | ".join(f"{entry.what}: {entry.words}" for entry in timeline(lead))


def again(lead: Lead) -> Lead:
    return Lead.objects.get(pk=lead.pk)


def test_the_page_of_the_one_that_is_kept_shows_both_histories(visitor: Client, superuser: Client) -> None:
    keep, other = ask(visitor), ask(visitor, name="Asker, The", message="Where do we begin?")
    note(lead=keep, kind=EventKind.NOTE, words="Of the first.", by="seller", now=NOON)
    note(lead=other, kind=EventKind.SPOKE, words="Of the second.", by="seller", now=NOON)
    record_call(lead=other, kind=EventKind.BOOKED, call_at=NOON, words="At noon", now=NOON)
    before = keep.events.count() + other.events.count()

    merge(keep=keep, other=other, by="seller", now=NOON)

    whole = read_admin(superuser, admin_address(keep))
    page = whole.text("ol[@class='timeline']")
    for expected in ("Of the first.", "Of the second.", "At noon", "was merged into this one", "seller"):
        assert expected in page
    assert f"request of {other.requested_at:%-d %b %Y}" in page
    assert "Mon 1 Mar 2027, 12:00 UTC" in whole.text("dl[@class='facts']")
    assert "Where do we begin?" in whole.text("section[@aria-labelledby='briefing']")
    assert keep.events.count() + other.events.count() == before + 2
    assert again(other).merged_into == keep
    assert again(other).name == "Asker, The"


def test_the_one_that_was_merged_leads_to_the_one_that_was_kept_and_is_not_worked_on(
    visitor: Client, superuser: Client
) -> None:
    keep, other = ask(visitor), ask(visitor)
    merge(keep=keep, other=other, by="seller", now=NOON)

    page = read_admin(superuser, admin_address(other))
    superuser.post(admin_address(other), {"note": "Lost?", "note_kind": "note", "status": "spam"})

    assert admin_address(keep) in {link.get("href") for link in page.all("p[@class='told']/a")}
    assert not page.all("form[@id='lead_form']")
    assert again(other).status == Status.NEW
    assert not other.events.filter(kind=EventKind.NOTE).exists()


def test_what_only_the_other_one_has_is_taken_over(visitor: Client, seller: Any) -> None:
    keep, other = ask(visitor), ask(visitor)
    assign(lead=keep, owner=None, by="seller", now=NOON)
    urgent, warm = Tag.objects.create(name="urgent"), Tag.objects.create(name="warm")
    tag(lead=keep, tags=[urgent], by="seller", now=NOON)
    tag(lead=other, tags=[warm], by="seller", now=NOON)
    plan(lead=other, step="Call them", on=NOON.date(), by="seller", now=NOON)
    note(lead=other, kind=EventKind.SPOKE, words="Yes.", by="seller", now=NOON)

    kept = merge(keep=keep, other=other, by="seller", now=NOON)

    assert again(kept).owner == seller
    assert set(kept.tags.all()) == {urgent, warm}
    assert (again(kept).next_step, again(kept).next_step_on) == ("Call them", NOON.date())
    assert again(kept).responded_at == NOON
    assert again(other).next_step == ""


def test_what_the_kept_one_has_stays(visitor: Client, seller: Any) -> None:
    keep, other = ask(visitor), ask(visitor)
    for lead, step in ((keep, "Write"), (other, "Call")):
        plan(lead=lead, step=step, on=NOON.date(), by="seller", now=NOON)
    note(lead=keep, kind=EventKind.SPOKE, words="Yes.", by="seller", now=NOON)
    note(lead=other, kind=EventKind.SPOKE, words="Yes.", by="seller", now=NOON + timedelta(days=1))

    merge(keep=keep, other=other, by="seller", now=NOON)

    assert again(keep).next_step == "Write"
    assert again(keep).responded_at == NOON
    assert "Next step: Call, by 1 March 2027" in words(keep)


def test_a_closed_lead_takes_over_no_next_step(visitor: Client) -> None:
    keep, other = ask(visitor), ask(visitor)
    set_status(lead=keep, status=Status.LOST, by="seller", now=NOON, reason="Too early.")
    plan(lead=other, step="Call", on=NOON.date(), by="seller", now=NOON)

    merge(keep=keep, other=other, by="seller", now=NOON)

    assert again(keep).next_step == again(other).next_step == ""


def test_a_lead_is_not_merged_with_itself(visitor: Client, superuser: Client) -> None:
    lead = ask(visitor)
    address = f"/admin/leads/lead/{lead.pk}/merge/"

    with pytest.raises(CannotMergeError, match="with itself"):
        merge(keep=lead, other=lead, by="seller", now=NOON)
    page = superuser.post(address, {"other": str(lead.pk)}).content.decode()

    assert "A lead cannot be merged with itself." in page
    assert again(lead).merged_into is None
    assert not lead.events.exists()


def test_what_was_merged_before_goes_along_and_is_not_merged_again(visitor: Client) -> None:
    first, second, third = ask(visitor), ask(visitor), ask(visitor)
    merge(keep=second, other=first, by="seller", now=NOON)

    merge(keep=third, other=second, by="seller", now=NOON)

    assert {lead.pk for lead in third.merged.all()} == {first.pk, second.pk}
    for keep, other in ((third, first), (first, third), (third, second)):
        with pytest.raises(CannotMergeError, match="merged before"):
            merge(keep=keep, other=other, by="seller", now=NOON)


def test_of_two_people_who_merge_the_same_two_in_opposite_ways_the_second_is_refused(visitor: Client) -> None:
    one, two = ask(visitor), ask(visitor)
    as_the_second_saw_them = again(one), again(two)
    merge(keep=one, other=two, by="seller", now=NOON)

    with pytest.raises(CannotMergeError):
        merge(keep=as_the_second_saw_them[1], other=as_the_second_saw_them[0], by="seller", now=NOON)

    assert (again(one).merged_into, again(two).merged_into) == (None, one)


def test_one_that_was_erased_meanwhile_is_not_merged(visitor: Client) -> None:
    keep, other = ask(visitor), ask(visitor)
    Lead.objects.get(pk=other.pk).delete()

    with pytest.raises(CannotMergeError, match="erased"):
        merge(keep=keep, other=other, by="seller", now=NOON)


def test_a_call_of_the_merged_one_counts_for_the_kept_one_and_stops_counting_when_it_is_cancelled(
    visitor: Client,
) -> None:
    keep, other = ask(visitor), ask(visitor)
    without = keep.priority
    merge(keep=keep, other=other, by="seller", now=NOON)

    record_call(lead=other, kind=EventKind.BOOKED, call_at=NOON, words="", now=NOON)
    with_call = again(keep).priority
    record_call(lead=other, kind=EventKind.HELD, call_at=NOON, words="", now=NOON)
    response = again(keep).responded_at
    record_call(lead=other, kind=EventKind.CANCELLED, call_at=None, words="", now=NOON)

    assert with_call >= without + CALL_POINTS
    assert response == NOON
    assert again(keep).priority == without


def test_each_is_erased_for_itself_and_neither_names_the_other(visitor: Client, superuser: Client) -> None:
    keep = ask(visitor)
    other = ask(visitor, name="Somebody Else", email="else@example.com", company="Looms")
    merge(keep=keep, other=other, by="seller", now=NOON)

    superuser.post(admin_address(keep.person, "delete"), {"post": "yes"})

    left = again(other)
    assert (left.merged_into, left.is_open) == (None, True)
    assert "Asker" not in words(left)
    assert "Engines" not in words(left)


@pytest.mark.parametrize("which", [0, 1, 2])
def test_that_a_request_from_another_address_was_merged_with_theirs_is_said(
    visitor: Client, superuser: Client, which: int
) -> None:
    leads = [ask(visitor, email=f"{number}@example.com") for number in range(3)]
    for other in leads[1:]:
        merge(keep=leads[0], other=other, by="seller", now=NOON)
    alone = ask(visitor, email="alone@example.com")
    erased, left = leads.pop(which), leads

    before = read_admin(superuser, f"/admin/leads/person/{erased.person_id}/kept/").text("div[@id='content']")
    answer = superuser.post(admin_address(erased.person, "delete"), {"post": "yes"}, follow=True).content.decode()
    last = superuser.post(admin_address(alone.person, "delete"), {"post": "yes"}, follow=True).content.decode()

    for lead in left:
        assert lead.email in before
        assert f'<a href="{admin_address(lead)}">request {lead.pk}</a>' in answer
    assert f"request {alone.pk}</a>" not in answer
    assert "Merged with theirs" not in last


def test_the_merge_page_shows_both_and_merges(visitor: Client, sales: Client) -> None:
    keep, other = ask(visitor), ask(visitor, company="Looms")
    address = f"/admin/leads/lead/{keep.pk}/merge/"

    asked = read_admin(sales, address).text("div[@id='content-main']")
    shown = read_admin(sales, f"{address}?other={other.pk}").text("div[@id='content-main']")
    unknown = read_admin(sales, f"{address}?other=99999").text("div[@id='content-main']")
    before = again(other).merged_into
    answer = sales.post(address, {"other": str(other.pk)})

    assert "Number of the other request" in asked
    assert "Engines Ltd" in shown
    assert "Looms" in shown
    assert "There is no request with this number." in unknown
    assert before is None
    assert answer["Location"] == admin_address(keep)
    assert again(other).merged_into == keep


def test_who_merges_two_with_calls_ahead_is_told_that_both_stay(visitor: Client, sales: Client) -> None:
    keep, other = ask(visitor), ask(visitor)
    soon = NOW + timedelta(days=1)

    def told(first: datetime, second: datetime) -> str:
        for lead, at in ((keep, first), (other, second)):
            Lead.objects.filter(pk=lead.pk).update(call_at=at)
        page = read_admin(sales, f"/admin/leads/lead/{keep.pk}/merge/?other={other.pk}")
        return page.text("div[@id='content-main']")

    assert f"on {soon:%a} {soon.day} {soon:%b %Y, %H:%M} UTC and on" in told(soon, soon + timedelta(hours=1))
    assert "Two calls" not in told(soon, NOON - timedelta(days=365))


@pytest.mark.parametrize(
    ("fields", "why"),
    [
        ({}, "the same address"),
        ({"email": "second@example.com"}, "a similar name at example.com"),
        ({"email": "second@example.com", "name": "Asker The"}, "a similar name at example.com"),
        ({"email": "second@example.com", "name": "The Aksér"}, "a similar name at example.com"),
        ({"email": "me@gmail.com", "company": "ENGINES Limited"}, "a similar name at ENGINES Limited"),
        ({"email": "second@example.com", "name": "Somebody Else"}, None),
        ({"email": "me@gmail.com", "company": "Looms"}, None),
        ({"email": "me@another.example", "company": "Engines and Looms"}, None),
    ],
)
def test_who_may_be_the_same_is_suggested_with_why(visitor: Client, fields: dict[str, str], why: str | None) -> None:
    lead = ask(visitor)
    other = ask(visitor, **fields)

    found = suggestions(lead)

    assert [(one.lead, one.why) for one in found] == ([(other, why)] if why else [])
    assert [one.lead for one in suggestions(other)] == ([lead] if why else [])


def test_strangers_who_share_a_public_domain_are_not_suggested(visitor: Client) -> None:
    lead = ask(visitor, email="one@gmail.com")
    ask(visitor, email="two@gmail.com", company="Looms")

    assert suggestions(lead) == []


def test_what_was_merged_is_not_suggested_any_more(visitor: Client) -> None:
    keep, other = ask(visitor), ask(visitor)
    merge(keep=keep, other=other, by="seller", now=NOON)

    assert suggestions(keep) == []


def test_the_parts_of_a_priority_in_the_list_and_on_the_board_make_the_sum(visitor: Client, superuser: Client) -> None:
    keep, other = ask(visitor), ask(visitor)
    merge(keep=keep, other=other, by="seller", now=NOON)
    record_call(lead=other, kind=EventKind.BOOKED, call_at=NOON, words="", now=NOON)

    listed = read_admin(superuser, "/admin/leads/lead/").text("td[@data-label='Priority']")
    card = read_admin(superuser, "/admin/leads/lead/board/").text("details")

    for shown in (listed, card):
        whole, _, *parts = [int(number) for number in re.findall(r"\d+", shown)]
        assert whole == sum(parts) == again(keep).priority


def shift(lead: Lead, *, days: int) -> Lead:
    """The same request, as if it had come so many days after noon."""
    at = NOON + timedelta(days=days)
    Lead.objects.filter(pk=lead.pk).update(requested_at=at, consented_at=at)
    return again(lead)


def answered_requests() -> int:
    return sum(Count.objects.filter(step=Step.RESPONSE).values_list("number", flat=True))


def test_an_answer_to_the_earlier_request_is_none_to_the_later_one(visitor: Client) -> None:
    earlier, later = shift(ask(visitor), days=0), shift(ask(visitor), days=9)
    note(lead=earlier, kind=EventKind.SPOKE, words="Yes.", by="seller", now=NOON + timedelta(days=1))

    kept = merge(keep=later, other=earlier, by="seller", now=NOON + timedelta(days=10))
    waiting = again(kept).responded_at
    note(lead=kept, kind=EventKind.SPOKE, words="Yes.", by="seller", now=NOON + timedelta(days=11))

    assert waiting is None
    assert again(kept).response_time == timedelta(days=2)
    assert again(earlier).response_time == timedelta(days=1)
    assert answered_requests() == 2


@pytest.mark.parametrize("keeps_the_answered_one", [True, False])
def test_what_answers_one_of_two_answers_the_other_and_is_counted_for_both(
    visitor: Client, *, keeps_the_answered_one: bool
) -> None:
    one, two = shift(ask(visitor), days=0), shift(ask(visitor), days=1)
    note(lead=two, kind=EventKind.SPOKE, words="Yes.", by="seller", now=NOON + timedelta(days=3))

    keep, other = (two, one) if keeps_the_answered_one else (one, two)
    merge(keep=keep, other=other, by="seller", now=NOON + timedelta(days=4))

    assert [again(lead).response_time for lead in (one, two)] == [timedelta(days=3), timedelta(days=2)]
    assert answered_requests() == 2


def test_an_answer_that_comes_after_merging_answers_all_that_were_merged(visitor: Client) -> None:
    first, second, third = (shift(ask(visitor), days=days) for days in (0, 1, 2))
    merge(keep=second, other=first, by="seller", now=NOON)
    merge(keep=third, other=second, by="seller", now=NOON)
    at = NOON + timedelta(days=3)

    record_call(lead=first, kind=EventKind.HELD, call_at=at, words="", now=at)

    assert [again(lead).responded_at for lead in (first, second, third)] == [at] * 3
    assert answered_requests() == 3


def test_a_call_counts_for_the_one_that_is_kept_in_the_end_and_for_none_in_between(visitor: Client) -> None:
    first, second, third = ask(visitor), ask(visitor), ask(visitor)
    merge(keep=second, other=first, by="seller", now=NOON)
    record_call(lead=first, kind=EventKind.BOOKED, call_at=NOON, words="", now=NOON)

    merge(keep=third, other=second, by="seller", now=NOON)

    for lead in map(again, (first, second, third)):
        assert lead.priority == points_of(lead, has_call=has_call(lead))


def test_a_call_that_is_erased_counts_for_the_kept_one_no_longer(visitor: Client, superuser: Client) -> None:
    keep, other = ask(visitor), ask(visitor)
    without = keep.priority
    merge(keep=keep, other=other, by="seller", now=NOON)
    record_call(lead=other, kind=EventKind.BOOKED, call_at=NOON, words="", now=NOON)
    assert again(keep).priority > without

    superuser.post(admin_address(other, "delete"), {"post": "yes"})

    assert again(keep).priority == without
