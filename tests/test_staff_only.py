"""Sessions, accounts and messages are looked for on staff pages alone."""

import pytest
from django.test import Client

from advisor.settings import MIDDLEWARE
from tests.assessment.addresses import PAGES, call
from tests.conftest import ANSWERS

OF_STAFF = ("session", "user", "_messages")
"""What the middlewares of staff pages add to a request."""


@pytest.mark.usefixtures("published")
@pytest.mark.parametrize("address", [*PAGES.values(), call(ANSWERS["not-yet"]), "/no-such-page/"])
def test_of_a_visitor_nothing_is_looked_for_that_only_staff_have(staff: Client, address: str) -> None:
    request = staff.get(address).wsgi_request

    assert [name for name in OF_STAFF if hasattr(request, name)] == []


@pytest.mark.django_db
def test_a_staff_page_knows_who_is_logged_in_and_has_messages(staff: Client) -> None:
    request = staff.get("/admin/").wsgi_request

    assert request.user.is_authenticated
    assert [name for name in OF_STAFF if hasattr(request, name)] == [*OF_STAFF]


def test_every_form_is_protected_also_those_of_visitors() -> None:
    assert "django.middleware.csrf.CsrfViewMiddleware" in MIDDLEWARE
