"""The call page with its times: what is shown, what is taken, what is refused, and nothing lost."""

from datetime import time, timedelta

import pytest
from django.test import Client

from advisor.booking.models import Call, CallStatus, Host, Place
from advisor.booking.picker import MAX_TIMES
from advisor.content.editions import LoadedEdition
from advisor.content.models import Outcome
from advisor.leads.models import Lead
from tests.assessment.addresses import call
from tests.assessment.reading import FRAGMENT, Page, query_of, read
from tests.assessment.soundness import flaws
from tests.booking.conftest import Book
from tests.booking.hosts import MONDAY, half_hour, make_host, value
from tests.conftest import ANSWERS, database_down
from tests.leads.asking import EVERYTHING, message_beside, post

IN_NEW_YORK = {"zone": "America/New_York"}
CHOSEN = EVERYTHING | {"slot": value(half_hour(0))} | IN_NEW_YORK


def offered(page: Page) -> list[str]:
    """The values of the times that can be chosen."""
    return [field.attrib["value"] for field in page.all("input[@type='radio']") if field.get("value") != "none"]


def labels(page: Page) -> list[str]:
    """What is said beside each time, with what only screen readers get."""
    return page.texts("fieldset[@id='times']//label")


def legend(page: Page) -> str:
    """What is said above the times: which days, and in which zone."""
    return page.text("fieldset[@id='times']/legend")


@pytest.mark.usefixtures("published")
def test_without_a_host_it_is_the_simple_request(visitor: Client) -> None:
    page = read(visitor, call())

    assert not page.all("fieldset[@id='times']")
    assert post(visitor, **EVERYTHING).status_code == 302
    assert not Call.objects.exists()


@pytest.mark.parametrize("headers", [{}, FRAGMENT], ids=["whole", "fragment"])
def test_the_free_half_hours_of_a_week_are_there_with_day_and_zone_in_their_names(
    visitor: Client, host: Host, headers: dict[str, str]
) -> None:
    page = read(visitor, f"{call()}&zone=America/New_York", headers=headers)

    assert flaws(page) == []
    assert offered(page)[:6] == [value(half_hour(number)) for number in range(6)]
    assert labels(page)[0] == "02:00"
    assert legend(page).endswith("Times for New York, UTC−5.")
    assert page.texts("fieldset[@id='times']//h2")[:2] == ["Monday, 30 November", "Tuesday, 1 December"]
    assert page.all("div[@role='group']")[0].get("aria-label") == "Monday, 30 November, other hours"


def test_without_a_zone_times_are_the_hosts_and_say_so(visitor: Client, host: Host) -> None:
    page = read(visitor, call())

    assert labels(page)[:2] == ["Next free time Monday, 30 November, 09:00", "09:30"]
    assert legend(page).endswith("Times for Riga, UTC+2.")
    assert page.all("form[@data-guess-zone]")


def test_the_week_can_be_changed_by_links_and_the_zone_stays(visitor: Client, host: Host) -> None:
    page = read(visitor, f"{call()}&zone=America/New_York")
    assert "Previous week" not in [words for words, _ in page.links()]

    later = read(visitor, page.link("Next week"))
    back = read(visitor, later.link("Previous week"))

    assert offered(later)[0] > offered(page)[-1]
    assert legend(later).endswith("Times for New York, UTC−5.")
    assert offered(back) == offered(page)
    assert later.one("fieldset[@id='times']/legend").get("data-focus") is not None


def test_weeks_end_with_the_horizon(visitor: Client, published: LoadedEdition) -> None:
    make_host(horizon_days=10)
    page = read(visitor, call())

    weeks = 0
    while "Next week" in [words for words, _ in page.links()]:
        page, weeks = read(visitor, page.link("Next week")), weeks + 1

    assert weeks == 1
    assert offered(page)


def test_a_first_week_without_free_times_is_passed_over(visitor: Client, host: Host) -> None:
    host.exceptions.create(first_day=MONDAY.date(), last_day=(MONDAY + timedelta(days=8)).date())

    page = read(visitor, call())

    assert offered(page)[0] == value(half_hour(0) + timedelta(days=9))


@pytest.mark.parametrize("week", ["2026-13-77", "yesterday", "0001-01-01", "9999-12-31", "\x00"])
def test_a_week_that_makes_no_sense_is_one_that_does(visitor: Client, host: Host, week: str) -> None:
    answer = visitor.get(call(), query_params=dict(query_of(call())) | {"week": week})

    assert answer.status_code == 200


def test_a_zone_that_does_not_exist_is_reported_and_times_are_shown_all_the_same(visitor: Client, host: Host) -> None:
    page = read(visitor, f"{call()}&zone=Mars/Olympus")

    assert "We do not know the time zone “Mars/Olympus”" in page.text("form[@class='zone']")
    assert offered(page)
    assert flaws(page) == []


def test_a_zone_by_an_older_name_is_taken_for_what_it_is_called_today(visitor: Client, host: Host) -> None:
    page = read(visitor, f"{call()}&zone=Asia/Calcutta")

    (chosen,) = page.all("select[@id='id_zone']//option[@selected]")
    assert chosen.get("value") == "Asia/Kolkata"
    assert labels(page)[0] == "Next free time Monday, 30 November, 12:30"
    assert legend(page).endswith("Times for Kolkata, UTC+5:30.")


def test_a_zone_in_which_nobody_lives_is_in_the_list_once_it_is_chosen(visitor: Client, host: Host) -> None:
    page = read(visitor, f"{call()}&zone=Etc/GMT-5")

    (chosen,) = page.all("select[@id='id_zone']//option[@selected]")
    assert chosen.get("value") == "Etc/GMT-5"
    assert offered(page)


def test_a_call_is_booked_in_a_zone_by_an_older_name(visitor: Client, host: Host) -> None:
    post(visitor, **CHOSEN | {"zone": "Asia/Calcutta"})

    assert Call.objects.get().zone == "Asia/Kolkata"


def test_a_time_is_booked_together_with_the_lead(visitor: Client, host: Host) -> None:
    answer = post(visitor, **CHOSEN)

    booked = Call.objects.get()
    page = read(visitor, answer["Location"])
    assert (booked.host, booked.lead, booked.begins_at) == (host, Lead.objects.get(), half_hour(0))
    assert booked.ends_at - booked.begins_at == timedelta(minutes=30)
    assert (booked.zone, booked.status) == ("America/New_York", CallStatus.BOOKED)
    assert "Your call is booked." in page.text("main")
    assert "Monday, 30 November 2026, 02:00 (New York, UTC−5)" in page.text("main")
    assert value(half_hour(0)) not in offered(read(visitor, call()))


def test_none_of_these_is_the_request_in_words(visitor: Client, host: Host) -> None:
    answer = post(visitor, **EVERYTHING, slot="none", zone="Europe/Riga")

    assert answer.status_code == 302
    assert Lead.objects.get().availability == "Tuesday mornings, Riga"
    assert not Call.objects.exists()


def test_the_week_that_was_turned_to_is_shown_again_with_what_is_wrong(visitor: Client, host: Host) -> None:
    later = read(visitor, read(visitor, f"{call()}&zone=Europe/Riga").link("Next week"))

    refused = Page(later.form.send(visitor, EVERYTHING), call())

    assert refused.errors == ["Please choose a time, or “None of these suits me”."]
    assert offered(refused) == offered(later)


def test_a_time_has_to_be_chosen(visitor: Client, host: Host) -> None:
    page = Page(post(visitor, **EVERYTHING, zone="Europe/Riga"), call())

    assert page.errors == ["Please choose a time, or “None of these suits me”."]
    href = next(href for words, href in page.links() if words.startswith("Please choose a time"))
    assert page.one(f"input[@id='{href.removeprefix('#')}']").get("name") == "slot"


@pytest.mark.parametrize(
    "slot",
    [
        "tomorrow",
        "2026-11-30T07:00",
        "2026-11-30T07:00+00:00",
        "2026-11-30 07:00Z",
        "2026-11-31T07:00Z",
        "2026-11-30T25:00Z",
        "2026-11-30T7:00Z",
        "٢٠٢٦-11-30T07:00Z",
        "9999-12-31T23:30Z",
        "0001-01-01T00:00Z",
        "x" * 10_000,
    ],
)
def test_what_is_not_a_time_is_said_to_be_none(visitor: Client, host: Host, slot: str) -> None:
    page = Page(post(visitor, **EVERYTHING | {"slot": slot} | IN_NEW_YORK), call())

    assert page.errors == ["That is not one of the times. Please choose one of these."]
    assert not Lead.objects.exists()


@pytest.mark.parametrize(
    "slot",
    [
        pytest.param("2026-11-23T07:00Z", id="past"),
        pytest.param("2026-11-30T10:00Z", id="outside the hours"),
        pytest.param("2026-11-30T07:10Z", id="between the steps"),
        pytest.param("2027-03-28T01:30Z", id="beyond the horizon, skipped by the clock"),
        pytest.param("2099-12-31T23:30Z", id="at the end of the century"),
    ],
)
def test_a_time_that_is_not_offered_is_refused_with_the_nearest_and_nothing_is_lost(
    visitor: Client, host: Host, slot: str
) -> None:
    page = Page(post(visitor, **CHOSEN | {"slot": slot}), call())

    typed = dict(page.form.pairs())
    assert page.errors[0].startswith("That time has just been taken, or is not offered any more.")
    assert typed["name"] == EVERYTHING["name"]
    assert len(offered(page)) == 6
    assert flaws(page) == []
    assert not Lead.objects.exists()


def test_who_comes_second_keeps_what_was_typed_and_gets_the_nearest_times(
    visitor: Client, host: Host, book: Book
) -> None:
    book(2)

    page = Page(post(visitor, **CHOSEN | {"slot": value(half_hour(2)), "email": "second@example.com"}), call())

    tuesday = half_hour(0) + timedelta(days=1)
    assert "That time has just been taken" in page.errors[0]
    assert offered(page) == [value(half_hour(number)) for number in (0, 1, 3, 4, 5)] + [value(tuesday)]
    assert page.one("input[@name='email']").get("value") == "second@example.com"
    assert page.one("input[@name='consent']").get("checked") is not None
    assert Lead.objects.count() == Call.objects.count() == 1


def test_a_cancelled_call_leaves_its_time_free(visitor: Client, host: Host, book: Book) -> None:
    book(0)
    Call.objects.update(status=CallStatus.CANCELLED)

    again = book(0, email="second@example.com")

    assert again.begins_at == half_hour(0)


def test_a_zone_that_does_not_exist_is_refused_beside_its_field(visitor: Client, host: Host) -> None:
    page = Page(post(visitor, **CHOSEN | {"zone": "Mars/Olympus"}), call())

    assert message_beside(page, "zone") == "We do not know this time zone. Please choose yours from the list."
    assert flaws(page) == []
    assert not Lead.objects.exists()


def test_the_same_form_twice_is_one_call(visitor: Client, host: Host) -> None:
    first, second = (post(visitor, **CHOSEN, key="key-of-the-form") for _ in range(2))

    assert first["Location"] == second["Location"]
    assert Lead.objects.count() == Call.objects.count() == 1


def test_the_same_form_with_another_time_is_asked_about(visitor: Client, host: Host) -> None:
    post(visitor, **CHOSEN, key="key-of-the-form")

    page = Page(post(visitor, **CHOSEN | {"slot": value(half_hour(1))}, key="key-of-the-form"), call())

    assert "This form was sent once already" in page.errors[0]
    assert Call.objects.count() == 1


def test_whoever_has_fewest_calls_for_their_weight_takes_the_next(host: Host, book: Book) -> None:
    heavy = make_host("Another host", weight=2)

    taken = [book(number, email=f"asker{number}@example.com").host for number in range(6)]

    assert taken.count(heavy) == 4
    assert taken.count(host) == 2


def test_a_time_is_free_as_long_as_one_host_is(visitor: Client, host: Host, book: Book) -> None:
    make_host("Another host")
    book(0)

    second = book(0, email="second@example.com")
    third = Page(post(visitor, **CHOSEN | {"email": "third@example.com"}), call())

    assert second.begins_at == half_hour(0)
    assert "just been taken" in third.errors[0]


def test_only_hosts_who_take_the_outcome_are_offered(visitor: Client, host: Host) -> None:
    host.takes_every_outcome = False
    host.save()
    host.outcomes.add(Outcome.objects.get(key="head-of-ai"))

    assert not offered(read(visitor, call(ANSWERS["fractional-cto"])))
    assert offered(read(visitor, call(ANSWERS["head-of-ai"])))


def test_a_host_who_is_not_active_is_not_offered(visitor: Client, host: Host) -> None:
    Host.objects.update(is_active=False)

    page = Page(post(visitor, **CHOSEN), call())
    again = page.form.send(visitor)

    assert "No times are offered any more" in page.errors[0]
    assert page.one("input[@name='name']").get("value") == EVERYTHING["name"]
    assert again.status_code == 302
    assert not Call.objects.exists()


def test_who_is_called_by_phone_gives_a_number(visitor: Client, host: Host) -> None:
    Host.objects.update(place=Place.PHONE)

    without = Page(post(visitor, **CHOSEN | {"phone": ""}), call())

    assert "give a number" in message_beside(without, "phone")
    assert without.all("input[@name='slot'][@checked]")[0].get("value") == CHOSEN["slot"]
    assert post(visitor, **CHOSEN).status_code == 302


def test_while_the_database_is_gone_the_form_is_shown_without_times_and_keeps_the_chosen_one(
    visitor: Client, host: Host
) -> None:
    with database_down():
        shown = visitor.get(call())
        refused = post(visitor, **CHOSEN, key="key-of-the-form")

    page = Page(refused, call())
    assert shown.status_code == 200
    assert refused.status_code == 503
    assert dict(page.form.pairs())["slot"] == CHOSEN["slot"]
    assert "Your time: Monday, 30 November 2026, 02:00 (New York, UTC−5)" in page.text("form[@method='post']")
    assert page.form.send(visitor).status_code == 302
    assert Call.objects.get().begins_at == half_hour(0)


def test_a_lead_is_not_kept_without_the_call_it_was_sent_with(visitor: Client, host: Host) -> None:
    with database_down(only='INSERT INTO "booking_call"'):
        answer = post(visitor, **CHOSEN)

    assert answer.status_code == 503
    assert not Lead.objects.exists()


def test_a_form_is_kept_whatever_is_missing_of_the_database(visitor: Client, host: Host) -> None:
    with database_down(only="booking_call"):
        answer = post(visitor, **CHOSEN)

    page = Page(answer, call())
    kept = dict(page.form.pairs())
    assert answer.status_code == 503
    assert flaws(page) == []
    assert {name: kept[name] for name in ("name", "slot", "zone")} == {
        name: CHOSEN[name] for name in ("name", "slot", "zone")
    }
    assert page.form.send(visitor).status_code == 302
    assert Call.objects.get().begins_at == half_hour(0)


@pytest.mark.parametrize(
    ("languages", "said", "time"),
    [
        ("", "", "09:30"),
        ("en-US,en;q=0.9", "", "9:30 am"),
        ("de-DE,en-US;q=0.5", "", "09:30"),
        ("en-GB", "", "09:30"),
        ("en;q=0.1, hi", "", "9:30 am"),
        ("en-US", "&clock=24", "09:30"),
        ("lv", "&clock=12", "9:30 am"),
        ("en-US", "&clock=13", "9:30 am"),
        ("*", "", "09:30"),
    ],
)
def test_the_clock_is_the_one_of_the_browsers_language_or_the_one_in_the_address(
    visitor: Client, host: Host, languages: str, said: str, time: str
) -> None:
    page = read(visitor, f"{call()}&zone=Europe/Riga{said}", headers={"Accept-Language": languages})

    assert labels(page)[1] == time
    assert "Accept-Language" in page.response["Vary"]
    assert page.response.cookies.keys() <= {"csrftoken"}


def test_a_chosen_clock_stays_from_week_to_week_and_in_a_form_that_is_refused(visitor: Client, host: Host) -> None:
    page = read(visitor, f"{call()}&zone=Europe/Riga&clock=12")

    later = read(visitor, page.link("Next week"))
    refused = Page(later.form.send(visitor, EVERYTHING), call())

    assert "10:00 am" in labels(later)
    assert labels(refused) == labels(later)


def test_a_day_has_its_parts_and_other_hours_are_folded(visitor: Client, published: LoadedEdition) -> None:
    make_host(hours=(0, 23))

    page = read(visitor, f"{call()}&zone=Europe/Riga&week=2026-11-30")

    monday = page.all("details[@class='of-day']")[0]
    parts = [element.get("aria-label") for element in monday.iter("div") if element.get("role") == "group"]
    assert parts == [f"Monday, 30 November, {part}" for part in ("morning", "afternoon", "evening", "other hours")]
    (other,) = [element for element in monday.iter("details") if element.get("class") == "other"]
    assert other.get("open") is None
    folded = ["".join(label.itertext()) for label in other.iter("label")]
    assert {"02:00", "06:30", "22:00", "22:30"} <= set(folded)
    assert not {"07:00", "21:30"} & set(folded)


def test_a_chosen_time_among_other_hours_is_not_folded_away(visitor: Client, published: LoadedEdition) -> None:
    make_host(hours=(0, 23))
    slot = value(MONDAY)

    page = Page(post(visitor, **EVERYTHING | {"slot": slot, "zone": "Europe/Riga", "name": ""}), call())

    (opened,) = [fold for fold in page.all("details[@class='other']") if fold.get("open") is not None]
    assert [field.get("value") for field in opened.iter("input") if field.get("checked") is not None] == [slot]


def test_the_page_of_many_hosts_around_the_clock_stays_small(visitor: Client, published: LoadedEdition) -> None:
    for number in range(4):
        host = make_host(f"Host {number}", hours=(0, 1))
        host.windows.all().delete()
        for weekday in range(7):
            host.windows.create(weekday=weekday, begins=time(0, 7 * number), ends=time(23, 59))

    page = read(visitor, f"{call()}&zone=Europe/Riga&week=2026-11-30")

    assert 180 <= len(offered(page)) <= MAX_TIMES
    assert len(page.response.content) < 60_000
    later = read(visitor, page.link("Next week"))
    assert min(offered(later)) == value(half_hour(-18) + timedelta(days=len(page.all("details[@class='of-day']"))))


def test_where_the_clock_is_changed_each_day_and_each_time_says_its_offset(
    visitor: Client, published: LoadedEdition
) -> None:
    host = make_host(hours=(3, 5), horizon_days=365)
    for weekday in (5, 6):
        host.windows.create(weekday=weekday, begins=time(3), ends=time(5))

    page = read(visitor, f"{call()}&zone=Europe/Riga&week=2027-10-29")

    assert legend(page).endswith("Times for Riga.")
    assert page.texts("details[@class='of-day']/summary/span") == [
        *["UTC+3, 4 times"] * 2,
        "UTC+2, 6 times",
        *["UTC+2, 4 times"] * 4,
    ]
    assert [words for words in labels(page) if "UTC" in words] == [
        *["03:00 UTC+3", "03:30 UTC+3", "03:00 UTC+2", "03:30 UTC+2", "04:00 UTC+2", "04:30 UTC+2"]
    ]


def test_what_nobody_has_to_say_is_folded_until_it_is_said(visitor: Client, host: Host) -> None:
    empty = read(visitor, call())
    refused = Page(post(visitor, **EVERYTHING | {"name": "", "slot": "none", "zone": "Europe/Riga"}), call())

    folded = [field.get("name") for field in empty.one("details[@class='fold']").iter() if field.get("name")]
    assert folded == ["job_title", "phone", "employees", "message"]
    assert empty.one("details[@class='fold']").get("open") is None
    assert refused.one("details[@class='fold']").get("open") is not None


def test_the_time_comes_first_then_name_address_and_company(visitor: Client, host: Host) -> None:
    page = read(visitor, call())

    names = list(dict.fromkeys(field.get("name", "") for field in page.one("form[@method='post']").iter("input")))
    assert [name for name in names if name in {*EVERYTHING, "slot"}] == [
        *("slot", "availability", "name", "email", "company", "job_title", "phone", "consent")
    ]
