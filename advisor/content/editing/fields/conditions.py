"""A condition as a form field: a tick for every value of every input, never a typed key."""

from collections.abc import Mapping
from typing import Any

from django import forms
from django.core.exceptions import ValidationError
from django.template.loader import render_to_string
from django.utils.datastructures import MultiValueDict
from django.utils.safestring import SafeString

from advisor.content.editing.fields.inputs import Input, unknown_input
from advisor.decision.conditions import Stage, condition_problems

StoredCondition = dict[str, list[str]]


class ConditionsWidget(forms.Widget):
    """Conditions as groups of ticks, the n-th value of an input named ``<name>-<n>-<input>``.

    What a condition names and the guide has no more is shown too, so that it can be unticked.
    """

    use_fieldset = True
    template_name = "content/rows_conditions.html"
    inputs: Mapping[str, Input]
    empty_ones = 0
    """How many empty conditions are offered below those that are there."""

    def __init__(self) -> None:
        super().__init__()
        self.inputs = {}

    def render(self, name: str, value: Any, attrs: Any = None, renderer: Any = None) -> SafeString:
        return render_to_string(self.template_name, self.get_context(name, value, attrs))

    def get_context(self, name: str, value: Any, attrs: dict[str, Any] | None) -> dict[str, Any]:
        context = super().get_context(name, value, attrs)
        given: list[StoredCondition] = [*(value or []), *({} for _ in range(self.empty_ones))] or [{}]
        context["conditions"] = [self._groups(f"{name}-{number}", when) for number, when in enumerate(given)]
        return context

    def _groups(self, prefix: str, when: StoredCondition) -> list[dict[str, Any]]:
        names = [*self.inputs, *(name for name in when if name not in self.inputs)]
        shown = [self.inputs.get(name) or unknown_input(name) for name in names]
        return [
            {
                "name": f"{prefix}-{one.name}",
                "label": one.label,
                "used": one.name in when,
                "values": [
                    (value, one.word(value), value in when.get(one.name, ()))
                    for value in [*one.values, *(v for v in when.get(one.name, ()) if v not in one.values)]
                ],
            }
            for one in shown
        ]

    def value_from_datadict(
        self, data: Mapping[str, Any], files: MultiValueDict[str, Any] | None, name: str
    ) -> list[StoredCondition]:
        found: dict[int, StoredCondition] = {}
        for field in data:
            number, _, named = field.removeprefix(f"{name}-").partition("-")
            if field.startswith(f"{name}-") and named and number.isdecimal() and len(number) < 4:
                values = data.getlist(field) if isinstance(data, MultiValueDict) else data[field]
                known = self.inputs.get(named) or unknown_input(named)
                found.setdefault(int(number), {})[named] = known.in_order(values)
        return [found[number] for number in sorted(found)]

    def value_omitted_from_data(self, data: Any, files: Any, name: str) -> bool:
        # Nothing ticked is a condition too: it matches anything.
        return False


class ConditionListField(forms.Field):
    """A list of conditions, one of which must hold; those in which nothing is ticked are left out."""

    widget = ConditionsWidget
    default_help = "In each block tick the values that are allowed; a block in which nothing is ticked is left out."

    def __init__(self, *, stage: Stage = Stage.RULE, **options: Any) -> None:
        super().__init__(**{"help_text": self.default_help} | options)
        self.stage = stage
        self.use({})
        self.widget.empty_ones = 1

    def use(self, inputs: Mapping[str, Input]) -> None:
        """Say what can be asked for; until then nothing can."""
        self.inputs = inputs
        self.widget.inputs = inputs

    def clean(self, value: list[StoredCondition]) -> Any:
        vocabulary = {name: tuple(one.values) for name, one in self.inputs.items()}
        problems = [problem for when in value for problem in condition_problems(when, vocabulary, self.stage)]
        if problems:
            raise ValidationError(problems)
        if self.required and not value:
            raise ValidationError("Tick at least one value.", code="required")
        return value


class ConditionField(ConditionListField):
    """One condition. Where it may be empty, it then matches anything."""

    default_help = "Tick the values that are allowed; an input with no tick may be anything."

    def __init__(self, **options: Any) -> None:
        super().__init__(**options)
        self.widget.empty_ones = 0

    def prepare_value(self, value: Any) -> Any:
        return [value] if isinstance(value, dict) else value

    def clean(self, value: list[StoredCondition]) -> Any:
        conditions = super().clean(value)
        return conditions[0] if conditions else {}

    def has_changed(self, initial: Any, data: Any) -> bool:
        return super().has_changed(self.prepare_value(initial or {}), data or [{}])
