"""Cases that staff have thought through, to be tried on every change of a guide."""

from urllib.parse import parse_qsl

import msgspec
from django.core.exceptions import ValidationError
from django.db import models
from django.db.models import Q
from simple_history.models import HistoricalRecords

from advisor.content.models.declarations import PartKind, declare
from advisor.content.models.outcomes import Outcome, Remark
from advisor.content.models.parts import OrderedPart, same_guide
from advisor.content.models.references import draft_vocabulary
from advisor.decision.answers import NONE_PREFIX, SIGNAL_PARAMETER, Pair
from advisor.decision.conditions import SIGNAL, condition_problems
from advisor.decision.guide import YesNo
from advisor.decision.recommendation import Certainty


class Case(msgspec.Struct, frozen=True, forbid_unknown_fields=True):
    """A scenario as a value: what is expected of the answers in a query string, by keys. ``certainty`` is "" where any
    will do; ``unwanted_remarks`` must not be made.
    """

    title: str
    answers: str
    outcome: str
    certainty: str = ""
    remarks: tuple[str, ...] = ()
    unwanted_remarks: tuple[str, ...] = ()
    expected_to_change: bool = False

    @property
    def pairs(self) -> list[Pair]:
        """The answers as parameters."""
        return parse_qsl(self.answers)


class Scenario(OrderedPart):
    """A case in words, the answers it stands for, and what the guide is expected to say to them."""

    part = PartKind(Case, "scenarios", "Scenario", "Scenarios", order_address="scenarios")

    title = declare(
        models.CharField(max_length=160, help_text="The case in words: Ten engineers, chaos, no AI"),
        example="Ten engineers, chaos, no AI",
        is_title=True,
    )
    answers = declare(
        models.TextField(
            max_length=4000,
            help_text="The answers as in the address of a result: software=yes&signal=messy-stack&ai=no",
        ),
        example="software=yes&signal=messy-stack&ai=no",
    )
    outcome = declare(
        models.ForeignKey(Outcome, on_delete=models.RESTRICT, help_text="What it is expected to lead to."),
        example="“Fractional CTO”",
    )
    certainty = declare(
        models.CharField(
            max_length=20,
            blank=True,
            choices=[(certainty.value, certainty.value.capitalize()) for certainty in Certainty],
            help_text="How sure the page is expected to be; leave empty where any will do.",
        ),
        example="“Mixed”, where two answers cannot both be true",
    )
    remarks = declare(
        models.ManyToManyField(
            Remark,
            blank=True,
            help_text="Remarks that are expected among others; leave empty to expect none in particular.",
        ),
        example="“Investors first”, where a funding round is near",
    )
    unwanted_remarks = declare(
        models.ManyToManyField(
            Remark,
            blank=True,
            related_name="unwanted_in",
            help_text="Remarks that must not be made to this case.",
        ),
        example="“They can start together”, where the foundation comes first",
    )
    expected_to_change = declare(
        models.BooleanField(
            default=False,
            help_text="The next edition may answer this case in another way; its answer is then expected from there "
            "on.",
        ),
        example="ticked while you are about to move a rule that decides this case",
    )

    history = HistoricalRecords(m2m_fields=[remarks, unwanted_remarks])

    class Meta(OrderedPart.Meta):
        constraints = [
            models.UniqueConstraint(
                fields=["guide", "position"],
                name="scenario_position_unique",
                violation_error_message="Another scenario stands at this position.",
            ),
            models.CheckConstraint(
                condition=Q(certainty__in=["", *(certainty.value for certainty in Certainty)]),
                name="scenario_certainty_known",
                violation_error_message="A page is clear, leaning or mixed.",
            ),
        ]

    def __str__(self) -> str:
        return f"scenario “{self.title}”"

    @property
    def conditions(self) -> list[dict[str, list[str]]]:
        """What it names, in the form of a condition."""
        named: dict[str, list[str]] = {}
        for name, value in parse_qsl(self.answers):
            if name != SIGNAL_PARAMETER:
                named.setdefault(name, []).append(value)
            elif not value.startswith(NONE_PREFIX):
                named[SIGNAL + value] = [YesNo.YES.value]
        return [named]

    def clean(self) -> None:
        if self.guide_id:
            if problems := condition_problems(self.conditions[0], draft_vocabulary(self.guide)):
                raise ValidationError({"answers": problems})
            if self.outcome_id:
                same_guide(self, outcome=self.outcome)
