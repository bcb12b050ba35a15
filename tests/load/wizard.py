"""The peer: the same questions in django-formtools' session wizard, as its documentation shows it.

What has nothing to do with the walk is in the wizard's favour: the guide is in memory, ``recommend()`` is ours, what
depends on the guide alone is rendered once, and no page repeats what was answered so far.
"""

from collections.abc import Callable, Iterable, Mapping
from functools import cache
from typing import Any

from django import forms
from django.http import HttpRequest, HttpResponse
from django.shortcuts import render
from django.template.loader import render_to_string
from django.urls import path
from django.utils.safestring import SafeString
from formtools.wizard.views import NamedUrlSessionWizardView, SessionWizardView

from advisor.content.editions import edition_cache
from advisor.decision.answers import NONE_PREFIX, SIGNAL_PARAMETER, Answers
from advisor.decision.guide import Guide, Page
from advisor.decision.recommendation import recommend
from advisor.decision.walk import asked_pages


def published_guide() -> Guide:
    """The guide that the site serves."""
    published = edition_cache.default()
    if published is None:
        raise LookupError("Nothing is published in this database.")
    return published.guide


GUIDE = published_guide()


def form_of(page: Page) -> type[forms.Form]:
    """The questions of one page and the signals below them as an ordinary form."""
    fields: dict[str, forms.Field] = {}
    for question in page.questions:
        fields[question.key] = forms.ChoiceField(
            label=question.text,
            help_text=question.help,
            widget=forms.RadioSelect,
            choices=[(choice.key, choice.label) for choice in question.choices],
        )
        if question.role:
            signals = [(signal.key, signal.text) for signal in GUIDE.signals_of[question.role]]
            fields[SIGNAL_PARAMETER] = forms.MultipleChoiceField(
                label=question.signals_text,
                widget=forms.CheckboxSelectMultiple,
                choices=[*signals, (NONE_PREFIX + question.key, "None of these")],
                required=False,
            )
    return type("PageForm", (forms.Form,), fields)


def answers_in(steps: Iterable[Mapping[str, Any]]) -> Answers:
    """The answers in the cleaned data of some steps."""
    choices: dict[str, str] = {}
    ticked: set[str] = set()
    for data in steps:
        ticked.update(data.get(SIGNAL_PARAMETER, ()))
        choices |= {key: value for key, value in data.items() if key != SIGNAL_PARAMETER}
    return Answers(choices, frozenset(ticked & GUIDE.signal.keys()))


def asks(page: Page) -> Callable[[Any], bool]:
    """Whether a follow-up is asked, as a condition of the wizard."""

    def condition(wizard: Any) -> bool:
        before = [other.key for other in GUIDE.pages if other.follow_up is None]
        given = answers_in(wizard.get_cleaned_data_for_step(key) or {} for key in before)
        return page in asked_pages(GUIDE, given)

    return condition


@cache
def about() -> SafeString:
    """The roles, the table, the signals and the questions people ask: the same on every page."""
    return render_to_string("load/about.html", {"guide": GUIDE})


def landing(request: HttpRequest) -> HttpResponse:
    return render(request, "load/landing.html", {"guide": GUIDE, "about": about()})


class Finish:
    """What both wizards do at the end."""

    template_name = "load/question.html"
    request: HttpRequest

    def done(self, form_list: Iterable[forms.Form], **kwargs: Any) -> HttpResponse:
        found = recommend(GUIDE, answers_in(form.cleaned_data for form in form_list))
        return render(self.request, "load/result.html", {"guide": GUIDE, "about": about(), "found": found})


class NamedWizard(Finish, NamedUrlSessionWizardView):  # type: ignore[misc]
    """Every step has an address; each answer is a POST and a redirect."""


class DirectWizard(Finish, SessionWizardView):  # type: ignore[misc]
    """One address for all steps; each answer is a POST that shows the next step at once."""


STEPS = [(page.key, form_of(page)) for page in GUIDE.pages]
CONDITIONS = {page.key: asks(page) for page in GUIDE.pages if page.follow_up}

urlpatterns = [
    path("", landing),
    path("healthz", landing),
    path("direct/", DirectWizard.as_view(STEPS, condition_dict=CONDITIONS)),
    path("<slug:step>/", NamedWizard.as_view(STEPS, condition_dict=CONDITIONS, url_name="step"), name="step"),
]
