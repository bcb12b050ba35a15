"""Cases that staff have thought through, to be tried on every change of a guide."""

from urllib.parse import parse_qsl

from django.core.exceptions import ValidationError
from django.db import models
from simple_history.models import HistoricalRecords

from advisor.content.models.naming import draft_vocabulary
from advisor.content.models.outcomes import Outcome, Remark
from advisor.content.models.parts import OrderedPart, same_guide
from advisor.decision.answers import NONE_PREFIX, SIGNAL_PARAMETER
from advisor.decision.conditions import SIGNAL, condition_problems
from advisor.decision.guide import Ticked


class Scenario(OrderedPart):
    """A case in words, the answers it stands for, and what the guide is expected to say to them."""

    title = models.CharField(max_length=160, help_text="The case in words: Ten engineers, chaos, no AI")
    answers = models.TextField(
        max_length=4000, help_text="The answers as in the address of a result: software=yes&signal=messy-stack&ai=no"
    )
    outcome = models.ForeignKey(Outcome, on_delete=models.RESTRICT, help_text="What it is expected to lead to.")
    remarks = models.ManyToManyField(
        Remark,
        blank=True,
        help_text="Remarks that are expected among others; leave empty to expect none in particular.",
    )
    expected_to_change = models.BooleanField(
        default=False,
        help_text="The next edition may answer this case in another way; its answer is then expected from there on.",
    )

    history = HistoricalRecords(m2m_fields=[remarks])

    class Meta(OrderedPart.Meta):
        constraints = [
            models.UniqueConstraint(
                fields=["guide", "position"],
                name="scenario_position_unique",
                violation_error_message="Another scenario stands at this position.",
            )
        ]

    def __str__(self) -> str:
        return f"scenario “{self.title}”"

    @property
    def pairs(self) -> list[tuple[str, str]]:
        """The answers as parameters."""
        return parse_qsl(self.answers)

    @property
    def conditions(self) -> list[dict[str, list[str]]]:
        """What it names, in the form of a condition."""
        named: dict[str, list[str]] = {}
        for name, value in self.pairs:
            if name != SIGNAL_PARAMETER:
                named.setdefault(name, []).append(value)
            elif not value.startswith(NONE_PREFIX):
                named[SIGNAL + value] = [Ticked.YES.value]
        return [named]

    def clean(self) -> None:
        if self.guide_id:
            if problems := condition_problems(self.conditions[0], draft_vocabulary(self.guide)):
                raise ValidationError({"answers": problems})
            if self.outcome_id:
                same_guide(self, outcome=self.outcome)
