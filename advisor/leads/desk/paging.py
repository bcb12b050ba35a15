"""Pages of a long list by keys: the next one begins behind the last row that was seen, wherever that is in the table.

The address of a page holds the row: ``after=2027-03-01T12:00:00+00:00_4711``.
"""

from collections.abc import Callable
from datetime import UTC, date, datetime
from typing import Any

import msgspec
from django.db.models import Q, QuerySet

from advisor.leads.models import Lead
from advisor.text import parse_key

PAGE_SIZE = 50


def _instant(text: str) -> datetime:
    moment = datetime.fromisoformat(text)
    if moment.tzinfo is None or not 2000 <= moment.year < 2200:
        raise ValueError(text)
    return moment.astimezone(UTC)


def _number(text: str) -> int:
    if (number := parse_key(text)) is None:
        raise ValueError(text)
    return number


class Order(msgspec.Struct, frozen=True):
    """By a field, and among equals by key in the same direction; ``read`` gets the field's value out of an address."""

    name: str
    field: str
    descending: bool
    read: Callable[[str], Any]

    def sorted_by(self, *, backward: bool = False) -> tuple[str, str]:
        """As Django names it, from the first to the last or back."""
        sign = "-" if self.descending != backward else ""
        return f"{sign}{self.field}", f"{sign}id"


ORDERS = {
    "newest": Order("newest first", "requested_at", descending=True, read=_instant),
    "priority": Order("by priority", "priority", descending=True, read=_number),
    "step": Order("by due date", "next_step_on", descending=False, read=date.fromisoformat),
    "call": Order("next call first", "call_at", descending=False, read=_instant),
    "past-call": Order("last call first", "call_at", descending=True, read=_instant),
}


class LeadsPage(msgspec.Struct, frozen=True):
    """A page of leads, with what the addresses of the pages before and after it hold; "" where there is none."""

    leads: list[Lead]
    before: str
    after: str


def page_of_leads(leads: QuerySet[Lead], order: Order, *, after: str = "", before: str = "") -> LeadsPage:
    """The page behind a row, or the one that ends before a row. An unreadable cursor gives the first page."""
    place, backward = _place(order, before or after), bool(before)
    if place is None:
        backward = False
    else:
        leads = leads.filter(_beyond(order, *place, descending=order.descending != backward))
    page = list(leads.order_by(*order.sorted_by(backward=backward))[: PAGE_SIZE + 1])
    more, page = len(page) > PAGE_SIZE, page[:PAGE_SIZE]
    if backward:
        page.reverse()
    has_before = more if backward else place is not None
    has_after = backward or more
    return LeadsPage(
        page,
        before=_cursor(order, page[0]) if page and has_before else "",
        after=_cursor(order, page[-1]) if page and has_after else "",
    )


def _beyond(order: Order, value: Any, key: int, *, descending: bool) -> Q:
    """Whatever comes after a row. The bound on the field alone comes first: the usual way to say this, with OR on the
    outside, keeps both databases from going straight to the place in the index.
    """
    reach, pass_by = ("lte", "lt") if descending else ("gte", "gt")
    field = order.field
    return Q(**{f"{field}__{reach}": value}) & (Q(**{f"{field}__{pass_by}": value}) | Q(**{f"id__{pass_by}": key}))


def _place(order: Order, cursor: str) -> tuple[Any, int] | None:
    value, _, key = cursor.rpartition("_")
    try:
        return order.read(value), _number(key)
    except ValueError:
        return None


def _cursor(order: Order, lead: Lead) -> str:
    value = getattr(lead, order.field)
    return f"{value if isinstance(value, int) else value.isoformat()}_{lead.pk}"
