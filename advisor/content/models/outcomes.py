"""What a guide can recommend, when it does, and what it remarks on."""

from typing import Any

from django.core.exceptions import ValidationError
from django.db import models
from django.db.models import Q
from simple_history.models import HistoricalRecords

from advisor.content.models.naming import draft_vocabulary, naming
from advisor.content.models.parts import KeyedPart, OrderedPart, same_guide
from advisor.content.models.table import Role
from advisor.decision.conditions import OUTCOME, condition_problems
from advisor.decision.guide import RemarkKind

WHEN_HELP = 'For each named input the values allowed: {"both": ["both"], "evidence:head-of-ai": ["strong"]}.'


class Outcome(KeyedPart):
    """What the guide can recommend."""

    name = models.CharField(max_length=60, help_text="In a few words, for lists: Both roles")
    title = models.CharField(max_length=120, help_text="The recommendation as a sentence.")
    text = models.TextField(help_text="One honest paragraph: what to do, and when it would be wrong.")
    roles = models.ManyToManyField(Role, blank=True, help_text="The roles it names; none for “not yet”.")

    history = HistoricalRecords(m2m_fields=[roles])

    class Meta(KeyedPart.Meta):
        constraints = [
            models.UniqueConstraint(
                fields=["guide", "key"],
                name="outcome_key_unique",
                violation_error_message="This guide has an outcome with this key.",
            )
        ]

    def __str__(self) -> str:
        return self.name

    def named_by(self) -> list[models.Model]:
        def names_outcome(name: str, values: list[Any]) -> bool:
            return name == OUTCOME and self.key in values

        return [*naming(self.guide, names_outcome), *self.rule_set.all(), *self.scenario_set.all()]


class Rule(OrderedPart):
    """A row of the outcome table; the first that holds decides."""

    when = models.JSONField(default=dict, blank=True, help_text=f"{WHEN_HELP} Empty matches anything.")
    outcome = models.ForeignKey(Outcome, on_delete=models.RESTRICT)
    reason = models.TextField(help_text="Why this combination leads there; the first reason on the result.")

    history = HistoricalRecords()

    class Meta(OrderedPart.Meta):
        constraints = [
            models.UniqueConstraint(
                fields=["guide", "position"],
                name="rule_position_unique",
                violation_error_message="Another rule stands at this position.",
            )
        ]

    def __str__(self) -> str:
        return f"rule {self.position} → {self.outcome}"

    @property
    def conditions(self) -> list[dict[str, list[str]]]:
        return [self.when]

    def clean(self) -> None:
        if self.guide_id:
            if problems := condition_problems(self.when, draft_vocabulary(self.guide)):
                raise ValidationError({"when": problems})
            if self.outcome_id:
                same_guide(self, outcome=self.outcome)


class Remark(KeyedPart):
    """A row of the remarks table; all that hold are shown."""

    kind = models.CharField(max_length=20, choices=[(kind.value, kind.value.capitalize()) for kind in RemarkKind])
    title = models.CharField(max_length=120, help_text="What it is about, without blame.")
    text = models.TextField(help_text="For a contradiction: ask which of the two is true.")
    when = models.JSONField(help_text=f"{WHEN_HELP} Remarks may also ask for the outcome.")

    history = HistoricalRecords()

    class Meta(KeyedPart.Meta):
        constraints = [
            models.UniqueConstraint(
                fields=["guide", "key"],
                name="remark_key_unique",
                violation_error_message="This guide has a remark with this key.",
            ),
            models.CheckConstraint(
                condition=Q(kind__in=[kind.value for kind in RemarkKind]),
                name="remark_kind_known",
                violation_error_message="A remark is a contradiction, a caution or a piece of advice.",
            ),
        ]

    def __str__(self) -> str:
        return f"{self.kind} “{self.title}”"

    @property
    def conditions(self) -> list[dict[str, list[str]]]:
        return [self.when]

    def named_by(self) -> list[models.Model]:
        return list(self.scenario_set.all())

    def clean(self) -> None:
        if self.guide_id and (problems := condition_problems(self.when, draft_vocabulary(self.guide), outcome=True)):
            raise ValidationError({"when": problems})
