"""Before anything is published."""

import pytest
from django.test import Client

from tests.content.admin_pages import read_admin


@pytest.mark.usefixtures("empty_database")
def test_before_anything_is_published_it_says_so(superuser: Client) -> None:
    page = read_admin(superuser, "/admin/insights/")

    assert page.texts("p[@role='status']") == ["Nothing is published yet, so there is nothing to count."]
    assert superuser.get("/admin/insights/funnel.csv").status_code == 404
    assert "Nothing is published yet" in read_admin(superuser, "/admin/insights/fit/").text("div[@id='content-main']")
