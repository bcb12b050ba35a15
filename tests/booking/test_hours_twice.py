"""The hours of a host, sent twice as by a double press without scripts, are there once."""

import pytest
from django.test import Client

from tests.assessment.reading import Form
from tests.booking.hosts import make_host
from tests.content.admin_pages import admin_address, read_admin

pytestmark = pytest.mark.django_db


def test_hours_and_time_off_are_added_once(sales: Client, published: object) -> None:
    host = make_host()
    hours, off = host.windows.count(), host.exceptions.count()
    form = Form(read_admin(sales, admin_address(host)).one("form[@id='host_form']"), admin_address(host))
    added = {
        "windows-TOTAL_FORMS": str(hours + 1),
        f"windows-{hours}-host": str(host.pk),
        f"windows-{hours}-weekday": "6",
        f"windows-{hours}-begins": "08:00",
        f"windows-{hours}-ends": "08:30",
        "exceptions-TOTAL_FORMS": str(off + 1),
        f"exceptions-{off}-host": str(host.pk),
        f"exceptions-{off}-first_day": "2027-12-24",
        f"exceptions-{off}-last_day": "2027-12-26",
    }
    sent = form.pairs()
    body = {name: [value for other, value in sent if other == name] for name, _ in sent} | added

    answers = [sales.post(form.address, body) for _ in range(2)]

    assert [answer.status_code for answer in answers] == [302, 302]
    assert host.windows.count() == hours + 1
    assert host.exceptions.count() == off + 1
