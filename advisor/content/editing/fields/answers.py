"""The answers of a scenario as a form field: a choice for each question and a tick for each signal, never a typed key.

What was asked of a visitor already can be pasted, as the address of a result.
"""

from collections.abc import Mapping
from typing import Any
from urllib.parse import parse_qsl, urlsplit

from django import forms
from django.core.exceptions import ValidationError
from django.template.loader import render_to_string
from django.utils.datastructures import MultiValueDict
from django.utils.safestring import SafeString

from advisor.content.scenarios import unknown_in
from advisor.decision.answers import SIGNAL_PARAMETER, Answers, Pair, query, read
from advisor.decision.guide import Guide

RIDES_ALONG = ("utm", "ref", "edition")
"""What an address has beside answers."""


class AnswersWidget(forms.Widget):
    """A select for each question, named ``<name>-<question>``, and a tick for each signal, named ``<name>-signal``."""

    use_fieldset = True
    template_name = "content/answers.html"
    document: Guide | None = None

    def render(self, name: str, value: Any, attrs: Any = None, renderer: Any = None) -> SafeString:
        return render_to_string(self.template_name, self.get_context(name, value, attrs))

    def get_context(self, name: str, value: Any, attrs: dict[str, Any] | None) -> dict[str, Any]:
        context = super().get_context(name, value, attrs)
        given: list[Pair] = parse_qsl(value) if isinstance(value, str) else value or []
        if self.document:
            answers, _ = read(self.document, given)
            context["questions"] = [
                (
                    question,
                    answers.choices.get(question.key, ""),
                    [(one, one.key in answers.signals) for one in self.document.signals_of.get(question.role, ())],
                )
                for question in self.document.questions
            ]
            context["unknown"] = unknown_in(self.document, given)
        return context

    def value_from_datadict(
        self, data: Mapping[str, Any], files: MultiValueDict[str, Any] | None, name: str
    ) -> list[Pair]:
        """The answers as parameters; those of an address where one was pasted."""
        if address := data.get(f"{name}-address", "").strip():
            return list(answers_in(address))
        questions = self.document.questions if self.document else ()
        pairs = [(question.key, data.get(f"{name}-{question.key}", "")) for question in questions]
        ticked = data.getlist(f"{name}-signal") if isinstance(data, MultiValueDict) else data.get(f"{name}-signal", [])
        return [*(pair for pair in pairs if pair[1]), *((SIGNAL_PARAMETER, key) for key in ticked)]

    def value_omitted_from_data(self, data: Any, files: Any, name: str) -> bool:
        return False


class AnswersField(forms.Field):
    """Answers as a canonical query string."""

    widget = AnswersWidget
    document: Guide | None = None
    default_help = "What the visitor of this case answers. A question without an answer is one they were not asked."

    def __init__(self, **options: Any) -> None:
        super().__init__(**{"help_text": self.default_help} | options)

    def use(self, document: Guide) -> None:
        """Say whose questions are asked; until then none are."""
        self.document = document
        self.widget.document = document

    def clean(self, value: list[Pair]) -> str:
        if self.document is None:
            raise ValidationError("Choose a guide first.", code="required")
        if unknown := unknown_in(self.document, value):
            names = ", ".join(unknown)
            raise ValidationError(f"This is not answered as the guide asks it now: {names}. Choose the answers anew.")
        answers, _ = read(self.document, value)
        if not answers.choices:
            raise ValidationError("Choose an answer to at least one question.", code="required")
        return canonical(self.document, answers)

    def has_changed(self, initial: Any, data: Any) -> bool:
        if self.document is None:
            return bool(data)
        before, after = (read(self.document, pairs)[0] for pairs in (parse_qsl(initial or ""), data))
        return (before.choices, before.signals) != (after.choices, after.signals)


def answers_in(address: str) -> list[Pair]:
    """The answers in the address of a result, or in what stands behind its question mark."""
    try:
        parts = urlsplit(address)
    except ValueError:
        return [(address, "")]
    pairs = parse_qsl(parts.query or parts.path)
    return [pair for pair in pairs if not pair[0].startswith(RIDES_ALONG)] or [(address, "")]


def canonical(document: Guide, answers: Answers) -> str:
    """As the address of a result has it: whoever was asked for signals and ticked none said so."""
    none_of = frozenset(
        question.key
        for question in document.questions
        if question.key in answers.choices
        and question.role
        and not answers.signals & {signal.key for signal in document.signals_of.get(question.role, ())}
    )
    return query(document, Answers(answers.choices, answers.signals, none_of))
