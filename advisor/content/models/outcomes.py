"""When a guide says that a role is needed, what it can recommend, when it does, and what it remarks on."""

from collections.abc import Collection
from typing import Any

from django.db import models
from django.db.models import Q
from simple_history.models import HistoricalRecords

from advisor.content.models.declarations import PartKind, declare
from advisor.content.models.parts import KeyedPart, OrderedPart, Part, guide_of, same_guide
from advisor.content.models.references import check_conditions, find_references
from advisor.content.models.table import Role
from advisor.decision import guide as decision
from advisor.decision.conditions import NEED, OUTCOME
from advisor.decision.guide import RemarkKind

WHEN_HELP = 'For each named input the values allowed: {"both": ["both"], "evidence:head-of-ai": ["strong"]}.'
DOUBT_HELP = (
    "What is still open where this row decides. Visitors read it under “How sure”, and the recommendation is not "
    "called clear. Leave it empty where nothing is."
)


class NeedRow(Part):
    """A row of the table that says whether a role is needed; the first that holds decides. A role may do without."""

    part = PartKind(decision.NeedRow, "need", "Row of a need", "Needs")
    owner = "role"
    natural_key_fields = ("role__guide__key", "role__key", "position")

    role = models.ForeignKey(Role, on_delete=models.CASCADE, related_name="need_set")
    position = models.PositiveSmallIntegerField(help_text="Smaller numbers come first.")
    when = declare(
        models.JSONField(default=dict, blank=True, help_text=f"{WHEN_HELP} Empty matches anything."),
        decides=True,
        example="“Strong” for the evidence of the fractional CTO, whatever was answered",
    )
    needed = declare(
        models.BooleanField(help_text="Whether the role is needed where this row decides."),
        example="strong evidence says yes; a CTO who is there already says no",
    )
    reason = declare(
        models.TextField(
            help_text="Why this role is needed, or is not; visitors read it beside the role, and as a reason where the "
            "recommendation says the same."
        ),
        is_markdown=True,
        best_length=200,
        example="You recognised three situations that a CTO is hired to end. That outweighs how one names the problem.",
    )
    doubt = declare(
        models.TextField(blank=True, help_text=DOUBT_HELP),
        best_length=160,
        example="You named the problem and recognised none of its situations; ask your engineers before you sign.",
    )

    history = HistoricalRecords()

    class Meta:
        verbose_name = "row of a need"
        verbose_name_plural = "rows of needs"
        ordering = ["role", "position"]
        constraints = [
            models.UniqueConstraint(
                fields=["role", "position"],
                name="need_row_position_unique",
                violation_error_message="Another row of this need stands at this position.",
            )
        ]

    def __str__(self) -> str:
        return f"need of “{self.role}”, row {self.position}"

    def references(self) -> list[models.Model]:
        """What asks for the need, where this is its last row: without a row there is no need to ask for."""
        return self.references_without([self])

    def references_without(self, deleted: Collection[models.Model]) -> list[models.Model]:
        gone = [self.pk, *(part.pk for part in deleted if isinstance(part, NeedRow))]
        if NeedRow.objects.filter(role=self.role_id).exclude(pk__in=gone).exists():
            return []
        return find_references(guide_of(self), lambda name, values: name == NEED + self.role.key)

    def clean(self) -> None:
        check_conditions(self)


class Outcome(KeyedPart):
    """What the guide can recommend."""

    part = PartKind(
        decision.Outcome, "outcomes", "Outcome", "Outcomes", key_example="both-roles", order_address="outcomes"
    )

    name = declare(
        models.CharField(max_length=60, help_text="In a few words, for lists: Both roles"), example="Both roles"
    )
    title = declare(
        models.CharField(max_length=120, help_text="The recommendation as a sentence."),
        example="Hire both, with separate domains from day one",
        is_title=True,
    )
    text = declare(
        models.TextField(help_text="One honest paragraph: what to do, and when it would be wrong."),
        is_markdown=True,
        best_length=600,
        example="You have two jobs here, and each leader knows from the first day what is theirs. It would be the "
        "wrong choice while you have fewer than ten engineers.",
    )
    roles = declare(
        models.ManyToManyField(Role, blank=True, help_text="The roles it names; none for “not yet”."),
        example="“Both roles” names the fractional CTO and the fractional Head of AI",
    )

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

    def references(self) -> list[models.Model]:
        def names_outcome(name: str, values: list[Any]) -> bool:
            return name == OUTCOME and self.key in values

        return [*find_references(self.guide, names_outcome), *self.rule_set.all(), *self.scenario_set.all()]


class Rule(OrderedPart):
    """A row of the outcome table; the first that holds decides."""

    part = PartKind(
        decision.Rule, "rules", "Rule", "Rules", table_page="content_guide_rules", change_page="content_guide_rules"
    )

    when = declare(
        models.JSONField(default=dict, blank=True, help_text=f"{WHEN_HELP} Empty matches anything."),
        decides=True,
        example="“Both” under “Is it both?”, and “Strong” for the evidence of both roles",
    )
    outcome = declare(
        models.ForeignKey(Outcome, on_delete=models.RESTRICT),
        purpose="Where this combination leads.",
        example="“Both roles”",
    )
    reason = declare(
        models.TextField(help_text="Why this combination leads there; the first reason on the result."),
        is_markdown=True,
        best_length=250,
        example="You said that it is both. With two leaders, neither problem waits for the other.",
    )
    doubt = declare(
        models.TextField(blank=True, help_text=DOUBT_HELP),
        best_length=160,
        example="You could not say yet how many engineers there are; with fewer than ten, one leader may do.",
    )

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

    def clean(self) -> None:
        check_conditions(self)
        if self.guide_id and self.outcome_id:
            same_guide(self, outcome=self.outcome)


class Remark(KeyedPart):
    """A row of the remarks table; all that hold are shown."""

    part = PartKind(
        decision.Remark,
        "remarks",
        "Remark",
        "Remarks",
        key_example="strong-cto-but-directionless",
        order_address="remarks",
        table_page="content_guide_remarks",
    )

    kind = declare(
        models.CharField(max_length=20, choices=[(kind.value, kind.value.capitalize()) for kind in RemarkKind]),
        purpose="Contradictions are shown first.",
        example="two answers that cannot both be true are a contradiction; a date that is near is a caution",
    )
    title = declare(
        models.CharField(max_length=120, help_text="What it is about, without blame."),
        example="Is AI in the product?",
        is_title=True,
    )
    text = declare(
        models.TextField(help_text="For a contradiction: ask which of the two is true."),
        is_markdown=True,
        best_length=300,
        example="You said that AI is no problem, and also that it is what customers pay for. Which of the two is true "
        "today?",
    )
    when = declare(
        models.JSONField(help_text=f"{WHEN_HELP} Remarks may also ask for the outcome."),
        decides=True,
        example="“No” under “Making AI work”, together with “Core” under “Place of AI”",
    )

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

    def references(self) -> list[models.Model]:
        named_in = [*self.scenario_set.all(), *self.unwanted_in.all()]  # type: ignore[attr-defined]
        return list(dict.fromkeys(named_in))

    def clean(self) -> None:
        check_conditions(self)
