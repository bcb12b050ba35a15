"""Every address of the admin for every group: what one has no right to neither opens nor changes anything."""

from collections.abc import Iterator
from typing import Any

import pytest
from django.apps import apps
from django.contrib import admin
from django.contrib.auth import get_user_model
from django.db import models
from django.test import Client
from django.urls import URLPattern, URLResolver, reverse

from advisor.accounts.models import LoginEvent, StaffSession
from advisor.booking.models import Call, Host
from advisor.content.editing.urls import urlpatterns
from advisor.content.models import Edition, NeedRow, PreviewLink
from advisor.delivery.models import Chore, ClockCheck, HeldRemoval, Message
from advisor.feedback.models import Line
from advisor.leads.models import Lead, LeadAlert, Person, Salesperson
from tests.assessment.reading import Form, Page
from tests.conftest import member_of
from tests.content.admin_pages import admin_address, read_admin
from tests.content.making import draft

pytestmark = [pytest.mark.django_db, pytest.mark.usefixtures("something_of_everything", "superuser")]

GROUPS = ["", "Editors", "Publishers", "Sales", "Owners"]
REFUSED = {403, 404, 405}
NEVER = "never"
"""Stands for a right that nobody has."""

PERMISSION = {
    "changelist": ("view", "delete"),
    "add": ("add", "add"),
    "change": ("view", "change"),
    "delete": ("delete", "delete"),
    "history": ("view", NEVER),
    "version": ("view", NEVER),
}
"""What it takes to open the page of a model, and to have an effect by sending it something."""

CLOSED = {
    *[
        ("add", model)
        for model in (Call, Chore, ClockCheck, Edition, HeldRemoval, Lead, Line, LoginEvent, Message, NeedRow, Person)
    ],
    *[("change", model) for model in (Chore, ClockCheck, Edition, HeldRemoval, Line, LoginEvent, Person)],
    *[("delete", model) for model in (Call, Chore, ClockCheck, Edition, HeldRemoval, LoginEvent, Message)],
}
"""What nobody does with these, whatever rights they have."""

READ, EDIT, PUBLISH = "content.view_guide", "content.change_guide", "content.publish_edition"
OWN = {
    "content_guide_import": ("content.add_guide", "content.add_guide"),
    "content_guide_overview": (READ, NEVER),
    "content_guide_state": (PUBLISH, PUBLISH),
    "content_guide_proof": (READ, NEVER),
    "content_guide_publish": (READ, PUBLISH),
    "content_guide_editions": (READ, NEVER),
    "content_guide_edition": (READ, NEVER),
    "content_guide_publish_edition": (READ, PUBLISH),
    "content_guide_draft_from": (EDIT, EDIT),
    "content_guide_throw_away": ("content.add_guide", "content.add_guide"),
    "content_guide_copy": ("content.add_guide", "content.add_guide"),
    "content_guide_export": (READ, NEVER),
    "content_edition_export": (READ, NEVER),
    "content_guide_drawing": (READ, NEVER),
    "content_edition_drawing": (READ, NEVER),
    "content_guide_sheet": (READ, NEVER),
    "content_edition_sheet": (READ, NEVER),
    "content_guide_table": (EDIT, EDIT),
    "content_guide_begin": ("content.add_guide", "content.add_guide"),
    "content_guide_guide_step": (EDIT, EDIT),
    "content_guide_add_role": (EDIT, EDIT),
    "content_guide_role_step": (EDIT, EDIT),
    "content_guide_role_done": (EDIT, NEVER),
    "content_guide_rules": (EDIT, EDIT),
    "content_guide_remarks": (EDIT, EDIT),
    "content_guide_need": (EDIT, EDIT),
    "content_guide_order": (EDIT, EDIT),
    "content_guide_order_choices": (EDIT, EDIT),
    "content_guide_previews": (EDIT, EDIT),
    "content_preview_walk": (NEVER, EDIT),
    "content_preview_revoke": (EDIT, EDIT),
    "content_guide_changes": (READ, NEVER),
    "leads_lead_board": ("leads.view_lead", NEVER),
    "leads_lead_move": (NEVER, "leads.change_lead"),
    "leads_lead_merge": ("leads.change_lead", "leads.change_lead"),
    "booking_host_why": ("booking.view_host", NEVER),
    "booking_host_calendars": ("booking.change_host", "booking.change_host"),
    "booking_host_hours": ("booking.change_host", "booking.change_host"),
    "booking_call_week": ("booking.view_call", NEVER),
    "booking_call_waiting": ("booking.view_call", "booking.change_call"),
    "booking_call_correct": ("leads.change_lead", "leads.change_lead"),
    "booking_call_move": ("booking.change_call", "booking.change_call"),
    "booking_call_book": ("booking.change_call", "booking.change_call"),
    "hand_over": ("leads.change_lead", "leads.change_lead"),
    "leads_lead_export": ("leads.view_export", "leads.export_lead"),
    "leads_lead_export_progress": ("leads.view_export", NEVER),
    "leads_person_disclosure": ("leads.view_person", NEVER),
    "leads_person_disclosure_file": (NEVER, "leads.export_lead"),
    "leads_person_erasures": ("leads.view_person", NEVER),
    "delivery_clockcheck_confirm": (NEVER, "delivery.confirm_clockcheck"),
    "delivery_heldremoval_confirm": (NEVER, "delivery.confirm_heldremoval"),
    "insights": ("funnel.view_count", NEVER),
    "insights_fit": ("feedback.view_tally", NEVER),
    "insights_export": ("funnel.view_count", NEVER),
    "auth_user_password_change": ("auth.change_user", "auth.change_user"),
}
"""The same for our own pages, and for the one page of Django's that comes on top of a model's."""
LISTS = {"leads_lead_board", "leads_lead_export", "leads_lead_export_progress"}
CONVERTERS = {route.name: set(route.pattern.converters) for route in urlpatterns}

OPEN = {
    "index",
    "login",
    "logout",
    "password_change",
    "password_change_done",
    "passkeys",
    "second_factor",
    "sessions",
    "set_up_second_factor",
    "autocomplete",
    "jsi18n",
    "view_on_site",
    "app_list",
}
"""Pages about one's own account or about nothing."""


def names(patterns: list[URLPattern | URLResolver]) -> Iterator[str]:
    """The name of every address of the admin that has one."""
    for pattern in patterns:
        if isinstance(pattern, URLResolver):
            yield from names(pattern.url_patterns)
        elif pattern.name:
            yield pattern.name


def of_model(model: type[models.Model], action: str) -> str:
    return f"{model._meta.app_label}_{model._meta.model_name}_{action}"


MODEL_PAGES = {
    of_model(model, action): (model, action)
    for model in admin.site._registry
    for action in PERMISSION
    if action != "version" or hasattr(model, "history")
}


ANSWERS_WITH_ITSELF = {
    name for name in MODEL_PAGES if name.endswith(("_changelist", "_history", "_message_change", "_endpoint_change"))
}
"""A page with actions does so to one that it does not offer, and Django's history to anything."""


def right(name: str) -> tuple[str, str]:
    """What it takes to open an address, and to have an effect there."""
    if name in OWN:
        return OWN[name]
    model, action = MODEL_PAGES[name]
    opening, sending = (
        NEVER
        if (needed, model) in CLOSED or needed == NEVER
        else f"{model._meta.app_label}.{needed}_{model._meta.model_name}"
        for needed in PERMISSION[action]
    )
    return opening, sending


def an_object(model: type[models.Model]) -> Any:
    return model._default_manager.all()[0]


def address(name: str) -> str:
    """The address with this name, of an object that is there."""
    if name == "auth_user_password_change":
        return reverse(f"admin:{name}", args=[get_user_model().objects.get(username="chief").pk])
    if name in {"leads_person_disclosure", "leads_person_disclosure_file", "leads_person_erasures"}:
        return reverse(f"admin:{name}", args=[] if name == "leads_person_erasures" else [an_object(Person).pk])
    if name.startswith("leads_") and name in OWN:
        return reverse(f"admin:{name}", args=[] if name in LISTS else [an_object(Lead).pk])
    if name == "hand_over":
        return reverse(f"admin:{name}", args=[an_object(Call).host.user_id])
    if name == "booking_call_move":
        return reverse(f"admin:{name}", args=[an_object(Call).pk])
    if name in {"booking_call_correct", "booking_call_book"}:
        return reverse(f"admin:{name}", args=[an_object(Lead).pk])
    if name.startswith("booking_") and name in OWN:
        return reverse(f"admin:{name}", args=[an_object(Host).pk] if name.startswith("booking_host_") else [])
    if name == "delivery_clockcheck_confirm":
        return reverse(f"admin:{name}", args=[1])
    if name == "delivery_heldremoval_confirm":
        return reverse(f"admin:{name}", args=[an_object(HeldRemoval).pk])
    if name.startswith("insights"):
        return reverse(f"admin:{name}", args=["funnel"] if name == "insights_export" else [])
    if name in OWN:
        known = {"number": 1, "change": "retire", "kind": "roles", "key": "software", "guide_id": draft().pk}
        known["link_id"] = an_object(PreviewLink).pk
        known["step"] = "words"
        if name in {"content_guide_need", "content_guide_role_step", "content_guide_role_done"}:
            known["key"] = "head-of-ai"
        return reverse(f"admin:{name}", kwargs={needed: known[needed] for needed in CONVERTERS[name]})
    model, action = MODEL_PAGES[name]
    if action in {"changelist", "add"}:
        return reverse(f"admin:{name}")
    if action == "version":
        part = an_object(model)
        return f"{admin_address(part, 'history')}{part.history.first().pk}/"
    return admin_address(an_object(model), action)


def typed(client: Client, name: str) -> dict[str, list[str]]:
    """What someone would send who may do everything: the form that is there, with other words in it."""
    shown = address(name)
    if name in MODEL_PAGES:
        model, action = MODEL_PAGES[name]
        if action == "changelist":
            return {"action": ["delete_selected"], "_selected_action": [str(an_object(model).pk)], "post": ["yes"]}
        if action == "delete":
            return {"post": ["yes"]}
        shown = admin_address(an_object(model))
    answer = client.get(shown)
    if answer.status_code != 200 or "html" not in answer["Content-Type"]:
        return {}
    page = Page(answer, shown, strict=False)
    forms = [form for form in page.all("form[@method='post']") if form.get("id") != "logout-form"]
    if not forms:
        return {}
    form = Form(forms[0], shown)
    boxes = [box for box in forms[0].iter("textarea") if box.get("name") != "answers"]
    words = {box.attrib["name"]: f"{(box.text or '').strip()} x" for box in boxes}
    sent: dict[str, list[str]] = {}
    for field, value in [*form.pairs(words), *words.items()]:
        sent.setdefault(field, []).append(value)
    sent |= {field: ["Other words"] for field in ("title", "label", "name", "note", "purpose") if field in sent}
    if name in MODEL_PAGES and MODEL_PAGES[name][1] == "add":
        sent |= {field: ["0"] for field in sent if field.endswith("_FORMS")}
        sent |= {"key": ["another"], "username": ["another"], "position": ["99"], "guide": [str(draft().pk)]}
        sent |= {"password1": ["never-used-here"], "password2": ["never-used-here"], "role": [""]}
        if MODEL_PAGES[name][0].__name__ == "Signal":
            sent["role"] = [str(draft().role_set.all()[0].pk)]
    return sent


def everything() -> dict[str, list[Any]]:
    """All that is in the database, but for who is logged in."""
    return {
        model._meta.label: list(model._default_manager.order_by("pk").values_list())
        for model in apps.get_models(include_auto_created=True)
        if model is not StaffSession
    }


def changed(before: dict[str, list[Any]]) -> set[str]:
    """The models of which something is different now."""
    return {label for label, rows in everything().items() if rows != before[label]}


def member(group: str) -> tuple[Client, Any]:
    """Someone in a group or in none, and the account."""
    if group:
        return member_of(group), get_user_model().objects.get(username=f"one of {group}")
    account = get_user_model().objects.create(username="staff", is_staff=True)
    client = Client()
    client.force_login(account)
    return client, account


def test_no_address_is_left_out() -> None:
    found = set(names(admin.site.get_urls()))

    assert found == {*MODEL_PAGES, *OWN, *OPEN}


@pytest.mark.parametrize("group", GROUPS)
def test_what_one_may_not_see_does_not_open(group: str) -> None:
    client, account = member(group)

    opened = {name for name in [*MODEL_PAGES, *OWN] if client.get(address(name)).status_code not in REFUSED}

    assert opened == {name for name in [*MODEL_PAGES, *OWN] if account.has_perm(right(name)[0])}


def test_what_one_may_not_change_stays_as_it_is_whatever_one_sends(superuser: Client) -> None:
    # The same forms for every group, as it takes longest to find out what to send.
    forms = {name: typed(superuser, name) for name in [*MODEL_PAGES, *OWN]}
    members = {group: member(group) for group in GROUPS}
    before = everything()

    for group, (client, account) in members.items():
        taken = {
            name
            for name, sent in forms.items()
            if not account.has_perm(right(name)[1]) and client.post(address(name), sent).status_code not in REFUSED
        }

        assert taken <= ANSWERS_WITH_ITSELF, group
        assert changed(before) == set(), group


@pytest.mark.parametrize("action", ["add", "change"])
def test_what_is_sent_would_have_an_effect(superuser: Client, action: str) -> None:
    """The control: the same forms change something when they are sent by someone who may."""
    # For a new host, salesperson or lead alert it takes an account that has none yet.
    once = {("add", Host), ("add", Salesperson), ("add", LeadAlert)}
    pages = [
        name
        for name, (model, does) in MODEL_PAGES.items()
        if does == action and right(name)[1] != NEVER and (does, model) not in once
    ]
    idle = set()

    for name in pages:
        before = everything()
        superuser.post(address(name), typed(superuser, name))
        if not changed(before):
            idle.add(name)

    assert idle == set()


def test_nobody_goes_back_by_the_history(superuser: Client) -> None:
    signal = draft().signal_set.all()[0]
    record = signal.history.last()
    signal.text = "Newer words"
    signal.save()
    form = Form(read_admin(superuser, admin_address(signal)).one("form[@id='signal_form']"), admin_address(signal))

    answer = superuser.post(f"{admin_address(signal, 'history')}{record.pk}/", dict(form.pairs({"text": record.text})))

    assert answer.status_code == 405
    signal.refresh_from_db()
    assert signal.text == "Newer words"
