"""The questions as forms. What counts as an answer is decided in ``decision.answers``; the form shows it."""

import re
from collections.abc import Iterable, Mapping
from dataclasses import dataclass
from typing import Any

from crispy_forms.helper import FormHelper
from crispy_forms.layout import Field, Layout
from django import forms
from django.core.exceptions import ValidationError
from django.http import QueryDict
from django.utils.safestring import SafeString

from advisor.assessment.fit import MAX_LINE_LENGTH, Verdict
from advisor.assessment.recommendation_text import NONE_OF_THESE
from advisor.decision.answers import NONE_PREFIX, SIGNAL_PARAMETER, Answers, Pair, Problem, ProblemKind, signal_pairs
from advisor.decision.guide import Guide, Page
from advisor.fields import NamedForm, OneLineField

PROBLEM_MESSAGES = {
    ProblemKind.UNKNOWN_CHOICE: "That answer is not one of the choices. Please choose one of these.",
    ProblemKind.ANSWERED_TWICE: "There were two different answers to this question. Please choose one.",
    ProblemKind.UNKNOWN_SIGNAL: "One of the situations ticked is not one of these. Please tick those that fit.",
    ProblemKind.NONE_AND_SOME: "“None of these” was ticked together with others. Please keep one or the other.",
}
NOT_CHOSEN = "Please choose an answer."

LINK = re.compile(r"://|\bwww\.|\w\.[a-z]{2,}/|\S@\S+\.\w", re.IGNORECASE)
"""A link or an e-mail address in a text."""


@dataclass(frozen=True)
class Situation:
    """What stands beside a box to tick: a short name, and the detail below it."""

    name: str
    detail: str

    # For whatever shows the label as plain text; the template shows its two parts.
    def __str__(self) -> str:
        return f"{self.name}. {self.detail}"


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
            has_signals = bool(question.role)
            layout.append(
                _ExplainedField(
                    question.key,
                    guide=guide,
                    is_heading=page.follow_up is None,
                    why=question.why,
                    terms="" if has_signals else question.terms,
                )
            )
            if has_signals:
                signals = [
                    (signal.key, Situation(signal.name, signal.text)) for signal in guide.signals_of[question.role]
                ]
                self.fields[SIGNAL_PARAMETER] = forms.Field(
                    label=question.signals_text,
                    widget=forms.CheckboxSelectMultiple(
                        choices=[*signals, (NONE_PREFIX + question.key, NONE_OF_THESE)]
                    ),
                    required=False,
                )
                layout.append(_ExplainedField(SIGNAL_PARAMETER, guide=guide, terms=question.terms))
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
            self._add_message(field, PROBLEM_MESSAGES[problem.kind])
        for question in missing:
            self._add_message(question, NOT_CHOSEN)

    def _add_message(self, field: str, message: str) -> None:
        self.add_error(field, f"{self.fields[field].label} {message}")


class _ExplainedField(Field):
    """A question, or its situations, with what explains it. A question alone on its page is the page's heading."""

    def __init__(self, name: str, **explained: Any) -> None:
        super().__init__(name)
        self.explained = explained

    def render(self, form: Any, context: Any, **kwargs: Any) -> SafeString:
        html: SafeString = super().render(form, context, extra_context=self.explained, **kwargs)
        return html


def answers_to(page: Page, guide: Guide, answers: Answers) -> tuple[Pair, ...]:
    """The answers to the questions of one page, as parameters."""
    found: list[Pair] = []
    for question in page.questions:
        if chosen := answers.choices.get(question.key):
            found.append((question.key, chosen))
        found += signal_pairs(guide, question, answers)
    return tuple(found)


class FitForm(NamedForm):
    """What somebody says of a result: of each reason whether it fits, and in a line why the whole does not.

    ``reasons`` are the sentences, by the keys that the fields have as names.
    """

    line = OneLineField(
        label="This does not describe us because …",
        required=False,
        max_length=MAX_LINE_LENGTH,
        help_text="We read it to write better reasons. No names or links, please.",
    )

    def __init__(self, reasons: Mapping[str, str], given: QueryDict | None = None) -> None:
        super().__init__(given)
        self.reasons = reasons
        for key, text in reasons.items():
            self.fields[key] = forms.ChoiceField(
                label=text, choices=Verdict.choices, widget=forms.RadioSelect, required=False
            )
        self.order_fields([*reasons, "line"])

    @property
    def verdicts(self) -> dict[str, str]:
        """What was said of each reason that something was said of."""
        return {key: self.cleaned_data[key] for key in self.reasons if self.cleaned_data.get(key)}

    def chosen(self, key: str) -> str:
        """What is chosen for a reason in the form as it was sent."""
        value = str(self[key].value())
        return value if value in Verdict.values else ""

    def clean_line(self) -> str:
        line = str(self.cleaned_data["line"])
        if LINK.search(line):
            raise ValidationError("Please leave out links and e-mail addresses.")
        return line

    def clean(self) -> None:
        if not self.errors and not self.verdicts and not self.cleaned_data["line"]:
            raise ValidationError("Please say of a reason whether it fits, or write a line.")
