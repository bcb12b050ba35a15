"""Who wants to hear of new leads does: at once or once a day, and nobody else."""

from typing import Any

import pytest
import time_machine
from django.contrib.auth import get_user_model
from django.contrib.auth.models import Group
from django.test import Client
from django.urls import reverse

from advisor.delivery.actions import forget
from advisor.delivery.daily_jobs import daily_jobs
from advisor.delivery.models import Message
from advisor.leads.lead_alerts import COMMIT_DELAY, DIGEST_HOUR, MAX_LISTED_LEADS, daily_job, send_digests
from advisor.leads.models import Frequency, Lead, LeadAlert, Person, Status
from tests.content.admin_pages import admin_address, admin_list, read_admin, save_in_admin
from tests.delivery.writing import DAY, HOUR, MINUTE, NOON, SECOND
from tests.leads.asking import ask

pytestmark = [pytest.mark.django_db, pytest.mark.usefixtures("published")]


def colleague(name: str, frequency: Frequency = Frequency.AT_ONCE, *groups: str, **fields: Any) -> LeadAlert:
    """Someone in Sales who wants to be told."""
    user = get_user_model().objects.create(
        **{"username": name, "email": f"{name}@example.com", "is_staff": True} | fields
    )
    user.groups.set(Group.objects.filter(name__in=groups or ("Sales",)))
    return LeadAlert.objects.create(user=user, frequency=frequency, notified_until=NOON)


def asked_at(visitor: Client, when: Any, **fields: str) -> Lead:
    with time_machine.travel(when, tick=False):
        return ask(visitor, **fields)


def mails_to(name: str) -> list[Message]:
    return list(Message.objects.filter(to=f"{name}@example.com").order_by("pk"))


def test_who_wants_each_gets_a_mail_with_each(visitor: Client) -> None:
    colleague("each")
    lead = ask(visitor, message="Our secret plans.", phone="+371 2000 0000")

    (mail,) = mails_to("each")
    assert mail.subject == "New lead: The Asker, Engines Ltd"
    assert "Hire a fractional CTO (clear)" in mail.text
    assert lead.staff_address in mail.text
    assert mail.about == lead.topic
    assert not [words for words in (lead.email, lead.phone, "secret plans") if words in mail.text + mail.html]


def test_the_same_form_twice_is_told_once(visitor: Client) -> None:
    colleague("each")
    for _ in range(2):
        ask(visitor, key="key-of-the-form")

    assert len(mails_to("each")) == 1


@pytest.mark.parametrize(
    ("groups", "fields"),
    [
        (("Editors",), {}),
        (("Sales",), {"is_active": False}),
        (("Sales",), {"is_staff": False}),
        (("Sales",), {"email": ""}),
        (("Sales",), {"email": "no address"}),
    ],
    ids=str,
)
@pytest.mark.parametrize("frequency", Frequency)
def test_who_may_not_read_leads_or_cannot_be_reached_is_told_nothing_and_in_nobody_s_way(
    visitor: Client, frequency: Frequency, groups: tuple[str, ...], fields: dict[str, Any]
) -> None:
    colleague("other", frequency, *groups, **fields)
    lead = asked_at(visitor, NOON + HOUR)

    send_digests(NOON + DAY)

    assert Lead.objects.get() == lead
    assert {message.to for message in Message.objects.all()} == {"hello@example.com", lead.email}


def test_once_a_day_one_mail_tells_of_all_since_the_last_and_names_nobody(visitor: Client) -> None:
    colleague("daily", Frequency.DAILY)
    first = asked_at(visitor, NOON + HOUR)
    second = asked_at(visitor, NOON + 2 * HOUR, name="The Second", email="second@example.com", company="Looms")

    report = send_digests(NOON + DAY)
    again = send_digests(NOON + DAY)
    third = asked_at(visitor, NOON + DAY + HOUR)
    send_digests(NOON + 2 * DAY)

    one, two = mails_to("daily")
    assert (one.subject, two.subject) == ("2 new leads", "1 new lead")
    assert first.staff_address in one.text
    assert second.staff_address in one.text
    assert "24 November, 13:00 UTC: Hire a fractional CTO (clear)" in one.text
    assert third.staff_address in two.text
    assert first.staff_address not in two.text
    assert not [words for words in ("Asker", "Engines", "Looms", "second@") if words in one.text + one.html]
    assert report == "Told 1 person of up to 2 new leads."
    assert again == "Nobody was to be told of anything new."


def test_on_a_day_without_leads_there_is_no_mail(visitor: Client) -> None:
    colleague("daily", Frequency.DAILY)
    asked_at(visitor, NOON - HOUR)
    spam = asked_at(visitor, NOON + HOUR)
    Lead.objects.filter(pk=spam.pk).update(status=Status.SPAM)

    send_digests(NOON + DAY)

    assert mails_to("daily") == []


def test_one_that_is_committed_just_now_is_told_the_next_day_and_not_lost(visitor: Client) -> None:
    colleague("daily", Frequency.DAILY)
    asked_at(visitor, NOON + DAY - COMMIT_DELAY + SECOND)

    send_digests(NOON + DAY)
    early = mails_to("daily")
    send_digests(NOON + 2 * DAY)

    assert early == []
    assert len(mails_to("daily")) == 1


def test_one_that_is_sent_twice_on_a_day_tells_of_the_rest(visitor: Client) -> None:
    colleague("daily", Frequency.DAILY)
    asked_at(visitor, NOON + HOUR)
    send_digests(NOON + 2 * HOUR)
    asked_at(visitor, NOON + 3 * HOUR)

    send_digests(NOON + 4 * HOUR)

    assert [mail.subject for mail in mails_to("daily")] == ["1 new lead"] * 2


def test_a_mail_of_very_many_leads_has_an_end(lead: Lead) -> None:
    colleague("daily", Frequency.DAILY)
    Lead.objects.all().delete()
    lead.person = Person.objects.get()
    lead.consented_at = lead.requested_at = NOON + HOUR
    Lead.objects.bulk_create(
        Lead(**{field.attname: getattr(lead, field.attname) for field in Lead._meta.fields if field.name != "id"})
        for _ in range(MAX_LISTED_LEADS + 2)
    )

    send_digests(NOON + DAY)

    (mail,) = mails_to("daily")
    assert mail.subject == f"{MAX_LISTED_LEADS + 2} new leads"
    assert "And 2 more" in mail.text
    assert mail.text.count("/admin/leads/lead/") == MAX_LISTED_LEADS


def test_it_is_a_daily_job_of_the_morning() -> None:
    assert daily_job in daily_jobs()

    assert (daily_job.name, daily_job.run, daily_job.hour) == ("Digest of new leads", send_digests, DIGEST_HOUR)


def test_what_was_told_at_once_goes_with_the_lead(visitor: Client) -> None:
    colleague("each")
    lead = ask(visitor)

    forget(about=lead.topic)

    assert mails_to("each") == []


def test_everyone_chooses_for_themselves(sales: Client) -> None:
    other = colleague("other", Frequency.DAILY)
    add = reverse("admin:leads_leadalert_add")

    sales.post(add, {"frequency": "at-once", "user": str(other.user_id)})
    page = read_admin(sales, admin_list(LeadAlert))

    mine = LeadAlert.objects.exclude(pk=other.pk).get()
    assert (mine.user.get_username(), mine.frequency) == ("one of Sales", "at-once")
    assert len(page.texts("table[@id='result_list']/tbody/tr")) == 1
    assert sales.get(add).status_code == 403
    sales.post(admin_address(other, "delete"), {"post": "yes"})
    sales.post(admin_address(other), {"frequency": "at-once"})
    assert LeadAlert.objects.get(pk=other.pk).frequency == Frequency.DAILY
    sales.post(admin_address(mine, "delete"), {"post": "yes"})
    assert [*LeadAlert.objects.all()] == [other]


def test_who_chooses_is_told_when_it_comes_or_why_it_does_not(superuser: Client) -> None:
    alert, without = colleague("other"), colleague("without", email="")

    daily = save_in_admin(superuser, alert, {"frequency": "daily"})
    nowhere = save_in_admin(superuser, without, {"frequency": "daily"})

    assert f"The mail of the day goes out at {DIGEST_HOUR}:00 (UTC)." in daily.text("ul[@class='messagelist']")
    assert "No mail goes there yet" in nowhere.text("ul[@class='messagelist']")


def test_who_changes_to_once_a_day_is_not_told_of_what_came_before(superuser: Client, visitor: Client) -> None:
    alert = colleague("other")
    asked_at(visitor, NOON + HOUR)
    with time_machine.travel(NOON + 2 * HOUR, tick=False):
        save_in_admin(superuser, alert, {"frequency": "daily"})

    send_digests(NOON + 3 * HOUR + MINUTE)

    assert [mail.subject for mail in mails_to("other")] == ["New lead: The Asker, Engines Ltd"]
