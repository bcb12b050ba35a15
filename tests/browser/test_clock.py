"""A page and the site that it comes from agree about what time it is."""

from datetime import datetime, timedelta
from email.utils import parsedate_to_datetime

from tests.browser.conftest import NewVisitor
from tests.clock import NOW
from tests.site.walks import CTO


def test_a_page_has_the_clock_of_the_site(new_visitor: NewVisitor) -> None:
    page = new_visitor()
    answer = page.goto(CTO.call)
    assert answer

    served = parsedate_to_datetime(answer.headers["date"])
    shown = datetime.fromisoformat(page.evaluate("new Date().toISOString()"))

    assert served.date() == NOW.date()
    assert abs(shown - served) < timedelta(minutes=5)
