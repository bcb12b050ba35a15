"""Public holidays are days off of a host who says so; the page of a week says what is offered and why not."""

from datetime import UTC, date, datetime, time, timedelta

import pytest
from django.core.exceptions import ValidationError
from django.test import Client

from advisor.booking.availability import reason_against
from advisor.booking.models import Host
from advisor.booking.public_holidays import countries, regions
from advisor.booking.slots import UnavailableReason
from tests.booking.conftest import Book
from tests.booking.hosts import make_host
from tests.booking.test_hours_page import page_of, send
from tests.clock import NOW
from tests.content.admin_pages import read_admin

CHRISTMAS_EVE = date(2026, 12, 24)
NINE = datetime(2026, 12, 24, 7, tzinfo=UTC)
"""By the clock of Riga, on Christmas Eve, a Thursday."""


@pytest.fixture
def latvian(db: None) -> Host:
    return make_host("The Latvian", holidays_of="LV", horizon_days=60)


def test_nobody_books_a_host_on_a_public_holiday(latvian: Host) -> None:
    assert reason_against(latvian, NOW, NINE) == UnavailableReason.HOLIDAY
    assert reason_against(latvian, NOW, NINE - timedelta(days=1)) is None
    assert reason_against(make_host("Another", horizon_days=60), NOW, NINE) is None


def test_extra_hours_hold_on_a_public_holiday(latvian: Host) -> None:
    latvian.exceptions.create(
        first_day=CHRISTMAS_EVE, last_day=CHRISTMAS_EVE, is_extra=True, begins=time(9), ends=time(10)
    )

    assert reason_against(latvian, NOW, NINE) is None
    assert reason_against(latvian, NOW, NINE + timedelta(hours=1)) == UnavailableReason.HOLIDAY


def test_a_public_holiday_is_no_working_day(latvian: Host) -> None:
    latvian.notice, latvian.notice_unit = 1, "working-days"

    # From Wednesday on, over Christmas and a weekend, to Monday at the same time.
    assert latvian.schedule.earliest(NINE - timedelta(days=1)) == datetime(2026, 12, 28, 7, tzinfo=UTC)


def test_a_region_has_its_own_holidays_and_is_found_however_it_is_typed() -> None:
    bavarian = Host(holidays_of="DE", holidays_region="by")
    bavarian.clean()

    epiphany = date(2027, 1, 6)
    assert bavarian.holidays_region == "BY"
    assert epiphany in bavarian.holidays
    assert epiphany not in Host(holidays_of="DE").holidays


def test_a_region_that_a_country_does_not_have_is_refused_with_those_that_it_has() -> None:
    with pytest.raises(ValidationError) as refused:
        Host(holidays_of="DE", holidays_region="Texas").clean()

    assert "There is no region “Texas”. It is one of BB, BE, BW, BY" in str(refused.value)


def test_every_country_that_is_offered_has_a_name_and_holidays() -> None:
    assert (countries()["DE"], countries()["BA"], countries()["US"]) == (
        "Germany",
        "Bosnia and Herzegovina",
        "United States",
    )
    assert "BY" in regions("DE")
    assert all(
        Host(holidays_of=code).holidays.following(CHRISTMAS_EVE) for code in ("LV", "DE", "US", "GB", "IN", "JP", "BR")
    )


def test_a_host_says_whose_holidays_are_days_off_and_sees_the_next(superuser: Client, host: Host) -> None:
    refused = send(superuser, host, holidays_of="LV", holidays_region="Texas", **{"windows-0-begins": "08:00"})

    assert "There is no region “Texas”. It is empty here." in refused.content.decode()
    assert "08:00" in refused.content.decode()
    host.refresh_from_db()
    assert host.holidays_of == ""

    send(superuser, host, holidays_of="LV")

    host.refresh_from_db()
    assert (host.holidays_of, host.holidays_region) == ("LV", "")
    assert "Thursday, 24 December 2026" in read_admin(superuser, page_of(host)).text("details")


def test_calls_on_a_day_that_becomes_a_day_off_are_named(superuser: Client, host: Host, book: Book) -> None:
    book(0)

    # The day of Saint Andrew, on the very Monday of the call.
    send(superuser, host, holidays_of="GB", holidays_region="SCT")

    assert "Monday, 30 November 2026, 09:00" in read_admin(superuser, page_of(host)).text("form[@id='ask_form']")


def test_the_page_of_a_week_says_what_is_offered_and_why_not(superuser: Client, latvian: Host) -> None:
    page = read_admin(superuser, f"/admin/booking/host/{latvian.pk}/why/?week=2026-12-23")

    said = dict(zip(page.texts("dl/dt"), page.texts("dl/dd"), strict=True))
    assert list(said.items())[:3] == [
        ("Wednesday, 23 December 2026", "09:00–12:00: It is offered."),
        ("Thursday, 24 December 2026: Christmas Eve", "09:00–12:00: It is a public holiday of this host."),
        ("Friday, 25 December 2026: Christmas Day", "09:00–12:00: It is a public holiday of this host."),
    ]
    assert said["Sunday, 27 December 2026"] == "No hours."
    assert page.all("a[@href='?week=2026-12-30']")


def test_the_page_of_a_week_tells_calls_from_free_times(superuser: Client, host: Host, book: Book) -> None:
    book(1)

    page = read_admin(superuser, f"/admin/booking/host/{host.pk}/why/?day=2026-11-30&time=09:30")

    spans = page.texts("dl/dd")
    assert spans[:3] == [
        "09:00–09:30: It is offered.",
        "09:30–10:00: There is a call at that time.",
        "10:00–12:00: It is offered.",
    ]
    assert "There is a call at that time." in " ".join(page.texts("p[@role='status']"))
