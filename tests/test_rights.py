"""The decorator that stands before every page of our own in the admin."""

import pytest
from django.core.exceptions import PermissionDenied
from django.http import HttpRequest, HttpResponse
from django.test import RequestFactory

from advisor.posts import may_show_again, shows_again
from advisor.rights import requires


class Account:
    """An account that has some rights."""

    def __init__(self, *rights: str) -> None:
        self.rights = rights

    def has_perm(self, right: str) -> bool:
        return right in self.rights


@requires("leads.view_lead", "booking.view_call", to_send="leads.change_lead")
@shows_again
def page(request: HttpRequest) -> HttpResponse:
    return HttpResponse("Hello.")


def answered(method: str, *rights: str) -> int:
    request = RequestFactory().generic(method, "/")
    request.user = Account(*rights)  # type: ignore[assignment]
    return page(request).status_code


@pytest.mark.parametrize("right", ["leads.view_lead", "booking.view_call"])
def test_one_of_the_rights_opens_the_page(right: str) -> None:
    assert answered("GET", right) == 200


@pytest.mark.parametrize(
    ("method", "rights"), [("GET", ()), ("GET", ("leads.change_lead",)), ("POST", ("leads.view_lead",))]
)
def test_an_account_without_the_right_is_refused(method: str, rights: tuple[str, ...]) -> None:
    with pytest.raises(PermissionDenied):
        answered(method, *rights)


def test_an_account_that_may_send_the_form_sends_it() -> None:
    assert answered("POST", "leads.change_lead") == 200


def test_the_page_still_says_that_it_shows_a_refused_form_again() -> None:
    assert may_show_again(page)
