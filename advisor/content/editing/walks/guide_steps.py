"""The pages of "Add a guide": the least that roles can be added to. What any guide could say is taken over."""

from typing import Any

from django.core.exceptions import ValidationError

from advisor.content.editing.part_forms import free_key, twin_of
from advisor.content.editing.positions import append_position
from advisor.content.editing.walks.forms import (
    GuideWordingForm,
    GuideWordsForm,
    OutcomeForm,
)
from advisor.content.editing.walks.row_forms import RowsOfTableForm, RuleWordsForm
from advisor.content.editing.walks.steps import Step, save_part
from advisor.content.editing.walks.writing import write_dimensions
from advisor.content.models import Dimension, Guide, Outcome, Rule
from advisor.content.models.declarations import declaration_of
from advisor.content.models.parts import lines
from advisor.stale import FINGERPRINTS, last_change

MAX_ROWS = 30
"""Rows of the table of a new guide; the first guide has 10."""


def example_of(guide: Guide) -> Guide | None:
    """The guide that wording and rows are taken over from: the default one, or else the oldest."""
    return Guide.objects.exclude(pk=guide.pk).order_by("-is_default", "number").first()


def take_wording(guide: Guide) -> None:
    """Let a new guide say what another says under “How sure” and about the call; without another, our examples."""
    other = example_of(guide)
    for name in GuideWordingForm.base_fields.keys() - {FINGERPRINTS}:
        setattr(guide, name, getattr(other, name) if other else declaration_of(Guide, name).example)


class GuideWords(Step):
    name, title = "words", "Its words"
    about = "What the guide is about, and for whom. How sure it is and what it says about the call come next."

    def build(self) -> None:
        self.form = GuideWordsForm(self.data, instance=self.guide)
        self.sections = [("", self.form)]

    def save(self) -> str:
        made: Any = self.form.instance
        if made.pk is None:
            take_wording(made)
            if twin := twin_of(made, beside={"key", "number"}):
                # Sent twice: it is there already.
                self.guide = twin  # type: ignore[assignment]
                return ""
        if made.pk is None or self.form.has_changed():
            self.form.save()
        self.guide = made
        return ""


class GuideWording(Step):
    name, title = "wording", "How sure, and the call"
    about = (
        "What stands below every recommendation. It came with the guide, from another one or as an example: change "
        "what does not fit here."
    )

    def build(self) -> None:
        self.form = GuideWordingForm(self.data, instance=self.guide)
        self.sections = [("", self.form)]

    def save(self) -> str:
        if self.form.has_changed():
            self.form.save()
        return ""


class GuideTable(Step):
    name, title = "table", "The rows of its table"
    about = "The roles are compared in a table, row by row. Their cells are filled in with each role."

    def build(self) -> None:
        labels = [row.label for row in self.guide.dimension_set.all()]
        saved = {"labels": "\n".join(labels)} if labels else {}
        changed = last_change(Dimension, guide_id=self.guide.pk) if labels else ""
        self.form = RowsOfTableForm(self.data, saved=saved, changed=changed)
        if not labels and (other := example_of(self.guide)):
            self.form.initial["labels"] = "\n".join(row.label for row in other.dimension_set.all())
        self.sections = [("", self.form)]

    def is_valid(self) -> bool:
        if not super().is_valid():
            return False
        self.labels = list(dict.fromkeys(lines(self.form.cleaned_data["labels"])))
        for problem in self._problems():
            self.form.add_error("labels", problem)
        return self.form.is_valid()

    def _problems(self) -> list[str]:
        if len(self.labels) > MAX_ROWS:
            return [f"The table can have {MAX_ROWS} rows here, and these are {len(self.labels)}."]
        rows = {row.label: row for row in self.guide.dimension_set.all()}
        filled = self.guide.dimension_set.filter(cell__isnull=False).distinct()
        found = [
            f"“{row}” has cells already and stays. It is renamed or deleted on its own page."
            for row in filled
            if row.label not in self.labels
        ]
        self.keys: dict[str, str] = {}
        for label in self.labels:
            if label in rows:
                continue
            key = free_key(Dimension(guide=self.guide), label, {}, taken=self.keys.values())
            row = Dimension(guide=self.guide, label=label, key=key)
            self.keys[label] = key
            try:
                row.full_clean(exclude={"key", "position"})
            except ValidationError as error:
                found += [f"“{label[:60]}”: {message}" for message in error.messages]
        return found

    def save(self) -> str:
        write_dimensions(self.guide, self.labels, self.keys)
        return ""


class GuideOtherwise(Step):
    name, title = "otherwise", "Where no role is needed"
    about = (
        "Everybody gets an answer, also who needs none of the roles: the last row of the outcome table, which holds "
        "for whoever is left."
    )

    def build(self) -> None:
        self.rule = next((rule for rule in self.guide.rule_set.order_by("-position")[:1] if rule.when == {}), None)
        outcome = self.rule.outcome if self.rule else Outcome(guide=self.guide)
        initial = {} if self.rule else {"name": "Not yet"}
        self.form = OutcomeForm(self.data, instance=outcome, guide=self.guide, initial=initial)
        saved = {"reason": self.rule.reason} if self.rule else {}
        changed = last_change(Rule, id=self.rule.pk) if self.rule else ""
        self.rule_form = RuleWordsForm(self.data, prefix="rule", saved=saved, changed=changed)
        del self.rule_form.fields["when"]
        self.rule_form.fields["reason"].label = "Reason"
        self.sections = [("", self.form), ("Why", self.rule_form)]

    def save(self) -> str:
        outcome, reason = self.form.instance, self.rule_form.cleaned_data["reason"]
        save_part(self.form)
        rule = self.rule or Rule(guide=self.guide, outcome=outcome, when={})
        if rule.pk is None:
            append_position(rule)
        if rule.pk is None or rule.reason != reason:
            rule.reason = reason
            rule.save()
        return ""


GUIDE_STEPS: dict[str, type[Step]] = {
    step.name: step for step in (GuideWords, GuideWording, GuideTable, GuideOtherwise)
}
