"""Scenarios: whether a guide says to the cases that staff wrote down what it is expected to say."""

from collections.abc import Iterable
from dataclasses import dataclass

from advisor.content import models
from advisor.decision import guide as decision
from advisor.decision.answers import SIGNAL_PARAMETER, read
from advisor.decision.recommendation import recommend


@dataclass(frozen=True)
class Run:
    """One scenario, tried: the keys it led to, and what is wrong with them, or ""."""

    scenario: models.Scenario
    outcome: str
    remarks: tuple[str, ...]
    message: str

    @property
    def passed(self) -> bool:
        """Whether the guide says what is expected."""
        return not self.message

    @property
    def allowed(self) -> bool:
        """Whether it may be published although it does not."""
        return self.scenario.expected_to_change and bool(self.outcome)


def run_scenarios(guide: models.Guide, draft: decision.Guide) -> list[Run]:
    """Try the scenarios of a guide on one of its documents, in their order."""
    scenarios = guide.scenario_set.select_related("outcome").prefetch_related("remarks")
    return [run_scenario(scenario, draft) for scenario in scenarios]


def run_scenario(scenario: models.Scenario, draft: decision.Guide) -> Run:
    """Try one scenario. What it names and the document does not have is a failure like any other."""
    answers, problems = read(draft, scenario.pairs)
    unknown = {name for name, _ in scenario.pairs} - draft.question.keys() - {SIGNAL_PARAMETER}
    if problems or unknown:
        names = sorted({problem.question for problem in problems} | unknown)
        return Run(scenario, "", (), f"Its answers do not fit the questions any more: {', '.join(names)}.")
    try:
        recommendation = recommend(draft, answers)
    except LookupError:
        return Run(scenario, "", (), "No rule matches these answers.")
    reached = recommendation.outcome.key
    collected = tuple(remarked.remark.key for remarked in recommendation.remarks)
    return Run(scenario, reached, collected, " ".join(_differences(scenario, draft, reached, collected)))


def _differences(
    scenario: models.Scenario, draft: decision.Guide, reached: str, collected: tuple[str, ...]
) -> Iterable[str]:
    if reached != scenario.outcome.key:
        yield f"Expected “{scenario.outcome.name}”, and it is “{draft.outcome[reached].name}”."
    missing = [remark.title for remark in scenario.remarks.all() if remark.key not in collected]
    if missing:
        yield f"These remarks are missing: {', '.join(f'“{title}”' for title in missing)}."
