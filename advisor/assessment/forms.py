"""The questions as forms. What counts as an answer is decided in ``decision.answers``; the form shows it."""

from collections.abc import Iterable
from functools import lru_cache
from typing import Any
from urllib.parse import urlencode

from crispy_forms.helper import FormHelper
from crispy_forms.layout import Field, Layout
from crispy_forms.utils import render_crispy_form
from django import forms
from django.http import QueryDict
from django.utils.safestring import SafeString

from advisor.assessment.words import NONE_OF_THESE
from advisor.decision.answers import NONE_PREFIX, SIGNAL_PARAMETER, Answers, Pair, Problem, ProblemKind, signal_pairs
from advisor.decision.guide import Guide, Page
from advisor.fields import NamedForm

MESSAGES = {
    ProblemKind.UNKNOWN_CHOICE: "That answer is not one of the choices. Please choose one of these.",
    ProblemKind.ANSWERED_TWICE: "There were two different answers to this question. Please choose one.",
    ProblemKind.UNKNOWN_SIGNAL: "One of the situations ticked is not one of these. Please tick those that fit.",
    ProblemKind.NONE_AND_SOME: "“None of these” was ticked together with others. Please keep one or the other.",
}
NOT_CHOSEN = "Please choose an answer."


class PageForm(NamedForm):
    """The questions of one page and the signals below them, filled in with what was given there."""

    def __init__(self, guide: Guide, page: Page, given: QueryDict) -> None:
        super().__init__(given)
        layout: list[Any] = []
        for question in page.questions:
            self.fields[question.key] = forms.Field(
                label=question.text,
                help_text=question.help,
                widget=forms.RadioSelect(choices=[(choice.key, choice.label) for choice in question.choices]),
                required=False,
            )
            layout.append(_QuestionField(question.key, is_heading=page.follow_up is None))
            if question.role:
                signals = [(signal.key, signal.text) for signal in guide.signals_of[question.role]]
                self.fields[SIGNAL_PARAMETER] = forms.Field(
                    label=question.signals_text,
                    widget=forms.CheckboxSelectMultiple(
                        choices=[*signals, (NONE_PREFIX + question.key, NONE_OF_THESE)]
                    ),
                    required=False,
                )
                layout.append(SIGNAL_PARAMETER)
        self.helper = FormHelper()
        self.helper.form_tag = False
        self.helper.disable_csrf = True
        self.helper.layout = Layout(*layout)

    def report(self, problems: Iterable[Problem], missing: Iterable[str]) -> None:
        """Put a message beside each question that has a problem, or no answer.

        Each begins with the words of its question, as the summary shows it alone.
        """
        for problem in problems:
            field = SIGNAL_PARAMETER if problem.is_about_signals else problem.question
            self._say(field, MESSAGES[problem.kind])
        for question in missing:
            self._say(question, NOT_CHOSEN)

    def _say(self, field: str, message: str) -> None:
        self.add_error(field, f"{self.fields[field].label} {message}")


class _QuestionField(Field):
    """A question; alone on its page it is the page's heading."""

    def __init__(self, name: str, *, is_heading: bool) -> None:
        super().__init__(name)
        self.is_heading = is_heading

    def render(self, form: Any, context: Any, **kwargs: Any) -> SafeString:
        html: SafeString = super().render(form, context, extra_context={"is_heading": self.is_heading}, **kwargs)
        return html


def own_pairs(guide: Guide, page: Page, answers: Answers) -> tuple[Pair, ...]:
    """What was answered on one page, as parameters."""
    found: list[Pair] = []
    for question in page.questions:
        if chosen := answers.choices.get(question.key):
            found.append((question.key, chosen))
        found += signal_pairs(guide, question, answers)
    return tuple(found)


@lru_cache(maxsize=2048)
def fields_html(guide: Guide, page_key: str, own: tuple[Pair, ...]) -> SafeString:
    """The fields of a page without errors: the same for everyone who answered it the same way."""
    html: SafeString = render_crispy_form(PageForm(guide, guide.page_of[page_key], QueryDict(urlencode(own))))
    return html
