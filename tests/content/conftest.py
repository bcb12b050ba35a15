"""A clock that a test moves, the edition cache of a process that reads it, and one of everything that staff see."""

from dataclasses import dataclass
from typing import Any

import pytest
from django.contrib.auth import get_user_model
from django.test import Client

from advisor.accounts.models import Kind, LoginEvent
from advisor.booking.models import Call
from advisor.booking.slots import SLOT_LENGTH
from advisor.content import editions
from advisor.content.editions import EditionCache
from advisor.content.models import Scenario
from advisor.content.previews import make_link
from advisor.delivery.actions import send_mail
from advisor.delivery.models import Chore, ClockCheck, Endpoint, HeldRemoval
from advisor.feedback.models import Line
from advisor.leads.models import Lead, LeadAlert, Salesperson, Tag
from tests.booking.hosts import make_host
from tests.conftest import GUIDE
from tests.content.making import NOON, draft, tables_of_the_first_release
from tests.content.refusing import PASSWORD

OF_FORMS_AND_DOCUMENTS = {
    "test_changes_page.py",
    "test_condition_fields.py",
    "test_conditions.py",
    "test_declarations.py",
    "test_differences.py",
    "test_drawing.py",
    "test_first_scenarios.py",
    "test_formats.py",
    "test_guide_frame.py",
    "test_hints.py",
    "test_kept_through_a_login.py",
    "test_made_keys.py",
    "test_markdown.py",
    "test_need_page.py",
    "test_needs.py",
    "test_no_dead_end.py",
    "test_offering.py",
    "test_part_forms.py",
    "test_pasted.py",
    "test_proof_page.py",
    "test_prove.py",
    "test_proving.py",
    "test_refused_forms.py",
    "test_rows_page.py",
    "test_scenario_form.py",
    "test_table_page.py",
    "test_turning_texts.py",
    "test_walks.py",
}
"""What these say of forms, words and documents is the same wherever rows are kept. Each page of theirs is opened, and
each form sent, on both databases by ``test_every_address.py`` and ``tests/hostile``.
"""


def pytest_collection_modifyitems(items: list[pytest.Item]) -> None:
    for item in items:
        if item.path.parent.name == "content" and item.path.name in OF_FORMS_AND_DOCUMENTS:
            item.add_marker(pytest.mark.once)


@dataclass
class Clock:
    """Stands for the ``time`` module; moves only when it is told to."""

    now: float = 1000.0

    def monotonic(self) -> float:
        return self.now

    def pass_by(self, seconds: float) -> None:
        self.now += seconds


@pytest.fixture
def clock(monkeypatch: pytest.MonkeyPatch) -> Clock:
    clock = Clock()
    monkeypatch.setattr(editions, "time", clock)
    return clock


@pytest.fixture
def edition_cache(db: None, clock: Clock) -> EditionCache:
    """The edition cache of a process that has just read the first guide's edition 1."""
    edition_cache = EditionCache()
    edition_cache.live(GUIDE)
    return edition_cache


@pytest.fixture
def first_tables(db: None) -> None:
    """The draft has the rules and remarks of the first release, and no scenarios."""
    tables_of_the_first_release()


@pytest.fixture
def no_scenarios(db: None) -> None:
    """The first guide without its scenarios, which would refuse the deletion of what they name."""
    Scenario.objects.all().delete()


@pytest.fixture
def something_of_everything(lead: Lead) -> None:
    """Something to look at, for every model that is registered."""
    host = make_host("The host with a call")
    make_host("A host without one")
    Call.objects.create(
        host=host, lead=lead, begins_at=NOON, ends_at=NOON + SLOT_LENGTH, zone="UTC", booked_at=NOON, changed_at=NOON
    )
    send_mail(
        key="call-12-confirmation-1",
        about="call 12",
        to=lead.email,
        subject="Your call is booked",
        text="See you then.",
        html="<p>See you then.</p>",
        now=NOON,
    )
    LeadAlert.objects.create(user=host.user, frequency="daily")
    Endpoint.objects.create(name="CRM", address="https://8.8.8.8/hooks/advisor", events=["lead.created"])
    Chore.objects.create(name="dusting", day=NOON.date(), began_at=NOON, done_at=NOON, report="Dusted two shelves.")
    doubt = {"doubt": "The clock says 2029.", "doubted_at": NOON, "noted_at": NOON, "is_gap": True}
    ClockCheck.objects.create(pk=1, trusted_at=NOON, **doubt)
    HeldRemoval.objects.create(job="Retention", held_at=NOON, reason="The clock says 2029.", kinds=[], number=524)
    Salesperson.objects.create(user=host.user)
    Line.objects.create(guide=GUIDE, edition=1, outcome="fractional-cto", day=NOON.date(), text="We have one already.")
    LoginEvent.objects.create(at=NOON, kind=Kind.LOGGED_IN, account=host.user, name=host.user.get_username())
    Tag.objects.create(name="urgent")
    make_link(guide=draft(), purpose="A test", by="chief", days=1, now=NOON)


@pytest.fixture
def chief(db: None) -> Any:
    return get_user_model().objects.create_superuser("chief", password=PASSWORD)


@pytest.fixture
def strict(chief: Any) -> Client:
    """A browser of someone who may do everything, whose forms are checked as in production."""
    client = Client(enforce_csrf_checks=True)
    client.force_login(chief)
    return client
