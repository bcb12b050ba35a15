"""Hosts of a running site, and the times that it offers."""

from typing import Any

from tests.server import RunningSite
from tests.site.client import ask, document
from tests.site.walks import CTO

MAKE = """
from datetime import time
from tests.booking.hosts import make_host
host = make_host({name!r}, **{fields!r})
host.windows.all().delete()
for weekday in range(7):
    host.windows.create(weekday=weekday, begins=time(0), ends=time(23, 30))
"""


def add_host(site: RunningSite, name: str = "The host", **fields: Any) -> None:
    """A host who can be called at all times, a year ahead."""
    made = MAKE.format(name=name, fields={"horizon_days": 300, "zone": "UTC"} | fields)
    site.manage("shell", "--no-imports", "--command", made)


def offered(text: str) -> list[str]:
    """The values of the times on a page."""
    fields = document(text).iter("input")
    return [
        str(field.get("value")) for field in fields if field.get("type") == "radio" and field.get("value") != "none"
    ]


def free(site: RunningSite, week: str = "") -> list[str]:
    """The times that the call page offers, in a week or in the next."""
    answer = ask(site, f"{CTO.call}&zone=UTC&week={week}")
    assert answer.status == 200
    return offered(answer.text)
