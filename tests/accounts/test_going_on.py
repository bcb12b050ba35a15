"""Where a login leads."""

from typing import Any

from django.test import Client

from tests.accounts.entering import enter


def test_a_login_that_came_from_no_page_leads_to_the_front_page_of_the_admin(visitor: Client, colleague: Any) -> None:
    answer = enter(visitor, "colleague")

    assert (answer.status_code, answer["Location"]) == (302, "/admin/")
    assert visitor.get(answer["Location"]).status_code == 200
