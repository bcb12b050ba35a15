"""Errors that stand alone in a summary: whichever field they are of, they say so in the words of its label."""

from collections.abc import Callable
from datetime import date
from typing import Any

import pytest
from django import forms
from django.contrib import admin
from django.contrib.auth.models import User
from django.db.models import Model
from django.http import QueryDict
from django.test import Client, RequestFactory

from advisor.booking.models import Call
from advisor.content.editing.views.files import CopyForm, ImportForm
from advisor.content.editing.views.preview_links import LinkForm
from advisor.content.editing.views.publish import PublishForm
from advisor.fields import NamedErrors
from advisor.insights.periods import PeriodForm
from advisor.leads.desk.forms import WorkForm
from advisor.leads.desk.pages import OtherForm
from advisor.leads.models import Lead
from tests.assessment.reading import Page
from tests.leads.asking import EVERYTHING, post

pytestmark = pytest.mark.usefixtures("published")

BAD = ["", " ", "\u200b", "\x00", "x" * 5000, "nonsense", "-1", "9" * 30, "\u0085", "x\x1by"]
FORMS: dict[str, Callable[[dict[str, Any]], forms.BaseForm]] = {
    "copy": CopyForm,
    "import": ImportForm,
    "preview link": LinkForm,
    "publish": PublishForm,
    "merge": OtherForm,
}


def words_of(label: str) -> set[str]:
    return {word.strip("?,.").casefold() for word in label.split() if len(word) > 3} or {label.casefold()}


def nameless(form: Any) -> list[str]:
    """What the summary of a form says of a field without a word of its label."""
    labels = {form[name].id_for_label or f"{form[name].auto_id}_0": str(form[name].label) for name in form.fields}
    said = [(words_of(labels[target]), message) for target, message in form.summary if target in labels]
    return [message for words, message in said if not any(word in message.casefold() for word in words)]


@pytest.mark.parametrize("bad", BAD)
@pytest.mark.parametrize("make", FORMS.values(), ids=FORMS)
def test_every_error_of_a_form_of_staff_names_its_field(
    make: Callable[[dict[str, Any]], forms.BaseForm], bad: str
) -> None:
    form = make({})
    names = list(form.fields)

    sent = make(dict.fromkeys(names, bad))

    assert isinstance(form, NamedErrors)
    assert nameless(sent) == []


@pytest.mark.parametrize("bad", BAD)
def test_every_error_of_the_work_on_a_lead_names_its_field(lead: Lead, superuser: Client, bad: str) -> None:
    user = User.objects.get(username="chief")
    names = WorkForm(lead=lead, user=user).fields

    form = WorkForm(dict.fromkeys(names, bad), lead=lead, user=user)

    assert nameless(form) == []


@pytest.mark.parametrize("bad", BAD)
def test_every_error_of_the_dashboard_names_its_field(bad: str) -> None:
    given = QueryDict(mutable=True)
    given.update(
        dict.fromkeys(["guide", "since", "until", "edition", "other_since", "other_until", "other_edition"], bad)
    )

    form = PeriodForm(given, guides=[("cto-or-head-of-ai", "The guide")], today=date(2027, 3, 1))

    assert nameless(form) == []


def changed_by_forms() -> list[type[Model]]:
    """What is added or changed by a form of the admin itself."""
    ours = [model for model in admin.site._registry if model.__module__.startswith("advisor.")]
    return [model for model in ours if issubclass(admin.site._registry[model].form, NamedErrors) and model is not Call]


@pytest.mark.parametrize("bad", BAD)
@pytest.mark.parametrize("model", changed_by_forms(), ids=lambda model: model.__name__)
def test_every_error_in_the_admin_names_its_field(superuser: Client, model: type[Model], bad: str) -> None:
    request = RequestFactory().get("/admin/")
    request.user = User.objects.get(username="chief")
    kind = admin.site._registry[model].get_form(request)

    form = kind(dict.fromkeys(kind.base_fields, bad))

    assert nameless(form) == []
    said = {str(error) for errors in form.errors.values() for error in errors}
    assert not said & {"This field is required.", "Enter a valid value.", "Select a valid choice."}


def test_what_strangers_and_colleagues_type_goes_through_such_a_form() -> None:
    assert {model.__name__ for model in changed_by_forms()} >= {"Host", "Endpoint", "Tag", "Guide", "Role", "LeadAlert"}


@pytest.mark.parametrize("bad", BAD)
@pytest.mark.parametrize("field", [name for name in EVERYTHING if name != "consent"])
def test_every_error_of_the_form_for_a_call_names_its_field(visitor: Client, field: str, bad: str) -> None:
    page = Page(post(visitor, **EVERYTHING | {field: bad}), strict=False)

    label = page.text(f"label[@for='id_{field}']") if page.errors else ""
    for error in page.errors:
        assert any(word in error.casefold() for word in words_of(label)), error
