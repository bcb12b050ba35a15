"""What staff, or a program with their login, may send to Django's own pages: whatever it is, no page fails over it."""

import re
from collections.abc import Iterator
from itertools import product
from typing import Any
from urllib.parse import urlencode

import pytest
from django.contrib import admin
from django.contrib.auth import get_user_model
from django.db import models, transaction
from django.test import Client
from django.urls import reverse

from advisor.booking.models import Call, Host
from advisor.content.models import Signal
from advisor.delivery.models import Chore, Message
from advisor.insights.guarded_admin import MAX_NEW_LINES
from advisor.leads.models import LeadAlert
from tests.assessment.reading import Form, Page
from tests.content.admin_pages import admin_address, admin_list, read_admin
from tests.content.making import draft

pytestmark = [pytest.mark.django_db, pytest.mark.usefixtures("something_of_everything")]

HUGE = "9" * 20
"""More than any column can hold."""

VALUES = ["", "-1", "1_000", "9999", HUGE, "9" * 5000, "a\0b"]

OWN_LISTS = {"Lead"}
"""Those whose list is a page of ours, with tests of its own."""

LISTS = [model for model in admin.site._registry if model.__name__ not in OWN_LISTS]
EVERY_LIST = pytest.mark.parametrize("model", LISTS, ids=lambda model: model.__name__)


@pytest.fixture
def chief_at_work(superuser: Client) -> Client:
    """Someone who may do everything, and is shown the page for an error in place of the error."""
    superuser.raise_request_exception = False
    return superuser


def parameters(model: type[models.Model]) -> Iterator[str]:
    """Everything that the address of a list may say."""
    yield from ("p", "o", "q", "all", "e", "_popup", "_to_field", "_facets", "id__exact", "pk")
    registered = admin.site._registry[model]
    if registered.date_hierarchy:
        yield from (f"{registered.date_hierarchy}__{part}" for part in ("year", "month", "day"))
    for one in registered.list_filter:
        if isinstance(one, str):
            yield from (f"{one}__exact", f"{one}__id__exact", f"{one}__isnull", one)
        else:
            yield one.parameter_name  # type: ignore[union-attr]


@EVERY_LIST
def test_no_list_fails_over_what_its_address_says(chief_at_work: Client, model: type[models.Model]) -> None:
    asked = [(name, value) for name in parameters(model) for value in VALUES]

    failed = [pair for pair in asked if chief_at_work.get(admin_list(model), dict([pair])).status_code >= 500]

    assert failed == []


@pytest.mark.parametrize("model", [Call, Chore])
@pytest.mark.parametrize(
    "date",
    [
        {"year": HUGE},
        {"year": "9999", "month": "12", "day": "31"},
        {"year": "2027", "month": HUGE},
        {"year": "2027", "month": "13"},
        {"year": "2027", "month": "2", "day": "30"},
        {"year": "2027", "month": "2", "day": HUGE},
        {"month": "2", "day": "30"},
        {"year": "2027", "day": "1"},
    ],
    ids=str,
)
def test_a_date_that_is_none_leads_back_to_the_whole_list(
    superuser: Client, model: type[models.Model], date: dict[str, str]
) -> None:
    field = admin.site._registry[model].date_hierarchy

    answer = superuser.get(admin_list(model), {f"{field}__{part}": value for part, value in date.items()})

    assert (answer.status_code, answer["Location"]) == (302, f"{admin_list(model)}?e=1")


@pytest.mark.parametrize(
    "date", [{"year": "2027"}, {"year": "2027", "month": "3"}, {"year": "2027", "month": "3", "day": "1"}]
)
def test_a_date_narrows_the_list(superuser: Client, date: dict[str, str]) -> None:
    there = read_admin(
        superuser, f"{admin_list(Chore)}?{urlencode({f'day__{part}': one for part, one in date.items()})}"
    )
    elsewhere = read_admin(superuser, f"{admin_list(Chore)}?day__year=2020")

    assert len(there.all("table[@id='result_list']/tbody/tr")) == 1
    assert not elsewhere.all("table[@id='result_list']/tbody/tr")


@EVERY_LIST
def test_a_list_takes_its_own_filters(superuser: Client, model: type[models.Model]) -> None:
    page = read_admin(superuser, admin_list(model))
    links = {link.get("href") for link in page.all("*[@id='changelist']//a") if link.get("href", "").startswith("?")}

    assert {link: superuser.get(f"{admin_list(model)}{link}").status_code for link in links} == dict.fromkeys(
        links, 200
    )


@pytest.mark.parametrize(
    ("model", "lookup"),
    [
        (Call, "token__startswith"),
        (Call, "host__feed_token__startswith"),
        (Call, "lead__email__contains"),
        (Host, "feed_token__startswith"),
        (Host, "user__password__startswith"),
        (Message, "text__contains"),
        (Message, "endpoint__address__startswith"),
        (LeadAlert, "user__password__startswith"),
        (get_user_model(), "password__startswith"),
        (get_user_model(), "groups__user__password__startswith"),
        (Signal, "guide__title__startswith"),
    ],
)
def test_nothing_is_looked_up_that_no_filter_offers(superuser: Client, model: type[models.Model], lookup: str) -> None:
    answer = superuser.get(admin_list(model), {lookup: "a"})

    assert answer.status_code == 400


def machinery(form: Any) -> list[str]:
    """One name of each kind of field that is chosen and not typed, or that the page itself sends along."""
    found = {
        re.sub(r"-\d+-", "-", control.get("name", "")): control.get("name", "")
        for control in form.iter()
        if control.tag == "select" or control.get("type") in {"hidden", "checkbox", "radio"}
    }
    return [name for kind, name in sorted(found.items()) if kind and kind != "csrfmiddlewaretoken"]


def form_of(model: type[models.Model]) -> str:
    """The page with Django's form for a model: of one that is there, or for a new one."""
    row = model._default_manager.first()
    return admin_address(row) if row else reverse(f"admin:{model._meta.app_label}_{model._meta.model_name}_add")


@EVERY_LIST
def test_no_form_fails_over_what_is_chosen_in_it(chief_at_work: Client, model: type[models.Model]) -> None:
    failed = []
    address = form_of(model)

    page = Page(chief_at_work.get(address), address, strict=False)
    for form in page.all(f"form[@id='{model._meta.model_name}_form']"):
        pairs = list(Form(form, address).pairs())
        sent = {one: [to for other, to in pairs if other == one] for one, _ in pairs}
        for name, value in product(machinery(form), (HUGE, "x")):
            with transaction.atomic():
                answer = chief_at_work.post(address, sent | {name: [value]})
                transaction.set_rollback(True)
            if answer.status_code >= 500:
                failed.append((name, value))

    assert failed == []


@EVERY_LIST
def test_an_action_on_what_is_no_key_is_an_action_on_nothing(chief_at_work: Client, model: type[models.Model]) -> None:
    sent = {"action": "delete_selected", "_selected_action": ["x", HUGE, "a\0b"], "post": "yes"}

    answer = chief_at_work.post(admin_list(model), sent)

    assert answer.status_code < 500


def test_a_form_of_a_thousand_lines_is_answered_with_as_many_as_anyone_adds(superuser: Client) -> None:
    address = admin_address(draft())
    form = Form(read_admin(superuser, address).one("form[@id='guide_form']"), address)
    there = draft().sharedconcern_set.count()

    answer = superuser.post(address, dict(form.pairs()) | {"sharedconcern_set-TOTAL_FORMS": "1_000"})

    shown = Form(Page(answer, address, strict=False).one("form[@id='guide_form']"), address).pairs()
    lines = [name for name, _ in shown if re.fullmatch(r"sharedconcern_set-\d+-id", name)]
    assert answer.status_code == 200
    assert there < len(lines) <= there + MAX_NEW_LINES


def test_a_lead_alert_for_nobody_is_refused_beside_the_field(superuser: Client) -> None:
    address = reverse("admin:leads_leadalert_add")

    answer = superuser.post(address, {"user": "garbage", "frequency": "daily"})

    assert answer.status_code == 200
    assert "is not one of the choices" in answer.content.decode()


def test_outcomes_beyond_any_key_are_refused_beside_the_field(superuser: Client) -> None:
    host = Host.objects.all()[0]
    form = Form(read_admin(superuser, admin_address(host)).one("form[@id='host_form']"), admin_address(host))

    answer = superuser.post(admin_address(host), dict(form.pairs()) | {"outcomes": [HUGE]})

    assert answer.status_code == 200
    assert "is not one of" in answer.content.decode()


def test_the_name_of_a_group_has_no_control_characters(superuser: Client) -> None:
    answer = superuser.post(reverse("admin:auth_group_add"), {"name": "a\x11b"})

    assert answer.status_code == 200
    assert "another character that cannot be seen" in answer.content.decode()


@pytest.mark.parametrize("action", ["change", "delete"])
def test_a_page_is_found_by_its_key_where_no_field_is_named(superuser: Client, action: str) -> None:
    answer = superuser.get(f"{admin_address(draft(), action)}?_to_field=")

    assert answer.status_code == 200


def test_the_search_for_accounts_takes_a_null_character(superuser: Client) -> None:
    asked = {"term": "a\0b", "app_label": "leads", "model_name": "leadalert", "field_name": "user"}

    answer = superuser.get(reverse("admin:autocomplete"), asked)

    assert answer.status_code == 200
