"""Roles, and the table that compares them."""

from django.db import models
from simple_history.models import HistoricalRecords

from advisor.content.models.naming import naming
from advisor.content.models.parts import KeyedPart, Part, same_guide
from advisor.decision.conditions import EVIDENCE, SIGNAL

ONE_A_LINE = "One entry a line."


class Role(KeyedPart):
    """What one may hire."""

    name = models.CharField(max_length=60, help_text="Fractional CTO")
    summary = models.TextField(help_text="The role in one sentence: who, and what they answer for.")
    fits = models.TextField(help_text="Which companies, at what stage, for how many hours a week.")
    owns = models.TextField(help_text=f"What the role owns or answers. {ONE_A_LINE}")
    not_theirs = models.TextField(help_text=f"What one should not expect of the role. {ONE_A_LINE}")
    own_domain = models.TextField(help_text=f"What stays this role's own when several work together. {ONE_A_LINE}")

    history = HistoricalRecords()

    class Meta(KeyedPart.Meta):
        constraints = [
            models.UniqueConstraint(
                fields=["guide", "key"],
                name="role_key_unique",
                violation_error_message="This guide has a role with this key.",
            )
        ]

    def __str__(self) -> str:
        return self.name

    def named_by(self) -> list[models.Model]:
        found = [
            *naming(self.guide, lambda name, values: name == EVIDENCE + self.key),
            *(other for signal in self.signal_set.all() for other in signal.named_by()),
            *self.outcome_set.all(),
        ]
        return list(dict.fromkeys(found))


class Dimension(KeyedPart):
    """A row of the comparison table."""

    label = models.CharField(max_length=60, help_text="Primary focus")

    history = HistoricalRecords()

    class Meta(KeyedPart.Meta):
        constraints = [
            models.UniqueConstraint(
                fields=["guide", "key"],
                name="dimension_key_unique",
                violation_error_message="This guide has a dimension with this key.",
            )
        ]

    def __str__(self) -> str:
        return self.label


class Cell(Part):
    """What one role has to say in one dimension."""

    natural_key_fields = ("dimension__guide__key", "dimension__key", "role__key")

    dimension = models.ForeignKey(Dimension, on_delete=models.CASCADE)
    role = models.ForeignKey(Role, on_delete=models.CASCADE)
    text = models.CharField(max_length=200, help_text="Ten words at most; it is read on a phone.")

    history = HistoricalRecords()

    class Meta:
        ordering = ["dimension", "role"]
        constraints = [
            models.UniqueConstraint(
                fields=["dimension", "role"],
                name="cell_given_once",
                violation_error_message="This role has a cell in this dimension.",
            )
        ]

    def __str__(self) -> str:
        return f"{self.dimension}, {self.role}"

    def clean(self) -> None:
        if self.dimension_id and self.role_id:
            same_guide(self.dimension, role=self.role)


class Signal(KeyedPart):
    """A recognisable situation that speaks for one role."""

    role = models.ForeignKey(Role, on_delete=models.CASCADE)
    name = models.CharField(max_length=60, help_text="The situation in a few words: Messy stack")
    text = models.CharField(max_length=300, help_text="What the visitor ticks: a situation they recognise at once.")
    reason = models.TextField(help_text="Why this speaks for the role; shown on the result.")
    speaks_to = models.ManyToManyField(Dimension, blank=True, help_text="The rows of the table it is about.")

    history = HistoricalRecords(m2m_fields=[speaks_to])

    class Meta(KeyedPart.Meta):
        constraints = [
            models.UniqueConstraint(
                fields=["guide", "key"],
                name="signal_key_unique",
                violation_error_message="This guide has a signal with this key.",
            )
        ]

    def __str__(self) -> str:
        return self.name

    def clean(self) -> None:
        if self.role_id:
            same_guide(self, role=self.role)

    def named_by(self) -> list[models.Model]:
        return naming(self.guide, lambda name, values: name == SIGNAL + self.key)
