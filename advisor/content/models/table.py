"""Roles, and the table that compares them."""

from typing import Any

from django.db import models
from simple_history.models import HistoricalRecords

from advisor.content.models.declarations import PartKind, declare
from advisor.content.models.parts import KeyedPart, Part, same_guide
from advisor.content.models.references import find_references
from advisor.decision import guide as decision
from advisor.decision.conditions import BALANCE, EVIDENCE, NEED, SIGNAL

ONE_A_LINE = "One entry a line."


class Role(KeyedPart):
    """What one may hire."""

    part = PartKind(decision.Role, "roles", "Role", "Roles", key_example="fractional-cto", order_address="roles")

    name = declare(models.CharField(max_length=60, help_text="Fractional CTO"), example="Fractional CTO", is_title=True)
    summary = declare(
        models.TextField(help_text="The role in one sentence: who, and what they answer for."),
        best_length=180,
        example="A senior generalist who answers for all of your technology and sees to it that engineering delivers.",
    )
    fits = declare(
        models.TextField(help_text="Which companies, at what stage, for how many hours a week."),
        best_length=200,
        example="Companies that do not need a full-time CTO yet, but do need 10–20 hours a week of someone who has "
        "done it before.",
    )
    owns = declare(
        models.TextField(help_text=f"What the role owns or answers. {ONE_A_LINE}"),
        is_list=True,
        best_length=400,
        example="System architecture / Hiring of engineers / Technical debt",
    )
    not_theirs = declare(
        models.TextField(help_text=f"What one should not expect of the role. {ONE_A_LINE}"),
        is_list=True,
        best_length=200,
        example="Model evaluation / Prompt engineering",
    )
    own_domain = declare(
        models.TextField(help_text=f"What stays this role's own when several work together. {ONE_A_LINE}"),
        is_list=True,
        best_length=200,
        example="Infrastructure / Release process",
    )

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

    def references(self) -> list[models.Model]:
        def names_role(name: str, values: list[Any]) -> bool:
            return name in {EVIDENCE + self.key, NEED + self.key} or (name == BALANCE and self.key in values)

        found = [
            *find_references(self.guide, names_role),
            *(other for signal in self.signal_set.all() for other in signal.references()),
            *self.outcome_set.all(),  # type: ignore[attr-defined]
        ]
        # The rows of its own need go with it.
        return [other for other in dict.fromkeys(found) if getattr(other, "role_id", None) != self.pk]


class Dimension(KeyedPart):
    """A row of the comparison table."""

    part = PartKind(
        decision.Dimension,
        "dimensions",
        "Table",
        "Dimensions",
        key_example="typical-trigger",
        order_address="dimensions",
        table_page="content_guide_table",
        change_page="content_guide_table",
    )

    label = declare(models.CharField(max_length=60, help_text="Primary focus"), example="Primary focus", is_title=True)

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

    part = PartKind(decision.Cell, "cells", "Cell", "Cells")
    owner = "dimension"
    natural_key_fields = ("dimension__guide__key", "dimension__key", "role__key")

    dimension = models.ForeignKey(Dimension, on_delete=models.CASCADE)
    role = declare(
        models.ForeignKey(Role, on_delete=models.CASCADE),
        purpose="Whose column it stands in.",
        example="the column “Fractional CTO”",
    )
    text = declare(
        models.CharField(max_length=200, help_text="Ten words at most; it is read on a phone."),
        example="Ships reliable software",
    )

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

    part = PartKind(decision.Signal, "signals", "Signal", "Signals", key_example="messy-stack", order_address="signals")

    role = declare(
        models.ForeignKey(Role, on_delete=models.CASCADE),
        purpose="The role that it speaks for.",
        example="“Messy stack” speaks for the fractional CTO",
    )
    name = declare(
        models.CharField(max_length=60, help_text="The situation in a few words: Messy stack"),
        example="Messy stack",
        is_title=True,
    )
    text = declare(
        models.CharField(max_length=300, help_text="What the visitor ticks: a situation they recognise at once."),
        example="Every service is written and deployed in another way, and only two people know how.",
    )
    reason = declare(
        models.TextField(help_text="Why this speaks for the role; shown on the result."),
        is_markdown=True,
        best_length=250,
        example="Someone has to settle on one way to build and release. That is the first thing a CTO does, and it "
        "pays for itself within a quarter.",
    )
    speaks_to = declare(
        models.ManyToManyField(Dimension, blank=True, help_text="The rows of the table it is about."),
        example="“Messy stack” is about the rows “Architecture scope” and “Typical trigger”",
    )

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

    def references(self) -> list[models.Model]:
        return find_references(self.guide, lambda name, values: name == SIGNAL + self.key)
