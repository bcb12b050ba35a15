"""The forms of the walks about rows of tables, as far as a walk makes them."""

from typing import Any

from django import forms

from advisor.content.editing.part_forms import PartForm
from advisor.content.editing.walks.forms import Hushed
from advisor.content.models import Role
from advisor.content.models.texts import WrittenLinesField
from advisor.decision.guide import Evidence
from advisor.fields import NamedForm
from advisor.stale import StaleCheckForm


class RowsForm(Hushed, StaleCheckForm, NamedForm):
    """Rows of a table of conditions, as far as a walk makes them: what is chosen and typed about them."""

    stale_message = PartForm.stale_message

    def __init__(self, *args: Any, saved: dict[str, Any], changed: str = "", **kwargs: Any) -> None:
        self.saved, self.changed = saved, changed
        super().__init__(*args, initial=dict(saved), **kwargs)

    def current_values(self) -> dict[str, Any]:
        return {name: value for name, value in self.saved.items() if name in self.fields}

    def current_words(self, name: str) -> str:
        field, value = self.fields[name], self.saved[name]
        return str(dict(getattr(field, "choices", ())).get(value, value)) or "–"

    def last_change(self) -> str:
        return self.changed


def reason_field(label: str, help_text: str) -> forms.CharField:
    """The reason of a row, in the editor's words."""
    field = WrittenLinesField(label=label, help_text=help_text, widget=forms.Textarea(attrs={"rows": 3}))
    field.widget.attrs |= {"class": "vLargeTextField", "data-count": 200}
    return field


class NeedForm(RowsForm):
    """When a role is needed."""

    enough = forms.ChoiceField(label="How many situations are enough", widget=forms.RadioSelect)
    situations = reason_field(
        "Why it is needed where enough situations are ticked",
        "Visitors read it beside the role. For example: “You recognised three situations that a CTO is hired to end. "
        "That outweighs how one names the problem.”",
    )
    answer = reason_field(
        "Why it is needed where the question is answered yes",
        "For example: “You said yourself that this is your core problem.”",
    )
    otherwise = reason_field(
        "Why it is not needed otherwise",
        "For example: “You named little of what this role is hired for.”",
    )

    def offer(self, role: Role) -> None:
        """Offer what can be reached with the situations that the role has; without any, nothing is asked of them."""
        guide, count = role.guide, role.signal_set.count()
        numbers = {Evidence.STRONG.value: guide.strong_from}
        if guide.some_from < guide.strong_from:
            numbers[Evidence.SOME.value] = guide.some_from
        reached = [(value, f"{number} or more") for value, number in numbers.items() if number <= count]
        if not reached:
            del self.fields["enough"], self.fields["situations"]
            return
        self.fields["enough"].choices = reached  # type: ignore[attr-defined]
        self.fields["enough"].help_text = "Of those that speak for the role. They count whatever is answered."
        if self.initial.get("enough") not in dict(reached):
            self.initial["enough"] = reached[0][0]


class RuleWordsForm(RowsForm):
    """The rule that leads to the recommendation."""

    when = forms.ChoiceField(label="When it is recommended", widget=forms.RadioSelect)
    reason = reason_field(
        "Why it is recommended then",
        "The first reason on the result. For example: “You said that it is both. With two leaders, neither problem "
        "waits for the other.”",
    )


class RowsOfTableForm(RowsForm):
    """The rows of the comparison table of a new guide."""

    labels = WrittenLinesField(
        label="Rows of the table",
        help_text="What the roles are compared by, one a line, each at most 60 characters. For example: Primary focus.",
        widget=forms.Textarea(attrs={"rows": 12, "class": "vLargeTextField"}),
    )
